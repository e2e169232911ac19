"""The table of states and permits against SPEC 2.3, 2.4 and S§4, every row of it."""

import itertools
from collections.abc import Iterator

import pytest

from smsdesk.core.states import (
    FINAL,
    PERMITS,
    SUPERVISOR_KINDS,
    TRANSITIONS,
    VISIBILITY_OF,
    Kind,
    State,
    Trigger,
    Visibility,
    after,
    capabilities,
    level,
    permitted,
    sees,
)
from tests.core.permits import ADVERTISED, KINDS, ROWS, STATES, Row, advertised, allowed

TRIGGERS: tuple[Trigger, ...] = (
    "offered",
    "joined",
    "accepted",
    "rejected",
    "withdrawn",
    "left",
    "ended",
    "completed",
    "revoked",
)
EVERY_NAME = frozenset(name for row in ROWS for name in allowed(row))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_capabilities_are_those_of_the_contract(row: Row) -> None:
    assert capabilities(*row) == advertised(row)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_permitted_is_what_the_contract_lists_and_nothing_else(row: Row) -> None:
    names = EVERY_NAME | {"Monitor", "StartContactCenterSession", "accept", ""}
    assert {name for name in names if permitted(*row, name)} == allowed(row)


def test_the_table_has_no_row_that_the_contract_does_not_know() -> None:
    assert set(PERMITS) == set(ADVERTISED)
    assert all(len(set(names)) == len(names) for names in (capabilities(*row) for row in ROWS))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_possible_when_all_is_over(kind: Kind) -> None:
    for state, alone in itertools.product(FINAL, (True, False)):
        assert capabilities(state, kind, alone) == ()


def pairs() -> Iterator[tuple[State | None, Trigger]]:
    yield from itertools.product((None, *STATES), TRIGGERS)


def test_transitions_that_are_absent_are_illegal() -> None:
    for state, trigger in pairs():
        if (state, trigger) not in TRANSITIONS:
            with pytest.raises(KeyError):
                after(state, trigger)


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("offered accepted left", "Completed"),
        ("offered accepted completed", "Completed"),
        ("offered accepted ended", "LeftChat"),
        ("offered accepted ended completed", "Completed"),
        ("offered accepted revoked", "Revoked"),
        ("offered rejected", "Completed"),
        ("offered withdrawn", "Revoked"),
        ("offered ended", "LeftChat"),
        ("joined revoked", "Revoked"),
        ("offered rejected offered withdrawn offered", "Invited"),
        ("joined left joined", "Chatting"),
        ("joined revoked joined", "Chatting"),
    ],
)
def test_a_life_follows_the_diagram(path: str, end: State) -> None:
    """S§4, and 9.7 for a Transfer out of LeftChat."""
    state: State | None = None
    for trigger in path.split():
        (word,) = (known for known in TRIGGERS if known == trigger)
        state = after(state, word)
    assert state == end


def test_only_a_new_invitation_or_joining_leads_out_of_an_end() -> None:
    for state in FINAL:
        assert {trigger for before, trigger in TRANSITIONS if before == state} == {"offered", "joined"}


def test_every_state_is_reached() -> None:
    assert set(TRANSITIONS.values()) == set(STATES)


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        ("All", {"All"}),  # the customer
        ("Agents", {"All", "Agents"}),
        ("Supervisors", {"All", "Agents", "Supervisors"}),
    ],
)
def test_the_visibility_rule(viewer: Visibility, seen: set[Visibility]) -> None:
    things: tuple[Visibility, ...] = ("All", "Agents", "Supervisors")
    assert {thing for thing in things if sees(viewer, thing)} == seen


def test_the_visibility_that_each_kind_has_and_sees_at() -> None:
    """S§3.25 for the modes of supervisors, SPEC 3 for a consulted agent."""
    assert VISIBILITY_OF == {
        "agent": "All",
        "consulted": "Agents",
        "monitor": "Supervisors",
        "coach": "Agents",
        "bargein": "All",
    }
    assert {kind: level(kind) for kind in KINDS} == {
        kind: "Supervisors" if kind in SUPERVISOR_KINDS else "Agents" for kind in KINDS
    }
    assert {"monitor", "coach", "bargein"} == SUPERVISOR_KINDS

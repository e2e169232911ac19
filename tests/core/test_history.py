"""How a session stands in the history: whose it is, how far it is, who may write into it (A§1.3)."""

import pytest
from msgspec.structs import replace

from smsdesk.core.centre import Role, User
from smsdesk.core.history import HistoryState, ended, may_write, owner_of, sight_of, state_of
from smsdesk.core.interaction import Interaction, Place
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from tests.core.making import session


def had(user: str, since: int, participant: str | None = "P") -> Participation:
    return Participation(user, "Completed", "agent", since, participant)


@pytest.mark.parametrize(
    ("place", "who", "state"),
    [
        ("waiting", (), "New"),
        ("offered", (), "New"),
        ("waiting", (had("ann", 1),), "Pending"),
        ("offered", (had("ann", 1, None),), "New"),
        ("assigned", (had("ann", 1),), "InProcess"),
        (None, (), "InProcess"),
    ],
)
def test_states_of_what_is_open(
    place: Place | None, who: tuple[Participation, ...], state: HistoryState
) -> None:
    found = replace(session(), participations=who)
    assert state_of(found, Interaction("S1", "q", 0, place) if place else None) == state
    assert ended(found) is None


def test_what_is_over_is_stopped_and_has_an_end() -> None:
    over = replace(session(("ann", "LeftChat", "agent"), open=False), ended=50, active=40, received=30)
    assert state_of(over, Interaction("S1", "q", 0, "assigned")) == "Stopped"
    assert ended(over) == 50
    assert ended(replace(over, ended=0)) == 40  # kept before the end was noted
    assert ended(replace(over, ended=0, active=0)) == 30


@pytest.mark.parametrize(
    ("found", "owner"),
    [
        (session(), None),
        (session(("ann", "Invited", "agent")), None),
        (session(("ann", "Chatting", "consulted"), ("sue", "Chatting", "bargein")), None),
        (session(("ann", "Chatting", "agent"), ("ben", "Chatting", "agent")), "ann"),
        (replace(session(("ann", "Chatting", "agent"), ("ben", "Chatting", "agent")), owner="ben"), "ben"),
        (replace(session(("ben", "Chatting", "agent")), owner="ann"), "ben"),
        (replace(session(), participations=(had("ann", 2), had("ben", 1))), "ann"),
        (replace(session(), participations=(had("ann", 2, None), had("ben", 1))), "ben"),
        (replace(session(("ann", "Invited", "agent")), owner="ann"), "ann"),
    ],
)
def test_the_owner_is_the_agent_who_has_it_or_had_it_last(found: Session, owner: str | None) -> None:
    assert owner_of(found) == owner


@pytest.mark.parametrize(
    ("role", "supervises"),
    [("ROLE_AGENT", False), ("ROLE_SUPERVISOR", True), ("ROLE_ADMIN", True), ("ROLE_APIUSER", True)],
)
def test_supervisors_see_more_and_write_everywhere(role: Role, supervises: bool) -> None:
    user = User("x", "x", roles=(role,))
    assert sight_of(user) == ("Supervisors" if supervises else "Agents")
    assert may_write(user, session()) is supervises


def test_who_was_in_it_may_write() -> None:
    user = User("ann", "ann")
    assert may_write(user, session(("ann", "Chatting", "consulted")))
    assert may_write(user, replace(session(), participations=(had("ann", 1),)))
    assert not may_write(user, session(("ann", "Invited", "agent")))
    assert not may_write(user, session(("ben", "Chatting", "agent")))

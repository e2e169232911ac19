"""The questions one may ask of a session (SPEC 2.4, 5.1, 8.4)."""

import pytest

from smsdesk.core.session import pair
from smsdesk.core.states import Kind, State, Visibility
from tests.core.making import session
from tests.core.permits import KINDS, STATES, advertised


def test_only_an_open_session_has_the_key_of_its_pair() -> None:
    assert session().key == session().pair == pair("+15550100", "+15550111")
    assert session(open=False).key is None
    assert session(open=False).pair == session().pair


def test_pairs_of_other_numbers_differ() -> None:
    assert pair("+1", "2+3") != pair("+1 2", "+3").replace(" ", "")
    assert pair("+15550100", "+15550111") != pair("+15550111", "+15550100")


def test_the_customer_is_there_while_connected() -> None:
    customer = session().customer
    assert customer is not None
    assert customer.type == "Customer"
    assert session(open=False).customer is None


def test_finding_oneself() -> None:
    found = session(("ann", "Chatting", "agent"), ("ben", "Completed", "agent"))
    me = found.participation("ben")
    assert me is not None
    assert me.state == "Completed"
    assert found.participant("ben") is None
    person = found.participant("ann")
    assert person is not None
    assert person.id == "P-ann"
    assert found.participation("cleo") is None


@pytest.mark.parametrize("state", STATES)
def test_viewers_are_those_who_are_not_done(state: State) -> None:
    found = session(("ann", "Chatting", "agent"), ("ben", state, "agent"))
    done = state in ("Completed", "Revoked")
    assert [p.user for p in found.viewers()] == (["ann"] if done else ["ann", "ben"])


@pytest.mark.parametrize(
    ("kind", "alone"),
    [("agent", False), ("consulted", False), ("coach", False), ("bargein", False), ("monitor", True)],
)
def test_who_counts_as_the_second_agent(kind: Kind, alone: bool) -> None:
    """A coaching or barged-in supervisor does, a monitoring one does not (SPEC 2.4)."""
    found = session(("ann", "Chatting", "agent"), ("sue", "Chatting", kind))
    assert found.alone("ann") is alone
    assert found.alone("sue") is False


@pytest.mark.parametrize("state", ["Invited", "LeftChat", "Completed", "Revoked"])
def test_who_is_not_in_the_chat_is_no_company(state: State) -> None:
    assert session(("ann", "Chatting", "agent"), ("ben", state, "agent")).alone("ann")


@pytest.mark.parametrize(
    ("at", "seen"),
    [
        ("All", ["Customer", "ann", "tim"]),
        ("Agents", ["Customer", "ann", "ben", "sue", "tim"]),
        ("Supervisors", ["Customer", "ann", "ben", "max", "sue", "tim"]),
    ],
)
def test_who_is_seen(at: Visibility, seen: list[str]) -> None:
    found = session(
        ("ann", "Chatting", "agent"),
        ("ben", "Chatting", "consulted"),
        ("max", "Chatting", "monitor"),
        ("sue", "Chatting", "coach"),
        ("tim", "Chatting", "bargein"),
    )
    assert [p.nickname for p in found.visible(at)] == seen


def test_agents_are_those_who_chat_with_the_customer() -> None:
    found = session(
        ("ann", "Chatting", "agent"),
        ("ben", "Chatting", "consulted"),
        ("cleo", "LeftChat", "agent"),
        ("dan", "Chatting", "agent"),
        ("sue", "Chatting", "bargein"),
    )
    assert [p.user for p in found.agents()] == ["ann", "dan"]
    assert [p.user for p in found.agents(but="ann")] == ["dan"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_capabilities_come_from_the_table(state: State, kind: Kind) -> None:
    alone = session(("ann", state, kind))
    assert alone.capabilities("ann") == advertised((state, kind, True))
    company = session(("ann", state, kind), ("ben", "Chatting", "agent"))
    assert company.capabilities("ann") == advertised((state, kind, False))
    assert company.capabilities("stranger") == ()


def test_states_per_user() -> None:
    found = session(("ann", "Chatting", "agent"), ("ben", "Revoked", "agent"))
    assert found.states() == {"ann": "Chatting", "ben": "Revoked"}

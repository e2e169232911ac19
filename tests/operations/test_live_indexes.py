"""What memory knows beside values: keys, watchers, references; how much it holds (SPEC 1.5, 8.4, 8.10)."""

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.agent import Agent, Watch
from smsdesk.core.contact import Contact
from smsdesk.core.draft import Draft
from smsdesk.core.interaction import Interaction
from smsdesk.core.session import Session
from smsdesk.operations.live import REFERENCE_BLOCK, Live, Made, NotLoaded
from tests.core.making import session
from tests.operations.holding import ADA, document, draft, holding, names, rename, staged


# -- keys ------------------------------------------------------------------------------------------
def by_key(live: Live) -> Session | None:
    found = live.peek_key("session", session().pair)
    assert found is None or isinstance(found, Session)
    return found


def test_a_key_is_unknown_until_asked_for() -> None:
    live = Live()
    with pytest.raises(NotLoaded) as caught:
        by_key(live)
    assert (caught.value.kind, caught.value.id, caught.value.by_key) == ("session", session().pair, True)
    live.loaded_key("session", session().pair, None)
    assert by_key(live) is None


def test_a_key_follows_its_session() -> None:
    live = holding(session())
    live.loaded_key("session", session().pair, document(session()))
    assert by_key(live) == session()
    closing = staged(live, lambda d: d.change(d.session("S1"), open=False))
    assert by_key(live) is None
    live.loaded_key("session", session().pair, document(session()))  # the store does not know yet
    assert by_key(live) is None
    live.undo(closing)
    assert by_key(live) == session()


def test_a_new_session_takes_over_the_key() -> None:
    live = holding(session())
    closing = staged(live, lambda d: d.change(d.session("S1"), open=False))
    second = msgspec.structs.replace(session(), id="S2")
    live.loaded("session", "S2", None)
    opening = staged(live, lambda d: d.save(second))
    assert by_key(live) == second
    live.undo(opening)
    assert by_key(live) is None
    live.undo(closing)
    assert by_key(live) == session()


def test_the_store_is_asked_again_about_the_key_of_what_somebody_else_changed() -> None:
    live = holding(session())
    live.forget([("session", "S1"), ("session", "never heard of")])
    with pytest.raises(NotLoaded):
        by_key(live)
    with pytest.raises(NotLoaded):
        live.peek("session", "S1")


def test_contacts_are_found_by_number() -> None:
    live = holding(ADA)
    assert live.peek_key("contact", "+1") == ADA


# -- watchers --------------------------------------------------------------------------------------
def watching(live: Live, supervisor: str, *agents: str) -> Made:
    watches = tuple(Watch(agent, "Monitor") for agent in agents)
    return staged(live, lambda d: d.change(d.agent(supervisor), watches=watches))


def test_who_watches_whom() -> None:
    live = holding(Agent("sue", watches=(Watch("ann", "Coach"),)))
    assert live.watchers("ann") == ["sue"]
    both = watching(live, "bob", "ann", "ben")
    assert (live.watchers("ann"), live.watchers("ben")) == (["bob", "sue"], ["bob"])
    live.undo(both)
    assert (live.watchers("ann"), live.watchers("ben")) == (["sue"], [])
    watching(live, "sue", "ben")
    assert (live.watchers("ann"), live.watchers("ben"), live.watchers("x")) == ([], ["sue"], [])
    live.forget([("agent", "sue")])
    assert live.watchers("ben") == []


# -- references ------------------------------------------------------------------------------------
def references(live: Live, count: int) -> list[int]:
    """The next references of a user, each kept."""
    numbers = []
    for _ in range(count):
        made = draft(live, "ann")
        numbers.append(made.reference())
        change = live.stage(made)
        if change is not None:
            live.kept(change)
    return numbers


def test_references_increase_by_one() -> None:
    live = holding(Agent("ann"))
    assert references(live, 3 * REFERENCE_BLOCK) == list(range(1, 3 * REFERENCE_BLOCK + 1))


def test_a_block_is_written_before_any_of_it_is_given_out() -> None:
    live = holding(Agent("ann"))
    made = draft(live, "ann")
    assert made.reference() == 1
    assert made.agent("ann").references_until == 1 + REFERENCE_BLOCK


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_references_never_come_again_after_a_restart(lives: list[int]) -> None:
    kept, given_out = Agent("ann"), list[int]()
    for count in lives:
        live = holding(kept)
        given_out += references(live, count)
        kept = live.committed("agent", "ann") or kept
    assert given_out == sorted(set(given_out))


def test_a_block_that_was_not_kept_is_taken_again() -> None:
    """Else references would be given out that no restart knows of."""
    live = holding(Agent("ann"))
    lost = draft(live, "ann")
    lost.reference()
    change = live.stage(lost)
    assert change is not None
    live.undo(change)
    again = draft(live, "ann")
    number = again.reference()
    assert number > 1
    assert again.agent("ann").references_until > number


def test_a_block_that_another_node_took_is_not_given_out_here() -> None:
    live = holding(Agent("ann"))
    references(live, REFERENCE_BLOCK)
    theirs = 1 + 2 * REFERENCE_BLOCK
    live.forget([("agent", "ann")])
    live.loaded("agent", "ann", document(Agent("ann", references_until=theirs), 9))
    assert references(live, 1) == [theirs]


# -- bounds ----------------------------------------------------------------------------------------
def contacts(*numbers: int) -> list[Contact]:
    return [Contact(f"c{n}", f"+{n}") for n in numbers]


def known(live: Live, numbers: range) -> int:
    """How many of these contacts are in memory."""
    count = 0
    for n in numbers:
        with contextlib.suppress(NotLoaded):
            count += live.peek("contact", f"c{n}") is not None
    return count


def test_memory_is_bounded() -> None:
    live = holding(*contacts(*range(1000)), limit=100)
    assert 80 <= known(live, range(1000)) <= 110


def test_what_was_used_stays_longer() -> None:
    live = holding(*contacts(*range(100)), limit=100)
    for n in range(100, 300):
        live.peek("contact", "c0")
        live.loaded("contact", f"c{n}", document(Contact(f"c{n}", f"+{n}")))
    assert live.peek("contact", "c0") == Contact("c0", "+0")


def test_what_is_not_committed_stays() -> None:
    live = holding(ADA, limit=10)
    made = rename(live, "Bea")
    holdall = contacts(*range(100, 200))
    for value in holdall:
        live.loaded("contact", value.id, document(value))
    assert names(live) == ("Ada", "Bea")
    live.kept(made)
    assert names(live) == ("Bea", "Bea")


def test_what_always_stays_is_never_missing() -> None:
    live = holding(Agent("ann", "Ready"), *contacts(*range(200)), limit=20)
    assert live.peek("agent", "ann") == Agent("ann", "Ready")
    assert live.peek("agent", "nobody") is None
    assert live.committed("agent", "nobody") is None
    assert [agent.id for agent in live.all("agent")] == ["ann"]


def test_interactions_that_are_over_go_and_those_that_wait_stay() -> None:
    live = holding(limit=20)
    for n in range(500):
        made = staged(live, lambda d, n=n: d.save(Interaction(f"i{n}", "Support", n)))  # type: ignore[misc]
        live.kept(made)
        if n % 100:
            over = staged(live, lambda d, n=n: close(d, f"i{n}"))  # type: ignore[misc]
            live.kept(over)
    there = {interaction.id: interaction.place for interaction in live.all("interaction")}
    assert {id for id, place in there.items() if place == "waiting"} == {f"i{n}" for n in range(0, 500, 100)}
    assert len(there) <= 30


def close(d: Draft, id: str) -> None:
    found = d.interaction(id)
    assert found is not None
    d.change(found, place="closed")


def test_the_key_of_what_went_is_asked_for_again() -> None:
    live = holding(*contacts(*range(200)), limit=20)
    with pytest.raises(NotLoaded):
        live.peek_key("contact", "+0")


def test_keys_that_nobody_has_do_not_pile_up() -> None:
    live = holding(ADA, limit=10)
    for n in range(1000):
        live.loaded_key("session", f"pair {n}", None)
    answers = [live_knows(live, f"pair {n}") for n in range(1000)]
    assert answers[-1]
    assert sum(answers) <= 20
    assert live.peek_key("contact", "+1") == ADA


def live_knows(live: Live, key: str) -> bool:
    try:
        return live.peek_key("session", key) is None
    except NotLoaded:
        return False

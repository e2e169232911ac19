"""Committed and newest values in memory: what is built on what, undone, or forgotten again (SPEC 8.4)."""

import contextlib
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.agent import Agent, Watch
from smsdesk.core.centre import Centre, Policy
from smsdesk.core.contact import Contact
from smsdesk.core.draft import STATUS, Draft
from smsdesk.core.events import Fact
from smsdesk.core.ids import Ids
from smsdesk.core.message import Message
from smsdesk.core.outgoing import Part
from smsdesk.core.session import Session
from smsdesk.operations.kinds import KINDS
from smsdesk.operations.live import REFERENCE_BLOCK, Live, Made, NotLoaded
from smsdesk.store import Document, Put
from tests.core.making import CUSTOMER, session

ADA = Contact("c1", "+1", "Ada")


def document(value: Any, version: int = 1) -> Document:
    kind = type(value).__name__.lower()
    return Document(kind, value.id, version, msgspec.json.encode(value))


def holding(*values: Any, limit: int = 1000) -> Live:
    live = Live(limit)
    for value in values:
        live.loaded(type(value).__name__.lower(), value.id, document(value))
    return live


def draft(live: Live, actor: str | None = None) -> Draft:
    return Draft(live, Centre(), Policy(), Ids(Random(1).randbytes), 1000, actor)


def staged(live: Live, step: Callable[[Draft], object]) -> Made:
    made = draft(live)
    step(made)
    change = live.stage(made)
    assert change is not None
    return change


def ada(made: Draft) -> Contact:
    found = made.get("contact", "c1")
    assert isinstance(found, Contact)
    return found


def rename(live: Live, name: str) -> Made:
    return staged(live, lambda d: d.change(ada(d), first_name=name))


def names(live: Live) -> tuple[str | None, str | None]:
    """The contact's committed and newest first name; None where there is no contact."""
    values = live.committed("contact", "c1"), live.peek("contact", "c1")
    committed, newest = (v.first_name if v is not None else None for v in values)
    return committed, newest


# -- committed and newest --------------------------------------------------------------------------
def test_operations_see_the_newest_and_reads_the_committed() -> None:
    live = holding(ADA)
    first = rename(live, "Bea")
    second = rename(live, "Cleo")
    assert names(live) == ("Ada", "Cleo")
    live.kept(first)
    assert names(live) == ("Bea", "Cleo")
    live.kept(second)
    assert names(live) == ("Cleo", "Cleo")


def test_what_was_not_kept_is_undone_from_the_newest_on() -> None:
    live = holding(ADA)
    first = rename(live, "Bea")
    second = rename(live, "Cleo")
    live.undo(second)
    assert names(live) == ("Ada", "Bea")
    live.undo(first)
    assert names(live) == ("Ada", "Ada")
    assert rename(live, "Dora").puts[0].version == 2


def test_an_undone_creation_is_known_not_to_be() -> None:
    live = Live()
    live.loaded("contact", "c1", None)
    live.undo(staged(live, lambda d: d.save(ADA)))
    assert names(live) == (None, None)


def test_each_change_carries_the_version_it_makes() -> None:
    live = holding(ADA)
    assert [rename(live, name).puts[0].version for name in "BCD"] == [2, 3, 4]
    live.loaded("contact", "c2", None)
    made = staged(live, lambda d: d.save(Contact("c2", "+2")))
    body = msgspec.json.encode(Contact("c2", "+2"))
    assert made.puts == (Put("contact", "c2", 1, body, "+2", None, None),)


def test_a_deletion_is_committed_and_then_no_longer_known() -> None:
    live = holding(Part("p1", "sim", "+1", "+2", 7, 2, {"1": "a"}, 1000))
    made = staged(live, lambda d: d.put("part", "p1", None))
    assert (made.puts[0].version, made.puts[0].body) == (2, None)
    assert live.peek("part", "p1") is None
    assert live.committed("part", "p1") is not None
    live.kept(made)
    with pytest.raises(NotLoaded):
        live.peek("part", "p1")


def test_a_draft_without_effect_is_no_change() -> None:
    live = holding(ADA)
    made = draft(live)
    assert made.get("contact", "c1") == ADA
    assert live.stage(made) is None


def test_indexes_follow_the_values() -> None:
    live = holding(session())
    (put,) = staged(live, lambda d: d.change(d.session("S1"), comment="x")).puts
    assert (put.key, put.tag, put.due) == (session().key, None, None)
    (put,) = staged(live, lambda d: d.change(d.session("S1"), open=False)).puts
    assert put.key is None


@given(st.lists(st.sampled_from(["change", "keep", "undo"]), max_size=30))
def test_any_order_of_changes_keeps_and_failures(steps: list[str]) -> None:
    """Against a list of values: keeping takes from its front, undoing (all that is not kept) from its end."""
    live = holding(ADA)
    committed, stack = "Ada", list[tuple[str, Made]]()
    for number, step in enumerate(steps):
        if step == "change":
            stack.append((f"n{number}", rename(live, f"n{number}")))
        elif step == "keep" and stack:
            committed, made = stack.pop(0)
            live.kept(made)
        elif step == "undo":
            for _, made in reversed(stack):
                live.undo(made)
            stack.clear()
        assert names(live) == (committed, stack[-1][0] if stack else committed)


# -- all or nothing --------------------------------------------------------------------------------
def unwritable_record(made: Draft) -> None:
    made.put("contact", "c2", Contact("c2", "+2"))
    made.change(ada(made), first_name="half a pair: \ud800")


def unwritable_entry(made: Draft) -> None:
    made.change(ada(made), first_name="Bea")
    made.say(made.session("S1"), CUSTOMER, "Text", text="\ud800")


def unwritable_fact(made: Draft) -> None:
    made.change(ada(made), first_name="Bea")
    made.tell_channels(Agent("\ud800"), "X")


@pytest.mark.parametrize("step", [unwritable_record, unwritable_entry, unwritable_fact])
def test_what_cannot_be_written_changes_nothing_in_memory(step: Callable[[Draft], None]) -> None:
    live = holding(ADA, session())
    live.loaded("contact", "c2", None)
    made = draft(live)
    step(made)
    with pytest.raises(UnicodeEncodeError):
        live.stage(made)
    assert names(live) == ("Ada", "Ada")
    assert live.peek("contact", "c2") is None
    assert live.peek("session", "S1") == session()
    assert rename(live, "Bea").puts[0].version == 2


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


# -- loading ---------------------------------------------------------------------------------------
def test_what_is_here_is_newer_than_what_comes_from_the_store() -> None:
    live = holding(ADA)
    rename(live, "Bea")
    live.loaded("contact", "c1", document(ADA))
    assert names(live) == ("Ada", "Bea")


def test_committed_is_unknown_until_loaded() -> None:
    with pytest.raises(NotLoaded) as caught:
        Live().committed("contact", "c1")
    assert (caught.value.kind, caught.value.id, caught.value.by_key) == ("contact", "c1", False)


# -- what goes to the store ------------------------------------------------------------------------
def test_the_row_holds_the_session_as_it_was_when_the_fact_closed() -> None:
    """The session inside is encoded once with the one that is stored, where they are the same (SPEC 8.6)."""
    live = holding(session(("ann", "Chatting", "agent")))
    made = draft(live)
    now = made.say(made.session("S1"), CUSTOMER, "Text", text="hello")
    made.tell(now, "ann", STATUS)
    made.close(now, "First")
    later = made.change(now, comment="x")
    made.tell(later, "ann", STATUS)
    made.close(later, "Second")
    change = live.stage(made)
    assert change is not None
    facts = [msgspec.json.decode(row.body, type=Fact) for row in change.rows]
    assert facts == made.facts
    assert [fact.session for fact in facts] == [now, later]
    assert [row.viewers for row in change.rows] == [("ann",), ("ann",)]
    (entry,) = change.entries
    assert msgspec.json.decode(entry.body, type=Message) == made.messages[0][1]
    assert (entry.session, entry.index) == ("S1", 1)


def test_every_kind_says_how_it_is_found() -> None:
    resident = {name for name, kind in KINDS.items() if kind.resident}
    assert {"agent", "interaction", "timer", "user", "group", "queue", "number", "agentstate"} <= resident
    assert not {"session", "contact", "seen", "outgoing", "credential"} & resident

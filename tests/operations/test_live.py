"""Committed and newest values in memory: what is built on what, and undone (SPEC 8.4)."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.agent import Agent
from smsdesk.core.contact import Contact
from smsdesk.core.draft import STATUS, Draft
from smsdesk.core.events import Fact
from smsdesk.core.message import Message
from smsdesk.core.outgoing import Part
from smsdesk.operations.kinds import KINDS
from smsdesk.operations.live import Live, Made, NotLoaded
from smsdesk.store import Put
from tests.core.making import CUSTOMER, session
from tests.operations.holding import ADA, ada, document, draft, holding, names, rename, staged


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

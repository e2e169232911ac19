"""A change in the making: what it sees, what it tells whom, and how it freezes that (SPEC 1.5, 2.3, 8.6)."""

from random import Random
from typing import Any

import pytest

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Policy
from smsdesk.core.contact import Contact
from smsdesk.core.draft import PARTICIPANTS, PROPERTIES, STATUS, Draft, entries
from smsdesk.core.errors import Fault, Refused, invalid, missing, unknown
from smsdesk.core.events import Tell
from smsdesk.core.ids import Ids
from smsdesk.core.interaction import Interaction
from smsdesk.core.outgoing import Timer
from smsdesk.core.session import Session
from tests.core.making import CUSTOMER, session

NOW = 1_700_000_000_000


class Shelf:
    """Newest values in a dictionary; references count up, and a new block begins with every tenth."""

    def __init__(self, **values: Any) -> None:
        self.values: dict[tuple[str, str], Any] = {
            (type(v).__name__.lower(), v.id): v for v in values.values()
        }
        self.given = 0

    def peek(self, kind: str, id: str) -> Any | None:
        return self.values.get((kind, id))

    def peek_key(self, kind: str, key: str) -> Any | None:
        return next((v for (k, _), v in self.values.items() if k == kind and v.number == key), None)

    def all(self, kind: str) -> list[Any]:
        return [value for (k, _), value in self.values.items() if k == kind]

    def watchers(self, agent: str) -> list[str]:
        return []

    def reference(self, agent: Agent) -> tuple[int, Agent | None]:
        self.given += 1
        return self.given, Agent(agent.id, references_until=99) if self.given == 10 else None


def draft(shelf: Shelf, actor: str | None = None) -> Draft:
    return Draft(shelf, Centre(), Policy(), Ids(Random(1).randbytes), NOW, actor)


def told(made: Draft) -> list[dict[str, list[str]]]:
    """Per fact: what each user is told, references in brackets."""
    return [
        {
            t.user: [f"{tell.kind}[{tell.reference}]" if tell.reference else tell.kind for tell in t.tell]
            for t in fact.audience
        }
        for fact in made.facts
    ]


# -- records ---------------------------------------------------------------------------------------
def test_a_draft_sees_its_own_changes_and_nobody_else_does() -> None:
    shelf = Shelf(contact=Contact("c1", "+1"))
    made = draft(shelf)
    contact = made.get("contact", "c1")
    assert isinstance(contact, Contact)
    made.change(contact, first_name="Ada")
    assert made.get("contact", "c1") == Contact("c1", "+1", "Ada")
    assert shelf.peek("contact", "c1") == made.get_key("contact", "+1") == Contact("c1", "+1")
    made.put("contact", "c1", None)
    assert made.get("contact", "c1") is None


def test_a_session_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="the session not found") as caught:
        draft(Shelf()).session("nope")
    assert caught.value.fault is Fault.UNKNOWN


def test_a_user_who_never_worked_has_a_fresh_state() -> None:
    assert draft(Shelf()).agent("ann") == Agent("ann")
    assert draft(Shelf()).interaction("S1") is None
    waiting = Interaction("S1", "Support", NOW)
    assert draft(Shelf(i=waiting)).interaction("S1") is waiting


def test_timers_are_written_and_withdrawn_only_when_they_run() -> None:
    made = draft(Shelf(timer=Timer("t1", "ring", "S1", NOW)))
    made.stop_timer("t2")
    assert made.records == {}
    made.stop_timer("t1")
    made.start_timer(Timer("t3", "idle", "S1", NOW + 1))
    assert made.records == {("timer", "t1"): None, ("timer", "t3"): Timer("t3", "idle", "S1", NOW + 1)}


# -- transcript ------------------------------------------------------------------------------------
def test_entries_are_numbered_and_seen_by_whom_their_author_is_seen() -> None:
    now = session(("ann", "Chatting", "agent"), ("ben", "Chatting", "consulted"))
    made = draft(Shelf(s=now))
    ben = now.participant("ben")
    assert ben is not None
    now = made.say(now, CUSTOMER, "Text", text="hello")
    now = made.say(now, ben, "Text", text="psst")
    now = made.say(now, CUSTOMER, "Text", "Supervisors", text="hidden")
    assert [(m.index, m.visibility, m.text, m.at) for _, m in made.messages] == [
        (1, "All", "hello", NOW),
        (2, "Agents", "psst", NOW),
        (3, "Supervisors", "hidden", NOW),
    ]
    assert now.next_index == 4
    assert made.session("S1") is now


# -- participations --------------------------------------------------------------------------------
def test_a_move_follows_the_table_and_the_desk_follows_the_move() -> None:
    made = draft(Shelf(s=session(), a=Agent("ann", "Ready", desk=("S0",))))
    now = made.move(made.session("S1"), "ann", "offered", kind="consulted", offer="Consult")
    mine = now.participation("ann")
    assert mine is not None
    assert (mine.state, mine.kind, mine.offer, mine.since) == ("Invited", "consulted", "Consult", NOW)
    assert made.agent("ann").desk == ("S0", "S1")
    now = made.move(now, "ann", "rejected", offer=None)
    assert now.states() == {"ann": "Completed"}
    assert made.agent("ann").desk == ("S0",)
    with pytest.raises(KeyError):
        made.move(now, "ann", "accepted")


def test_focus_goes_with_the_session_it_was_on() -> None:
    for focus, left in (("S1", None), ("S0", "S0")):
        now = session(("ann", "Chatting", "agent"))
        made = draft(Shelf(s=now, a=Agent("ann", "Ready", desk=("S0", "S1"), focus=focus)))
        made.move(now, "ann", "left")
        assert (made.agent("ann").desk, made.agent("ann").focus) == (("S0",), left)


def test_a_move_that_leaves_the_desk_as_it_is_does_not_write_the_agent() -> None:
    now = session(("ann", "Chatting", "agent"))
    made = draft(Shelf(s=now, a=Agent("ann", desk=("S1",))))
    made.move(now, "ann", "ended")
    assert ("agent", "ann") not in made.records


# -- telling ---------------------------------------------------------------------------------------
def both() -> Session:
    return session(("ann", "Chatting", "agent"), ("ben", "Chatting", "agent"))


def test_the_first_state_notification_answers_the_asker_and_nobody_else() -> None:
    made = draft(Shelf(s=both()), "ann")
    made.tell_all(both(), entries(1, 0), PROPERTIES, PARTICIPANTS)
    made.close(both(), "UserDataChanged")
    assert told(made) == [{"ann": ["properties[1]", "participants"], "ben": ["properties", "participants"]}]


def test_the_transcript_carries_no_reference() -> None:
    now = both()
    made = draft(Shelf(s=now), "ann")
    now = made.say(now, CUSTOMER, "Text", text="hello")
    made.tell_all(now, entries(1, 1))
    made.tell(now, "ann", Tell("updated", first=1, last=1))
    made.close(now, "TextReceived")
    assert told(made) == [{"ann": ["messages", "updated"], "ben": ["messages"]}]


def test_what_the_system_does_answers_nobody() -> None:
    made = draft(Shelf(s=both()))
    made.tell_all(both(), STATUS)
    made.close(both(), "X")
    assert told(made) == [{"ann": ["status"], "ben": ["status"]}]


def test_a_reference_that_is_given_stays_and_counts_as_the_answer() -> None:
    made = draft(Shelf(s=both()), "ann")
    made.tell(both(), "ann", Tell("error", reference=41, error="no"))
    made.tell(both(), "ann", STATUS)
    made.close(both(), "X")
    assert told(made) == [{"ann": ["error[41]", "status"]}]


def test_somebody_may_be_left_out() -> None:
    made = draft(Shelf(s=both()))
    made.tell_all(both(), STATUS, but="ann")
    made.close(both(), "X")
    assert told(made) == [{"ben": ["status"]}]


def test_entries_are_told_only_to_those_who_see_one_of_them() -> None:
    now = session(("ann", "Chatting", "agent"), ("sue", "Chatting", "monitor"))
    made = draft(Shelf(s=now))
    sue = now.participant("sue")
    assert sue is not None
    now = made.say(now, sue, "Text", text="for supervisors")
    made.tell_all(now, entries(1, 1), PARTICIPANTS)
    made.close(now, "X")
    assert told(made) == [{"ann": ["participants"], "sue": ["messages", "participants"]}]


def test_a_fact_freezes_how_each_viewer_stood() -> None:
    now = session(("ann", "Chatting", "agent"), ("sue", "Chatting", "coach"), ("ben", "Completed", "agent"))
    made = draft(Shelf(s=now, a=Agent("ann", focus="S1", desk=("S1",))), "ann")
    made.tell(now, "ben", STATUS)
    made.tell_all(now, STATUS)
    made.close(now, "X")
    (fact,) = made.facts
    assert (fact.event, fact.at, fact.actor, fact.session) == ("X", NOW, "ann", now)
    shown = {t.user: (t.sight, t.state, t.kind, t.in_focus) for t in fact.audience}
    assert shown == {
        "ben": ("Agents", "Completed", "agent", False),
        "ann": ("Agents", "Chatting", "agent", True),
        "sue": ("Supervisors", "Chatting", "coach", False),
    }
    assert {t.user: t.capabilities for t in fact.audience} == {
        user: now.capabilities(user) for user in ("ann", "ben", "sue")
    }


def test_what_is_told_after_a_fact_is_closed_becomes_the_next() -> None:
    made = draft(Shelf(s=both()))
    made.tell(both(), "ann", STATUS)
    made.close(both(), "One")
    made.tell(both(), "ben", PARTICIPANTS)
    made.close(both(), "Two")
    made.close(both(), "Nobody is told")
    assert [fact.event for fact in made.facts] == ["One", "Two"]


def test_channels_are_told_to_their_user() -> None:
    made = draft(Shelf(), "ann")
    made.tell_channels(Agent("ann", "Ready"), "ReadinessChanged")
    (fact,) = made.facts
    assert (fact.session, fact.agent) == (None, Agent("ann", "Ready"))
    assert told(made) == [{"ann": ["channels"]}]


# -- references ------------------------------------------------------------------------------------
def test_a_reference_is_taken_once_and_a_new_block_is_written() -> None:
    shelf = Shelf(a=Agent("ann", "Ready"))
    shelf.given = 8
    first = draft(shelf, "ann")
    assert (first.reference(), first.reference(), first.records) == (9, 9, {})
    second = draft(shelf, "ann")
    second.change(second.agent("ann"), readiness="NotReady")
    assert second.reference() == 10
    assert second.agent("ann") == Agent("ann", "NotReady", references_until=99)


# -- faults ----------------------------------------------------------------------------------------
def test_faults_carry_the_codes_of_the_contract() -> None:
    """SPEC 1.6, the table."""
    assert {fault.name: fault.value for fault in Fault} == {
        "MISSING": (1, 400),
        "STATE": (2, 400),
        "FORBIDDEN": (3, 403),
        "UNAVAILABLE": (4, 503),
        "INTERNAL": (4, 500),
        "PERMISSION": (5, 403),
        "UNKNOWN": (6, 404),
        "METHOD": (6, 405),
        "PASSWORD": (8, 403),
        "INVALID": (10, 400),
        "TOO_LARGE": (10, 413),
        "EXISTS": (18, 403),
        "IN_USE": (19, 403),
        "LOGIN": (20, 403),
    }
    assert all((fault.code, fault.http) == fault.value for fault in Fault)
    made = [missing("text"), invalid("text", "is too long"), unknown("the queue")]
    assert [(r.fault.code, r.message) for r in made] == [
        (1, "text is missing"),
        (10, "text is too long"),
        (6, "the queue not found"),
    ]

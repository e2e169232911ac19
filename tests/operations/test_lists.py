"""What enters the lists of the store and is found by its words, and when (SPEC 5.4)."""

import pytest

from smsdesk.core.contact import Contact
from smsdesk.core.draft import Draft
from smsdesk.core.enlisting import enlist_contact
from smsdesk.core.participant import Participant
from smsdesk.core.session import Session
from smsdesk.operations.live import Live
from smsdesk.store import Listing, Words
from tests.core.making import CUSTOMER, session
from tests.operations.holding import draft, holding, staged

ANN = Participant("P-ann", "Agent", "Ann", user="ann")


def here() -> Live:
    live = holding(session(("ann", "Invited", "agent")))
    live.loaded("agent", "ann", None)
    return live


def the(made: Draft) -> Session:
    return made.session("S1")


def test_a_text_is_found_from_its_first_day() -> None:
    made = staged(here(), lambda d: d.say(the(d), CUSTOMER, "Text", text="hello"))
    assert made.words == (Words("transcript", "S1", 1, "hello"),)


def test_other_entries_are_not_found() -> None:
    made = staged(here(), lambda d: d.say(the(d), ANN, "Notice", text="x"))
    assert made.words == ()
    made = staged(here(), lambda d: d.say(the(d), ANN, "PushUrl", url="https://x.example"))
    assert made.words == ()


@pytest.mark.parametrize(("trigger", "there"), [("accepted", True), ("ended", True), ("rejected", False)])
def test_an_agent_who_comes_in_has_it_in_his_list(trigger: str, there: bool) -> None:
    made = staged(here(), lambda d: d.move(the(d), "ann", trigger))  # type: ignore[arg-type]
    assert made.listings == ((Listing("agent ann", 0, "S1"),) if there else ())


def test_a_supervisor_who_joins_has_not() -> None:
    live = holding(session())
    live.loaded("agent", "sue", None)
    made = staged(live, lambda d: d.move(the(d), "sue", "joined", kind="monitor"))
    assert made.listings == ()


def test_the_audit_log_is_a_list() -> None:
    live = Live()
    made = staged(live, lambda d: d.audit("did", "something"))
    ((kind, id, _, _),) = made.values
    assert made.listings == (Listing("audit", 1000, id),)
    assert kind == "audit"


def test_a_contact_is_found_by_name_and_number() -> None:
    live = Live()
    made = staged(live, lambda d: enlist_contact(d, Contact("c1", "+15550111", "Ada", "Lee", 5)))
    assert made.listings == (Listing("contacts", 5, "c1"),)
    assert made.words == (Words("contact", "c1", 0, "Ada Lee +15550111"),)


def test_erasing_is_a_change_of_its_own() -> None:
    live = Live()
    made = staged(live, lambda d: d.erase("S1"))
    assert (made.erased, made.puts, made.rows) == (("S1",), (), ())


def test_a_draft_that_lists_nothing_is_no_change() -> None:
    live = Live()
    assert live.stage(draft(live)) is None

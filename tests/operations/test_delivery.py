"""What becomes of outbound texts: tries, submissions, receipts (SPEC 6.3, 6.4)."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.carriers import ReceiptReceived, Submission
from smsdesk.core.consent import Consent
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault
from smsdesk.core.message import Delivery
from smsdesk.core.outgoing import OutgoingText
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.leave import Leave
from smsdesk.operations.smssession.send_message import SendMessage
from smsdesk.operations.smssession.send_url import SendUrl
from smsdesk.operations.smssession.transfer import Transfer
from smsdesk.operations.system.record_delivery import (
    begin_try,
    give_up,
    record_receipt,
    record_submission,
)
from tests.operations.world import CUSTOMER, SERVICE, World, fault

pytestmark = pytest.mark.anyio
FINAL = ("Delivered", "Failed", "Expired")


class Text:
    """A text that agent1 has sent, and what happens to it."""

    def __init__(self, world: World, session: str) -> None:
        self.world = world
        self.session = session
        self.id = f"{session}:000000004"  # after the customer's joining and text, and the agent's joining

    async def step(self, step: Any, *arguments: Any) -> Any:
        return await self.world.run(lambda draft: step(draft, *arguments))

    async def submitted(self, outcome: str, *ids: str, parts: int = 1, error: str | None = None) -> None:
        await self.step(begin_try, self.id)
        await self.step(record_submission, self.id, Submission(outcome, ids, parts, error))

    async def receipt(self, id: str, state: str, error: str | None = None) -> bool:
        known: bool = await self.step(record_receipt, ReceiptReceived("simulator", id, state, error))
        return known

    async def record(self) -> OutgoingText:
        found = await self.world.performer.read("outgoing", self.id)
        assert isinstance(found, OutgoingText)
        return found

    async def shown(self) -> Delivery:
        """The delivery on the transcript entry."""
        found = (await self.world.transcript(self.session))[3].delivery
        assert found is not None
        return found

    async def state(self) -> str:
        return (await self.shown()).state


async def sent(words: str = "hi") -> Text:
    world = await World().open()
    await world.ready("agent1", "agent2")
    text = Text(world, await world.accepted("agent1"))
    await world.do("agent1", text.session, SendMessage(words))
    return text


# -- entering --------------------------------------------------------------------------------------
async def test_a_text_is_queued_with_its_entry() -> None:
    text = await sent("good morning")
    record = await text.record()
    assert (record.words, record.state, record.attempt) == ("good morning", "queued", 0)
    assert (record.service_number, record.customer_number, record.carrier) == (SERVICE, CUSTOMER, "simulator")
    assert await text.shown() == Delivery("Queued", 1, text.world.clock.now)
    assert record.entry == (await text.world.transcript(text.session))[3]


async def test_an_address_goes_out_as_text() -> None:
    text = await sent()
    await text.world.do("agent1", text.session, SendUrl("https://example.org/a"))
    text.id = f"{text.session}:000000005"
    record = await text.record()
    assert (record.entry.type, record.entry.text, record.words) == ("PushUrl", None, "https://example.org/a")


@pytest.mark.parametrize("operation", [SendMessage("hi"), SendUrl("http://example.org")])
async def test_nothing_goes_to_somebody_who_has_opted_out(operation: Any) -> None:
    text = await sent()
    pair = f"{SERVICE} {CUSTOMER}"
    for blocked in (True, False):
        change = Consent(pair, blocked, 0, "test")
        await text.world.run(partial(Draft.put, kind="consent", id=pair, value=change))
        if blocked:
            assert await fault(text.world.do("agent1", text.session, operation)) is Fault.FORBIDDEN
            ben = Transfer(f"/users/{text.world.user('agent2').id}", text="one moment")
            assert await fault(text.world.do("agent1", text.session, ben)) is Fault.FORBIDDEN
    await text.world.do("agent1", text.session, operation)


# -- tries -----------------------------------------------------------------------------------------
async def test_a_try_is_counted_before_it_is_made() -> None:
    text = await sent()
    for attempt in (1, 2):
        begun = await text.step(begin_try, text.id)
        assert (begun.attempt, begun.state) == (attempt, "trying")
        assert await text.record() == begun
    assert await text.state() == "Queued"


async def test_there_is_nothing_to_try_when_it_is_done_or_unknown() -> None:
    text = await sent()
    await text.submitted("sent", "c1")
    assert await text.step(begin_try, text.id) is None
    assert await text.step(begin_try, "nobody:1") is None
    await text.step(record_submission, "nobody:1", Submission("sent", ("c9",)))
    await text.step(give_up, "nobody:1", "why")


async def test_accepted() -> None:
    text = await sent()
    await text.submitted("sent", "c1", "c2", parts=2)
    record = await text.record()
    assert (record.state, record.carrier_ids, record.parts) == ("sent", ("c1", "c2"), 2)
    assert await text.shown() == Delivery("Sent", 2, text.world.clock.now)


async def test_refused_says_why() -> None:
    text = await sent()
    await text.submitted("refused", error="the number does not exist")
    assert (await text.record()).state == "failed"
    shown = await text.shown()
    assert (shown.state, shown.error) == ("Failed", "the number does not exist")


async def test_later_keeps_what_was_accepted_and_goes_on_behind_it() -> None:
    text = await sent()
    await text.submitted("later", "c1", parts=3)
    record = await text.record()
    assert (record.state, record.sent_parts, record.carrier_ids) == ("queued", 1, ("c1",))
    await text.submitted("later", parts=3)
    await text.submitted("sent", "c2", "c3", parts=3)
    record = await text.record()
    assert (record.state, record.attempt, record.carrier_ids) == ("sent", 3, ("c1", "c2", "c3"))
    assert await text.state() == "Sent"


async def test_given_up() -> None:
    text = await sent()
    await text.step(begin_try, text.id)
    await text.step(give_up, text.id, "the program ended while this was being sent")
    assert (await text.record()).state == "failed"
    shown = await text.shown()
    assert (shown.state, shown.error) == ("Unknown", "the program ended while this was being sent")
    assert await text.step(begin_try, text.id) is None


# -- receipts --------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["Delivered", "Failed", "Expired", "Unknown", "Sent", "something new"])
async def test_a_receipt_for_the_only_part_is_the_state_of_the_text(state: str) -> None:
    text = await sent()
    await text.submitted("sent", "c1")
    assert await text.receipt("c1", state, "in words")
    shown = await text.shown()
    assert (shown.state, shown.error) == (state if state != "something new" else "Unknown", "in words")


async def test_a_receipt_for_an_unknown_text_is_said_to_be_one() -> None:
    text = await sent()
    await text.submitted("sent", "c1")
    assert not await text.receipt("c2", "Delivered")
    other = ReceiptReceived("other carrier", "c1", "Delivered")
    assert not await text.step(record_receipt, other)
    assert await text.state() == "Sent"


async def test_all_parts_make_it_delivered() -> None:
    text = await sent()
    await text.submitted("sent", "c1", "c2", "c3", parts=3)
    for id in ("c3", "c1"):
        await text.receipt(id, "Delivered")
        assert await text.state() == "Sent"
    await text.receipt("c2", "Delivered")
    assert await text.state() == "Delivered"


@pytest.mark.parametrize("bad", ["Failed", "Expired"])
async def test_one_lost_part_makes_it_lost(bad: str) -> None:
    text = await sent()
    await text.submitted("sent", "c1", "c2", parts=2)
    await text.receipt("c1", "Delivered")
    await text.receipt("c2", bad)
    assert await text.state() == bad


async def test_parts_that_arrived_do_not_speak_for_those_not_yet_sent() -> None:
    text = await sent()
    await text.submitted("later", "c1", parts=2)
    await text.receipt("c1", "Delivered")
    assert await text.state() == "Queued"
    await text.submitted("sent", "c2", parts=2)
    assert await text.state() == "Sent"
    await text.receipt("c2", "Delivered")
    assert await text.state() == "Delivered"


async def test_unknown_may_become_known() -> None:
    text = await sent()
    await text.submitted("sent", "c1")
    await text.receipt("c1", "Unknown")
    await text.receipt("c1", "Delivered")
    assert await text.state() == "Delivered"


@pytest.mark.parametrize("end", [Leave(), Complete()])
async def test_a_receipt_comes_after_the_session_too(end: Any) -> None:
    text = await sent()
    await text.submitted("sent", "c1")
    await text.world.do("agent1", text.session, end)
    rows = len(await text.world.store.rows(0))
    await text.receipt("c1", "Delivered")
    assert await text.state() == "Delivered"
    told = len(await text.world.store.rows(0)) - rows
    assert told == (1 if isinstance(end, Leave) else 0)  # who has it on the desk is told, nobody else


steps = st.lists(
    st.tuples(st.sampled_from(["c1", "c2", "c3"]), st.sampled_from((*FINAL, "Unknown", "Sent", "Queued"))),
    max_size=12,
)


@given(steps)
async def test_a_final_state_never_goes_back(receipts: list[tuple[str, str]]) -> None:
    text = await sent()
    await text.submitted("sent", "c1", "c2", "c3", parts=3)
    final = None
    for id, state in receipts:
        await text.receipt(id, state)
        shown = await text.state()
        assert final in (None, shown)
        final = shown if shown in FINAL else None

"""What is counted, and that nothing is lost between the counts (A§5.1, A§5.3)."""

from datetime import UTC
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from smsdesk.core.agent import NOT_READY, OFFLINE, READY, Agent
from smsdesk.core.board import QueueNow
from smsdesk.core.centre import Queue
from smsdesk.core.interaction import Interaction
from smsdesk.core.message import Delivery, Message
from smsdesk.core.outgoing import OutgoingText
from smsdesk.core.participant import Participant, Participation
from smsdesk.core.states import State
from smsdesk.core.tallies import QUEUED, Tallies, Tally
from smsdesk.wire.days import day_of
from smsdesk.wire.statistics import of_queue
from tests.core.making import session

DAY = 86_400_000
QUEUES = ("Support", "Billing")


def tallies(now: int = 1000) -> Tallies:
    made = Tallies(partial(day_of, where=UTC), 60_000)
    made.at(now)
    return made


class Queues(RuleBasedStateMachine):
    """Interactions wander through queues in every way there is. What came in, went out or is still there."""

    def __init__(self) -> None:
        super().__init__()
        self.tallies = tallies()
        self.there: dict[int, Interaction] = {}
        self.now = 1000

    def _become(self, after: Interaction, event: str = "") -> None:
        number = int(after.id)
        self.now += 1
        self.tallies.interaction(self.there.get(number), after, event, self.now)
        self.there[number] = after

    def _some(self, number: int, *places: str) -> Interaction | None:
        found = self.there.get(number)
        return found if found is not None and found.place in places else None

    @rule(number=st.integers(0, 5), queue=st.sampled_from(QUEUES))
    def arrive(self, number: int, queue: str) -> None:
        if number not in self.there:
            self._become(Interaction(str(number), queue, self.now))

    @rule(number=st.integers(0, 5))
    def offer(self, number: int) -> None:
        if found := self._some(number, "waiting"):
            self._become(replace(found, place="offered", offered_to="u"))

    @rule(number=st.integers(0, 5))
    def accept(self, number: int) -> None:
        if found := self._some(number, "offered"):
            self._become(replace(found, place="assigned", offered_to=None, answered=True))

    @rule(number=st.integers(0, 5), event=st.sampled_from(["OfferRejected", "OfferMissed", "DeskCleared"]))
    def come_back(self, number: int, event: str) -> None:
        if found := self._some(number, "offered"):
            self._become(replace(found, place="waiting", offered_to=None), event)

    @rule(number=st.integers(0, 5))
    def close(self, number: int) -> None:
        if found := self._some(number, "waiting", "offered", "assigned", "parked"):
            self._become(replace(found, place="closed", offered_to=None))

    @rule(number=st.integers(0, 5))
    def park(self, number: int) -> None:
        if found := self._some(number, "waiting"):
            self._become(replace(found, place="parked"))

    @rule(number=st.integers(0, 5))
    def wake(self, number: int) -> None:
        if found := self._some(number, "parked"):
            self._become(replace(found, place="waiting"))

    @rule(number=st.integers(0, 5))
    def return_with_its_age(self, number: int) -> None:
        if found := self._some(number, "assigned"):
            self._become(replace(found, place="waiting"))

    @rule(number=st.integers(0, 5), queue=st.sampled_from(QUEUES), fresh=st.booleans())
    def move(self, number: int, queue: str, fresh: bool) -> None:
        found = self._some(number, "waiting", "offered", "assigned")
        if found and (fresh or queue != found.queue):
            arrived = self.now if fresh else found.arrived
            answered = found.answered and not fresh
            self._become(replace(found, queue=queue, place="waiting", arrived=arrived, answered=answered))

    @invariant()
    def what_came_in_went_out_or_is_there(self) -> None:
        for queue in QUEUES:
            counts = self.tallies.of(f"queue {queue}")
            here = sum(i.queue == queue and i.place in QUEUED for i in self.there.values())
            came = ("entered", "returned")
            went = ("accepted", "resumed", "abandoned", "diverted")
            assert sum(counts.get(n, 0) for n in came) == sum(counts.get(n, 0) for n in went) + here

    @invariant()
    def what_is_within_the_objective_was_accepted(self) -> None:
        for queue in QUEUES:
            counts = self.tallies.of(f"queue {queue}")
            assert counts.get("withinObjective", 0) <= counts.get("accepted", 0) <= counts.get("entered", 0)


TestQueues = Queues.TestCase


def test_a_search_for_a_further_agent_is_no_conversation() -> None:
    made = tallies()
    made.interaction(None, Interaction("S1+", "Support", 1000, purpose="Consult", of="S1"), "", 1000)
    assert made.of("queue Support") == {}


def part(state: State, since: int, kind: Any = "agent") -> Any:
    return replace(session(), participations=(Participation("u", state, kind, since, "P"),))


def test_time_from_accept_to_the_end_is_handled_once() -> None:
    made = tallies()
    steps: list[tuple[State, int]] = [
        ("Invited", 0),
        ("Chatting", 5000),
        ("LeftChat", 65_000),
        ("Completed", 70_000),
    ]
    before = None
    for state, since in steps:
        after = part(state, since)
        made.participations(before, after, "")
        before = after
    assert made.of("agent u") == {"offered": 1, "accepted": 1, "handleTime": 65_000, "handled": 1}


def test_a_supervisor_handles_nothing() -> None:
    made = tallies()
    made.participations(part("Chatting", 0, "monitor"), part("Revoked", 9, "monitor"), "")
    assert made.of("agent u") == {}


def test_who_becomes_visible_is_not_offered_again() -> None:
    """A consulted agent in a Transfer takes another part; his state stays."""
    made = tallies()
    made.participations(part("Chatting", 5, "consulted"), part("Chatting", 5), "")
    assert made.of("agent u") == {}


def test_time_in_a_state_ends_with_it_and_begins_at_midnight_at_the_earliest() -> None:
    made = tallies(DAY + 10_000)
    ready = Agent("u", "Ready", READY, since=DAY - 5000)
    made.agent(ready, replace(ready, readiness="NotReady", state=NOT_READY, since=DAY + 8000))
    assert made.of("agent u") == {"time Ready": 8000}


def test_nobody_is_in_a_state_before_he_logs_in() -> None:
    made = tallies()
    off = Agent("u", "LoggedOut", OFFLINE, since=0)
    made.agent(off, replace(off, readiness="NotReady", state=NOT_READY, since=9000))
    assert made.of("agent u") == {}


def test_from_one_ready_state_to_another_no_time_is_counted_twice() -> None:
    made = tallies()
    ready = Agent("u", "Ready", READY, since=2000)
    made.agent(ready, replace(ready, state=replace(READY, operation="Available")))
    assert made.of("agent u") == {}


def outgoing(**changes: Any) -> OutgoingText:
    author = Participant("P", "Agent", "Ann", user="u")
    entry = Message(1, "Text", author, "All", 0, text="hi", delivery=Delivery("Queued", 1, 0))
    return replace(OutgoingText("S1:1", "S1", entry, "simulator", "+1", "+2", 0), **changes)


def with_delivery(text: OutgoingText, state: Any) -> OutgoingText:
    return replace(text, entry=replace(text.entry, delivery=Delivery(state, text.parts, 0)))


def test_segments_are_counted_when_they_are_sent_and_failures_once() -> None:
    made = tallies()
    queued = outgoing()
    sent = with_delivery(outgoing(state="sent", parts=3), "Sent")
    failed = with_delivery(sent, "Failed")
    for before, after in ((None, queued), (queued, sent), (sent, failed), (failed, failed)):
        made.text_out(before, after, "Support")
    assert made.of("agent u") == {"textsOut": 1, "segments": 3, "deliveryFailures": 1}
    assert made.of("queue Support") == made.of("agent u")


def test_of_a_text_that_was_refused_only_the_accepted_parts_are_segments() -> None:
    made = tallies()
    refused = with_delivery(outgoing(state="failed", parts=3, sent_parts=1), "Failed")
    made.text_out(outgoing(state="trying", sent_parts=1), refused, None)
    assert made.of("agent u") == {"segments": 1, "deliveryFailures": 1}


def test_only_today_is_taken_up_again() -> None:
    made = tallies(DAY + 1)
    made.restore(Tally("queue Support", "1970-01-02", {"entered": 4}))
    made.restore(Tally("queue Billing", "1970-01-01", {"entered": 4}))
    assert made.of("queue Support") == {"entered": 4}
    assert made.of("queue Billing") == {}


def test_a_new_day_empties_and_says_so() -> None:
    made = tallies()
    made.text_in("Support")
    made.changed.clear()
    made.at(DAY)
    assert (made.of("queue Support"), made.changed) == ({}, {"queue Support"})


def accepted(counted: Tallies, *times: int) -> None:
    for number, now in enumerate(times):
        offered = Interaction(str(number), "Support", now - 10, place="offered", offered_to="u")
        counted.interaction(offered, replace(offered, place="assigned", answered=True), "", now)


def test_the_wait_is_estimated_from_the_intervals_between_accepts() -> None:
    queue, how, counted = Queue("q", "Support", "Support"), QueueNow(), tallies()

    def estimate(now: int = 200_000) -> object:
        return of_queue(queue, how, counted.of("queue Support"), counted.day, now, "")["estimatedWait"]

    assert estimate() is None
    how.ready = 1
    assert estimate() == 0
    how.ready, how.waiting = 0, 2
    accepted(counted, 10_000)
    assert estimate() is None
    accepted(counted, 40_000)
    assert estimate() == 90  # 30 s between two, for three
    accepted(counted, 150_000)
    assert estimate() == 120  # (7 * 30 + 110) / 8 = 40

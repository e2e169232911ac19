"""The session under anything: whatever a peer sends and an owner asks, it ends in a named state or goes on.

SMPP 2.2; house rule 4: refuse before you change.
"""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from smsdesk.smpp import events as e
from smsdesk.smpp import pdu as p
from smsdesk.smpp.codec import encode
from smsdesk.smpp.connection import Connection, NotBound
from smsdesk.smpp.states import ANSWERS, REQUESTS, State
from tests.smpp.wire import SETTINGS, bound, sent, told

STATUSES = st.sampled_from([0, 0, 0x58, 0x0B])
TEXT = p.SubmitSm(source="15550100", destination="15550111", short_message=b"hi")


ODDITIES = {
    "bind": b"",
    "unbind": b"",
    "network ends": b"",
    "peer unbinds": encode(p.Unbind(sequence=9)),
    "peer enquires": encode(p.EnquireLink(sequence=9)),
    "peer submits": encode(p.SubmitSm(sequence=9)),
    "answer to nothing": encode(p.BindTransceiverResponse(sequence=1)),
    "malformed request": bytes.fromhex("00000010000000050000000000000001"),
    "malformed answer": bytes.fromhex("00000013800000040000000000000001000000"),
    "unknown command": bytes.fromhex("00000010000001030000000000000001"),
    "another protocol": b"HTTP/1.1",
    "part of a PDU": encode(p.EnquireLink(sequence=9))[:7],
}


def snapshot(connection: Connection) -> dict[str, Any]:
    inside = deepcopy(vars(connection))
    return inside | {"_proofs": vars(inside["_proofs"])}


def test_every_state_is_in_the_table_and_every_request_has_an_answer() -> None:
    assert set(REQUESTS) == set(State)
    assert frozenset().union(*REQUESTS.values()) <= set(ANSWERS)


@given(st.lists(st.binary(max_size=64), max_size=6), st.booleans())
def test_any_bytes(chunks: list[bytes], is_bound: bool) -> None:
    connection = bound() if is_bound else Connection(SETTINGS)
    events = [event for chunk in chunks for event in connection.receive_data(chunk, 0)]
    sent(connection)
    events += connection.receive_eof()
    assert [event for event in events if isinstance(event, e.Closed)] == events[-1:]
    assert connection.state is State.CLOSED


FRAGMENTS = st.one_of(
    st.binary(max_size=24),
    st.sampled_from([5, 6, 0x15, 0x80000004, 0x80000015, 0x80000000, 0x103, 4]).flatmap(
        lambda command: st.binary(max_size=40).map(
            lambda body: (
                (16 + len(body)).to_bytes(4, "big") + command.to_bytes(4, "big") + b"\0\0\0\0\0\0\0\2" + body
            )
        )
    ),
)


@given(st.lists(FRAGMENTS, max_size=8).map(b"".join), st.data())
def test_how_the_stream_is_cut_changes_nothing(stream: bytes, data: st.DataObject) -> None:
    whole, cut = bound(), bound()
    whole.submit(TEXT, 0)
    cut.submit(TEXT, 0)
    at = data.draw(st.integers(0, len(stream)))
    events = whole.receive_data(stream, 0)
    assert cut.receive_data(stream[:at], 0) + cut.receive_data(stream[at:], 0) == events
    assert cut.data_to_send() == whole.data_to_send()


class Session(RuleBasedStateMachine):
    """An owner and a peer who do what they like; the model knows only what was sent and told."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.start(Connection(SETTINGS))

    def start(self, connection: Connection) -> None:
        self.connection = connection
        self.open_requests: dict[int, tuple[p.Pdu, int]] = {}
        self.outcomes: dict[int, int] = {}
        self.waiting: list[int] = []
        self.answered: list[int] = []
        self.proven: list[int] = []
        self.closed = 0
        self.sequence = 0

    def flush(self) -> None:
        for pdu in sent(self.connection):
            if not pdu.command & p.RESPONSE:
                self.open_requests[pdu.sequence] = (pdu, len(self.answered))

    def note(self, events: list[e.Event]) -> None:
        assert not (self.closed and events)
        for event in events:
            if isinstance(event, (e.Submitted, e.SubmitRefused, e.SubmitUnanswered)):
                self.outcomes[event.sequence] += 1
            elif isinstance(event, e.Delivered):
                self.waiting.append(event.number)
            elif isinstance(event, e.Proven):
                self.proven += event.numbers
            elif isinstance(event, e.Closed):
                self.closed += 1
                for sequence in event.unanswered:
                    self.outcomes[sequence] += 1
        self.flush()

    def refused(self, call: Any, *args: Any) -> bool:
        """Whether the call refuses; then it must have changed nothing."""
        before = snapshot(self.connection)
        try:
            call(*args)
        except (NotBound, LookupError, ValueError):
            assert snapshot(self.connection) == before
            return True
        return False

    @precondition(lambda self: self.closed or self.connection.state is State.OPEN)
    @rule()
    def a_new_session_is_bound(self) -> None:
        self.teardown()
        self.start(bound(now=self.now))

    @rule(fits=st.sampled_from([True, True, True, False]))
    def submit(self, fits: bool) -> None:
        message = TEXT if fits else p.SubmitSm(source="1" * 30)
        room = self.connection.room
        before = snapshot(self.connection)
        try:
            sequence = self.connection.submit(message, self.now)
        except (NotBound, ValueError):
            assert snapshot(self.connection) == before
            return
        assert fits or sequence is None
        assert (sequence is None) == (room == 0)
        if sequence is not None:
            self.outcomes[sequence] = 0
        self.flush()

    @rule(data=st.data(), status=STATUSES)
    def answer_delivery(self, data: st.DataObject, status: int) -> None:
        number = data.draw(st.sampled_from([*self.waiting, 0]))
        if self.refused(self.connection.answer_delivery, number, self.now, status):
            assert number not in self.waiting
        elif not self.closed:
            self.waiting.remove(number)
            if status == 0:
                self.answered.append(number)
        self.flush()

    @precondition(lambda self: self.open_requests)
    @rule(data=st.data(), status=STATUSES, nack=st.booleans())
    def peer_answers(self, data: st.DataObject, status: int, nack: bool) -> None:
        sequence = data.draw(st.sampled_from(sorted(self.open_requests)))
        request, provable = self.open_requests.pop(sequence)
        kinds: dict[int, type[p.Pdu]] = {
            p.BindTransceiver.command: p.BindTransceiverResponse,
            p.SubmitSm.command: p.SubmitSmResponse,
            p.EnquireLink.command: p.EnquireLinkResponse,
            p.Unbind.command: p.UnbindResponse,
        }
        kind = p.GenericNack if nack else kinds[request.command]
        before = len(self.proven)
        self.note(told(self.connection, kind(sequence=sequence, status=status), now=self.now))
        assert set(self.proven[before:]) <= set(self.answered[:provable])

    @precondition(lambda self: not self.closed)
    @rule()
    def peer_delivers(self) -> None:
        self.sequence += 1
        self.note(told(self.connection, p.DeliverSm(sequence=self.sequence), now=self.now))

    @precondition(lambda self: not self.closed)
    @rule(what=st.sampled_from(sorted(ODDITIES)))
    def odd_things_happen(self, what: str) -> None:
        """One rule for all of them, so that they stay rare."""
        if what == "bind":
            self.refused(self.connection.bind, self.now)
            self.flush()
        elif what == "unbind":
            self.refused(self.connection.unbind, self.now)
            self.flush()
        elif what == "network ends":
            self.note(self.connection.receive_eof())
        else:
            self.note(self.connection.receive_data(ODDITIES[what], self.now))

    @rule(peer_hangs=st.sampled_from([False, False, False, False, True]))
    def time_comes(self, peer_hangs: bool) -> None:
        due = self.connection.next_due()
        hurry = bool(self.open_requests) and not peer_hangs
        self.now = self.now + 1 if hurry or due is None else max(self.now, due)
        self.note(self.connection.tick(self.now))
        due = self.connection.next_due()
        assert due is None or due > self.now

    @invariant()
    def nothing_is_told_twice(self) -> None:
        assert all(count <= 1 for count in self.outcomes.values())
        assert len(set(self.proven)) == len(self.proven)
        assert self.proven == self.answered[: len(self.proven)]
        assert self.closed == (self.connection.state is State.CLOSED)

    @invariant()
    def limits_hold(self) -> None:
        on_the_way = list(self.outcomes.values()).count(0)
        assert self.connection.room in (0, SETTINGS.window - on_the_way)
        if not self.closed:
            assert on_the_way <= SETTINGS.window
            assert len(self.waiting) <= SETTINGS.inbound_window

    def teardown(self) -> None:
        self.note(self.connection.receive_eof())
        assert all(count == 1 for count in self.outcomes.values())


TestSession = Session.TestCase

"""The session: SMPP 2.2-2.9, 4.1-4.6, 4.11, 5.1.3, 7.2; SPEC 6.2."""

import pytest

from smsdesk.smpp import pdu as p
from smsdesk.smpp.connection import Connection, NotBound
from smsdesk.smpp.events import (
    BindRefused,
    Bound,
    Closed,
    Delivered,
    DeliveryThrottled,
    PeerUnbound,
    ProtocolFault,
    Proven,
    SubmitRefused,
    Submitted,
    SubmitUnanswered,
)
from smsdesk.smpp.settings import Mode, SessionSettings
from smsdesk.smpp.states import State
from tests.smpp.wire import SETTINGS, bound, sent, told

TEXT = p.SubmitSm(source="15550100", destination="15550111", short_message=b"hi")


def deliver(sequence: int, text: bytes = b"hi") -> p.DeliverSm:
    return p.DeliverSm(sequence=sequence, source="15550111", destination="15550100", short_message=text)


# ---- 4.1 bind ----


@pytest.mark.parametrize(
    ("mode", "request_kind", "answer_kind"),
    [
        ("transceiver", p.BindTransceiver, p.BindTransceiverResponse),
        ("transmitter", p.BindTransmitter, p.BindTransmitterResponse),
        ("receiver", p.BindReceiver, p.BindReceiverResponse),
    ],
)
def test_bind(mode: Mode, request_kind: type[p.Bind], answer_kind: type[p.BindResponse]) -> None:
    connection = Connection(SessionSettings(system_id="desk", password="secret", mode=mode))
    connection.bind(0)
    (request,) = sent(connection)
    assert request == request_kind(sequence=1, system_id="desk", password="secret")
    answer = answer_kind(sequence=1, system_id="smsc", tlvs=((p.SC_INTERFACE_VERSION, b"\x34"),))
    assert told(connection, answer) == [Bound("smsc", 0x34)]
    assert connection.room == 10


def test_bind_refused() -> None:
    """4.1.2, 5.1.3: the status is told in words, and the session is over."""
    connection = Connection(SETTINGS)
    connection.bind(0)
    words = "password is wrong (ESME_RINVPASWD, 0x0000000E)"
    events = told(connection, p.BindTransceiverResponse(sequence=1, status=0x0E))
    assert events == [BindRefused(0x0E, words), Closed(f"bind refused: {words}", ())]
    assert connection.state is State.CLOSED


def test_bind_refused_by_generic_nack() -> None:
    connection = Connection(SETTINGS)
    connection.bind(0)
    refused, closed = told(connection, p.GenericNack(sequence=1, status=0x03))
    assert isinstance(refused, BindRefused)
    assert isinstance(closed, Closed)


def test_bind_unanswered() -> None:
    connection = Connection(SETTINGS)
    connection.bind(5)
    assert connection.next_due() == 1_005
    assert connection.tick(1_004) == []
    words = "no answer to bind_transceiver within 1000 ms"
    assert connection.tick(1_005) == [ProtocolFault(words, True), Closed(words, ())]
    assert connection.next_due() is None


def test_a_session_binds_once() -> None:
    connection = bound()
    with pytest.raises(NotBound):
        connection.bind(0)
    assert sent(connection) == []


# ---- 4.4 submit_sm, 2.9 window ----


def test_submit_and_answer() -> None:
    connection = bound()
    sequence = connection.submit(TEXT, 0)
    assert sequence == 2
    (request,) = sent(connection)
    assert isinstance(request, p.SubmitSm)
    assert (request.sequence, request.short_message) == (2, b"hi")
    assert told(connection, p.SubmitSmResponse(sequence=2, message_id="7f")) == [Submitted(2, "7f")]


def test_the_window_limits_submits_on_the_way() -> None:
    connection = bound()
    assert connection.room == 2
    first, second = connection.submit(TEXT, 0), connection.submit(TEXT, 0)
    assert (first, second, connection.submit(TEXT, 0), connection.room) == (2, 3, None, 0)
    assert len(sent(connection)) == 2
    told(connection, p.SubmitSmResponse(sequence=3, message_id="a"))
    assert connection.submit(TEXT, 0) == 4


def test_answers_may_come_in_any_order() -> None:
    connection = bound()
    connection.submit(TEXT, 0)
    connection.submit(TEXT, 0)
    answers = [p.SubmitSmResponse(sequence=3, message_id="b"), p.SubmitSmResponse(sequence=2, message_id="a")]
    assert told(connection, *answers) == [Submitted(3, "b"), Submitted(2, "a")]


@pytest.mark.parametrize(
    ("status", "retryable"),
    [
        (0x58, True), (0x14, True), (0x08, True), (0x64, True), (0x04, True),
        (0x0B, False), (0x45, False), (0x400, False),
    ],
)  # fmt: skip
def test_submit_refused(status: int, retryable: bool) -> None:
    """5.1.3: throttled and queue full ask for another try, an invalid address does not."""
    connection = bound()
    connection.submit(TEXT, 0)
    (refused,) = told(connection, p.SubmitSmResponse(sequence=2, status=status))
    assert isinstance(refused, SubmitRefused)
    assert (refused.sequence, refused.status, refused.retryable) == (2, status, retryable)
    assert f"0x{status:08X}" in refused.words
    assert connection.room == 2


@pytest.mark.parametrize("status", [0x03, 0x00])
def test_submit_refused_by_generic_nack(status: int) -> None:
    connection = bound()
    connection.submit(TEXT, 0)
    (refused,) = told(connection, p.GenericNack(sequence=2, status=status))
    assert isinstance(refused, SubmitRefused)
    assert refused.status != 0


def test_a_peer_that_answers_no_submit_is_given_up() -> None:
    """7.2: whatever else it says meanwhile; what was on its way is told with the end."""
    connection = bound()
    connection.submit(TEXT, 0)
    connection.submit(TEXT, 400)
    assert connection.next_due() == 1_000
    told(connection, p.EnquireLink(sequence=9), now=900)
    words = "no answer to submit_sm within 1000 ms"
    assert connection.tick(1_000) == [ProtocolFault(words, True), Closed(words, (2, 3))]


def test_one_submit_without_an_answer_does_not_end_the_session() -> None:
    """SPEC 6.4: one bad number blocks nobody else."""
    connection = bound()
    connection.submit(TEXT, 0)
    connection.submit(TEXT, 400)
    told(connection, p.SubmitSmResponse(sequence=3, message_id="7f"), now=500)
    assert connection.room == 1
    assert connection.tick(1_000) == [SubmitUnanswered(2)]
    assert connection.room == 2
    (late,) = told(connection, p.SubmitSmResponse(sequence=2, message_id="80"))
    words = "submit_sm_resp 2 answers nothing that was asked: no error (ESME_ROK, 0x00000000)"
    assert late == ProtocolFault(words, False)


def test_submit_needs_a_bind_that_transmits() -> None:
    fresh = Connection(SETTINGS)
    receiver = bound(SessionSettings(system_id="desk", mode="receiver"))
    for connection in (fresh, receiver):
        with pytest.raises(NotBound):
            connection.submit(TEXT, 0)
        assert sent(connection) == []


def test_a_message_that_does_not_fit_changes_nothing() -> None:
    connection = bound()
    with pytest.raises(ValueError, match="source_addr"):
        connection.submit(p.SubmitSm(source="1" * 30), 0)
    assert sent(connection) == []
    assert connection.submit(TEXT, 0) == 2


def test_sequence_numbers_wrap() -> None:
    """5.1.4: 1 to 0x7FFFFFFF."""
    connection = bound()
    connection._sequence = 0x7FFFFFFE
    assert (connection.submit(TEXT, 0), connection.submit(TEXT, 0)) == (0x7FFFFFFF, 1)


# ---- 4.6 deliver_sm ----


def test_a_delivery_is_answered_only_when_told() -> None:
    connection = bound()
    assert told(connection, deliver(77)) == [Delivered(1, deliver(77))]
    assert sent(connection) == []
    assert connection.answer_delivery(1, 0)
    assert sent(connection) == [p.DeliverSmResponse(sequence=77)]


def test_a_delivery_is_refused_with_a_status() -> None:
    connection = bound()
    told(connection, deliver(77))
    connection.answer_delivery(1, 0, 0x64)
    assert sent(connection) == [p.DeliverSmResponse(sequence=77, status=0x64)]


def test_deliveries_are_told_apart_although_the_peer_repeats_a_number() -> None:
    connection = bound()
    assert told(connection, deliver(7, b"a"), deliver(7, b"b")) == [
        Delivered(1, deliver(7, b"a")),
        Delivered(2, deliver(7, b"b")),
    ]
    connection.answer_delivery(2, 0, 0x64)
    connection.answer_delivery(1, 0)
    assert [pdu.status for pdu in sent(connection)] == [0x64, 0]


def test_a_delivery_is_answered_once() -> None:
    connection = bound()
    told(connection, deliver(77))
    connection.answer_delivery(1, 0)
    with pytest.raises(LookupError):
        connection.answer_delivery(1, 0)
    assert len(sent(connection)) == 1


def test_too_many_waiting_deliveries_are_throttled() -> None:
    """SPEC 8.10."""
    connection = bound()
    events = told(connection, *map(deliver, (11, 12, 13, 14)))
    assert [event for event in events if not isinstance(event, Delivered)] == [DeliveryThrottled(14)]
    assert sent(connection) == [p.DeliverSmResponse(sequence=14, status=0x58)]
    connection.answer_delivery(1, 0)
    assert told(connection, deliver(14)) == [Delivered(4, deliver(14))]


def test_an_answer_after_the_end_comes_too_late() -> None:
    connection = bound()
    told(connection, deliver(77))
    connection.receive_eof()
    assert connection.answer_delivery(1, 0) is False
    assert sent(connection) == []


# ---- SPEC 6.2: proof of acknowledgement ----


def test_a_round_trip_after_the_answer_proves_it() -> None:
    connection = bound()
    told(connection, deliver(77), deliver(78))
    connection.answer_delivery(2, 100)
    connection.answer_delivery(1, 200)
    sent(connection)
    assert connection.next_due() == 2_100
    connection.tick(2_100)
    (enquiry,) = sent(connection)
    assert told(connection, p.EnquireLinkResponse(sequence=enquiry.sequence), now=2_150) == [Proven((2, 1))]
    assert connection.next_due() == 12_150


def test_a_request_before_the_answer_proves_nothing() -> None:
    connection = bound()
    told(connection, deliver(77))
    connection.submit(TEXT, 0)
    connection.answer_delivery(1, 0)
    told_events = told(connection, p.SubmitSmResponse(sequence=2, message_id="a"))
    assert told_events == [Submitted(2, "a")]
    connection.submit(TEXT, 0)
    told_events = told(connection, p.SubmitSmResponse(sequence=3, message_id="b"))
    assert told_events == [Proven((1,)), Submitted(3, "b")]


def test_each_answer_is_proven_once_and_by_what_followed_it() -> None:
    connection = bound()
    told(connection, deliver(77), deliver(78))
    connection.answer_delivery(1, 0)
    connection.submit(TEXT, 0)
    connection.answer_delivery(2, 0)
    connection.submit(TEXT, 0)
    assert told(connection, p.SubmitSmResponse(sequence=2))[0] == Proven((1,))
    assert told(connection, p.SubmitSmResponse(sequence=3))[0] == Proven((2,))


def test_a_refused_delivery_needs_no_proof() -> None:
    connection = bound()
    told(connection, deliver(77))
    connection.answer_delivery(1, 0, 0x64)
    connection.submit(TEXT, 0)
    assert told(connection, p.SubmitSmResponse(sequence=2)) == [Submitted(2, "")]


# ---- 4.11 enquire_link, 7.2 timers ----


def test_a_silent_peer_is_asked_and_given_up() -> None:
    connection = bound()
    assert connection.next_due() == 10_000
    assert connection.tick(9_999) == []
    assert sent(connection) == []
    connection.tick(10_000)
    assert sent(connection) == [p.EnquireLink(sequence=2)]
    assert connection.next_due() == 11_000
    words = "no answer to enquire_link within 1000 ms"
    assert connection.tick(11_000) == [ProtocolFault(words, True), Closed(words, ())]


@pytest.mark.parametrize("answer", [p.EnquireLinkResponse(sequence=2), p.GenericNack(sequence=2, status=3)])
def test_an_answered_enquiry_starts_the_time_again(answer: p.Pdu) -> None:
    connection = bound()
    connection.tick(10_000)
    assert told(connection, answer, now=10_500) == []
    assert connection.next_due() == 20_500


def test_anything_heard_puts_the_enquiry_off() -> None:
    connection = bound()
    told(connection, p.EnquireLink(sequence=9), now=6_000)
    assert connection.next_due() == 16_000


@pytest.mark.parametrize("binding", [False, True])
def test_an_enquiry_of_the_peer_is_answered_in_every_state(binding: bool) -> None:
    connection = Connection(SETTINGS)
    if binding:
        connection.bind(0)
        sent(connection)
    told(connection, p.EnquireLink(sequence=9))
    assert sent(connection) == [p.EnquireLinkResponse(sequence=9)]


# ---- 4.2 unbind, 2.2 end of the session ----


def test_unbind() -> None:
    connection = bound()
    connection.submit(TEXT, 0)
    sent(connection)
    connection.unbind(0)
    assert sent(connection) == [p.Unbind(sequence=3)]
    assert told(connection, p.SubmitSmResponse(sequence=2, message_id="a")) == [Submitted(2, "a")]
    told(connection, deliver(77))
    connection.answer_delivery(1, 0)
    assert sent(connection) == [p.DeliverSmResponse(sequence=77)]
    assert told(connection, p.UnbindResponse(sequence=3)) == [Closed("unbound", ())]


def test_unbind_unanswered() -> None:
    connection = bound()
    connection.unbind(0)
    fault, closed = connection.tick(1_000)
    assert fault == ProtocolFault("no answer to unbind within 1000 ms", True)
    assert isinstance(closed, Closed)


def test_unbind_needs_a_bind() -> None:
    connection = Connection(SETTINGS)
    with pytest.raises(NotBound):
        connection.unbind(0)
    assert sent(connection) == []


def test_the_peer_unbinds() -> None:
    connection = bound()
    connection.submit(TEXT, 0)
    sent(connection)
    assert told(connection, p.Unbind(sequence=5)) == [PeerUnbound(), Closed("the peer unbound", (2,))]
    assert sent(connection) == [p.UnbindResponse(sequence=5)]


@pytest.mark.parametrize(("rest", "words"), [(b"", "ended"), (b"\0\0\0", "ended inside a PDU")])
def test_the_connection_ends(rest: bytes, words: str) -> None:
    connection = bound()
    connection.submit(TEXT, 0)
    connection.receive_data(rest, 0)
    (closed,) = connection.receive_eof()
    assert closed == Closed(f"the connection {words}", (2,))
    assert connection.receive_eof() == []
    assert told(connection, deliver(77)) == []


# ---- 4.3 generic_nack, 5.1.3: what must not come ----


def test_a_malformed_delivery_is_answered_with_its_status_and_the_session_goes_on() -> None:
    connection = bound()
    frame = bytes.fromhex("000000120000000500000000000000070000")
    (fault,) = connection.receive_data(frame, 0)
    assert isinstance(fault, ProtocolFault)
    assert not fault.fatal
    assert sent(connection) == [p.DeliverSmResponse(sequence=7, status=0x02)]
    assert told(connection, deliver(78)) == [Delivered(1, deliver(78))]


def test_an_unknown_command_is_nacked_and_the_session_goes_on() -> None:
    connection = bound()
    (fault,) = connection.receive_data(bytes.fromhex("00000010000001030000000000000009"), 0)
    assert fault == ProtocolFault("command 0x00000103 is unknown", False)
    assert sent(connection) == [p.GenericNack(sequence=9, status=0x03)]
    assert connection.state is State.BOUND


def test_an_unknown_or_malformed_answer_is_never_answered() -> None:
    connection = bound()
    for frame in (
        "00000010800001030000000000000009",
        "00000013800000040000000000000009000102",
    ):
        (fault,) = connection.receive_data(bytes.fromhex(frame), 0)
        assert isinstance(fault, ProtocolFault)
    assert sent(connection) == []


@pytest.mark.parametrize("head", ["00000000", "0000000f", "00010001", "48545450"])
def test_garbage_ends_the_session(head: str) -> None:
    """3.1: behind a wrong length nothing can be read; what stood before it counts."""
    connection = bound()
    connection.submit(TEXT, 0)
    sent(connection)
    good = bytes.fromhex("00000010000000150000000000000009")
    fault, closed = connection.receive_data(good + bytes.fromhex(head) + bytes(40), 0)
    assert isinstance(fault, ProtocolFault)
    assert fault.fatal
    assert isinstance(closed, Closed)
    assert closed.unanswered == (2,)
    assert sent(connection) == [p.EnquireLinkResponse(sequence=9), p.GenericNack(status=0x02)]


def test_a_delivery_before_the_bind_is_refused() -> None:
    connection = Connection(SETTINGS)
    (fault,) = told(connection, deliver(7))
    assert fault == ProtocolFault("deliver_sm does not fit a session that is open", False)
    assert sent(connection) == [p.DeliverSmResponse(sequence=7, status=0x04)]


def test_a_delivery_to_a_transmitter_is_refused() -> None:
    connection = bound(SessionSettings(system_id="desk", mode="transmitter"))
    told(connection, deliver(7))
    assert sent(connection) == [p.DeliverSmResponse(sequence=7, status=0x04)]


@pytest.mark.parametrize("request_pdu", [TEXT, p.BindTransceiver(system_id="x")])
def test_what_only_we_may_ask_is_refused(request_pdu: p.Pdu) -> None:
    connection = bound()
    (fault,) = told(connection, request_pdu)
    assert isinstance(fault, ProtocolFault)
    assert sent(connection) == [p.GenericNack(status=0x03)]


@pytest.mark.parametrize("answer", [p.EnquireLinkResponse(sequence=2), p.SubmitSmResponse(sequence=3)])
def test_an_answer_of_the_wrong_kind_or_number_settles_nothing(answer: p.Pdu) -> None:
    connection = bound()
    connection.submit(TEXT, 0)
    (fault,) = told(connection, answer)
    assert isinstance(fault, ProtocolFault)
    assert not fault.fatal
    assert told(connection, p.SubmitSmResponse(sequence=2, message_id="a")) == [Submitted(2, "a")]


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(SETTINGS)

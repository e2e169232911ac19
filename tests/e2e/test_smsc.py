"""The SMSC is itself tested, against a raw socket: a driver that lies makes every test above it worthless."""

from __future__ import annotations

import pytest

from tests.e2e.smpp_client import DELIVER, ENQUIRE, RESPONSE, RawClient, short_message
from tests.e2e.smscs import Encoding, Smsc, part_of


def test_bind_is_accepted_with_the_right_password_only(smsc: Smsc) -> None:
    with RawClient(smsc.port) as client:
        assert client.bind(password="wrong").status == 0x0E  # ESME_RINVPASWD
    smsc.wait_for(lambda event: event["event"] == "refused")
    with RawClient(smsc.port) as client:
        assert client.bind().status == 0
        assert smsc.wait_bound()["kind"] == "bind_transceiver"
        client.send(ENQUIRE)
        assert client.receive().command == ENQUIRE | RESPONSE


def test_bind_is_refused_when_told_to(smsc: Smsc) -> None:
    smsc.behave(bind="refuse")
    with RawClient(smsc.port) as client:
        assert client.bind().status == 0x0D  # ESME_RBINDFAIL


def test_submitted_texts_are_recorded_and_answered(smsc: Smsc) -> None:
    with RawClient(smsc.port) as client:
        client.bind()
        client.submit(b"hello \x00")  # the GSM alphabet's first character is the at sign
        assert client.receive().body == b"1\0"
        client.submit("zwölf €".encode("utf-16-be"), coding=8)
        assert client.receive().body == b"2\0"
        [first] = smsc.wait_text("hello @")
        assert first["messageId"] == "1"
        assert bytes.fromhex(first["hex"]).endswith(b"\x07hello \0")
        [second] = smsc.wait_text("zwölf €")
        assert second["dataCoding"] == 8
        assert smsc.texts() == ["hello @", "zwölf €"]


def test_parts_are_joined_by_their_header(smsc: Smsc) -> None:
    with RawClient(smsc.port) as client:
        client.bind()
        for number, text in ((2, b"world"), (1, b"hello ")):
            client.submit(bytes([5, 0, 3, 77, 2, number]) + text, esm_class=0x40)
            client.receive()
        parts = smsc.wait_text("hello world")
        assert [part_of(part) for part in parts] == [(77, 2, 1), (77, 2, 2)]


def test_throttling_holding_and_releasing(smsc: Smsc) -> None:
    with RawClient(smsc.port) as client:
        client.bind()
        smsc.behave(throttle=1)
        client.submit(b"one")
        assert client.receive().status == 0x58  # ESME_RTHROTTLED
        smsc.behave(submit="hold")
        sequence = client.submit(b"two")
        smsc.wait_text("two")
        assert smsc.call("release") == {"count": 1}
        assert client.receive().sequence == sequence
        assert smsc.texts() == ["two"]


def test_a_text_is_delivered_and_its_response_reported(smsc: Smsc) -> None:
    with RawClient(smsc.port) as client:
        client.bind()
        smsc.wait_bound()
        key = smsc.deliver("good day {}")
        pdu = client.receive()
        assert (pdu.command, short_message(pdu)) == (DELIVER, b"good day \x1b\x28\x1b\x29")
        client.send(DELIVER | RESPONSE, b"\0", sequence=pdu.sequence)
        smsc.acknowledged(key)
        assert smsc.acknowledgements() == {key: {1}}


@pytest.mark.parametrize(
    ("encoding", "unit", "parts", "room"), [("gsm", "a€", 2, 153), ("ucs2", "ж🙂", 3, 134)]
)
def test_a_long_text_is_cut_between_characters(
    smsc: Smsc, encoding: Encoding, unit: str, parts: int, room: int
) -> None:
    codec = {"gsm": lambda octets: octets.replace(b"\x1be", "€".encode()), "ucs2": lambda octets: octets}
    with RawClient(smsc.port) as client:
        client.bind()
        smsc.wait_bound()
        smsc.deliver(unit * 60, encoding=encoding)
        messages = [short_message(client.receive()) for _ in range(parts)]
        headers = [bytes([5, 0, 3, 1, parts, number + 1]) for number in range(parts)]
        assert [message[:6] for message in messages] == headers
        assert all(len(message) <= 6 + room for message in messages)
        name = "utf-8" if encoding == "gsm" else "utf-16-be"
        # A part that began or ended within a character would not decode on its own.
        assert "".join(codec[encoding](message[6:]).decode(name) for message in messages) == unit * 60


def test_what_was_not_acknowledged_comes_again_after_a_reconnect(smsc: Smsc) -> None:
    with RawClient(smsc.port) as client:
        client.bind()
        smsc.wait_bound()
        key = smsc.deliver("again")
        first = client.receive()
        assert smsc.drop() == 1
        with pytest.raises((EOFError, ConnectionError)):
            client.receive()
    with RawClient(smsc.port) as client:
        client.bind()
        second = client.receive()
        assert (second.command, second.body) == (first.command, first.body)
        client.send(DELIVER | RESPONSE, b"\0", sequence=second.sequence)
        smsc.acknowledged(key)
        assert smsc.call("state")["unacknowledged"] == []


def test_stop_and_listen_again_on_the_same_port(smsc: Smsc) -> None:
    with RawClient(smsc.port) as client:
        client.bind()
        smsc.wait_bound()
        smsc.stop()
        with pytest.raises((EOFError, ConnectionError)):
            client.receive()
    with pytest.raises(ConnectionRefusedError):
        RawClient(smsc.port)
    smsc.listen()
    with RawClient(smsc.port) as client:
        assert client.bind().status == 0


def test_a_receipt_follows_when_asked_for(smsc: Smsc) -> None:
    with RawClient(smsc.port) as client:
        client.bind()
        smsc.behave(receipts=True)
        client.submit(b"hello")
        answers = [client.receive(), client.receive()]
        [receipt] = [pdu for pdu in answers if pdu.command == DELIVER]
        assert short_message(receipt).startswith(b"id:1 sub:001 dlvrd:001")


def test_a_failed_command_tells_why(smsc: Smsc) -> None:
    with pytest.raises(AssertionError, match="nobody is bound to receive"):
        smsc.deliver("to whom?")
    with pytest.raises(AssertionError, match="no such behaviour: manners"):
        smsc.behave(manners="good")

"""The clients of the benchmark take bytes in whatever pieces they come."""

import asyncio
from typing import cast

import pytest

from bench.loop import Meter
from bench.net.bayeux import granted, reply_in
from bench.net.websocket import WebSocket
from bench.smsc import BINDS, DELIVER, HEAD, RESPONSE, Smsc, delivery
from smsdesk.smpp import pdu as p
from smsdesk.smpp.codec import decode

pytestmark = pytest.mark.anyio
UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Wire:
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        self.written = bytearray()

    def write(self, data: bytes) -> None:
        self.written += data

    def abort(self) -> None:
        self.written += b"aborted"


def frame(opcode: int, body: bytes) -> bytes:
    size = len(body)
    if size < 126:
        return bytes((0x80 | opcode, size)) + body
    if size < 65536:
        return bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big") + body
    return bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big") + body


def socket() -> tuple[WebSocket, Wire, list[bytes]]:
    wire, heard = Wire(), list[bytes]()
    made = WebSocket(b"GET / HTTP/1.1\r\n\r\n")
    made.received = heard.append
    made.connection_made(cast(asyncio.Transport, wire))
    return made, wire, heard


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 1000, 100_000])
async def test_frames_come_in_any_pieces(piece: int) -> None:
    made, _, heard = socket()
    bodies = [b"one", b"x" * 200, b"", b"y" * 70_000]
    stream = UPGRADED + b"".join(frame(1, body) for body in bodies)
    for at in range(0, len(stream), piece):
        made.data_received(stream[at : at + piece])
    assert heard == bodies


async def test_a_ping_is_answered_with_its_own_words() -> None:
    made, wire, heard = socket()
    made.data_received(UPGRADED + frame(9, b"there?"))
    assert bytes(wire.written).endswith(b"\x8a\x86\0\0\0\0there?")
    assert not heard


async def test_no_upgrade_is_an_error() -> None:
    made, _, _ = socket()
    made.data_received(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    with pytest.raises(ConnectionError, match="403 Forbidden"):
        await made.upgraded


async def test_a_refused_handshake_is_an_error() -> None:
    reply = reply_in(b'[{"channel":"/meta/handshake","successful":false,"error":"402::"}]', "/meta/handshake")
    with pytest.raises(ConnectionError, match="402::"):
        granted(reply)


def carrier(window: int) -> tuple[Smsc, Wire, Meter, list[Smsc]]:
    wire, meter, bound = Wire(), Meter(), list[Smsc]()
    meter.on = True
    made = Smsc(meter, 3, window, bound.append)
    made.connection_made(cast(asyncio.Transport, wire))
    return made, wire, meter, bound


async def test_a_bind_is_granted_and_the_window_filled_as_answers_come() -> None:
    smsc, wire, meter, bound = carrier(2)
    smsc.data_received(HEAD.pack(HEAD.size, BINDS[0], 0, 7))
    assert HEAD.unpack_from(wire.written)[1:] == (RESPONSE | BINDS[0], 0, 7)
    assert bound == [smsc]
    smsc.running = True
    smsc.fill()
    assert sorted(smsc.sent) == [1, 2]
    answer = HEAD.pack(HEAD.size + 1, RESPONSE | DELIVER, 0, 1) + b"\0"
    smsc.data_received(answer[:5])
    smsc.data_received(answer[5:])
    assert sorted(smsc.sent) == [2, 3]
    assert (meter.published, len(meter.deliveries)) == (1, 1)


async def test_a_refused_text_is_a_fault() -> None:
    smsc, _, meter, _ = carrier(1)
    smsc.running = True
    smsc.fill()
    smsc.data_received(HEAD.pack(HEAD.size + 1, RESPONSE | DELIVER, 0x64, 1) + b"\0")
    assert meter.faults == {"deliver_sm was answered with status 100": 1}


async def test_what_it_delivers_is_a_text() -> None:
    read = decode(delivery(5, 42))
    assert isinstance(read, p.DeliverSm)
    assert (read.source, read.destination, read.sequence) == ("15570000042", "15550100", 5)
    assert read.short_message.startswith(b"Hello")

"""A carrier that texts: an SMPP 3.4 server that keeps a window of deliver_sm going and times the answers."""

import asyncio
from collections.abc import Callable
from struct import Struct
from typing import cast

from bench.loop import Meter, now

HEAD = Struct(">IIII")  # length, command, status, sequence
BINDS = (1, 2, 9)
RESPONSE = 0x80000000
DELIVER, ENQUIRE, UNBIND = 5, 0x15, 6
NUMBER = b"15550100"
WORDS = b"Hello, I would like to know where my order number %06d is, thank you very much!"


class Smsc(asyncio.Protocol):
    """One bind; `bound` is called when it is made. `fill` keeps `window` texts of some phones going."""

    def __init__(self, meter: Meter, phones: int, window: int, bound: Callable[["Smsc"], None]) -> None:
        self.running = False
        self.sent: dict[int, int] = {}
        self._meter = meter
        self._phones = phones
        self._window = window
        self._bound = bound
        self._sequence = 0
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def fill(self) -> None:
        """Send until the window is full."""
        assert self._transport is not None
        pieces = []
        while self.running and len(self.sent) < self._window:
            self._sequence += 1
            pieces.append(delivery(self._sequence, self._sequence % self._phones))
            self.sent[self._sequence] = now()
        if pieces:
            self._transport.write(b"".join(pieces))

    def close(self) -> None:
        """Leave off, without a word."""
        self.running = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        data, at = self._rest + data, 0
        while len(data) - at >= HEAD.size:
            size, command, status, sequence = HEAD.unpack_from(data, at)
            if len(data) - at < size:
                break
            self._take(command, status, sequence)
            at += size
        self._rest = data[at:]
        self.fill()

    def _take(self, command: int, status: int, sequence: int) -> None:
        assert self._transport is not None
        if command == RESPONSE | DELIVER:
            began = self.sent.pop(sequence)
            if status:
                self._meter.fault(f"deliver_sm was answered with status {status}")
            else:
                self._meter.answered(began)
                self._meter.delivered(began, 0)
        elif command in BINDS:
            self._transport.write(HEAD.pack(HEAD.size + 6, RESPONSE | command, 0, sequence) + b"bench\0")
            self._bound(self)
        elif command in (ENQUIRE, UNBIND):
            self._transport.write(HEAD.pack(HEAD.size, RESPONSE | command, 0, sequence))


def delivery(sequence: int, phone: int) -> bytes:
    """A deliver_sm: international numbers, GSM alphabet, no part of a longer text."""
    words = WORDS % sequence
    body = b"\0\1\1" + b"1557%07d" % phone + b"\0\1\1" + NUMBER + b"\0\0\0\0\0\0\0\0\0\0"
    body += bytes((len(words),)) + words
    return HEAD.pack(HEAD.size + len(body), DELIVER, 0, sequence) + body

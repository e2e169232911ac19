"""The floor's SMPP: binds, keeps every text with its conversation, answers when that is on disk."""

import asyncio
from struct import Struct
from typing import Any, cast

import msgspec

from bench import sample
from bench.floor_log import Log

HEAD = Struct(">IIII")  # length, command, status, sequence
BIND, BOUND, DELIVER, DELIVERED, ENQUIRE, ALIVE = 9, 0x80000009, 5, 0x80000005, 0x15, 0x80000015
WORDS = 80
encode = msgspec.json.Encoder().encode
BODY = b"floor\0bench\0\0\x34\0\0\0"


class Texts(asyncio.Protocol):
    """One bind."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._documents: dict[str, dict[str, Any]] = {}
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def connect(cls, host: str, port: int, log: Log) -> None:
        """Bind as soon as somebody listens."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                await loop.create_connection(lambda: cls(log), host, port)
                return
            except OSError:
                await asyncio.sleep(0.2)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(HEAD.pack(HEAD.size + len(BODY), BIND, 0, 1) + BODY)

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        data, at = self._rest + data, 0
        while len(data) - at >= HEAD.size:
            size, command, _, sequence = HEAD.unpack_from(data, at)
            if len(data) - at < size:
                break
            if command == DELIVER:
                kept = self._keep(data[at : at + size])
                kept.add_done_callback(lambda _, sequence=sequence: self._answer(DELIVERED, sequence, b"\0"))  # type: ignore[misc]
            elif command == ENQUIRE:
                self._answer(ALIVE, sequence)
            at += size
        self._rest = data[at:]

    def _keep(self, delivery: bytes) -> asyncio.Future[None]:
        """The text makes a new state of its conversation, found by the number it comes from."""
        number, _, rest = delivery[HEAD.size + 3 :].partition(b"\0")
        name = number.decode()
        document = self._documents.get(name)
        if document is None:
            document = self._documents[name] = sample.notification(name)
        document["smssession"]["subject"] = rest[-WORDS:].decode()
        return self._log.keep(name, encode(document))

    def _answer(self, command: int, sequence: int, body: bytes = b"") -> None:
        assert self._transport is not None
        self._transport.write(HEAD.pack(HEAD.size + len(body), command, 0, sequence) + body)

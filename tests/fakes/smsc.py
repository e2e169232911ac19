"""An SMSC in the test's own process: it takes binds and texts, delivers, and misbehaves when told to.

Built on the project's own codec, so it proves behaviour; that the bytes are SMPP is proved elsewhere.
"""

import asyncio
from types import TracebackType
from typing import Self, TypeVar

from msgspec.structs import replace

from smsdesk.smpp import pdu as p
from smsdesk.smpp.codec import decode, encode, take

Kind = TypeVar("Kind", bound=p.Pdu)
PATIENCE = 10.0  # seconds until a test that waits for something fails

ANSWERS: dict[type[p.Pdu], type[p.Pdu]] = {
    p.BindTransceiver: p.BindTransceiverResponse,
    p.BindTransmitter: p.BindTransmitterResponse,
    p.BindReceiver: p.BindReceiverResponse,
    p.SubmitSm: p.SubmitSmResponse,
    p.EnquireLink: p.EnquireLinkResponse,
    p.Unbind: p.UnbindResponse,
}


class Smsc:
    """Listens on a free port of 127.0.0.1 while entered; `async with` ends every connection.

    `silent_on`: kinds of requests that get no answer. `statuses`: what the next answers to a kind say, one
    each; then 0 again. `got(kind)` waits for the next PDU of a kind, whichever connection it came on.
    """

    def __init__(self) -> None:
        self.silent_on: set[type[p.Pdu]] = set()
        self.statuses: dict[type[p.Pdu], list[int]] = {}
        self.port = 0
        self.connections = 0
        self.unread: dict[type[p.Pdu], asyncio.Queue[p.Pdu]] = {}
        self.closed: asyncio.Queue[None] = asyncio.Queue()
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._sequence = 0
        self._messages = 0

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def listen(self) -> None:
        """Listen, again on the same port after `stop`."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuse connections and cut those that are."""
        if self._server is not None:
            self._server.close()
        self.drop()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def drop(self) -> None:
        """Cut every connection without a word."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def got(self, kind: type[Kind]) -> Kind:
        """The next PDU of this kind that a client sends or has sent; each is returned once."""
        async with asyncio.timeout(PATIENCE):
            pdu = await self._queue(kind).get()
        assert isinstance(pdu, kind)
        return pdu

    async def ended(self) -> None:
        """Return when a connection has ended; once for each."""
        async with asyncio.timeout(PATIENCE):
            await self.closed.get()

    async def round_trip(self) -> None:
        """Whatever the client sent before has come when this returns."""
        self.send(p.EnquireLink())
        await self.got(p.EnquireLinkResponse)

    def send(self, pdu: p.Pdu) -> int:
        """Send a PDU on the newest connection, under a new sequence number; returns that."""
        self._sequence += 1
        self.write(encode(pdu, self._sequence))
        return self._sequence

    def write(self, data: bytes) -> None:
        """Send any bytes on the newest connection."""
        self._writers[-1].write(data)

    def _queue(self, kind: type[p.Pdu]) -> asyncio.Queue[p.Pdu]:
        return self.unread.setdefault(kind, asyncio.Queue())

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        self._writers.append(writer)
        buffer = bytearray()
        try:
            while data := await reader.read(65536):
                buffer += data
                while (frame := take(buffer)) is not None:
                    self._received(decode(frame), writer)
        except ConnectionError:
            pass
        finally:
            if writer in self._writers:
                self._writers.remove(writer)
            writer.close()
            self.closed.put_nowait(None)

    def _received(self, pdu: p.Pdu, writer: asyncio.StreamWriter) -> None:
        self._queue(type(pdu)).put_nowait(pdu)
        answer = self._answer(pdu)
        if answer is not None:
            writer.write(encode(answer, pdu.sequence))

    def _answer(self, pdu: p.Pdu) -> p.Pdu | None:
        kind = type(pdu)
        if kind not in ANSWERS or kind in self.silent_on:
            return None
        statuses = self.statuses.get(kind)
        answer = ANSWERS[kind](status=statuses.pop(0) if statuses else 0)
        if isinstance(answer, p.SubmitSmResponse) and answer.status == 0:
            self._messages += 1
            return replace(answer, message_id=f"{self._messages:x}")
        return answer

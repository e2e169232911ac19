"""A receiver of webhooks on a real socket: keeps what it got, and answers as it is told to, well or badly."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
PIECE = b"x" * 65_536


@dataclass
class Got:
    """One request. Names of headers are in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answers` are given one to each request, then 204. `open`: requests that are not answered yet."""

    port: int
    got: list[Got] = field(default_factory=list)
    answers: deque[Answer] = field(default_factory=deque)
    open: int = 0
    most_open: int = 0
    sent: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def will(self, *answers: Answer) -> None:
        self.answers.extend(answers)

    async def slow(self, writer: asyncio.StreamWriter) -> None:
        """Answers well, but only when the gate opens."""
        await self.gate.wait()
        await status(204)(writer)

    async def endless(self, writer: asyncio.StreamWriter) -> None:
        """Fails, in more words than anybody wants to read."""
        writer.write(b"HTTP/1.1 500 Oh no\r\nContent-Type: text/plain\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(PIECE)
                self.sent += len(PIECE)
                await writer.drain()


def status(code: int, said: bytes = b"", **headers: str) -> Answer:
    """Answers with a status."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {code} Said\r\nContent-Length: {len(said)}\r\n{more}Connection: close\r\n\r\n"
        writer.write(head.encode() + said)

    return answer


async def drop(writer: asyncio.StreamWriter) -> None:
    """Hangs up without a word."""
    writer.transport.abort()


async def nonsense(writer: asyncio.StreamWriter) -> None:
    """Speaks no HTTP."""
    writer.write(b"220 mail.example.com ESMTP\r\n")


async def read_request(reader: asyncio.StreamReader) -> Got:
    """One request off the wire."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *rest = head.rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (text.partition(":") for text in rest)}
    return Got(line, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver at a free port of this machine, for as long as the block lasts."""
    there = Receiver(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            there.got.append(await read_request(reader))
            there.open += 1
            there.most_open = max(there.most_open, there.open)
            there.arrived.set()
            try:
                await (there.answers.popleft() if there.answers else status(204))(writer)
            finally:
                there.open -= 1
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    there.port = server.sockets[0].getsockname()[1]
    try:
        yield there
    finally:
        there.gate.set()
        server.close()

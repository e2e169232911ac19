"""An HTTP/1.1 connection that is kept, one request at a time. Knows no pool and no redirects."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

import httptools

from bench.net import Address

Answered = Callable[[int, bytes], None]


class Answer(NamedTuple):
    """A reply: status, body, and the cookie it set, if any."""

    status: int
    body: bytes
    cookie: str | None


class Http(asyncio.Protocol):
    """`send` for the measured paths, `fetch` for all others. `broken`: why the connection broke off."""

    def __init__(self) -> None:
        self.broken: str | None = None
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._cookie: str | None = None
        self._answered: Answered | None = None

    @classmethod
    async def open(cls, address: Address) -> "Http":
        """Connect. Raises OSError."""
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(cls, address.host, address.port)
        return connection

    def send(self, request: bytes, answered: Answered) -> None:
        """Write a whole request; `answered(status, body)` is called when its reply is here."""
        assert self._transport is not None
        assert self._answered is None, "the connection waits for a reply"
        self._answered = answered
        self._transport.write(request)

    async def fetch(self, request: bytes) -> Answer:
        """Write a request and wait for its reply. Raises ConnectionError."""
        if self.broken:
            raise ConnectionError(self.broken)
        reply: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.send(request, lambda status, body: reply.set_result(Answer(status, body, self._cookie)))
        async with asyncio.timeout(60):
            answer = await reply
        if self.broken:
            raise ConnectionError(self.broken)
        return answer

    def close(self) -> None:
        """Cut it."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.broken = f"the connection ended: {exc}" if exc else "the connection ended"
        answered, self._answered = self._answered, None
        if answered is not None:
            answered(0, self.broken.encode())

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._body.clear()
        self._cookie = None

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"set-cookie":
            self._cookie = value.partition(b";")[0].decode()

    def on_body(self, piece: bytes) -> None:
        self._body.append(piece)

    def on_message_complete(self) -> None:
        answered, self._answered = self._answered, None
        if answered is not None:
            body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
            answered(self._parser.get_status_code(), body)


class Pool:
    """Some connections; whoever finds none free waits for the next, first come, first served."""

    def __init__(self, connections: list[Http]) -> None:
        self._all = connections
        self._free = list(connections)
        self._waiting: deque[tuple[bytes, Answered]] = deque()

    @classmethod
    async def open(cls, address: Address, size: int) -> "Pool":
        """Connect. Raises OSError."""
        return cls([await Http.open(address) for _ in range(size)])

    def send(self, request: bytes, answered: Answered) -> None:
        """As `Http.send`, on whichever connection is free first."""
        if self._free:
            self._send(self._free.pop(), request, answered)
        else:
            self._waiting.append((request, answered))

    def _send(self, connection: Http, request: bytes, answered: Answered) -> None:
        def done(status: int, body: bytes) -> None:
            if self._waiting and not connection.broken:
                self._send(connection, *self._waiting.popleft())
            elif not connection.broken:
                self._free.append(connection)
            answered(status, body)

        connection.send(request, done)

    def close(self) -> None:
        """Cut them all."""
        for connection in self._all:
            connection.close()


def request(
    method: str, path: str, address: Address, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> bytes:
    """A whole request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {address.host}:{address.port}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body

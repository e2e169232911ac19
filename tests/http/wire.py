"""The program behind its real server on a free port, and clients who write single bytes."""

import asyncio
import contextlib
import socket
from types import TracebackType
from typing import Any, Self

import msgspec

from smsdesk.commands.serve import Server
from smsdesk.http.protocol import HttpProtocol
from tests.http.house import House, basic

SECONDS = 5


class Response:
    """What came back over a line."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key == name]
        assert len(found) < 2
        return found[0] if found else None


class Line:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def say(self, data: bytes) -> Self:
        """Bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()
        return self

    async def ask(
        self, method: str, target: str, body: bytes = b"", *more: str, user: str = "agent1"
    ) -> "Response":
        """A plain request and its answer."""
        await self.say(request(method, target, body, *more, user=user))
        return await self.hear(method)

    async def hear(self, method: str = "GET") -> Response:
        """The next answer."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
        headers = [
            (name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in head[1:-1])
        ]
        length = next(int(value) for name, value in headers if name == "content-length")
        body = b"" if method == "HEAD" else await self.reader.readexactly(length)
        return Response(int(head[0].split()[1]), headers, body)

    async def flood(self, data: bytes, step: int) -> bytes:
        """Bytes in pieces, as long as somebody takes them; what came back until the other side closed."""
        for start in range(0, len(data), step):
            if self.writer.transport.is_closing():
                break
            self.writer.write(data[start : start + step])
            await asyncio.sleep(0)
        return await self.ended()

    async def ended(self) -> bytes:
        """What still came until the other side closed."""
        try:
            return await self.reader.read()
        except ConnectionResetError:
            return b""

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    def abort(self) -> None:
        """Gone without a word."""
        self.writer.transport.abort()


def request(method: str, target: str, body: bytes = b"", *more: str, user: str = "agent1") -> bytes:
    """A request as it goes over the wire. `more`: further header lines; without a user nobody logs in."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}", *more]
    if user:
        lines.append(f"Authorization: {basic(user)['Authorization']}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class Wire:
    """`house`, listening; on an admin socket too, if there is one."""

    def __init__(self, house: House, admin: socket.socket | None = None) -> None:
        self.house = house
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.port: int = self.listener.getsockname()[1]
        self.server = Server(house.application, SECONDS, admin)
        self.server.config.http = HttpProtocol
        self.lines: list[Line] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.ensure_future(self.server.serve([self.listener]))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for line in self.lines:
            await line.close()
        await self.stop()

    async def stop(self) -> None:
        """As SIGTERM does."""
        self.server.should_exit = True
        assert self._task is not None
        await self._task

    async def open(self) -> Line:
        """A new connection."""
        line = Line(*await asyncio.open_connection("127.0.0.1", self.port))
        self.lines.append(line)
        return line

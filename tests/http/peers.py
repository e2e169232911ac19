"""Clients in the same process, as a server presents them: they speak in pieces, do not read, or leave."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import unquote

import msgspec

from smsdesk.http.exchange import Receive, Scope, Send

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Json = Any
PATIENCE = 10.0  # seconds; nothing takes that long unless it hangs
LOCAL = "127.0.0.1"
HOST = "localhost:8080"


async def until(condition: Callable[[], object]) -> None:
    """Let the loop turn until something is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came to pass"
        await asyncio.sleep(0)


async def turn(times: int = 20) -> None:
    """Let the loop turn, so that what could happen has happened."""
    for _ in range(times):
        await asyncio.sleep(0)


def make_scope(
    kind: str, method: str, target: str, headers: Mapping[str, str], address: str = LOCAL
) -> Scope:
    """What a server says of a request; `target` is a path with its query."""
    path, _, query = target.partition("?")
    given = {"host": HOST} | {name.lower(): value for name, value in headers.items()}
    return {
        "type": kind,
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
        "client": (address, 50000),
    }


class Exchange:
    """One HTTP request. It is under way from the start; `say` brings its body, `leave` breaks it off."""

    def __init__(
        self,
        application: Application,
        method: str,
        target: str,
        headers: Mapping[str, str],
        address: str = LOCAL,
    ) -> None:
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.body = b""
        self.left = False
        self._pieces: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        scope = make_scope("http", method, target, headers, address)
        self.task = asyncio.ensure_future(application(scope, self._pieces.get, self._send))

    def say(self, body: bytes, more: bool = False) -> None:
        """A piece of the body."""
        self._pieces.put_nowait({"type": "http.request", "body": body, "more_body": more})

    def leave(self) -> None:
        """The connection breaks."""
        self.left = True
        self._pieces.put_nowait({"type": "http.disconnect"})

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if self.left:
            return
        if message["type"] == "http.response.start":
            assert self.status == 0, "two answers"
            self.status = message["status"]
            self.headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in message["headers"]]
        else:
            self.body += message["body"]

    @property
    def answered(self) -> bool:
        return self.status != 0

    async def end(self) -> "Exchange":
        """Wait for the answer."""
        await self.task
        return self

    @property
    def json(self) -> Json:
        return msgspec.json.decode(self.body)

    def header(self, name: str) -> str | None:
        """A header that is there once, or not at all."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) < 2, f"{name} is there {len(found)} times"
        return found[0] if found else None

    @property
    def cookie(self) -> str:
        """What a browser would send back."""
        return (self.header("set-cookie") or "").partition(";")[0]


class WebSocket:
    """One WebSocket. While `reads` is not set, what is sent to it stays on its way."""

    def __init__(
        self, application: Application, target: str, headers: Mapping[str, str], address: str = LOCAL
    ) -> None:
        self.accepted = False
        self.closed: int | None = None
        self.heard: deque[Json] = deque()
        self.reads = asyncio.Event()
        self.reads.set()
        self.frames = 0
        self.broken: Exception | None = None
        self._in: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._in.put_nowait({"type": "websocket.connect"})
        scope = make_scope("websocket", "GET", target, headers, address)
        self.task = asyncio.ensure_future(application(scope, self._in.get, self._send))

    def say(self, *messages: Json) -> None:
        """One frame of messages."""
        self._in.put_nowait({"type": "websocket.receive", "text": msgspec.json.encode(messages).decode()})

    def say_raw(self, **frame: object) -> None:
        """A frame as given."""
        self._in.put_nowait({"type": "websocket.receive", **frame})

    def leave(self) -> None:
        """The connection breaks."""
        self.broken = self.broken or ConnectionResetError("the peer has gone")
        self.reads.set()
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1006})

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        await self.reads.wait()
        if self.broken is not None:
            raise self.broken
        if message["type"] == "websocket.accept":
            self.accepted = True
        elif message["type"] == "websocket.close":
            self.closed = message["code"]
        else:
            self.frames += 1
            self.heard += msgspec.json.decode(message["text"])

    async def hear(self) -> Json:
        """The next message."""
        await until(lambda: self.heard)
        return self.heard.popleft()

    async def reply(self, channel: str) -> Json:
        """The next reply on a channel; what comes before it must be none."""
        message = await self.hear()
        assert message["channel"] == channel, message
        return message

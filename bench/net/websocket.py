"""A WebSocket (RFC 6455) as far as a load generator needs one: whole text frames, pings, no compression."""

import asyncio
import base64
import os
from collections.abc import Callable, Mapping
from typing import Final, cast

from bench.net import Address
from bench.net.http import request

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_HEAD_END: Final = b"\r\n\r\n"


class WebSocket(asyncio.Protocol):
    """`received(frame)` is called for every text frame. A socket that breaks off says so in `broken`."""

    def __init__(self, upgrade: bytes) -> None:
        self.received: Callable[[bytes], None] = _ignore
        self.broken: str | None = None
        self._upgrade = upgrade
        self.upgraded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._rest = b""

    @classmethod
    async def open(cls, address: Address, path: str, headers: Mapping[str, str]) -> "WebSocket":
        """Connect and upgrade. Raises OSError, ConnectionError."""
        key = base64.b64encode(os.urandom(16)).decode()
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        whole = request("GET", path, address, b"", {**upgrade, "Sec-WebSocket-Key": key, **headers})
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(lambda: cls(whole), address.host, address.port)
        async with asyncio.timeout(60):
            await socket.upgraded
        return socket

    def send(self, text: bytes, opcode: int = _TEXT) -> None:
        """Send one frame. The mask is zero, which spares us the work and not the server."""
        assert self._transport is not None
        size = len(text)
        if size < 126:
            head = bytes((0x80 | opcode, 0x80 | size))
        elif size < 65536:
            head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
        else:
            head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
        self._transport.write(head + b"\0\0\0\0" + text)

    async def ask(self, text: bytes) -> bytes:
        """Send a frame and wait for the next one. Raises ConnectionError, TimeoutError."""
        reply: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.received = lambda frame: None if reply.done() else reply.set_result(frame)
        self.send(text)
        async with asyncio.timeout(60):
            return await reply

    def close(self) -> None:
        """Cut it."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._upgrade)

    def connection_lost(self, exc: Exception | None) -> None:
        self.broken = f"the socket ended: {exc}" if exc else "the socket ended"
        if not self.upgraded.done():
            self.upgraded.set_exception(ConnectionError(self.broken))

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        if not self.upgraded.done():
            end = data.find(_HEAD_END)
            if end < 0:
                self._rest = data
                return
            self._answered(data[:end])
            data = data[end + len(_HEAD_END) :]
        self._rest = data[self._frames(data) :]

    def _answered(self, head: bytes) -> None:
        status = head.partition(b"\r\n")[0]
        if b" 101 " in status + b" ":
            self.upgraded.set_result(None)
        else:
            self.upgraded.set_exception(ConnectionError(f"no upgrade: {status.decode('latin-1')}"))

    def _frames(self, data: bytes) -> int:
        """Hand out the whole frames at the beginning of the data; how many bytes they took."""
        at, end = 0, len(data)
        while end - at >= 2:
            size, body = data[at + 1] & 0x7F, at + 2
            if size >= 126:
                body += 2 if size == 126 else 8
                if end < body:
                    break
                size = int.from_bytes(data[at + 2 : body], "big")
            if end < body + size:
                break
            self._frame(data[at] & 0x0F, data[body : body + size])
            at = body + size
        return at

    def _frame(self, opcode: int, body: bytes) -> None:
        if opcode == _TEXT:
            self.received(body)
        elif opcode == _PING:
            self.send(body, _PONG)
        elif opcode == _CLOSE:
            self.close()


def _ignore(frame: bytes) -> None:
    """Nobody listens yet."""

"""A proxy before PostgreSQL that cuts the connection where it hurts."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any


class Proxy:
    """Passes everything on, but for the connection on which something said here is sent, once."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._before: bytes | None = None
        self._answer_to: bytes | None = None
        self._ended = asyncio.Event()
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.cuts = 0
        self.refuse_others = False
        self.silent = False

    def cut_before(self, said: bytes) -> None:
        """The server does not get to hear this."""
        self._before = said

    def cut_answer_to(self, said: bytes) -> None:
        """The server hears this and answers; the client does not get to hear the answer."""
        self._answer_to = said

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self._ended.set()
        if self._connections:
            await asyncio.wait(self._connections)

    async def _connected(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        if not (self.silent or (self.refuse_others and self.cuts)):
            server, to_server = await asyncio.open_unix_connection(self._socket)
            deaf = asyncio.Event()
            await first(
                self._forth(client, to_server, deaf), self._back(server, to_client, deaf), self._ended.wait()
            )
            to_server.close()
        to_client.close()

    async def _forth(
        self, client: asyncio.StreamReader, to_server: asyncio.StreamWriter, deaf: asyncio.Event
    ) -> None:
        while said := await client.read(1 << 16):
            if self._before is not None and self._before in said:
                self._before = None
                self.cuts += 1
                return
            if self._answer_to is not None and self._answer_to in said:
                self._answer_to = None
                deaf.set()
            to_server.write(said)

    async def _back(
        self, server: asyncio.StreamReader, to_client: asyncio.StreamWriter, deaf: asyncio.Event
    ) -> None:
        while said := await server.read(1 << 16):
            if self.silent:
                continue
            if deaf.is_set():
                self.cuts += 1
                return
            to_client.write(said)


async def first(*several: Coroutine[Any, Any, object]) -> None:
    """Run them until one ends; a broken connection is an end too."""
    tasks = [asyncio.create_task(each) for each in several]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError, OSError):
            await task

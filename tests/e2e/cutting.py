"""A broken network: a TCP proxy in the test's own loop that swallows answers and cuts connections."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self


class Cutting:
    """Stands before `port` of 127.0.0.1. `swallow`: how many connections will be cut just when the server's
    next answer is there; requests on them have arrived, nobody hears of it.
    """

    def __init__(self, port: int) -> None:
        self.swallow = 0
        self.cuts = 0
        self._to = port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._taken, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """All connections break now."""
        self.cuts += len(self._open)
        for writer in list(self._open):
            writer.transport.abort()

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
            self._open.add(back)
            ways = [self._pass(reader, back, answers=False), self._pass(there, writer, answers=True)]
            tasks = [asyncio.ensure_future(way) for way in ways]
            # Half a connection is none: whoever waits on the other half shall notice.
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            back.transport.abort()
            self._open.discard(back)
            await asyncio.wait(tasks)
        writer.transport.abort()
        self._open.discard(writer)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: bool) -> None:
        with suppress(OSError):
            while piece := await reader.read(65_536):
                if answers and self.swallow:
                    self.swallow -= 1
                    self.cuts += 1
                    break
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()

"""A proxy before PostgreSQL that cuts the connection where it hurts."""

import asyncio
from pathlib import Path
from types import TracebackType


class Proxy:
    """Passes everything on, but for the connection on which something said here is sent: that one is cut,
    once.
    """

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._before: bytes | None = None
        self._answer_to: bytes | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.cuts = 0
        self.refuse_others = False

    def cut_before(self, said: bytes) -> None:
        """The server does not get to hear this."""
        self._before = said

    def cut_answer_to(self, said: bytes) -> None:
        """The server hears this and answers, the client does not get to hear the answer."""
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
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _connected(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self.refuse_others and self.cuts:
            to_client.close()
            return
        server, to_server = await asyncio.open_unix_connection(self._socket)
        back = asyncio.create_task(self._pass(server, to_client))
        try:
            while said := await client.read(1 << 16):
                if self._before is not None and self._before in said:
                    self._before = None
                    break
                if self._answer_to is not None and self._answer_to in said:
                    self._answer_to = None
                    await stopped(back)
                    to_server.write(said)
                    await server.read(1)
                    break
                to_server.write(said)
            else:
                return
            self.cuts += 1
        finally:
            await stopped(back)
            to_client.close()
            to_server.close()

    async def _pass(self, server: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        while said := await server.read(1 << 16):
            to_client.write(said)
        to_client.close()


async def stopped(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task])

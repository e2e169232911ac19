"""Connections to PostgreSQL that are made again when they were lost. Knows no table."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.array import ListBinaryDumper

from smsdesk.store import StoreError

Connection = psycopg.AsyncConnection[tuple[Any, ...]]

_DEFAULTS: Final = {"connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 10_000}
"""Seconds, seconds, milliseconds: a server that vanished is noticed. The url may say otherwise."""


class Link:
    """One connection, made when it is first needed. Whoever meets a broken one gets StoreError, the next one
    a new connection.
    """

    def __init__(self, url: str, sql: dict[str, bytes], patience: float | None) -> None:
        """`patience`: seconds that one use may take; None: for ever."""
        told = conninfo_to_dict(url)
        self._url = make_conninfo(
            url, **{name: value for name, value in _DEFAULTS.items() if name not in told}
        )
        self._sql = sql
        self._patience = patience
        self._connecting = asyncio.Lock()
        self._connection: Connection | None = None
        self._closed = False

    @asynccontextmanager
    async def ready(self) -> AsyncIterator[Connection]:
        """The connection, in autocommit. Raises StoreError for whatever fails with it or takes too long."""
        timer: asyncio.TimerHandle | None = None
        if self._patience is not None:
            timer = asyncio.get_running_loop().call_later(self._patience, self.hang_up)
        try:
            yield await self._connected()
        except (psycopg.Error, UnicodeError) as error:
            raise StoreError(f"the database cannot do it now: {str(error).strip()}") from error
        finally:
            if timer is not None:
                timer.cancel()

    async def _connected(self) -> Connection:
        async with self._connecting:
            if self._closed:
                raise StoreError("the store is closed")
            if self._connection is None or self._connection.closed:
                self._connection = await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, cursor_factory=psycopg.AsyncRawCursor
                )
                # Arrays go as binary: as text every body would be escaped, at more cost than all the rest.
                self._connection.adapters.register_dumper(list, ListBinaryDumper)
                try:
                    await self._connection.execute(self._sql["settle_session"])
                except BaseException:
                    await self._connection.close()
                    raise
            return self._connection

    async def rows(self, name: str, *parameters: object) -> list[Any]:
        """The rows of one query by itself. Raises StoreError."""
        async with self.ready() as connection:
            return await rows(connection, self._sql[name], *parameters)

    def hang_up(self) -> None:
        """End what is going on, below the driver, which would ask a silent server to stop and wait for it."""
        if self._connection is not None and not self._connection.closed:
            with socket.socket(fileno=os.dup(self._connection.fileno())) as line, suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    async def close(self) -> None:
        """Give the connection back, for good."""
        self._closed = True
        if self._connection is not None:
            await self._connection.close()


async def rows(connection: Connection, sql: bytes, *parameters: object) -> list[Any]:
    """The rows of a statement; none if it has no result. Raises psycopg.Error."""
    cursor = await connection.execute(sql, parameters)
    return await cursor.fetchall() if cursor.description is not None else []

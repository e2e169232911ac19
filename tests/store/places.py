"""Where a store can be: what the contract suite needs to know of an adapter, and SQLite's two answers."""

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from smsdesk.store import Entry, Put, Store
from smsdesk.store.sqlite import SqliteStore
from smsdesk.store.sqlite_files import DATABASE
from smsdesk.store.statements import migrations

CENTRE = "7d9c2f0e-6c1b-4a53-9d1c-0f3c5a3f5a10"
NOW = 1_700_000_000_000


class Place(Protocol):
    """Somewhere a store is kept for one test."""

    def store(self, epoch: str = "first", centre: str = CENTRE) -> Store:
        """A store object of this place, not open yet. What was kept before is there again."""

    async def companion(self, first: Store) -> Store:
        """An open store that writes beside `first`; `first` itself where one object must do it all."""


class LastingPlace(Place, Protocol):
    """A place whose content outlives the process."""

    def arguments(self) -> list[str]:
        """For another process (`victim`): which adapter, and where."""

    async def mark(self, schema: int, oldest: int) -> None:
        """Pretend that a program knowing `schema` migrations wrote the (closed) store, readable from `oldest`
        on.
        """

    async def begin(self, documents: Sequence[Put], entries: Sequence[Entry]) -> None:
        """Keep these as the program of the first schema did."""


class MemoryPlace:
    """SQLite in memory: every store object has a place of its own."""

    def store(self, epoch: str = "first", centre: str = CENTRE) -> Store:
        return SqliteStore(None, epoch=epoch, contact_center_id=centre, clock=lambda: NOW)

    async def companion(self, first: Store) -> Store:
        return first


class FilePlace:
    """SQLite in a directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def store(self, epoch: str = "first", centre: str = CENTRE) -> Store:
        return SqliteStore(self.directory, epoch=epoch, contact_center_id=centre, clock=lambda: NOW)

    async def companion(self, first: Store) -> Store:
        return first

    def arguments(self) -> list[str]:
        return ["sqlite", str(self.directory)]

    async def mark(self, schema: int, oldest: int) -> None:
        with contextlib.closing(sqlite3.connect(self.directory / DATABASE)) as connection, connection:
            connection.execute("UPDATE meta SET schema = ?, oldest = ?", (schema, oldest))

    async def begin(self, documents: Sequence[Put], entries: Sequence[Entry]) -> None:
        self.directory.mkdir(parents=True)
        with contextlib.closing(sqlite3.connect(self.directory / DATABASE)) as connection, connection:
            connection.executescript(migrations("sqlite")[0].sql)
            connection.execute(
                "INSERT INTO meta (one, schema, oldest, epoch, contact_center_id) VALUES (1, 1, 1, 'e', 'c')"
            )
            connection.executemany(
                "INSERT INTO document (kind, id, version, body) VALUES (?, ?, 1, ?)",
                [(each.kind, each.id, each.body) for each in documents],
            )
            connection.executemany(
                "INSERT INTO entry (session, idx, body) VALUES (?, ?, ?)",
                [(each.session, each.index, each.body) for each in entries],
            )

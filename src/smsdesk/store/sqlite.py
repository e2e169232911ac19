"""The store on SQLite: one process, its data directory locked. Knows SQL only by name (queries.sqlite.sql).

Statements run on the loop's thread and only COMMIT, which waits for the disk, in a worker: to hand every
statement over would cost more than the statement.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from smsdesk.store import (
    Change,
    Document,
    Entry,
    Head,
    Hit,
    Kept,
    Lease,
    Listing,
    Lost,
    OutboxRow,
    StoreError,
)
from smsdesk.store.checkpoints import Checkpoints
from smsdesk.store.collapse import kept
from smsdesk.store.sqlite_batch import SqliteBatch
from smsdesk.store.sqlite_files import DATABASE, SqliteFiles, faults
from smsdesk.store.statements import queries
from smsdesk.store.waking import WakeUp, Waking
from smsdesk.store.words import fts5, wanted


class SqliteStore:
    """A store in `directory`, or in memory when that is None (no lock, gone with `close`).

    `epoch` and `contact_center_id` name a store that is made now; an older one keeps its own. `clock` returns
    UTC milliseconds. `checkpoint_pages`: pages of 4 KiB written between two checkpoints. `wal_limit`: octets
    of log from which on writers wait for a checkpoint (SPEC 8.10).
    """

    def __init__(
        self,
        directory: Path | None,
        *,
        epoch: str,
        contact_center_id: str,
        clock: Callable[[], int],
        checkpoint_pages: int = 4000,
        wal_limit: int = 64 << 20,
    ) -> None:
        self._directory = directory
        self._epoch = epoch
        self._clock = clock
        self._bounds = checkpoint_pages, wal_limit
        self._sql = queries("sqlite", "?")
        self._writing = asyncio.Lock()
        self._waking = Waking()
        self._files: SqliteFiles | None = None
        self._checkpoints: Checkpoints | None = None
        self.contact_center_id = contact_center_id

    # -- opening and closing
    async def open(self) -> None:
        """As the port says. Whoever held a lease is gone: nobody but us has the data lock."""
        files = SqliteFiles(self._directory)
        try:
            self.contact_center_id = files.migrate(self._sql, self._epoch, self.contact_center_id)
            if self._directory is not None:
                with faults():
                    database = self._directory / DATABASE
                    self._checkpoints = Checkpoints(database, self._writing, *self._bounds)
        except BaseException:
            files.close()
            raise
        self._files = files

    async def close(self) -> None:
        """As the port says."""
        checkpoints, self._checkpoints = self._checkpoints, None
        if checkpoints is not None:
            await checkpoints.close()
        async with self._writing:
            files, self._files = self._files, None
            if files is not None:
                files.close()

    def _opened(self) -> SqliteFiles:
        if self._files is None:
            raise StoreError("the store is closed")
        return self._files

    # -- writing
    async def commit(self, changes: Sequence[Change]) -> list[Kept | Lost]:
        """As the port says."""
        async with self._transaction() as files:
            batch = SqliteBatch(files.writer, self._sql)
            made = batch.whole(changes)
            if made is not None:
                return list(kept(changes, made.position))
            files.writer.execute("ROLLBACK")
            files.writer.execute("BEGIN IMMEDIATE")
            return batch.each(changes)

    async def trim(self, below: int, limit: int = 1000) -> int:
        """As the port says."""
        async with self._transaction() as files:
            last, count = self._one(files.writer, "find_trim", below, limit)[0]
            if count:
                self._one(files.writer, "trim_viewers", last)
                self._one(files.writer, "trim_rows", last)
            return int(count)

    async def expire(self, kind: str, before: int, limit: int = 1000) -> int:
        """As the port says."""
        async with self._transaction() as files:
            self._one(files.writer, "unlist_expired", kind, before, limit)
            return files.writer.execute(self._sql["expire_documents"], (kind, before, limit)).rowcount

    async def acquire(self, name: str, owner: str, milliseconds: int) -> Lease | None:
        """As the port says."""
        now = self._clock()
        async with self._transaction() as files:
            self._one(files.writer, "acquire_lease", name, owner, now, now + milliseconds)
            lease = Lease(*self._one(files.writer, "read_lease", name)[0])
        return lease if lease.owner == owner else None

    async def release(self, lease: Lease) -> None:
        """As the port says."""
        async with self._transaction() as files:
            self._one(files.writer, "release_lease", lease.name, lease.owner, lease.fence)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[SqliteFiles]:
        """The writer to oneself; all of it is on disk at the end, or nothing. Raises StoreError."""
        async with self._writing:
            files = self._opened()
            with faults():
                files.begin()
                try:
                    yield files
                except BaseException:
                    files.roll_back()
                    raise
                await files.commit()
        if self._checkpoints is not None:
            self._checkpoints.committed()
        self._waking.wake()

    # -- reading: committed data only, on the loop's thread, since it takes microseconds
    async def get(self, kind: str, ids: Sequence[str]) -> dict[str, Document]:
        """As the port says."""
        return {id: Document(*row) for id in ids for row in self._read("get_document", kind, id)}

    async def find(self, kind: str, key: str) -> Document | None:
        """As the port says."""
        return next((Document(*row) for row in self._read("find_document", kind, key)), None)

    async def tagged(self, kind: str, tag: str, after: str = "", limit: int = 1000) -> list[Document]:
        """As the port says."""
        return [Document(*row) for row in self._read("tagged_documents", kind, tag, after, limit)]

    async def due(self, kind: str, until: int, limit: int = 1000) -> list[Document]:
        """As the port says."""
        return [Document(*row) for row in self._read("due_documents", kind, until, limit)]

    async def entries(self, session: str, first: int, limit: int) -> list[Entry]:
        """As the port says."""
        return [Entry(*row) for row in self._read("read_entries", session, first, limit or -1)]

    async def listed(
        self, name: str, since: int, until: int, *, descending: bool = True, limit: int, offset: int = 0
    ) -> list[Listing]:
        """As the port says. To pass over many takes longer than the loop may stand still."""
        query = self._sql["listed_backwards" if descending else "listed"]
        with faults():
            found = await self._opened().search(query, (name, since, until, limit, offset))
        return [Listing(*row) for row in found]

    async def find_words(self, space: str, words: Sequence[str], limit: int, offset: int = 0) -> list[Hit]:
        """As the port says. Frequent words take longer than the loop may stand still."""
        sought = wanted(space, words)
        if not sought:
            return []
        with faults():
            found = await self._opened().search(self._sql["find_words"], (space, fts5(sought), limit, offset))
        return [Hit(*row) for row in found]

    async def rows(self, after: int, limit: int = 1000) -> list[OutboxRow]:
        """As the port says."""
        return [OutboxRow(*row) for row in self._read("read_rows", after, limit)]

    async def rows_of(self, user: str, after: int, limit: int = 1000) -> list[OutboxRow]:
        """As the port says."""
        return [OutboxRow(*row) for row in self._read("read_rows_of", user, after, limit)]

    async def head(self) -> Head:
        """As the port says."""
        return Head(*self._read("read_head")[0])

    def on_wake(self, callback: WakeUp) -> None:
        """As the port says."""
        self._waking.add(callback)

    def _read(self, name: str, *parameters: object) -> list[Any]:
        with faults():
            return self._one(self._opened().reader, name, *parameters)

    def _one(self, connection: sqlite3.Connection, name: str, *parameters: object) -> list[Any]:
        """The rows of a statement, read to the end: a cursor left open would keep the log from being brought
        in.
        """
        return connection.execute(self._sql[name], parameters).fetchall()

"""An SQLite database opened for the store: data lock, a writing and a reading connection, migrations, durable
commits.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from smsdesk.store import StoreError
from smsdesk.store.datalock import DataLock
from smsdesk.store.sqlite_batch import put_words
from smsdesk.store.statements import migrations, pending
from smsdesk.store.words import PORTION, parted

DATABASE: Final = "smsdesk.sqlite3"
PATIENCE: Final = 0.1
"""Seconds to wait for a lock that somebody else has on the database; the loop stands still meanwhile."""

_WORDS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another program holds the database locked",
    sqlite3.SQLITE_LOCKED: "another program holds the database locked",
    sqlite3.SQLITE_READONLY: "the database may only be read",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the database is damaged",
    sqlite3.SQLITE_NOTADB: "the file is not a database",
}


@contextlib.contextmanager
def faults() -> Iterator[None]:
    """Say in words what SQLite could not do. Raises StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        words = _WORDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        raise StoreError(f"{words} ({error})" if words else f"the database refuses: {error}") from error
    except (UnicodeError, OverflowError) as error:
        raise StoreError(f"the database cannot hold this: {error}") from error
    except OSError as error:
        raise StoreError(f"the data directory cannot be used: {error}") from error


class SqliteFiles:
    """What one open store holds. In memory (`directory` None) there is one connection: nothing of a batch can
    be seen in between, because it is written and committed without giving way to anybody.
    """

    def __init__(self, directory: Path | None) -> None:
        """Raises StoreInUse, StoreError."""
        self._lock = DataLock(directory) if directory is not None else None
        if self._lock is not None:
            self._lock.take()
        self._thread = ThreadPoolExecutor(1, "commit") if directory is not None else None
        self._search = ThreadPoolExecutor(1, "search") if directory is not None else None
        self._opened: list[sqlite3.Connection] = []
        try:
            with faults():
                self.writer = self._connect(directory / DATABASE if directory is not None else ":memory:")
                self.reader = self._connect(directory / DATABASE) if directory is not None else self.writer
                self._searcher = self._connect(directory / DATABASE) if directory is not None else self.writer
        except StoreError:
            self.close()
            raise

    def _connect(self, database: Path | str) -> sqlite3.Connection:
        """A connection that leaves transactions, checkpoints and threads to us."""
        connection = sqlite3.connect(
            database, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        self._opened.append(connection)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 0"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def migrate(self, sql: dict[str, str], epoch: str, contact_center_id: str) -> str:
        """Bring the schema up to this program's in one transaction; the contact centre's id. Raises
        StoreTooNew, StoreError.
        """
        writer, steps = self.writer, migrations("sqlite")
        with faults():
            writer.execute("BEGIN IMMEDIATE")
            try:
                made = writer.execute(sql["find_meta"]).fetchall() != [(0,)]
                schema, oldest = writer.execute(sql["read_meta"]).fetchall()[0][:2] if made else (0, 0)
                for step in pending(steps, schema, oldest):
                    for statement in _statements(step.sql):
                        writer.execute(statement)
                    writer.execute(sql["write_meta"], (step.number, step.oldest, epoch, contact_center_id))
                self._keep_unsplit(sql)
                writer.execute(sql["free_leases"])
                centre = str(writer.execute(sql["read_meta"]).fetchall()[0][3])
                writer.execute("COMMIT")
            except BaseException:
                self.roll_back()
                raise
        return centre

    def _keep_unsplit(self, sql: dict[str, str]) -> None:
        """Keep the words of the texts that a migration found."""
        while texts := self.writer.execute(sql["read_unsplit"], (PORTION,)).fetchall():
            put_words(self.writer, sql, *parted(text[1:] for text in texts))
            self.writer.execute(sql["drop_unsplit"], (texts[-1][0],))

    async def search(self, sql: str, parameters: tuple[object, ...]) -> list[Any]:
        """The rows of a reading statement that may take long, without holding up the loop. Raises
        sqlite3.Error.
        """
        if self._search is None:
            return self._searcher.execute(sql, parameters).fetchall()
        return await asyncio.get_running_loop().run_in_executor(
            self._search, lambda: self._searcher.execute(sql, parameters).fetchall()
        )

    def begin(self) -> None:
        """Begin a writing transaction. Raises sqlite3.Error."""
        self.writer.execute("BEGIN IMMEDIATE")

    async def commit(self) -> None:
        """End the writer's transaction on disk, or undo it. Raises sqlite3.Error, nothing was kept then.

        When cancelled it still waits for the disk: nobody may touch the connection before.
        """
        if self._thread is None:
            self._commit()
        else:
            await settled(asyncio.get_running_loop().run_in_executor(self._thread, self._commit))

    def _commit(self) -> None:
        try:
            self.writer.execute("COMMIT")
        except BaseException:
            self.roll_back()
            raise

    def roll_back(self) -> None:
        """Undo what the writer's transaction wrote. Some faults have made SQLite do it already."""
        if self.writer.in_transaction:
            self.writer.execute("ROLLBACK")

    def close(self) -> None:
        """Give everything back."""
        for thread in (self._thread, self._search):
            if thread is not None:
                thread.shutdown()
        for connection in self._opened:
            connection.close()
        if self._lock is not None:
            self._lock.free()


async def settled(future: asyncio.Future[Any]) -> None:
    """Wait for something that cannot be stopped; a cancellation is passed on afterwards. Raises what it
    raised.
    """
    cancelled = False
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError:
            cancelled = True
    future.result()
    if cancelled:
        raise asyncio.CancelledError


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: sqlite3 would commit before it runs one as a whole."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""

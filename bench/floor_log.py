"""The floor's disk: SQLite with synchronous=FULL and group commit, one document and one row a change."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SCHEMA = """
CREATE TABLE document (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE outbox (position INTEGER PRIMARY KEY, body BLOB NOT NULL);
"""
PUT = """
INSERT INTO document (id, version, body) VALUES (?1, 1, ?2)
ON CONFLICT (id) DO UPDATE SET version = version + 1, body = excluded.body
"""
ADD = "INSERT INTO outbox (body) VALUES (?1)"
CHECKPOINT_COMMITS = 500


class Log:
    """`keep` returns when the change is on disk. What arrives during a commit goes into the next one."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._connection.executescript(SCHEMA)
        self._checkpoints = connect(path)
        self._threads = ThreadPoolExecutor(2, "disk")
        self._waiting: list[tuple[str, bytes, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None
        self._commits = 0

    def keep(self, id: str, body: bytes) -> asyncio.Future[None]:
        """Keep the newest state of a document, and that it changed."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._waiting.append((id, body, future))
        if self._task is None:
            self._task = loop.create_task(self._run())
        return future

    async def _run(self) -> None:
        loop, run = asyncio.get_running_loop(), self._connection
        while self._waiting:
            batch, self._waiting = self._waiting, []
            run.execute("BEGIN IMMEDIATE")
            run.executemany(PUT, {id: (id, body) for id, body, _ in batch}.values())
            run.executemany(ADD, [(body,) for _, body, _ in batch])
            await loop.run_in_executor(self._threads, run.execute, "COMMIT")
            for _, _, future in batch:
                future.set_result(None)
            self._commits += 1
            if self._commits % CHECKPOINT_COMMITS == 0:
                loop.run_in_executor(
                    self._threads, self._checkpoints.execute, "PRAGMA wal_checkpoint(PASSIVE)"
                )
        self._task = None

    def close(self) -> None:
        """Give everything back."""
        self._threads.shutdown()
        self._connection.close()
        self._checkpoints.close()


def connect(path: Path) -> sqlite3.Connection:
    """A connection as the program's own store has it."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 0"):
        connection.execute(f"PRAGMA {pragma}")
    return connection

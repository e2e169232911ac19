"""Brings the write-ahead log of SQLite into the database behind the back of the writer, and keeps it bounded
(SPEC 8.10).
"""

import asyncio
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from struct import Struct as Layout
from typing import Final

FRAME: Final = 4096 + 24
"""Octets a page takes in the log."""
PATIENCE: Final = 1.0
"""Seconds a TRUNCATE waits for readers, which are never longer than one statement."""
_NUMBER: Final = Layout("=I")
_LAST_FRAME, _BROUGHT_IN = 16, 96
"""Where the index beside the log keeps how many frames it has and how many are in the database
(sqlite.org/walformat.html).
"""


class Checkpoints:
    """PASSIVE ones, from a connection and a thread of their own; they hold nobody up.

    While writers never pause, a PASSIVE checkpoint never catches up with the end of the log; beyond `limit`
    octets the writers wait for a TRUNCATE.
    """

    def __init__(self, database: Path, writing: asyncio.Lock, pages: int, limit: int) -> None:
        """A checkpoint whenever so many pages wait for it. `writing` is held by whoever writes. Raises
        sqlite3.Error, OSError.
        """
        self._connection = sqlite3.connect(
            database, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        self._index = os.open(f"{database}-shm", os.O_RDONLY | os.O_CLOEXEC)
        self._thread = ThreadPoolExecutor(1, "checkpoint")
        self._writing = writing
        self._pages, self._limit = pages, limit
        self._task: asyncio.Task[None] | None = None

    def committed(self) -> None:
        """Something was committed: start a checkpoint when it is time."""
        if self._task is None and self._read(_LAST_FRAME) - self._read(_BROUGHT_IN) >= self._pages:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        try:
            await self._checkpoint("PASSIVE")
            if self._read(_LAST_FRAME) * FRAME > self._limit:
                async with self._writing:
                    await self._checkpoint("TRUNCATE")
        except sqlite3.Error:
            # Nothing is lost: the log keeps what the database lacks, and the next commit tries again.
            pass
        finally:
            self._task = None

    async def _checkpoint(self, kind: str) -> None:
        run = self._connection.execute
        await asyncio.get_running_loop().run_in_executor(self._thread, run, f"PRAGMA wal_checkpoint({kind})")

    def _read(self, place: int) -> int:
        found = os.pread(self._index, _NUMBER.size, place)
        return int(_NUMBER.unpack(found)[0]) if len(found) == _NUMBER.size else 0

    async def close(self) -> None:
        """Let a running checkpoint end, then give everything back."""
        if self._task is not None:
            await asyncio.wait([self._task])
        self._thread.shutdown()
        self._connection.close()
        os.close(self._index)

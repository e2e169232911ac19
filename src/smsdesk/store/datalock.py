"""The exclusive lock on a data directory: one server process at a time (SPEC 7.2). Knows nothing of what lies
in it.
"""

import fcntl
import os
from pathlib import Path

from smsdesk.store import StoreError, StoreInUse


class DataLock:
    """Held by an open file, so that the system itself gives it back when the process dies."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "lock"
        self._file: int | None = None

    def take(self) -> None:
        """Make the directory if need be and lock it. Raises StoreInUse, StoreError."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"the data directory {self._path.parent} cannot be used: {error.strerror}"
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(file, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(file)
            raise StoreInUse(
                f"the data directory {self._path.parent} is in use by process {holder}:"
                " stop it, or give this one a directory of its own"
            ) from error
        os.truncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode("ascii"), 0)
        self._file = file

    def free(self) -> None:
        """Give it back. The file stays: removing it would let two processes lock two files of one name."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

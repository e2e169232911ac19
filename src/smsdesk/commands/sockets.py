"""What a server listens on: a TCP port, and the admin socket in its data directory (SPEC 7.2)."""

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from smsdesk.config import Settings

BACKLOG = 4096
NAME = "admin.sock"
MODE = 0o600
LONGEST_PATH = 107  # bytes: what the system takes for the address of a Unix socket, without the closing zero


def listen(settings: Settings) -> socket.socket:
    """The TCP port of the settings. Raises OSError."""
    host, port = settings.server.bind_host, settings.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    listener.listen(BACKLOG)
    return listener


class AdminSocket:
    """The Unix socket of one server, from `open` to `close`. Made once the data directory is the server's, so
    that what lies there from before is surely nobody's any more.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / NAME
        self._made: tuple[int, int, int] | None = None

    def open(self) -> socket.socket:
        """Listen. Raises OSError with words: something else lies there, or another server listens."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with short(self._path) as address:
            self._clear(address)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                listener.bind(address)
                os.chmod(address, MODE)  # nobody can connect before listen, so nobody comes in between
                listener.listen(BACKLOG)
                made = _which(address)
            except OSError:
                listener.close()
                raise
        self._made = made
        return listener

    def _clear(self, address: str) -> None:
        try:
            kind = os.lstat(address).st_mode
        except FileNotFoundError:
            return
        if not stat.S_ISSOCK(kind):
            raise FileExistsError(f"{self._path} is there and is no socket: remove it")
        if answers(address):
            words = f"another server listens at {self._path}: give this one a directory of its own"
            raise FileExistsError(words)
        os.unlink(address)

    def close(self) -> None:
        """Take the file away, unless it has become another's."""
        with suppress(OSError), short(self._path) as address:
            if _which(address) == self._made:
                os.unlink(address)
        self._made = None


def _which(address: str) -> tuple[int, int, int]:
    """Which file it is: the number of one that is gone may be given again, the time is not."""
    found = os.lstat(address)
    return found.st_dev, found.st_ino, found.st_ctime_ns


def answers(address: str) -> bool:
    """Whether somebody listens at a Unix socket. Raises PermissionError where one may not even ask."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as probe:
        try:
            probe.connect(address)
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
            return False
        return True


@contextmanager
def short(path: Path) -> Iterator[str]:
    """An address for a path that may be longer than the system takes for a socket: by way of its directory,
    held open. Raises OSError.
    """
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield str(path)
        return
    directory = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)

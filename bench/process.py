"""A server as a process of its own, on a core of its own, in a session of its own."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.machine import Usage, usage
from bench.net import Address

START_SECONDS = 30.0
STOP_SECONDS = 10.0
HOST = "127.0.0.1"


class NotStarted(RuntimeError):
    """The server ended, or said nothing, instead of starting; the words hold the end of its log."""


class Server:
    """Runs `command` while entered. `ready`: the path that answers 200 when it is; None: it listens.

    `started` is how long that took, in milliseconds.
    """

    def __init__(
        self, command: Sequence[str], core: int, address: Address, ready: str | None, log: Path
    ) -> None:
        self.address = address
        self.started = 0.0
        self._command = command
        self._core = core
        self._ready = ready
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        began = time.monotonic()
        plain = {name: value for name, value in os.environ.items() if not name.startswith("SMSDESK_")}
        with self._log.open("wb") as log, placed_on(self._core):
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=plain,
                start_new_session=True,
            )
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() - began > START_SECONDS:
                self.stop()
                raise NotStarted(
                    f"{' '.join(self._command)}\n{self._log.read_text(errors='replace')[-2000:]}"
                )
            time.sleep(0.005)
        self.started = (time.monotonic() - began) * 1000
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note(f"the log of the server:\n{self._log.read_text(errors='replace')[-2000:]}")
        self.stop()

    def usage(self) -> Usage:
        """What it has used so far."""
        assert self._process is not None
        return usage(self._process.pid)

    def stop(self) -> None:
        """Tell it to stop; if it does not, end it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _is_ready(self) -> bool:
        try:
            if self._ready is None:
                socket.create_connection(self.address, 1).close()
                return True
            connection = http.client.HTTPConnection(*self.address, timeout=5)
            with contextlib.closing(connection):
                connection.request("GET", self._ready)
                return connection.getresponse().status == 200
        except OSError:
            return False


@contextlib.contextmanager
def placed_on(core: int) -> Iterator[None]:
    """Whoever is started meanwhile runs on this core, with all its threads."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def free_address() -> Address:
    """An address of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return Address(HOST, port)

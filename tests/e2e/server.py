"""Runs `smsdesk serve` as its own process: start, stop, kill, start again. It imports nothing of smsdesk."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

START_SECONDS = 30.0
STOP_SECONDS = 10.0  # SPEC 7.5


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def smpp_config(smsc_port: int, **carrier: str | int | bool) -> str:
    """TOML with +15550100 on an SMPP carrier; `carrier` adds to or replaces the carrier's settings."""
    settings: dict[str, str | int | bool] = {
        "kind": "smpp", "name": "carrier1", "host": "127.0.0.1", "port": smsc_port,
        "system_id": "smsdesk", "password": "secret", "reconnect_max_seconds": 1, **carrier,
    }  # fmt: skip
    lines = [f"{name} = {_toml(value)}" for name, value in settings.items()]
    number = ['number = "+15550100"', 'queue = "Support"', 'carrier = "carrier1"']
    return "\n".join(["[[carrier]]", *lines, "", "[[service_number]]", *number, ""])


def _toml(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f'"{value}"'


class Server:
    """One server on one data directory and one port; both stay the same when it is started again.

    `config` is TOML text, None for the demo's own; what it prints goes to `log`, all runs in one file.
    """

    def __init__(self, folder: Path, config: str | None = None, *, demo: bool = True) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.data = folder / "data"
        self._command = [sys.executable, "-m", "smsdesk", "serve", "--data", str(self.data)]
        self._command += ["--host", "127.0.0.1", "--port", str(self.port)]
        if config is not None:
            (folder / "smsdesk.toml").write_text(config)
            self._command += ["--config", str(folder / "smsdesk.toml")]
        if demo:
            self._command.append("--demo")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.running:
            self.kill()
        if error is not None:
            error.add_note(f"the server's log ends with:\n{self.log_tail()}")

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and return when it is ready; AssertionError with the end of its log where it is not."""
        assert not self.running, "it runs already"
        plain = {name: value for name, value in os.environ.items() if not name.startswith("SMSDESK_")}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=plain
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"not ready within {START_SECONDS} s\n{self.log_tail()}")
            # The pause between two probes ends at once when the process does.
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._process.wait(0.05)
                raise AssertionError(f"the server ended with {code} instead of starting\n{self.log_tail()}")

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def simulate(self, sender: str, text: str, to: str = "+15550100") -> None:
        """A text from a simulated phone (SPEC 7.4)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            body = json.dumps({"from": sender, "to": to, "text": text})
            connection.request("POST", "/simulator/messages", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            assert response.status == 202, f"the simulator answered {response.status} {response.read()!r}"
        finally:
            connection.close()

    def stop(self) -> int:
        """SIGTERM; returns the exit code. AssertionError where it does not end in time."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still there {STOP_SECONDS} s after SIGTERM\n{self.log_tail()}") from None

    def kill(self) -> None:
        """SIGKILL: no chance to finish anything."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def log_tail(self, lines: int = 25) -> str:
        """The end of what it printed; long lines are cut in the middle."""
        if not self.log.exists():
            return "(nothing)"
        found = self.log.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(line if len(line) < 1500 else f"{line[:400]} ... {line[-1000:]}" for line in found)

"""Drives the Node programs beside this file: start, command, wait for what they report. Hard time limits."""

from __future__ import annotations

import contextlib
import itertools
import json
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tests.e2e.toolchain import NODE, environment

Json = dict[str, Any]
HERE = Path(__file__).parent
SECONDS = 15.0


class NodeProgram:
    """One program speaking JSON lines (lines.js). Events are kept in order; waiting consumes them."""

    script = ""

    def __init__(self, options: Json) -> None:
        self.options = options
        self.events: list[Json] = []
        self._position = 0
        self._replies: dict[int, Json] = {}
        self._errors: list[str] = []
        self._numbers = itertools.count(1)
        self._news = threading.Condition()
        self._ended = False
        self._process = subprocess.Popen(
            [str(NODE), str(HERE / self.script), json.dumps(options)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(), cwd=HERE,
        )  # fmt: skip
        self._readers = [
            threading.Thread(target=self._read_lines, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._read_errors, args=(self._process.stderr,), daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        self.wait_for(lambda event: event["event"] == "ready", what="the program to start")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the program; it goes when its input ends, and is killed if it does not."""
        if self._process.stdin and not self._process.stdin.closed:
            with contextlib.suppress(BrokenPipeError):  # it has ended already
                self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()

    def call(self, name: str, seconds: float = 30.0, **parameters: Any) -> Any:
        """Carry out one command and return its result; AssertionError with its words where it fails."""
        number = self.post(name, **parameters)
        return self.result(number, seconds, name)

    def post(self, name: str, **parameters: Any) -> int:
        """Start one command without waiting; the number is for `result`."""
        number = next(self._numbers)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "do": name, **parameters}).encode() + b"\n")
        self._process.stdin.flush()
        return number

    def result(self, number: int, seconds: float = 30.0, name: str = "command") -> Any:
        """The result of a command that `post` started."""
        with self._news:
            self._news.wait_for(lambda: number in self._replies or self._ended, seconds)
            reply = self._replies.pop(number, None)
        if reply is None:
            raise AssertionError(f"{self}: no reply to {name} within {seconds} s\n{self._story()}")
        if "error" in reply:
            raise AssertionError(f"{self}: {name} failed: {reply['error']}\n{self._story()}")
        return reply["result"]

    def wait_for(
        self, wanted: Callable[[Json], bool], seconds: float = SECONDS, what: str = "an event"
    ) -> Json:
        """The next event that is wanted; it and everything before it is consumed."""
        deadline = time.monotonic() + seconds
        with self._news:
            while True:
                while self._position < len(self.events):
                    event = self.events[self._position]
                    self._position += 1
                    if wanted(event):
                        return event
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    break
                self._news.wait(left)
        raise AssertionError(f"{self}: waited {seconds} s for {what}\n{self._story()}")

    def seen(self, wanted: Callable[[Json], bool]) -> list[Json]:
        """All events so far that are wanted; consumes nothing."""
        with self._news:
            return [event for event in self.events if wanted(event)]

    def wait_until(
        self, reached: Callable[[list[Json]], bool], seconds: float = SECONDS, what: str = "a state"
    ) -> list[Json]:
        """Wait until all events so far together satisfy a condition; consumes nothing, returns them."""
        with self._news:
            self._news.wait_for(lambda: reached(self.events) or self._ended, seconds)
            if reached(self.events):
                return list(self.events)
        raise AssertionError(f"{self}: waited {seconds} s for {what}\n{self._story()}")

    def __str__(self) -> str:
        return self.script

    def _story(self) -> str:
        with self._news:
            events = [json.dumps(event, ensure_ascii=False)[:600] for event in self.events[-25:]]
            code = self._process.poll()
            state = "running" if code is None else f"ended with {code}"
            errors = self._errors[-25:]
        return "\n".join([f"({state}) its last events:", *events, "its standard error:", *errors])

    def _read_lines(self, stream: IO[bytes]) -> None:
        for raw in stream:
            line = json.loads(raw)
            with self._news:
                if "reply" in line:
                    self._replies[line["reply"]] = line
                else:
                    self.events.append(line)
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _read_errors(self, stream: IO[bytes]) -> None:
        for raw in stream:
            self._errors.append(raw.decode(errors="replace").rstrip())

"""The closed loop: a message is published, everybody hears it, the next one is published. And what counts."""

import time
from array import array
from collections import Counter
from collections.abc import Callable

Publish = Callable[[bytes, Callable[[int, bytes], None]], None]  # mark, what to call with the answer
Accepted = Callable[[int, bytes], bool]
now = time.monotonic_ns


class Meter:
    """What happened while it was `on`: times in nanoseconds, counts, bytes. Faults are counted always."""

    def __init__(self) -> None:
        self.on = False
        self.published = 0
        self.bytes = 0
        self.deliveries = array("q")
        self.replies = array("q")
        self.faults: Counter[str] = Counter()
        self._latest = now()

    def begin(self) -> None:
        """From now on something has to arrive now and then."""
        self._latest = now()

    def silent(self) -> float:
        """Seconds since anything arrived, or since the beginning."""
        return (now() - self._latest) / 1e9

    def delivered(self, began: int, size: int) -> None:
        """A message arrived at one of those who wait for it."""
        self._latest = now()
        if self.on:
            self.deliveries.append(self._latest - began)
            self.bytes += size

    def answered(self, began: int) -> None:
        """Whoever published was told that it is done."""
        if self.on:
            self.replies.append(now() - began)
            self.published += 1

    def fault(self, words: str) -> None:
        """Something was refused or broke off."""
        self.faults[words] += 1


class Group:
    """One who publishes and all who hear it. `over` is called when a message has come to everybody and its
    publisher has his answer.
    """

    def __init__(self, meter: Meter, accepted: Accepted, over: Callable[["Group"], None]) -> None:
        self.publish: Publish | None = None
        self.ears: list[Ear] = []
        self.mark = b""
        self.began = 0
        self.missing = 0
        self._meter = meter
        self._accepted = accepted
        self._over = over

    @property
    def busy(self) -> bool:
        """Whether a message is on its way."""
        return self.missing > 0

    def go(self) -> None:
        """Publish the next message."""
        assert self.publish is not None
        assert not self.busy
        self.began = now()
        self.mark = b"%020d" % self.began
        self.missing = len(self.ears) + 1
        self.publish(self.mark, self._answered)

    def arrived(self, size: int) -> None:
        """One of those who listen has it."""
        self._meter.delivered(self.began, size)
        self._less()

    def _answered(self, status: int, body: bytes) -> None:
        if self._accepted(status, body):
            self._meter.answered(self.began)
            self._less()
        else:
            self._meter.fault(f"{status} {body[:120].decode(errors='replace')}")

    def _less(self) -> None:
        self.missing -= 1
        if not self.missing:
            self._over(self)


class Ear:
    """One client of a group: tells a message with its mark from all others, once."""

    __slots__ = ("_group", "_last")

    def __init__(self, group: Group) -> None:
        self._group = group
        self._last = b""
        group.ears.append(self)

    def heard(self, body: bytes) -> None:
        """Something came."""
        mark = self._group.mark
        if mark is not self._last and mark in body:
            self._last = mark
            self._group.arrived(len(body))

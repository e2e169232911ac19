"""How fast to send and how long to wait before trying again. Knows only the event loop's clock."""

import asyncio
from collections.abc import Callable


class Pace:
    """At most `rate` turns a second, evenly; 0 is no limit."""

    def __init__(self, rate: int) -> None:
        self._gap = 1 / rate if rate else 0.0
        self._next = 0.0

    async def turn(self) -> None:
        """Return when it is this caller's turn; callers get theirs in the order they came."""
        if not self._gap:
            return
        now = asyncio.get_running_loop().time()
        at = max(now, self._next)
        self._next = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)


class Patience:
    """Pauses that double from `first` to `last` milliseconds, each shortened by up to half at random.

    The jitter keeps many clients of one carrier from coming back at the same moment.
    """

    def __init__(self, first: int, last: int, chance: Callable[[], float]) -> None:
        self._first = first
        self._last = last
        self._chance = chance
        self._pause = first

    def next(self) -> int:
        """The next pause in milliseconds."""
        pause = self._pause
        self._pause = min(pause * 2, self._last)
        return max(1, round(pause * (1 - self._chance() / 2)))

    def reset(self) -> None:
        """It went well: begin with the shortest pause again."""
        self._pause = self._first

"""Failed logins cost time: per user and per address, within bounds (SPEC 1.9, 8.10). Knows no passwords."""

import asyncio
from collections.abc import Awaitable, Callable

from smsdesk.core.errors import Fault, Refused

Pause = Callable[[int], Awaitable[None]]  # waits that many milliseconds
FREE_FAILURES = 5
FIRST_DELAY, LONGEST_DELAY = 250, 30_000  # milliseconds: doubled with each failure
FORGET_FAILURES = 900_000  # milliseconds
MAX_KEPT = 10_000
# Attempts that may be delayed at one time: else whoever asks in parallel would not be slowed at all.
MAX_DELAYED = {"user": 20, "address": 200}
MAX_NAME = 255
Key = tuple[str, str]


class Failures:
    """How often somebody failed lately, when last, and how many of his attempts are being delayed."""

    __slots__ = ("count", "delayed", "last")

    def __init__(self, now: int) -> None:
        self.count = 0
        self.delayed = 0
        self.last = now


class SlowDown:
    """Remembers failures and delays what follows. `pause` waits by the program's clock."""

    def __init__(self, pause: Pause | None = None) -> None:
        self.pause = pause or _pause
        self._failures: dict[Key, Failures] = {}

    async def wait(self, name: str | None, address: str, now: int) -> None:
        """Return when an attempt to log in may be looked at; `name` None where none was given. Raises
        Refused UNAVAILABLE when too many are waiting.
        """
        slow = [(key[0], found) for key in _keys(name, address) if (found := self._slow(key, now))]
        if not slow:
            return
        if any(found.delayed >= MAX_DELAYED[kind] for kind, found in slow):
            raise Refused(Fault.UNAVAILABLE, "too many logins have failed lately; try again later")
        for _, found in slow:
            found.delayed += 1
        try:
            await self.pause(max(_delay(found) for _, found in slow))
        finally:
            for _, found in slow:
                found.delayed -= 1

    def failures(self, name: str, address: str) -> list[int]:
        """How often the user, and whoever is at the address, failed lately."""
        found = (self._failures.get(key) for key in _keys(name, address))
        return [failures.count if failures else 0 for failures in found]

    def failed(self, name: str | None, address: str, now: int) -> None:
        """An attempt was refused. What was longest without failure is forgotten when there are too many."""
        for key in _keys(name, address):
            failures = self._failures.pop(key, None)
            if failures is None or now >= failures.last + FORGET_FAILURES:
                failures = Failures(now)
            failures.count += 1
            failures.last = now
            self._failures[key] = failures
        while len(self._failures) > MAX_KEPT:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, name: str) -> None:
        """The user is there. Nothing of the address is forgotten: who has one password may guess others."""
        self._failures.pop(_user(name), None)

    def _slow(self, key: Key, now: int) -> Failures | None:
        found = self._failures.get(key)
        if found is None or found.count < FREE_FAILURES or now >= found.last + FORGET_FAILURES:
            return None
        return found


def _user(name: str) -> Key:
    return "user", name.lower()[:MAX_NAME]


def _keys(name: str | None, address: str) -> list[Key]:
    return [*([_user(name)] if name is not None else []), ("address", address)]


def _delay(failures: Failures) -> int:
    doublings = min(failures.count - FREE_FAILURES, 16)
    return int(min(FIRST_DELAY << doublings, LONGEST_DELAY))


async def _pause(milliseconds: int) -> None:
    await asyncio.sleep(milliseconds / 1000)

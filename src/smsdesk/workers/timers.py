"""Rings what is due: ring times, idle limits, and callbacks asked for by other workers (SPEC 8.3: timers are
rows).
"""

import asyncio
import heapq
from collections.abc import Callable
from functools import partial

import structlog

from smsdesk.core.errors import Refused
from smsdesk.core.outgoing import Timer
from smsdesk.operations.live import Made
from smsdesk.operations.perform import Performer
from smsdesk.operations.system.handling import handling_over
from smsdesk.operations.system.receive_part import parts_over
from smsdesk.operations.system.routing_steps import close_idle, ring_over, wait_over
from smsdesk.store import Change, Kept

log = structlog.get_logger("timers")
STEPS: dict[str, Callable[..., None]] = {
    "ring": ring_over,
    "idle": close_idle,
    "parts": parts_over,
    "wait": wait_over,
    "handling": handling_over,
}
RETRY = 1000  # milliseconds until a timer that could not be served is tried again
LONGEST_NAP = 60_000  # a clock that jumps is noticed within a minute


class Timers:
    """A heap over the timer rows. `fire` does all that is due; `run` calls it at the right times."""

    def __init__(self, performer: Performer) -> None:
        self._performer = performer
        self._heap: list[tuple[int, str]] = []
        self._timers: dict[str, Timer] = {}
        self._calls: list[tuple[int, int, Callable[[], None]]] = []
        self._count = 0
        self._changed = asyncio.Event()

    def open(self) -> None:
        """Take in the timers that were running."""
        for timer in self._performer.live.all("timer"):
            self._add(timer)

    def kept(self, change: Change, kept: Kept) -> None:
        """Called by the committer for every change that is on disk."""
        if isinstance(change, Made):
            for kind, id, value, _ in change.values:
                if kind == "timer":
                    if value is None:
                        self._timers.pop(id, None)
                    else:
                        self._add(value)

    def call_at(self, due: int, callback: Callable[[], None]) -> None:
        """Call something once, at or soon after `due` (UTC milliseconds). Not kept on disk."""
        self._count += 1
        heapq.heappush(self._calls, (due, self._count, callback))
        self._changed.set()

    async def pause(self, milliseconds: int) -> None:
        """Wait by the program's clock."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.call_at(self._performer.clock() + milliseconds, partial(_end, over))
        await over

    def _add(self, timer: Timer) -> None:
        self._timers[timer.id] = timer
        heapq.heappush(self._heap, (timer.due, timer.id))
        self._changed.set()

    def _again(self, timer: Timer) -> None:
        """Try once more, unless it was withdrawn or set anew in the meantime."""
        if self._timers.get(timer.id) == timer:
            self._add(timer)

    def next_due(self) -> int | None:
        """When the next thing is due."""
        while self._heap and self._stale(*self._heap[0]):
            heapq.heappop(self._heap)
        times = [heap[0][0] for heap in (self._heap, self._calls) if heap]
        return min(times, default=None)

    def _stale(self, due: int, id: str) -> bool:
        timer = self._timers.get(id)
        return timer is None or timer.due != due

    async def fire(self) -> None:
        """Serve everything that is due now."""
        now = self._performer.clock()
        while self._calls and self._calls[0][0] <= now:
            heapq.heappop(self._calls)[2]()
        due = []
        while self._heap and self._heap[0][0] <= now:
            at, id = heapq.heappop(self._heap)
            if not self._stale(at, id):
                due.append(self._timers[id])
        await asyncio.gather(*(self._serve(timer) for timer in due))

    async def _serve(self, timer: Timer) -> None:
        try:
            await self._performer.run(partial(STEPS[timer.kind], timer=timer))
        except Refused as refused:
            log.warning("timer not served, trying again", timer=timer.id, why=refused.message)
            self.call_at(self._performer.clock() + RETRY, partial(self._again, timer))
        except Exception:
            log.exception("timer failed", timer=timer.id)

    async def run(self) -> None:
        """Serve timers until cancelled."""
        while True:
            self._changed.clear()
            due = self.next_due()
            now = self._performer.clock()
            nap = LONGEST_NAP if due is None else min(max(due - now, 0), LONGEST_NAP)
            try:
                async with asyncio.timeout(nap / 1000):
                    await self._changed.wait()
            except TimeoutError:
                await self.fire()


def _end(pause: asyncio.Future[None]) -> None:
    if not pause.done():
        pause.set_result(None)

"""Group commit: everything that waits at one moment goes to the store as one batch, and waits for the disk
together.

Without timers: at low load a change pays for one sync of its own, at high load the batches grow by
themselves. Knows no database and no meaning of a change.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from smsdesk.store import Change, Kept, Lost, Store, StoreError
from smsdesk.store.collapse import Place, places, shared

T = TypeVar("T")
Waiting = tuple[Change, "asyncio.Future[Kept]"]


class Conflicted(Exception):
    """The change was not kept: `lost` names what had moved on, the keys taken, or the stale fence. Read again
    and redo it.
    """

    def __init__(self, lost: tuple[Place, ...]) -> None:
        super().__init__(lost)
        self.lost = lost


class Busy(Exception):
    """More changes wait than may (SPEC 8.10: HTTP 503 and Retry-After)."""


class GroupCommit:
    """One commit in flight at a time. While there is none, a batch closes at the end of the loop's iteration;
    while there is one, everything arriving forms the next batch. `limit`: how many changes may wait.
    """

    def __init__(self, store: Store, limit: int) -> None:
        self._store = store
        self._limit = limit
        self._waiting: list[Waiting] = []
        self._task: asyncio.Task[None] | None = None
        self._kept: list[Callable[[Change, Kept], None]] = []
        self._undone: list[Callable[[Change, Exception], None]] = []

    def on_kept(self, callback: Callable[[Change, Kept], None]) -> None:
        """Call back for every change kept, in commit order, before its submitter goes on."""
        self._kept.append(callback)

    def on_undone(self, callback: Callable[[Change, Exception], None]) -> None:
        """Call back for every change not kept, the newest first, before any submitter goes on or new changes
        are taken.
        """
        self._undone.append(callback)

    async def submit(self, change: Change) -> Kept:
        """Keep a change; returns when it is on disk. Raises Conflicted, StoreError, Busy: then nothing of it
        was kept.

        Cancelling the caller does not take the change back.
        """
        if len(self._waiting) >= self._limit:
            raise Busy(f"{self._limit} changes are waiting for the store")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Kept] = loop.create_future()
        self._waiting.append((change, future))
        if self._task is None:
            self._task = loop.create_task(self._run(), name="group commit")
        return await future

    async def drain(self) -> None:
        """Return when nothing waits or is in flight."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._commit(batch)
        finally:
            self._task = None

    async def _commit(self, batch: list[Waiting]) -> None:
        """Send one batch and tell everybody."""
        try:
            outcomes = await self._store.commit([change for change, _ in batch])
        except StoreError as error:
            self._fail(batch, str(error))
        except Exception as error:
            _report("the store failed in a way it should not", error)
            self._fail(batch, f"the store failed: {error!r}")
        except asyncio.CancelledError:
            self._fail(batch, "the program is stopping")
            raise
        else:
            self._settle(batch, outcomes)

    def _settle(self, batch: list[Waiting], outcomes: Sequence[Kept | Lost]) -> None:
        """Listeners first and in commit order, then whom a lost change takes along, then the submitters."""
        failed: list[tuple[Waiting, Exception]] = []
        doomed: set[Place] = set()
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Lost):
                failed.append((waiting, Conflicted(outcome.lost)))
                doomed |= places(waiting[0])
            else:
                self._tell(self._kept, waiting[0], outcome)
        if doomed:
            failed += self._take_along(doomed)
            self._undo(failed)
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Kept) and not future.done():
                future.set_result(outcome)

    def _take_along(self, doomed: set[Place]) -> list[tuple[Waiting, Exception]]:
        """Those still waiting that were built on something that never became true, one upon the other."""
        taken: list[tuple[Waiting, Exception]] = []
        staying: list[Waiting] = []
        for waiting in self._waiting:
            lost = shared(waiting[0], doomed)
            if lost:
                doomed |= places(waiting[0])
                taken.append((waiting, Conflicted(lost)))
            else:
                staying.append(waiting)
        self._waiting = staying
        return taken

    def _fail(self, batch: list[Waiting], words: str) -> None:
        """Nothing was kept, and what waits was built on it."""
        everybody, self._waiting = batch + self._waiting, []
        self._undo([(waiting, StoreError(words)) for waiting in everybody])

    def _undo(self, failed: list[tuple[Waiting, Exception]]) -> None:
        """Listeners first, the newest change first, then the submitters."""
        for (change, _), error in reversed(failed):
            self._tell(self._undone, change, error)
        for (_, future), error in failed:
            if not future.done():
                future.set_exception(error)

    def _tell(self, listeners: list[Callable[[Change, T], None]], change: Change, what: T) -> None:
        """A listener that fails is reported to the loop; the change is kept, or not, all the same."""
        for listener in listeners:
            try:
                listener(change, what)
            except Exception as error:
                _report("a listener of the group commit failed", error)


def _report(message: str, error: Exception) -> None:
    asyncio.get_running_loop().call_exception_handler({"message": message, "exception": error})

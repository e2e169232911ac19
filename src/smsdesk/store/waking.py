"""Calls back whoever wants to know that something was committed. Carries no data."""

import asyncio
from collections.abc import Awaitable, Callable

WakeUp = Callable[[], Awaitable[None] | None]


class Waking:
    """The callbacks of one store. One that fails is reported to the loop and disturbs nobody."""

    def __init__(self) -> None:
        self._callbacks: list[WakeUp] = []
        self._running: set[asyncio.Future[None]] = set()

    def add(self, callback: WakeUp) -> None:
        """Call this back from now on."""
        self._callbacks.append(callback)

    def wake(self) -> None:
        """Call everybody back. What they await goes on by itself."""
        for callback in self._callbacks:
            try:
                awaited = callback()
            except Exception as error:
                _report(error)
                continue
            if awaited is not None:
                task = asyncio.ensure_future(awaited)
                self._running.add(task)
                task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Future[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _report(error)


def _report(error: BaseException) -> None:
    message = "a wake-up callback of the store failed"
    asyncio.get_running_loop().call_exception_handler({"message": message, "exception": error})

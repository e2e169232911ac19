"""An event loop whose time jumps: when nobody can go on, it is as late as the first who waits wants it to be.

A minute of back-off takes no time, and is exact. For code without threads and sockets.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

from tests.clock import JumpingClock

T = TypeVar("T")


class Stuck(Exception):
    """Everybody waits for something that no time will bring."""


class _Jumping(selectors.DefaultSelector):
    """Never waits: it lets as much time pass as it was to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if not found:
            if timeout is None:
                raise Stuck
            self.now += max(timeout, 0)
        return found


class JumpingLoop(asyncio.SelectorEventLoop):
    """The loop; its time begins at 0."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


class LoopClock(JumpingClock):
    """The program's clock on the loop's time, and able to jump further."""

    def __call__(self) -> int:
        return self.now + round(asyncio.get_running_loop().time() * 1000)


def play(story: Coroutine[Any, Any, T]) -> T:
    """Run a story on a loop whose time jumps."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(story)


async def let_pass(milliseconds: float) -> None:
    """Let time pass, and all that is due in it happen."""
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(milliseconds / 1000, over.set_result, None)
    await over

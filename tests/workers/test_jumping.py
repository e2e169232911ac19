"""The loop whose time jumps keeps time: what is due first happens first, and nothing takes long."""

import asyncio
import time

import pytest

from tests.workers.jumping import LoopClock, Stuck, let_pass, play


def test_an_hour_takes_no_time_and_is_exact() -> None:
    async def story() -> float:
        await let_pass(3_600_000)
        return asyncio.get_running_loop().time()

    begun = time.monotonic()
    assert play(story()) == pytest.approx(3600)
    assert time.monotonic() - begun < 5


def test_what_is_due_first_happens_first() -> None:
    async def story() -> list[int]:
        order: list[int] = []

        async def wait(milliseconds: int) -> None:
            await let_pass(milliseconds)
            order.append(milliseconds)

        await asyncio.gather(*(wait(n) for n in (300, 100, 200)))
        return order

    assert play(story()) == [100, 200, 300]


def test_time_stands_still_while_somebody_can_go_on() -> None:
    async def story() -> float:
        for _ in range(1000):
            await asyncio.sleep(0)
        return asyncio.get_running_loop().time()

    assert play(story()) == 0


def test_time_limits_hold() -> None:
    async def story() -> int:
        clock = LoopClock(500)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2):
                await asyncio.Event().wait()
        return clock()

    assert play(story()) == 2500


def test_who_waits_for_ever_is_found_out() -> None:
    async def story() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Stuck):
        play(story())

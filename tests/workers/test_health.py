"""The watch over the store and the carriers: every change is told, once (C§1.11)."""

import asyncio

import pytest

from smsdesk.store import Change, StoreError
from smsdesk.store.commit import Conflicted
from smsdesk.wire.health import Service
from smsdesk.workers.health import PROBE, Health
from tests.workers.shop import Shop

pytestmark = pytest.mark.anyio


class Watch:
    """A watch that looks when it is told to. `told`: what it told, in order."""

    def __init__(self, shop: Shop) -> None:
        self.told: list[tuple[str, str]] = []
        self._looks: asyncio.Semaphore = asyncio.Semaphore(0)
        self.health = Health(shop.store, shop.carriers, self._pause, self._tell)
        self._task = asyncio.ensure_future(self.health.run())

    async def _pause(self, milliseconds: int) -> None:
        await self._looks.acquire()

    def _tell(self, services: list[Service]) -> None:
        self.told += [(service.id, service.state) for service in services]

    async def look(self, times: int = 1) -> None:
        for _ in range(times):
            self._looks.release()
            for _ in range(20):
                await asyncio.sleep(0)

    def stop(self) -> None:
        self._task.cancel()


async def test_a_carrier_that_goes_and_comes_back_is_told_each_time() -> None:
    shop = await Shop().open()
    watch = Watch(shop)
    await watch.look()
    assert watch.told == []
    shop.carrier.waits = True
    await watch.look(3)
    assert watch.told == [("carrier-simulator", "Inactive")]
    shop.carrier.waits = False
    await watch.look()
    assert watch.told[1:] == [("carrier-simulator", "Active")]
    watch.stop()


async def test_a_store_that_nobody_writes_to_is_asked_now_and_then() -> None:
    shop = await Shop().open()
    watch = Watch(shop)
    await asyncio.sleep(0)
    shop.store.broken = True
    await watch.look(PROBE)
    assert ("sessions", "Inactive") in watch.told
    shop.store.broken = False
    watch.told.clear()
    await watch.look(PROBE)
    assert ("sessions", "Active") in watch.told
    watch.stop()


async def test_a_change_that_lost_a_race_says_nothing_about_the_store() -> None:
    shop = await Shop().open()
    watch = Watch(shop)
    await asyncio.sleep(0)
    watch.health.undone(Change(), Conflicted((("session", "S1"),)))
    assert watch.told == []
    watch.health.undone(Change(), StoreError("the disk is full"))
    assert ("ON_PREMISE_ENVIRONMENT", "Inactive") in watch.told
    watch.stop()

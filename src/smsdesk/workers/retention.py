"""Forgets what was kept long enough, in small batches: the outbox, records with a due time (SPEC 8.9)."""

import asyncio
from collections.abc import Mapping

import structlog

from smsdesk.operations.perform import Performer
from smsdesk.store import StoreError

log = structlog.get_logger("retention")
DAY = 24 * 3_600_000  # milliseconds
EVERY = 600.0  # seconds between two rounds
BATCH = 500
# How long after its due time a record is kept, in milliseconds. Carrier ids outlive a carrier's retries.
KEEP: Mapping[str, int] = {
    "http": 0,
    "idempotency": 0,
    "seen": 7 * DAY,
    "sent": 30 * DAY,
    "audit": 400 * DAY,
    "alarm": 400 * DAY,
    "delivery": 7 * DAY,
}


class Retention:
    """`replay` is how long notifications can be replayed, in milliseconds (SPEC 4.6)."""

    def __init__(self, performer: Performer, replay: int) -> None:
        self._performer = performer
        self._replay = replay

    async def sweep(self) -> int:
        """One round; how many rows and records went. Raises StoreError."""
        now = self._performer.clock()
        gone = await self._trim(now - self._replay)
        for kind, keep in KEEP.items():
            while count := await self._performer.store.expire(kind, now - keep, BATCH):
                gone += count
                await asyncio.sleep(0)
        return gone

    async def _trim(self, before: int) -> int:
        store, gone = self._performer.store, 0
        while True:
            head = await store.head()
            rows = await store.rows(head.oldest - 1, BATCH)
            old = [row.position for row in rows if row.at < before]
            if not old:
                return gone
            gone += await store.trim(old[-1] + 1, BATCH)
            await asyncio.sleep(0)

    async def run(self) -> None:
        """Sweep now and then until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                gone = await self.sweep()
            except StoreError as error:
                log.warning("nothing forgotten, the store is not available", error=str(error))
            else:
                log.debug("forgotten", records=gone)

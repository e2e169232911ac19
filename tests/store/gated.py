"""A real store in memory whose commits wait at a gate, so that tests decide what is in flight."""

import asyncio
from collections.abc import Sequence

from smsdesk.store import Change, Kept, Lost
from smsdesk.store.sqlite import SqliteStore
from tests.store.places import CENTRE, NOW, MemoryPlace


class GatedStore(SqliteStore):
    """`batches` has the sizes of what was committed. `fault` is raised instead of a commit, once."""

    def __init__(self) -> None:
        super().__init__(None, epoch="first", contact_center_id=CENTRE, clock=lambda: NOW)
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = asyncio.Event()
        self.batches: list[int] = []
        self.fault: Exception | None = None

    async def commit(self, changes: Sequence[Change]) -> list[Kept | Lost]:
        """As the port says, once the gate is open."""
        self.arrived.set()
        await self.gate.wait()
        self.batches.append(len(changes))
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        return await super().commit(changes)


class GatedPlace(MemoryPlace):
    """Where gated stores are."""

    def store(self, epoch: str = "first", centre: str = CENTRE) -> GatedStore:
        return GatedStore()

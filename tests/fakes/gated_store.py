"""A store whose commits and reads wait at gates, so that tests decide what is in flight."""

import asyncio
from collections.abc import Sequence

from smsdesk.store import Change, Document, Kept, Lost, OutboxRow, Store
from tests.fakes.failing_store import FailingStore


class Gate:
    """Open at first. `waiting`: how many stand before it."""

    def __init__(self) -> None:
        self.waiting = 0
        self._open = asyncio.Event()
        self._open.set()

    def close(self) -> None:
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    async def passed(self) -> None:
        self.waiting += 1
        try:
            await self._open.wait()
        finally:
            self.waiting -= 1


class GatedStore(FailingStore):
    """`writes` stands before commits, `reads` before single documents and logs. `changes`: how many
    were to be kept.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.behind = store
        self.writes = Gate()
        self.reads = Gate()
        self.changes = 0

    async def commit(self, changes: Sequence[Change]) -> list[Kept | Lost]:
        self.changes += len(changes)
        await self.writes.passed()
        return await super().commit(changes)

    async def get(self, kind: str, ids: Sequence[str]) -> dict[str, Document]:
        await self.reads.passed()
        return await super().get(kind, ids)

    async def rows_of(self, user: str, after: int, limit: int = 1000) -> list[OutboxRow]:
        await self.reads.passed()
        return await super().rows_of(user, after, limit)

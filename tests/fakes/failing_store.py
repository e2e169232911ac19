"""A store that fails when told to; otherwise it is the store it stands before."""

from collections.abc import Awaitable, Callable, Sequence

from smsdesk.store import (
    Change,
    Document,
    Entry,
    Head,
    Hit,
    Kept,
    Lease,
    Listing,
    Lost,
    OutboxRow,
    Store,
    StoreError,
)


class FailingStore:
    """Delegates everything. While `broken`, commits and reads raise StoreError."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.contact_center_id = store.contact_center_id
        self.broken = False

    def _check(self) -> None:
        if self.broken:
            raise StoreError("the disk is full")

    async def open(self) -> None:
        await self._store.open()

    async def close(self) -> None:
        await self._store.close()

    async def commit(self, changes: Sequence[Change]) -> list[Kept | Lost]:
        self._check()
        return await self._store.commit(changes)

    async def get(self, kind: str, ids: Sequence[str]) -> dict[str, Document]:
        self._check()
        return await self._store.get(kind, ids)

    async def find(self, kind: str, key: str) -> Document | None:
        self._check()
        return await self._store.find(kind, key)

    async def tagged(self, kind: str, tag: str, after: str = "", limit: int = 1000) -> list[Document]:
        self._check()
        return await self._store.tagged(kind, tag, after, limit)

    async def due(self, kind: str, until: int, limit: int = 1000) -> list[Document]:
        self._check()
        return await self._store.due(kind, until, limit)

    async def entries(self, session: str, first: int, limit: int) -> list[Entry]:
        self._check()
        return await self._store.entries(session, first, limit)

    async def listed(
        self, name: str, since: int, until: int, *, descending: bool = True, limit: int, offset: int = 0
    ) -> list[Listing]:
        self._check()
        return await self._store.listed(name, since, until, descending=descending, limit=limit, offset=offset)

    async def find_words(self, space: str, words: Sequence[str], limit: int, offset: int = 0) -> list[Hit]:
        self._check()
        return await self._store.find_words(space, words, limit, offset)

    async def rows(self, after: int, limit: int = 1000) -> list[OutboxRow]:
        self._check()
        return await self._store.rows(after, limit)

    async def rows_of(self, user: str, after: int, limit: int = 1000) -> list[OutboxRow]:
        self._check()
        return await self._store.rows_of(user, after, limit)

    async def head(self) -> Head:
        self._check()
        return await self._store.head()

    async def trim(self, below: int, limit: int = 1000) -> int:
        return await self._store.trim(below, limit)

    async def expire(self, kind: str, before: int, limit: int = 1000) -> int:
        return await self._store.expire(kind, before, limit)

    async def acquire(self, name: str, owner: str, milliseconds: int) -> Lease | None:
        return await self._store.acquire(name, owner, milliseconds)

    async def release(self, lease: Lease) -> None:
        await self._store.release(lease)

    def on_wake(self, callback: Callable[[], Awaitable[None] | None]) -> None:
        self._store.on_wake(callback)

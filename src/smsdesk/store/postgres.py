"""The store on PostgreSQL, for several nodes on one database. Knows SQL only by name (queries.postgres.sql).

Every transaction that writes takes the row with the newest position first. Nodes therefore write one after
the other, each a whole batch; that is what lets positions become visible in order, and nobody can wait in a
circle.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

import psycopg

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
    StoreError,
)
from smsdesk.store.postgres_batch import PostgresBatch, many
from smsdesk.store.postgres_link import Connection, Link, rows
from smsdesk.store.statements import migrations, pending, queries
from smsdesk.store.waking import WakeUp, Waking
from smsdesk.store.words import PORTION, parted, tsquery, wanted

Outcomes = Sequence[Kept | Lost]
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 5.0
"""Seconds between two attempts to listen again."""


class PostgresStore:
    """A store in the database at `url` (postgresql://user:password@host/name, or any libpq connection
    string).

    `epoch` and `contact_center_id` name a store that is made now; an older one keeps its own. Leases go by
    the database's clock. `patience`: seconds that one use of the database may take.
    """

    def __init__(self, url: str, *, epoch: str, contact_center_id: str, patience: float = 30.0) -> None:
        self._sql = {name: sql.encode() for name, sql in queries("postgres", "$").items()}
        self._epoch = epoch
        self._writing = asyncio.Lock()
        self._waking = Waking()
        self._writer, self._reader = (Link(url, self._sql, patience) for _ in range(2))
        self._ear = Link(url, self._sql, None)
        self._listening: asyncio.Task[None] | None = None
        self.contact_center_id = contact_center_id

    # -- opening and closing
    async def open(self) -> None:
        """As the port says; there is no data lock: any number of nodes may open it."""
        try:
            await self._migrate()
            await self._ear.rows("listen")
        except BaseException:
            await self.close()
            raise
        self._listening = asyncio.get_running_loop().create_task(self._listen())

    async def _migrate(self) -> None:
        async with self._writer.ready() as connection, connection.transaction():
            await rows(connection, self._sql["lock_schema"])
            made = (await rows(connection, self._sql["find_meta"]))[0][0]
            schema, oldest = (await rows(connection, self._sql["read_meta"]))[0][:2] if made else (0, 0)
            for step in pending(migrations("postgres"), schema, oldest):
                await connection.execute(step.sql.encode())
                names = self._epoch, self.contact_center_id
                await rows(connection, self._sql["write_meta"], step.number, step.oldest, *names)
            await self._keep_unsplit(connection)
            self.contact_center_id = (await rows(connection, self._sql["read_meta"]))[0][3]

    async def _keep_unsplit(self, connection: Connection) -> None:
        """Keep the words of the texts that a migration found."""
        while texts := await rows(connection, self._sql["read_unsplit"], PORTION):
            words, unworded = parted(text[1:] for text in texts)
            await many(connection, self._sql["put_word"], words)
            await many(connection, self._sql["remove_word"], unworded)
            await rows(connection, self._sql["drop_unsplit"], texts[-1][0])

    async def close(self) -> None:
        """As the port says."""
        if self._listening is not None:
            self._ear.hang_up()
            self._listening.cancel()
            await asyncio.wait([self._listening])
            self._listening = None
        async with self._writing:
            for link in (self._writer, self._reader, self._ear):
                await link.close()

    async def _listen(self) -> None:
        """Wake whoever wants it for every notification, and once after each gap in listening."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with self._ear.ready() as connection:
                    await rows(connection, self._sql["listen"])
                    self._waking.wake()
                    pause = FIRST_PAUSE
                    async for _ in connection.notifies():
                        self._waking.wake()
            except StoreError:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    # -- writing
    async def commit(self, changes: Sequence[Change]) -> list[Kept | Lost]:
        """As the port says. When the connection breaks in the middle of COMMIT the database is asked what
        became of it; where it cannot be asked, StoreError says that nobody knows.
        """
        async with self._writing:
            outcomes = await self._judged(lambda batch: batch.whole(changes))
            if outcomes is None:
                outcomes = await self._judged(lambda batch: batch.each(changes))
        return list(outcomes or ())

    async def _judged(self, judge: Callable[[PostgresBatch], Awaitable[Outcomes | None]]) -> Outcomes | None:
        """One transaction: what the judge says, when it is committed; None, rolled back, when he says so."""
        outcomes: Outcomes | None = None
        transaction = ""
        try:
            async with self._writer.ready() as connection, connection.transaction():
                position, transaction = (await rows(connection, self._sql["read_position"]))[0]
                outcomes = await judge(PostgresBatch(connection, self._sql, position))
                if outcomes is None:
                    raise psycopg.Rollback
                await rows(connection, self._sql["notify"])
        except StoreError as error:
            if outcomes is None or not await self._was_kept(transaction, error):
                raise
        return outcomes

    async def _was_kept(self, transaction: str, fault: StoreError) -> bool:
        """Whether a transaction was kept whose answer was lost; taking the position waits for its end."""
        try:
            async with self._writer.ready() as connection, connection.transaction():
                await rows(connection, self._sql["read_position"])
                return bool((await rows(connection, self._sql["read_outcome"], transaction))[0][0])
        except StoreError as error:
            raise StoreError(f"{fault} (whether it was kept is not known: {error})") from error

    async def trim(self, below: int, limit: int = 1000) -> int:
        """As the port says."""
        async with self._transaction() as connection:
            last, count = (await rows(connection, self._sql["find_trim"], below, limit))[0]
            if count:
                await rows(connection, self._sql["trim_viewers"], last)
                await rows(connection, self._sql["trim_rows"], last)
            return int(count)

    async def expire(self, kind: str, before: int, limit: int = 1000) -> int:
        """As the port says."""
        async with self._transaction() as connection:
            await rows(connection, self._sql["unlist_expired"], kind, before, limit)
            return (await connection.execute(self._sql["expire_documents"], (kind, before, limit))).rowcount

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        async with self._writing, self._writer.ready() as connection, connection.transaction():
            await rows(connection, self._sql["read_position"])
            yield connection
            await rows(connection, self._sql["notify"])

    async def acquire(self, name: str, owner: str, milliseconds: int) -> Lease | None:
        """As the port says."""
        await self._reader.rows("acquire_lease", name, owner, milliseconds)
        lease = Lease(*(await self._reader.rows("read_lease", name))[0])
        return lease if lease.owner == owner else None

    async def release(self, lease: Lease) -> None:
        """As the port says."""
        await self._reader.rows("release_lease", lease.name, lease.owner, lease.fence)

    # -- reading
    async def get(self, kind: str, ids: Sequence[str]) -> dict[str, Document]:
        """As the port says."""
        return {row[1]: Document(*row) for row in await self._reader.rows("get_document", kind, list(ids))}

    async def find(self, kind: str, key: str) -> Document | None:
        """As the port says."""
        return next((Document(*row) for row in await self._reader.rows("find_document", kind, key)), None)

    async def tagged(self, kind: str, tag: str, after: str = "", limit: int = 1000) -> list[Document]:
        """As the port says."""
        return [
            Document(*row) for row in await self._reader.rows("tagged_documents", kind, tag, after, limit)
        ]

    async def due(self, kind: str, until: int, limit: int = 1000) -> list[Document]:
        """As the port says."""
        return [Document(*row) for row in await self._reader.rows("due_documents", kind, until, limit)]

    async def entries(self, session: str, first: int, limit: int) -> list[Entry]:
        """As the port says."""
        return [Entry(*row) for row in await self._reader.rows("read_entries", session, first, limit or None)]

    async def listed(
        self, name: str, since: int, until: int, *, descending: bool = True, limit: int, offset: int = 0
    ) -> list[Listing]:
        """As the port says."""
        query = "listed_backwards" if descending else "listed"
        found = await self._reader.rows(query, name, since, until, limit, offset)
        return [Listing(*row) for row in found]

    async def find_words(self, space: str, words: Sequence[str], limit: int, offset: int = 0) -> list[Hit]:
        """As the port says."""
        sought = wanted(space, words)
        if not sought:
            return []
        found = await self._reader.rows("find_words", space, tsquery(sought), limit, offset)
        return [Hit(*row) for row in found]

    async def rows(self, after: int, limit: int = 1000) -> list[OutboxRow]:
        """As the port says."""
        return [OutboxRow(*row) for row in await self._reader.rows("read_rows", after, limit)]

    async def rows_of(self, user: str, after: int, limit: int = 1000) -> list[OutboxRow]:
        """As the port says."""
        return [OutboxRow(*row) for row in await self._reader.rows("read_rows_of", user, after, limit)]

    async def head(self) -> Head:
        """As the port says."""
        return Head(*(await self._reader.rows("read_head"))[0])

    def on_wake(self, callback: WakeUp) -> None:
        """As the port says."""
        self._waking.add(callback)

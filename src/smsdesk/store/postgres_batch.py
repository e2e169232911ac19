"""Writes one batch of changes into an open PostgreSQL transaction and judges it; does not commit it."""

from collections.abc import Sequence
from typing import Any

import psycopg

from smsdesk.store import Change, Kept, Lost, Put
from smsdesk.store.collapse import Collapsed, Place, collapse, kept, places, shared
from smsdesk.store.postgres_link import Connection, rows


class PostgresBatch:
    """The two ways to write a batch: all of it in few statements when it holds, else change by change.

    Whoever uses it has the lock on the newest position, which `position` tells.
    """

    def __init__(self, connection: Connection, sql: dict[str, bytes], position: int) -> None:
        self._connection = connection
        self._sql = sql
        self._position = position

    async def whole(self, changes: Sequence[Change], careful: bool = False) -> list[Kept] | None:
        """Write all changes as one. None: they do not all hold, undo what was written.

        `careful`: keys may move between documents that are replaced. Else that may look like a taken key.
        """
        made = collapse(changes, self._position)
        if made is None or not await self._holds(made):
            return None
        try:
            if careful:
                await self._many("free_key", [replacement[:3] for replacement in made.replacements])
            if not await self._put(made):
                return None
        except psycopg.errors.UniqueViolation:
            return None
        self._position += len(made.rows)
        return kept(changes, made.position)

    async def each(self, changes: Sequence[Change]) -> list[Kept | Lost]:
        """Write change by change, leaving out those that lose."""
        outcomes: list[Kept | Lost] = []
        doomed: set[Place] = set()
        for change in changes:
            lost = shared(change, doomed)
            if not lost:
                outcome = await self._alone(change)
                if outcome is not None:
                    outcomes.append(outcome)
                else:
                    lost = await self._losses(change)
            if lost:
                outcomes.append(Lost(lost))
                doomed |= places(change)
        return outcomes

    async def _alone(self, change: Change) -> Kept | None:
        outcomes: list[Kept] | None = None
        async with self._connection.transaction():
            outcomes = await self.whole([change], careful=True)
            if outcomes is None:
                raise psycopg.Rollback
        return next(iter(outcomes or ()), None)

    async def _holds(self, made: Collapsed) -> bool:
        """What must be true before anything is written: no newer fence, no document where none may be."""
        for name, fence in made.fences.items():
            if await self._number("read_fence", name) > fence:
                return False
        for place in made.absent:
            if await self._number("read_version", *place):
                return False
        return True

    async def _put(self, made: Collapsed) -> bool:
        """Write everything; whether each document had the version it should have. Raises UniqueViolation."""
        async with self._connection.pipeline():
            deleted = await self._many("delete_document", made.deletes)
            replaced = await self._many("replace_document", made.replacements)
            await self._many("create_document", made.creations)
            for name in ("erase_entries", "erase_listings", "erase_words"):
                await self._many(name, made.erased)
            await self._many("put_entry", made.entries)
            await self._many("put_listing", made.listings)
            await self._many("put_word", made.words)
            await self._many("remove_word", made.unworded)
            await self._many("add_row", made.rows)
            await self._many("add_viewer", made.viewers)
            if made.rows:
                await self._connection.execute(self._sql["take_positions"], (len(made.rows),))
        return _count(deleted) == len(made.deletes) and _count(replaced) == len(made.replacements)

    async def _losses(self, change: Change) -> tuple[Place, ...]:
        """Why a change lost by itself; all its documents when it contradicts itself."""
        lost: dict[Place, None] = {}
        if (
            change.fence is not None
            and await self._number("read_fence", change.fence.name) > change.fence.fence
        ):
            lost["lease", change.fence.name] = None
        seen: set[Place] = set()
        for put in change.puts:
            place = (put.kind, put.id)
            if place not in seen and await self._number("read_version", *place) != put.version - 1:
                lost[place] = None
            seen.add(place)
        for put in change.puts:
            holder = await self._holder(put)
            if holder is not None and (put.kind, holder) not in seen:
                lost |= {(put.kind, put.id): None, (put.kind, holder): None}
        return tuple(lost or dict.fromkeys(seen))

    async def _holder(self, put: Put) -> str | None:
        if put.key is None:
            return None
        found = await rows(self._connection, self._sql["read_holder"], put.kind, put.key)
        return str(found[0][0]) if found else None

    async def _number(self, name: str, *parameters: object) -> int:
        found = await rows(self._connection, self._sql[name], *parameters)
        return int(found[0][0]) if found else 0

    async def _many(self, name: str, lines: Sequence[tuple[Any, ...]]) -> "psycopg.AsyncCursor[Any] | None":
        return await many(self._connection, self._sql[name], lines)


async def many(
    connection: Connection, sql: bytes, lines: Sequence[tuple[Any, ...]]
) -> "psycopg.AsyncCursor[Any] | None":
    """One statement for all lines, each column as an array; none without lines. Raises psycopg.Error."""
    if not lines:
        return None
    return await connection.execute(sql, [list(column) for column in zip(*lines, strict=True)])


def _count(cursor: "psycopg.AsyncCursor[Any] | None") -> int:
    return cursor.rowcount if cursor is not None else 0

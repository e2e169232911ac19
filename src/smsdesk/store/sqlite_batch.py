"""Writes one batch of changes into an open SQLite transaction and judges it; does not commit it."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from smsdesk.store import Change, Kept, Lost, Put
from smsdesk.store.collapse import Collapsed, Place, collapse, kept, places, shared

Rows = Sequence[tuple[Any, ...]]


class SqliteBatch:
    """The two ways to write a batch: all of it in few statements when it holds, else change by change."""

    def __init__(self, connection: sqlite3.Connection, sql: dict[str, str]) -> None:
        self._connection = connection
        self._sql = sql

    def whole(self, changes: Sequence[Change], careful: bool = False) -> Collapsed | None:
        """Write all changes as one. None: they do not all hold, undo what was written.

        `careful`: keys may move between documents that are replaced. Else that may look like a taken key.
        """
        made = collapse(changes, int(self._one("read_position")[0][0]))
        if made is None or not self._holds(made):
            return None
        try:
            if careful:
                self._many("free_key", [replacement[:3] for replacement in made.replacements])
            if not self._put(made):
                return None
        except sqlite3.IntegrityError:
            return None
        self._write_texts(made)
        if made.rows:
            self._one("take_positions", len(made.rows))
            self._many("add_row", made.rows)
            self._many("add_viewer", made.viewers)
        return made

    def each(self, changes: Sequence[Change]) -> list[Kept | Lost]:
        """Write change by change, leaving out those that lose."""
        outcomes: list[Kept | Lost] = []
        doomed: set[Place] = set()
        for change in changes:
            lost = shared(change, doomed)
            if not lost:
                self._connection.execute("SAVEPOINT one")
                made = self.whole([change], careful=True)
                if made is not None:
                    outcomes.extend(kept([change], made.position))
                else:
                    self._connection.execute("ROLLBACK TO one")
                    lost = self._losses(change)
                self._connection.execute("RELEASE one")
            if lost:
                outcomes.append(Lost(lost))
                doomed |= places(change)
        return outcomes

    def _holds(self, made: Collapsed) -> bool:
        """What must be true before anything is written: no newer fence, no document where none may be."""
        if any(self._fence(name) > fence for name, fence in made.fences.items()):
            return False
        return not any(self._version(*place) for place in made.absent)

    def _put(self, made: Collapsed) -> bool:
        """Write the documents; whether each still had the version it should have. A taken key raises
        IntegrityError.
        """
        if made.deletes and self._many("delete_document", made.deletes) != len(made.deletes):
            return False
        if made.replacements:
            count = self._many("advance_document", made.replacements)
            if count < len(made.replacements):
                count += self._many("replace_document", made.replacements)
            if count != len(made.replacements):
                return False
        if made.creations:
            self._many("create_document", made.creations)
        return True

    def _write_texts(self, made: Collapsed) -> None:
        """Write the transcripts, lists and words, after what is erased of them."""
        if made.erased:
            for name in ("erase_entries", "erase_listings", "erase_texts", "erase_words"):
                self._many(name, made.erased)
        if made.entries:
            self._many("put_entry", made.entries)
        if made.listings:
            self._many("put_listing", made.listings)
        if made.words or made.unworded:
            put_words(self._connection, self._sql, made.words, made.unworded)

    def _losses(self, change: Change) -> tuple[Place, ...]:
        """Why a change lost by itself; all its documents when it contradicts itself."""
        lost: dict[Place, None] = {}
        if change.fence is not None and self._fence(change.fence.name) > change.fence.fence:
            lost["lease", change.fence.name] = None
        seen: set[Place] = set()
        for put in change.puts:
            place = (put.kind, put.id)
            if place not in seen and self._version(*place) != put.version - 1:
                lost[place] = None
            seen.add(place)
        for put in change.puts:
            holder = self._holder(put)
            if holder is not None and (put.kind, holder) not in seen:
                lost |= {(put.kind, put.id): None, (put.kind, holder): None}
        return tuple(lost or dict.fromkeys(seen))

    def _version(self, kind: str, id: str) -> int:
        found = self._one("read_version", kind, id)
        return int(found[0][0]) if found else 0

    def _holder(self, put: Put) -> str | None:
        found = self._one("read_holder", put.kind, put.key) if put.key is not None else []
        return str(found[0][0]) if found else None

    def _fence(self, name: str) -> int:
        found = self._one("read_fence", name)
        return int(found[0][0]) if found else 0

    def _one(self, name: str, *parameters: object) -> list[Any]:
        return self._connection.execute(self._sql[name], parameters).fetchall()

    def _many(self, name: str, rows: Rows) -> int:
        return self._connection.executemany(self._sql[name], rows).rowcount


def put_words(connection: sqlite3.Connection, sql: dict[str, str], words: Rows, unworded: Rows) -> None:
    """Write words as they are kept, and forget those of texts that have none. Raises sqlite3.Error."""
    if words:
        connection.executemany(sql["put_word"], [text[:3] for text in words])
        connection.executemany(sql["put_text"], words)
    if unworded:
        connection.executemany(sql["remove_text"], unworded)
        connection.executemany(sql["remove_word"], unworded)

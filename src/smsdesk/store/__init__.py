"""The store port: what may be asked of a place that keeps documents, transcripts and the outbox.

Knows nothing of sessions or agents: bodies are bytes. Adapters `sqlite`, `postgres`; one suite holds both to
it.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from msgspec import Struct


class StoreError(Exception):
    """The store cannot do it now (disk full, locked, gone): statusCode 4, HTTP 503 (SPEC 1.6).

    Nothing of the batch was kept. Only where a database vanished in the middle of COMMIT and cannot be asked
    what became of it, the message says that nobody knows; versions tell whoever comes again.
    """


class StoreTooNew(StoreError):
    """The store was written by a newer program than this one (SPEC 8.8); the message says what to do."""


class StoreInUse(StoreError):
    """Another process holds the data directory (SPEC 7.2)."""


class Document(Struct, frozen=True):
    """One stored aggregate or record. `version` counts its changes from 1; `due` is UTC milliseconds."""

    kind: str
    id: str
    version: int
    body: bytes
    key: str | None = None
    tag: str | None = None
    due: int | None = None


class Put(Struct, frozen=True):
    """Write one document: `version` 1 creates, n replaces exactly n-1, else the change loses.

    `body` None deletes, the document begins anew with version 1 then. Version 1 without a body writes
    nothing, it only wants that nothing is there. `key` is unique within the kind (the open session of a pair
    of numbers, a user name); `tag` and `due` are indexes: what is live, what is due. All three are replaced
    by every put.
    """

    kind: str
    id: str
    version: int
    body: bytes | None
    key: str | None = None
    tag: str | None = None
    due: int | None = None


class Entry(Struct, frozen=True):
    """One transcript entry of a session. It replaces an earlier one of its index (delivery, SPEC 6.3)."""

    session: str
    index: int
    body: bytes


class Row(Struct, frozen=True):
    """One outbox row to be: for which users, and frozen in the body what happened (SPEC 8.6)."""

    at: int
    viewers: tuple[str, ...]
    body: bytes


class OutboxRow(Struct, frozen=True):
    """An outbox row as kept. Positions grow and become visible in commit order; none is given twice."""

    position: int
    at: int
    body: bytes


class Fence(Struct, frozen=True):
    """A lease the change depends on: it loses when the lease has a newer fence by now."""

    name: str
    fence: int


class Listing(Struct, frozen=True):
    """A place in an ordered list: `id` stands in the list `name` at a time (UTC milliseconds). The same
    again is the same.
    """

    name: str
    at: int
    id: str


class Words(Struct, frozen=True):
    """A text by whose words (space, id, index) can be found. It replaces an earlier one; an empty one
    removes it.
    """

    space: str
    id: str
    index: int
    text: str


class Hit(Struct, frozen=True):
    """Where words were found."""

    id: str
    index: int


class Change(Struct, frozen=True):
    """Everything one operation changes, in one piece: all of it is kept or nothing (SPEC 8.4).

    `erased`: ids whose entries, places in lists and words all go; what the same change writes besides stays.
    """

    puts: tuple[Put, ...] = ()
    entries: tuple[Entry, ...] = ()
    rows: tuple[Row, ...] = ()
    fence: Fence | None = None
    listings: tuple[Listing, ...] = ()
    words: tuple[Words, ...] = ()
    erased: tuple[str, ...] = ()


class Kept(Struct, frozen=True):
    """The change is on disk. `positions`: those of its rows, in their order."""

    positions: tuple[int, ...] = ()


class Lost(Struct, frozen=True):
    """The change was not kept. `lost`, never empty, names what it lost over, as (kind, id).

    Documents that had moved on; for a key that is taken the document that wanted it and the one that has it;
    for a stale fence ("lease", its name); for a change stacked on a lost one the documents they share.
    """

    lost: tuple[tuple[str, str], ...]


class Lease(Struct, frozen=True):
    """A name held by an owner until `until` (UTC milliseconds by the store's clock).

    `fence` grows with every new holder; who takes his own lease again keeps it, also when it had run out and
    nobody took it. Owners therefore are named anew with every start of a program.
    """

    name: str
    owner: str
    fence: int
    until: int


class Head(Struct, frozen=True):
    """Where the outbox stands. `epoch` names this history; a restore starts a new one (SPEC 8.8).

    `oldest` is the first kept position (position + 1 when empty), `position` the newest ever given.
    """

    epoch: str
    oldest: int
    position: int


class Store(Protocol):
    """A store, used by one event loop. Changes reach it through `commit.GroupCommit`, one batch at a time.

    `contact_center_id` is constant once the store is open (SPEC 8.1).
    """

    contact_center_id: str

    async def open(self) -> None:
        """Lock the data where that is needed, migrate forward. Raises StoreTooNew, StoreInUse, StoreError."""

    async def close(self) -> None:
        """Give everything back. Nothing committed is lost by not calling it."""

    async def commit(self, changes: Sequence[Change]) -> list[Kept | Lost]:
        """All changes in one transaction on disk; the answer has one outcome per change, in order.

        A batch that holds as a whole is kept as a whole; else its changes are judged one after the other.
        Keys must be unique at the end of what is judged as one, so a change may move them about. A change
        that loses takes with it those later in the batch that put one of the same documents. Changes may put
        the same document again and again with rising versions: the last body is the one kept. Raises
        StoreError.
        """

    async def get(self, kind: str, ids: Sequence[str]) -> dict[str, Document]:
        """The documents of these ids that exist."""

    async def find(self, kind: str, key: str) -> Document | None:
        """The document with this unique key."""

    async def tagged(self, kind: str, tag: str, after: str = "", limit: int = 1000) -> list[Document]:
        """Documents with this tag, by id, those with an id greater than `after`."""

    async def due(self, kind: str, until: int, limit: int = 1000) -> list[Document]:
        """Documents whose `due` is at or before `until` (UTC milliseconds), earliest first, then by id."""

    async def entries(self, session: str, first: int, limit: int) -> list[Entry]:
        """Transcript entries from index `first` on, in order; `limit` 0 means all."""

    async def listed(
        self, name: str, since: int, until: int, *, descending: bool = True, limit: int, offset: int = 0
    ) -> list[Listing]:
        """Places of a list at or after `since` and before `until` (UTC milliseconds), by time, then by id;
        the newest first unless `descending` is False.
        """

    async def find_words(self, space: str, words: Sequence[str], limit: int, offset: int = 0) -> list[Hit]:
        """Texts of a space in which all these words occur, the newest text first. Case and accents do not
        matter, a word that ends in `*` may go on. Nothing is found without a word.
        """

    async def rows(self, after: int, limit: int = 1000) -> list[OutboxRow]:
        """Outbox rows behind a position, in order, without gaps other than those of rows never kept."""

    async def rows_of(self, user: str, after: int, limit: int = 1000) -> list[OutboxRow]:
        """The same, only rows that name this user as a viewer."""

    async def head(self) -> Head:
        """Epoch and extent of the outbox as committed."""

    async def trim(self, below: int, limit: int = 1000) -> int:
        """Delete at most `limit` outbox rows with a position below `below`; how many went (SPEC 8.9)."""

    async def expire(self, kind: str, before: int, limit: int = 1000) -> int:
        """Delete at most `limit` documents of a kind whose `due` is before this time, with their places in
        lists; how many went.
        """

    async def acquire(self, name: str, owner: str, milliseconds: int) -> Lease | None:
        """Take or prolong a lease; None while another owner holds it. A new holder gets a greater fence."""

    async def release(self, lease: Lease) -> None:
        """Give a lease back; without effect when it is no longer held."""

    def on_wake(self, callback: Callable[[], Awaitable[None] | None]) -> None:
        """Call back after commits, also of other processes; carries no data, may be late or once for many."""

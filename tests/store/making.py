"""Short ways to write changes down in tests."""

from collections.abc import Sequence

from smsdesk.store import Change, Entry, Kept, Lost, Put, Row, Store


def put(
    id: str,
    version: int = 1,
    body: bytes | None = b"{}",
    *,
    kind: str = "thing",
    key: str | None = None,
    tag: str | None = None,
    due: int | None = None,
) -> Put:
    """A put of a thing; by default its creation."""
    return Put(kind, id, version, body, key, tag, due)


def puts(*several: Put) -> Change:
    """A change that does nothing but put documents."""
    return Change(puts=several)


def row(*viewers: str, at: int = 1, body: bytes = b"{}") -> Row:
    """An outbox row."""
    return Row(at, viewers, body)


def rows(*several: Row) -> Change:
    """A change that does nothing but tell."""
    return Change(rows=several)


def entry(index: int, body: bytes = b"{}", session: str = "s") -> Entry:
    """A transcript entry."""
    return Entry(session, index, body)


async def keep(store: Store, *changes: Change) -> list[int]:
    """Commit changes that must all be kept; the positions of their rows."""
    outcomes = await store.commit(changes)
    assert all(isinstance(outcome, Kept) for outcome in outcomes), outcomes
    return [position for outcome in outcomes if isinstance(outcome, Kept) for position in outcome.positions]


async def outcomes(store: Store, *changes: Change) -> list[str]:
    """Commit changes; "kept" or what they lost over, as text: "thing a, thing b"."""
    return [_words(outcome) for outcome in await store.commit(changes)]


def _words(outcome: Kept | Lost) -> str:
    return ", ".join(" ".join(p) for p in sorted(outcome.lost)) if isinstance(outcome, Lost) else "kept"


async def versions(store: Store, *ids: str, kind: str = "thing") -> list[int]:
    """The versions that documents have now, 0 for those that do not exist."""
    found = await store.get(kind, ids)
    return [found[id].version if id in found else 0 for id in ids]


def bodies(found: Sequence[Entry]) -> list[bytes]:
    """Only the bodies."""
    return [each.body for each in found]

"""Many changes as few statements: what a batch comes to when all of it holds. Pure; knows no database.

A document that is put again and again within a batch is written once: its first put says which version must
be there, its last one what will be.
"""

from collections.abc import Sequence

from msgspec import Struct

from smsdesk.store import Change, Kept, Put
from smsdesk.store.words import parted

Place = tuple[str, str]
"""Kind and id of a document."""


class Collapsed(Struct):
    """Rows for the statements, in the order of their parameters. `absent`: documents that must not exist and
    never will. `words` are as they are kept, `unworded` texts without any; `erased` comes before all of them.

    `position`: the newest one before these rows. Deletes, replacements and creations are to run in this
    order, so that keys are free before they are taken.
    """

    deletes: list[tuple[str, str, int]]
    replacements: list[tuple[str, str, int, int, str | None, str | None, int | None, bytes]]
    creations: list[tuple[str, str, int, str | None, str | None, int | None, bytes]]
    absent: list[Place]
    erased: list[tuple[str]]
    entries: list[tuple[str, int, bytes]]
    listings: list[tuple[str, int, str]]
    words: list[tuple[str, str, int, str]]
    unworded: list[tuple[str, str, int]]
    rows: list[tuple[int, int, bytes]]
    viewers: list[tuple[str, int]]
    fences: dict[str, int]
    position: int


def collapse(changes: Sequence[Change], position: int) -> Collapsed | None:
    """What to write when all changes hold, outbox rows numbered from behind `position`. None: the versions
    show that not all do.
    """
    bases: dict[Place, int] = {}
    last: dict[Place, Put] = {}
    texts = Texts({}, {}, {}, {})
    entries = texts.entries
    rows: list[tuple[int, int, bytes]] = []
    viewers: list[tuple[str, int]] = []
    fences: dict[str, int] = {}
    first = position
    for change in changes:
        for put in change.puts:
            place = (put.kind, put.id)
            before = last.get(place)
            if before is None:
                bases[place] = put.version - 1
            elif put.version != (0 if before.body is None else before.version) + 1:
                return None
            last[place] = put
        if change.erased or change.listings or change.words:
            texts.add(change)
        for entry in change.entries:
            entries[entry.session, entry.index] = entry.body
        for row in change.rows:
            position += 1
            rows.append((position, row.at, row.body))
            for user in row.viewers:
                viewers.append((user, position))
        if change.fence is not None:
            name = change.fence.name
            fences[name] = min(change.fence.fence, fences.get(name, change.fence.fence))
    written = [(session, index, body) for (session, index), body in entries.items()]
    words, unworded = parted((*place, text) for place, text in texts.words.items())
    erased, listings = [(id,) for id in texts.erased], list(texts.listings)
    made = Collapsed([], [], [], [], erased, written, listings, words, unworded, rows, viewers, fences, first)
    for place, put in last.items():
        _place(made, bases[place], put)
    return made


class Texts(Struct):
    """What belongs to documents without being one, as far as the batch has come."""

    erased: dict[str, None]
    entries: dict[tuple[str, int], bytes]
    listings: dict[tuple[str, int, str], None]
    words: dict[tuple[str, str, int], str]

    def add(self, change: Change) -> None:
        """Take in what a change erases and lists, and its words."""
        for id in change.erased:
            self.erased[id] = None
            for entry in [place for place in self.entries if place[0] == id]:
                del self.entries[entry]
            for listing in [place for place in self.listings if place[2] == id]:
                del self.listings[listing]
            for text in [place for place in self.words if place[1] == id]:
                del self.words[text]
        for listing_ in change.listings:
            self.listings[listing_.name, listing_.at, listing_.id] = None
        for words in change.words:
            self.words[words.space, words.id, words.index] = words.text


def _place(made: Collapsed, base: int, put: Put) -> None:
    if put.body is None:
        if base:
            made.deletes.append((put.kind, put.id, base))
        else:
            made.absent.append((put.kind, put.id))
        return
    if put.version > base > 0:
        made.replacements.append((put.kind, put.id, base, put.version, put.key, put.tag, put.due, put.body))
    else:
        if base:  # deleted and made anew
            made.deletes.append((put.kind, put.id, base))
        made.creations.append((put.kind, put.id, put.version, put.key, put.tag, put.due, put.body))


NOTHING = Kept()


def kept(changes: Sequence[Change], position: int) -> list[Kept]:
    """The outcomes of changes that all held: their rows have the positions from behind `position` on."""
    outcomes = []
    for change in changes:
        first, position = position + 1, position + len(change.rows)
        outcomes.append(Kept(tuple(range(first, position + 1))) if change.rows else NOTHING)
    return outcomes


def places(change: Change) -> set[Place]:
    """The documents that a change puts."""
    return {(put.kind, put.id) for put in change.puts}


def shared(change: Change, doomed: set[Place]) -> tuple[Place, ...]:
    """Those documents of a change that a lost one had put before it."""
    return tuple(sorted(places(change) & doomed)) if doomed else ()

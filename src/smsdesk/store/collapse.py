"""Many changes as few statements: what a batch comes to when all of it holds. Pure; knows no database.

A document that is put again and again within a batch is written once: its first put says which version must
be there, its last one what will be.
"""

from collections.abc import Sequence

from msgspec import Struct

from smsdesk.store import Change, Kept, Put

Place = tuple[str, str]
"""Kind and id of a document."""


class Collapsed(Struct):
    """Rows for the statements, in the order of their parameters. `absent`: documents that must not exist and
    never will.

    `position`: the newest one before these rows. Deletes, replacements and creations are to run in this
    order, so that keys are free before they are taken.
    """

    deletes: list[tuple[str, str, int]]
    replacements: list[tuple[str, str, int, int, str | None, str | None, int | None, bytes]]
    creations: list[tuple[str, str, int, str | None, str | None, int | None, bytes]]
    absent: list[Place]
    entries: list[tuple[str, int, bytes]]
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
    entries: dict[tuple[str, int], bytes] = {}
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
    made = Collapsed([], [], [], [], written, rows, viewers, fences, first)
    for place, put in last.items():
        _place(made, bases[place], put)
    return made


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

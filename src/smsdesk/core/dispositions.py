"""Dispositions: what may be said of how a conversation ended, in a tree of groups (A§1.7, C§5.3). A root
group is a business attribute.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from smsdesk.core.centre import Centre, Queue
from smsdesk.core.folders import within

ROOT = "DispositionCode"  # the group that is always there


class DispositionGroup(Struct, frozen=True, omit_defaults=True):
    """A group. `name` is its path, see `folders`."""

    id: str
    name: str
    v: int = 1


class Disposition(Struct, frozen=True, omit_defaults=True):
    """A disposition. `name` is the value that is sent and stored and never changes; `group` is a path."""

    id: str
    name: str
    display_name: str = ""
    group: str = ROOT
    v: int = 1

    @property
    def shown(self) -> str:
        """The name for people."""
        return self.display_name or self.name


def groups(centre: Centre) -> list[DispositionGroup]:
    """All groups, each before those in it."""
    return _sorted(centre, "dispositiongroup")


def dispositions(centre: Centre, group: str | None = None) -> Iterator[Disposition]:
    """All dispositions by name; those in a group, at any depth."""
    found: Iterable[Disposition] = _sorted(centre, "disposition")
    return (d for d in found if group is None or within(d.group, group))


def allowed(centre: Centre, queue: Queue) -> tuple[str, ...] | None:
    """The names that a session of this queue may be given; None: any. A name in the queue's list is that of
    a disposition, or of a root group: then all in it are meant.
    """
    if queue.dispositions is None:
        return None
    roots = {group.name for group in groups(centre)}
    names: list[str] = []
    for name in queue.dispositions:
        names += [d.name for d in dispositions(centre, name)] if name in roots else [name]
    return tuple(dict.fromkeys(names))


def _sorted(centre: Centre, kind: str) -> list[Any]:
    return sorted(centre.records.get(kind, {}).values(), key=lambda record: str(record.name))

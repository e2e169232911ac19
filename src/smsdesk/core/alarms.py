"""Alarms: customers wait and nobody is signed in who could serve them, or one has waited too long (SPEC 5.3).
Pure rules: how queues stand and what time it is in, what is to be raised and ended out.

An alarm is raised once and ends once: what was over for less than a while is not over.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from msgspec import Struct

AlarmKind = Literal["unattended", "overdue"]
KINDS: tuple[AlarmKind, ...] = ("unattended", "overdue")
SECOND = 1000  # milliseconds


class Alarm(Struct, frozen=True, omit_defaults=True):
    """One alarm of a queue, kept when it is over. `raised`, `ended` (0: it goes on) and `since`, from when on
    the first customer waited: UTC milliseconds. `waiting`: how many did when it was raised. `limit`: how
    long is allowed, in milliseconds.
    """

    id: str
    kind: AlarmKind
    queue: str
    queue_name: str
    raised: int
    since: int
    waiting: int
    limit: int
    ended: int = 0
    v: int = 1

    @property
    def key(self) -> "Key":
        """There is one open alarm of a key at a time."""
        return self.queue, self.kind


Key = tuple[str, AlarmKind]  # queue id, kind


class Limits(NamedTuple):
    """Milliseconds: `unattended` without anybody signed in, `waiting` where the strategy has no objective (0
    switches either off), `clear` until what is over counts as over.
    """

    unattended: int
    waiting: int
    clear: int


class Stand(NamedTuple):
    """How a queue stands. `since`: from when on the first of its customers has waited, None when nobody does;
    `left`: when the last who could serve it went, None while somebody is signed in; UTC milliseconds.
    `objective` of the strategy in milliseconds, 0 for none.
    """

    queue: str
    name: str
    waiting: int
    since: int | None
    left: int | None
    objective: int = 0


class Raise(NamedTuple):
    """An alarm is to be raised."""

    kind: AlarmKind
    stand: Stand
    limit: int


class Verdict(NamedTuple):
    """What is to be done now. `clearing`: since when open alarms hold no longer; `look`: when it is worth
    judging again though nothing changes. UTC milliseconds.
    """

    to_raise: tuple[Raise, ...]
    to_end: tuple[Alarm, ...]
    clearing: dict[Key, int]
    look: int | None


def judge(
    stands: Iterable[Stand],
    open: Mapping[Key, Alarm],
    clearing: Mapping[Key, int],
    limits: Limits,
    now: int,
) -> Verdict:
    """Compare how the queues stand with the alarms that are open. A queue that is not among the stands has
    nobody waiting. `clearing`: that of the last verdict.
    """
    to_raise: list[Raise] = []
    holding: set[Key] = set()
    times: list[int] = []
    for stand in stands:
        for kind in KINDS:
            begins = holds_from(kind, stand, limits)
            if begins is None:
                continue
            if begins > now:
                times.append(begins)
                continue
            holding.add((stand.queue, kind))
            if (stand.queue, kind) not in open:
                to_raise.append(Raise(kind, stand, limit_of(kind, stand, limits)))
    over = {key: clearing.get(key, now) for key in open if key not in holding}
    to_end = tuple(open[key] for key, since in over.items() if since + limits.clear <= now)
    times += [since + limits.clear for since in over.values() if since + limits.clear > now]
    return Verdict(tuple(to_raise), to_end, over, min(times, default=None))


def holds_from(kind: AlarmKind, stand: Stand, limits: Limits) -> int | None:
    """From when on an alarm of this kind is due as the queue stands, UTC milliseconds; None: it is not."""
    limit = limit_of(kind, stand, limits)
    if stand.since is None or not limit:
        return None
    if kind == "overdue":
        return stand.since + limit
    return None if stand.left is None else max(stand.since, stand.left) + limit


def limit_of(kind: AlarmKind, stand: Stand, limits: Limits) -> int:
    """How long is allowed, in milliseconds; 0: for ever."""
    return limits.unattended if kind == "unattended" else stand.objective or limits.waiting


def words(alarm: Alarm) -> str:
    """The alarm in a sentence for people."""
    if alarm.ended:
        over = "somebody serves" if alarm.kind == "unattended" else "nobody waits too long in"
        return f"{over} {alarm.queue_name} again, after {duration(alarm.ended - alarm.raised)}"
    who = "1 customer waits" if alarm.waiting == 1 else f"{alarm.waiting} customers wait"
    if alarm.kind == "unattended":
        there = f"for {duration(alarm.limit)} nobody was signed in who could serve it"
        return f"{who} in {alarm.queue_name}, and {there}"
    return f"{who} in {alarm.queue_name}, the first for more than {duration(alarm.limit)}"


def duration(milliseconds: int) -> str:
    """A time in words, in the largest unit that fits whole."""
    seconds = milliseconds // SECOND
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}{'' if seconds == size else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"

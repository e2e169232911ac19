"""How people write a forecast: the tables of the file, each with what is wrong with it in itself."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from msgspec import UNSET, Struct, UnsetType, field

from smsdesk.forecast.drawing import Spread, Time

DAYS, RATE, SECONDS, LARGEST = 31, 1_000_000, 30 * 24 * 3600, 1000
HOURS = 24
Mistakes = Iterator[str]
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})")


class Settings(Struct, frozen=True, rename="camel"):
    """What stands at the top. `capacity`, `ring` and `reject_memory` are settings of the server, of the same
    meaning; `when_missed` is what it calls `agent_no_answer_action`.
    """

    date: date
    days: int = 1
    time_zone: str = "UTC"
    seed: int = 1
    centre: str | None = None
    capacity: int = 5
    ring: int = 30
    reject_memory: int = 60
    when_missed: Literal["none", "notready"] = "notready"

    def mistakes(self) -> Mistakes:
        """What the types do not exclude."""
        yield from between("days", self.days, 1, DAYS)
        yield from between("capacity", self.capacity, 1, LARGEST)
        yield from between("ring", self.ring, 1, SECONDS)
        yield from between("rejectMemory", self.reject_memory, 0, SECONDS)


class Spreading(Struct, frozen=True, rename="camel", kw_only=True):
    """A time: `seconds` on the average."""

    seconds: float
    distribution: Spread = "exponential"
    deviation: float | UnsetType = UNSET

    def mistakes(self) -> Mistakes:
        """What the types do not exclude."""
        yield from between("seconds", self.seconds, 0, SECONDS)
        if self.deviation is UNSET:
            return
        yield from between("deviation", self.deviation, 0, 10)
        if self.distribution != "lognormal":
            yield f"deviation: has a meaning with lognormal only; the distribution is {self.distribution}"

    def time(self) -> Time:
        """The time that is meant."""
        deviation = 1.0 if self.deviation is UNSET else self.deviation
        return Time(self.seconds * 1000, self.distribution, deviation)


class Handle(Spreading, frozen=True):
    """How long a session takes: in a queue, by agents with a skill, or else."""

    queue: str | None = None
    skill: str | None = None
    level: int = 1


class Answer(Spreading, frozen=True, kw_only=True):
    """What agents do with an offer."""

    seconds: float = 0
    distribution: Spread = "constant"
    rejects: float = 0.0
    back_after: int = 60

    def mistakes(self) -> Mistakes:
        """What the types do not exclude."""
        yield from super().mistakes()
        yield from between("rejects", self.rejects, 0, 1)
        yield from between("backAfter", self.back_after, 1, SECONDS)


class Shift(Struct, frozen=True, rename="camel"):
    """Who works from when to when, and the breaks, each `12:00-12:30`."""

    begin: str = field(name="from")
    end: str = field(name="to")
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()

    def mistakes(self) -> Mistakes:
        """What the types do not exclude."""
        if not self.users and not self.groups:
            yield "names neither users nor groups"
        places = {"from": self.begin, "to": self.end}
        for place, text in places.items():
            if minute(text) is None:
                yield f"{place}: {text[:20]!r} is no time like 08:00, up to 24:00"
        for number, text in enumerate(self.breaks, 1):
            first, _, last = text.partition("-")
            if minute(first) is None or minute(last) is None:
                yield f"breaks {number}: {text[:20]!r} is not like 12:00-12:30"


class Arrive(Struct, frozen=True, rename="camel"):
    """Customers of a queue: expected by the hour of the day, or in a file of times."""

    queue: str
    per_hour: tuple[float, ...] = ()
    file: str | None = None
    priority: int = 0
    returning: float = 0.0

    def mistakes(self) -> Mistakes:
        """What the types do not exclude."""
        if bool(self.per_hour) == (self.file is not None):
            yield "has to have either perHour or file"
        if self.per_hour and len(self.per_hour) != HOURS:
            yield f"perHour: has {len(self.per_hour)} numbers; the day has {HOURS} hours"
        for hour, rate in enumerate(self.per_hour):
            yield from between(f"perHour {hour}", rate, 0, RATE)
        yield from between("priority", self.priority, -(10**6), 10**6)
        yield from between("returning", self.returning, 0, 1)


def minute(text: str) -> int | None:
    """`08:30` as minutes since midnight, up to `24:00`; None for what is no time."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    return minutes if int(found[2]) < 60 and minutes <= HOURS * 60 else None


def between(place: str, number: float, least: float, most: float) -> Mistakes:
    """A mistake, unless the number is in its bounds."""
    if not least <= number <= most:
        yield f"{place}: is {number:g}; it has to be {least:g} to {most:g}"

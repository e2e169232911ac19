"""A day to be played, as the simulator takes it: every time in UTC milliseconds, everybody by id."""

from msgspec import Struct

from smsdesk.forecast.drawing import Time


class Slot(Struct, frozen=True):
    """An hour of the day on the clocks of the place. `label` such as `08:00`, `day` from 0."""

    day: int
    label: str


class Work(Struct, frozen=True):
    """Somebody is Ready from one time to another; `home`: then he logs out, else it is a break."""

    user: str
    begin: int
    end: int
    home: bool


class Stream(Struct, frozen=True):
    """Customers of a queue: so many expected in each hour, or at these times. `patience`: after which they
    are gone; None: never. `returning`: the share of them whom an agent has served before.
    """

    queue: str
    rates: tuple[float, ...] = ()
    times: tuple[int, ...] = ()
    priority: int = 0
    patience: Time | None = None
    returning: float = 0.0


class Handling(Struct, frozen=True):
    """How long a session takes, of one queue or of all, by agents who have a skill or by all."""

    time: Time
    queue: str | None = None
    skill: str | None = None
    level: int = 1


class Answering(Struct, frozen=True):
    """What agents do with an offer: accept it after a time, or reject it with this probability. Longer than
    the ring time is a missed one. `back`: milliseconds until somebody who missed one is Ready again.
    """

    time: Time = Time(0, "constant")
    rejects: float = 0.0
    back: int = 60_000


class Plan(Struct, frozen=True):
    """All of it, from `begin` to before `end`. The first handling that fits is taken."""

    begin: int
    end: int
    slots: tuple[Slot, ...]
    work: tuple[Work, ...]
    streams: tuple[Stream, ...]
    handling: tuple[Handling, ...]
    answering: Answering = Answering()

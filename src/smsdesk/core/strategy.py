"""A routing strategy as data (SPEC 5.3, A§4.2–4.6): what is tried for a waiting interaction, when, and what
the customer is told meanwhile. `core.timeline` says what it comes to.
"""

from typing import Literal

from msgspec import Struct

Order = Literal["leastLoaded", "longestReady", "percentage"]
Closed = Literal["wait", "park"]
DEFAULT = "SimpleChatInStrategy"
OWN = "queue"  # as a target: the target of the queue itself
AGENT = "agent:"  # before a user name: that agent alone
SERVED_BY = "queue:"  # before the name of a queue: whoever serves that queue


class Relax(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """The level that is asked of a skill goes down by `by` every `every` seconds, not below `to` (A§4.3)."""

    skill: str
    by: int
    every: int
    to: int = 0


class Step(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Targets that are tried for `seconds` (0: to the end). They join those of earlier steps, or replace them
    with `clear`. `shares`: per cent by target, with the order `percentage`.
    """

    targets: tuple[str, ...] = (OWN,)
    seconds: int = 0
    clear: bool = False
    order: Order = "leastLoaded"
    shares: dict[str, int] = {}
    relax: tuple[Relax, ...] = ()


class Texts(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """What the customer is told: at the beginning, while waiting (after `waitAfter` seconds, again every
    `waitEvery`), and outside business hours.
    """

    greeting: str | None = None
    wait: str | None = None
    wait_after: int = 60
    wait_every: int = 0
    closed: str | None = None


class Ageing(Struct, frozen=True, omit_defaults=True):
    """Priority that grows by `points` every `every` seconds of waiting."""

    points: int = 0
    every: int = 60


class Overflow(Struct, frozen=True, omit_defaults=True):
    """After this many seconds the interaction goes to another queue, with its age."""

    queue: str
    after: int


class Park(Struct, frozen=True, omit_defaults=True):
    """After this many seconds nobody is looked for any more until the customer writes again, business hours
    begin, or `wake` seconds have gone by (0: never by itself). `text`: what the customer is told.
    """

    after: int
    wake: int = 0
    text: str | None = None


class Strategy(Struct, frozen=True, omit_defaults=True):
    """All of it. `hours` names business hours; `objective` is in seconds, 0 for none. `last_agent`: seconds
    for which only the agent who dealt with the customer last is tried, 0 for not at all.
    """

    id: str
    name: str
    segment: str = "default"
    service_type: str = "default"
    objective: int = 0
    hours: str | None = None
    when_closed: Closed = "wait"
    texts: Texts = Texts()
    priority: int = 0
    ageing: Ageing = Ageing()
    last_agent: int = 0
    steps: tuple[Step, ...] = (Step(),)
    overflow: Overflow | None = None
    park: Park | None = None
    v: int = 1


SIMPLE = Strategy(DEFAULT, DEFAULT)

"""What a day came to, counted: what came into a queue in an hour, and how that ended."""

from array import array
from collections.abc import Iterable
from math import ceil

from msgspec import Struct

from smsdesk.forecast.crew import Presence

PERCENTILE = 0.95


class Cell:
    """What came into one queue in one hour. Everything that is offered ends in exactly one of `accepted`,
    `overflowed`, `abandoned` and `waiting`.

    `entered` are those of `offered` that overflowed from another queue, `parked` those of `waiting` that
    rest. `waits`: milliseconds from the arrival in the contact centre to the acceptance, of all accepted.
    """

    __slots__ = (
        "abandoned",
        "accepted",
        "entered",
        "offered",
        "overflowed",
        "parked",
        "returned",
        "texts",
        "waiting",
        "waits",
        "within",
    )

    def __init__(self) -> None:
        self.offered = self.entered = self.accepted = self.within = 0
        self.overflowed = self.abandoned = self.waiting = self.parked = 0
        self.returned = 0  # offers to agents that were rejected or missed
        self.texts = 0  # that the strategy said
        self.waits = array("q")

    def accept(self, wait: int, objective: int) -> None:
        """An agent has it, after so many milliseconds."""
        self.accepted += 1
        self.within += wait <= objective
        self.waits.append(wait)

    def add(self, other: "Cell") -> None:
        """Take what another cell has too."""
        self.waits.extend(other.waits)
        for name in self.__slots__:
            if name != "waits":
                setattr(self, name, getattr(self, name) + getattr(other, name))


class Figures(Struct, frozen=True, rename="camel"):
    """A cell as it is read: waits in seconds, null where nothing was accepted; per cent of the accepted
    within the objective, null where there is none.
    """

    offered: int
    entered: int
    accepted: int
    average_wait: float | None
    percentile95_wait: float | None
    longest_wait: float | None
    within_objective_percent: float | None
    overflowed: int
    abandoned: int
    waiting: int
    parked: int
    returned: int
    texts: int


class Outcome(Struct, frozen=True):
    """All of it. `cells` by queue, one for each hour; `groups`: presence by group, one for each hour."""

    cells: dict[str, list[Cell]]
    groups: dict[str, list[Presence]]
    objectives: dict[str, int]
    events: int


def figures(cells: Iterable[Cell], objective: int) -> Figures:
    """Several cells of a queue as one; `objective` in milliseconds, 0 for none."""
    all_of = Cell()
    for cell in cells:
        all_of.add(cell)
    waits = sorted(all_of.waits)
    count = len(waits)
    return Figures(
        all_of.offered,
        all_of.entered,
        all_of.accepted,
        _seconds(sum(waits) / count) if count else None,
        _seconds(waits[ceil(PERCENTILE * count) - 1]) if count else None,
        _seconds(waits[-1]) if count else None,
        round(100 * all_of.within / count, 1) if count and objective else None,
        all_of.overflowed,
        all_of.abandoned,
        all_of.waiting,
        all_of.parked,
        all_of.returned,
        all_of.texts,
    )


def _seconds(milliseconds: float) -> float:
    return round(milliseconds / 1000, 1)

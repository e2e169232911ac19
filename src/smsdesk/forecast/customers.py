"""Customers who come, and those who are not served yet."""

from collections.abc import Iterator

from smsdesk.core.interaction import Interaction
from smsdesk.forecast.drawing import Chances, poisson
from smsdesk.forecast.outcome import Cell
from smsdesk.forecast.plan import Plan, Stream


class Case:
    """A customer who is not served yet. `number`: how long he will take, as what was drawn. `gone`: when his
    patience ends.
    """

    __slots__ = ("cell", "gone", "interaction", "number")

    def __init__(self, interaction: Interaction, number: float, gone: int | None, cell: Cell) -> None:
        self.interaction = interaction
        self.number = number
        self.gone = gone
        self.cell = cell


class Source:
    """The customers of one stream, one after the other."""

    def __init__(self, stream: Stream, plan: Plan, chances: Chances, number: int) -> None:
        self.stream = stream
        self.draw = chances(f"customers {number}")
        self.times: Iterator[int] = iter(stream.times)
        if stream.rates:
            since = poisson(stream.rates, chances(f"arrivals {number}"))
            self.times = (plan.begin + time for time in since)

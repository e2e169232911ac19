"""What is left to chance: times that are spread about a mean. Chance itself comes from outside."""

from collections.abc import Callable, Iterator, Sequence
from math import exp, log, log1p, sqrt
from statistics import NormalDist
from typing import Literal

from msgspec import Struct

Chance = Callable[[], float]  # a number from 0 to below 1
Chances = Callable[[str], Chance]  # an independent source for each name
Spread = Literal["constant", "exponential", "lognormal"]
HOUR = 3_600_000  # milliseconds
_NORMAL = NormalDist()
_LEAST = 1e-12


class Time(Struct, frozen=True):
    """A time of `mean` milliseconds. `deviation`: the standard deviation of a lognormal one, as a multiple of
    the mean.
    """

    mean: float
    spread: Spread = "exponential"
    deviation: float = 1.0

    def at(self, number: float) -> int:
        """The time that a number from 0 to below 1 stands for, in milliseconds: the larger, the longer."""
        if self.spread == "constant":
            return round(self.mean)
        if self.spread == "exponential":
            return round(-log1p(-number) * self.mean)
        variance = log1p(self.deviation**2)
        normal = _NORMAL.inv_cdf(min(max(number, _LEAST), 1 - _LEAST))
        return round(exp(log(self.mean) - variance / 2 + sqrt(variance) * normal)) if self.mean else 0


def poisson(rates: Sequence[float], chance: Chance) -> Iterator[int]:
    """When somebody comes, in milliseconds since the beginning, with so many expected in each hour."""
    hour, reached = 0, 0.0  # how far the hour has gone, from 0 to 1
    while hour < len(rates):
        due = -log1p(-chance())  # expected arrivals until the next one
        while hour < len(rates) and due >= rates[hour] * (1 - reached):
            due -= rates[hour] * (1 - reached)
            hour, reached = hour + 1, 0.0
        if hour < len(rates):
            reached += due / rates[hour]
            yield int((hour + reached) * HOUR)

"""What a strategy comes to for one queue: phases, each with its targets, and acts, both by the time since
routing began. A pure function of the strategy; made once, looked up by all that decides or explains.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal, NamedTuple

from smsdesk.core.expression import lowered
from smsdesk.core.strategy import OWN, Order, Relax, Step, Strategy

SECOND = 1000  # milliseconds
MOST_PHASES = 200  # of one strategy
MOST_REPEATS = 100  # of the text for those who wait


class Phase(NamedTuple):
    """From `at` (milliseconds since routing began) these targets are tried. `step` counts from 1, 0 is the
    search for the last agent; `last_agent`: nobody else is asked.
    """

    at: int
    step: int
    targets: tuple[str, ...]
    order: Order = "leastLoaded"
    shares: tuple[int, ...] = ()
    last_agent: bool = False


class Act(NamedTuple):
    """Something that is done once, at `at` (milliseconds since routing began): `say` a text, `overflow` to a
    queue, `park`.
    """

    at: int
    kind: Literal["say", "overflow", "park"]
    words: str


class Timeline(NamedTuple):
    """Both, in the order of time. Whatever the acts are, there is always a phase."""

    phases: tuple[Phase, ...]
    acts: tuple[Act, ...]

    def phase_at(self, elapsed: int) -> int:
        """The index of the phase at a time since routing began."""
        return max(bisect_right(self.phases, elapsed, key=lambda phase: phase.at) - 1, 0)

    def next_phase(self, elapsed: int) -> int | None:
        """When the next phase begins, since routing began."""
        index = bisect_right(self.phases, elapsed, key=lambda phase: phase.at)
        return self.phases[index].at if index < len(self.phases) else None

    def targets(self) -> frozenset[str]:
        """Every target that is ever tried."""
        return frozenset(target for phase in self.phases for target in phase.targets)


def timeline(strategy: Strategy, own: str) -> Timeline:
    """The timeline of a strategy in a queue whose own target is `own`."""
    return Timeline(tuple(_phases(strategy, own)), tuple(sorted(_acts(strategy))))


def _phases(strategy: Strategy, own: str) -> Iterator[Phase]:
    start = strategy.last_agent * SECOND
    if start:
        yield Phase(0, 0, (), last_agent=True)
    earlier: tuple[str, ...] = ()
    for number, step in enumerate(strategy.steps, 1):
        kept = () if step.clear else earlier
        named: tuple[str, ...] = ()
        for at, named in _levels(step, own):
            targets = tuple(dict.fromkeys((*kept, *named)))
            yield Phase(start + at * SECOND, number, targets, step.order, _shares(step, named, targets))
        earlier = tuple(dict.fromkeys((*kept, *named)))
        if not step.seconds:
            return
        start += step.seconds * SECOND


def _shares(step: Step, named: tuple[str, ...], targets: tuple[str, ...]) -> tuple[int, ...]:
    """The shares of the targets of a phase. Those of a step keep theirs when their levels are lowered."""
    if not step.shares:
        return ()
    found: dict[str, int] = {}
    for target, now in zip(step.targets, named, strict=True):
        found[now] = found.get(now, 0) + step.shares.get(target, 0)
    return tuple(found.get(target, 0) for target in targets)


def _levels(step: Step, own: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The targets of a step as its skills relax: (seconds since the step began, targets)."""
    targets = tuple(own if target == OWN else target for target in step.targets)
    times = {0}.union(*(_times(relax, step.seconds, targets) for relax in step.relax))
    seen: tuple[str, ...] | None = None
    for at in sorted(times):
        now = targets
        for relax in step.relax:
            now = tuple(lowered(t, relax.skill, relax.by * (at // relax.every), relax.to) for t in now)
        if now != seen:
            yield at, now
        seen = now


def _times(relax: Relax, seconds: int, targets: tuple[str, ...]) -> Iterator[int]:
    """When a level goes down, in seconds since the step began, as long as there is anything to lower."""
    before = targets
    for n in range(1, MOST_PHASES + 1):
        now = tuple(lowered(target, relax.skill, relax.by * n, relax.to) for target in targets)
        if now == before or (seconds and n * relax.every >= seconds):
            return
        yield n * relax.every
        before = now


def _acts(strategy: Strategy) -> Iterator[Act]:
    texts = strategy.texts
    if texts.greeting:
        yield Act(0, "say", texts.greeting)
    if texts.wait:
        repeats = MOST_REPEATS if texts.wait_every else 1
        for n in range(repeats):
            yield Act((texts.wait_after + n * texts.wait_every) * SECOND, "say", texts.wait)
    if strategy.overflow is not None:
        yield Act(strategy.overflow.after * SECOND, "overflow", strategy.overflow.queue)
    if strategy.park is not None:
        yield Act(strategy.park.after * SECOND, "park", strategy.park.text or "")

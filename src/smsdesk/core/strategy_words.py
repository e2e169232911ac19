"""What a strategy comes to, in words for whoever has to answer for it."""

from collections.abc import Iterator
from typing import NamedTuple

from smsdesk.core.strategy import AGENT, OWN, SERVED_BY, Strategy
from smsdesk.core.timeline import SECOND, Act, Phase, timeline

ORDERS = {
    "leastLoaded": "the least loaded first",
    "longestReady": "the longest ready first",
    "percentage": "by shares",
}


class Line(NamedTuple):
    """Something that happens `at` seconds after routing began; None: whenever it is closed."""

    at: int | None
    words: str


def in_words(strategy: Strategy, own: str = OWN) -> list[Line]:
    """The timeline of a strategy in a queue whose own target is `own`, in the order of time."""
    made = timeline(strategy, own)
    phases = [(phase.at, _phase(phase, own)) for phase in made.phases]
    acts = [(act.at, _act(act)) for act in made.acts]
    lines = [Line(at // SECOND, words) for at, words in sorted((*phases, *acts), key=lambda line: line[0])]
    return [*_closed(strategy), *lines, *_priority(strategy)]


def _phase(phase: Phase, own: str) -> str:
    if phase.last_agent:
        return "only the agent who dealt with the customer last is asked, as long as he is there"
    shares = phase.shares or (0,) * len(phase.targets)
    names = [
        _target(t, own) + (f" {share} %" if share else "")
        for t, share in zip(phase.targets, shares, strict=True)
    ]
    return f"step {phase.step}: asked are {' or '.join(names)}, {ORDERS[phase.order]}"


def _target(target: str, own: str) -> str:
    if target == own:
        return "whoever serves the queue" + ("" if own == OWN else f" ({own})")
    if target.startswith(AGENT):
        return f"the agent {target.removeprefix(AGENT)}"
    if target.startswith(SERVED_BY):
        return f"whoever serves the queue {target.removeprefix(SERVED_BY)}"
    return target


def _act(act: Act) -> str:
    if act.kind == "say":
        return f"the customer is told: {act.words}"
    if act.kind == "overflow":
        return f"goes to the queue {act.words}, with its age"
    told = f"; the customer is told: {act.words}" if act.words else ""
    return f"parked until the customer writes again{told}"


def _closed(strategy: Strategy) -> Iterator[Line]:
    where = f"outside the business hours {strategy.hours}" if strategy.hours else "while the queue is closed"
    done = "waits" if strategy.when_closed == "wait" else "is parked"
    told = f"; the customer is told: {strategy.texts.closed}" if strategy.texts.closed else ""
    yield Line(None, f"{where} nobody is asked, and it {done} until the opening{told}")


def _priority(strategy: Strategy) -> Iterator[Line]:
    ageing = strategy.ageing
    if ageing.points:
        yield Line(
            ageing.every,
            f"its priority, {strategy.priority}, has grown by {ageing.points}, and does so again",
        )

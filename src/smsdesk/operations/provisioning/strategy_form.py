"""What is wrong with a strategy in itself, in words for people: numbers, texts, steps that are never reached.
Knows no other records; what a strategy refers to is looked after by `strategy_names`.
"""

from collections.abc import Iterator

from smsdesk.core.expression import MARK, TargetError, lowered, skills_named
from smsdesk.core.strategy import AGENT, OWN, SERVED_BY, Relax, Step, Strategy
from smsdesk.core.timeline import MOST_PHASES, timeline

TEXT = 1000  # characters of a text, and of a target
MOST_STEPS, MOST_TARGETS, MOST_RELAX = 50, 50, 10
LONGEST = 30 * 24 * 3600  # seconds
HIGHEST = 10**6  # of priorities
LEVEL = 10**9  # of a skill
SHORTEST_REPEAT = 10  # seconds between two texts
WHOLE = 100  # per cent
ANYTHING = MARK + "a>0"  # stands for the target of a queue where no queue is known


def form_mistakes(strategy: Strategy) -> list[str]:
    """Every mistake, each with its place."""
    found = [*_numbers(strategy), *_texts(strategy)]
    if not strategy.steps:
        found.append("steps: is empty; at least one step has to say who is looked for")
    if len(strategy.steps) > MOST_STEPS:
        found.append(f"steps: has more than {MOST_STEPS}")
    endless = next((n for n, step in enumerate(strategy.steps, 1) if step.seconds == 0), None)
    for number, step in enumerate(strategy.steps[:MOST_STEPS], 1):
        found += [f"steps {number}: {mistake}" for mistake in _step(step)]
        if endless is not None and number > endless:
            found.append(
                f"steps {number}: is never tried: step {endless} has 0 seconds, so it goes on to the end"
            )
    if strategy.overflow is not None and strategy.park is not None:
        first, second = ("overflow", "park") if _overflows_first(strategy) else ("park", "overflow")
        found.append(f"{second}: never happens, because {first} comes before; leave one of them out")
    return found or _length(strategy)


def _overflows_first(strategy: Strategy) -> bool:
    assert strategy.overflow is not None
    assert strategy.park is not None
    return strategy.overflow.after <= strategy.park.after


def _length(strategy: Strategy) -> list[str]:
    phases = len(timeline(strategy, ANYTHING).phases)
    if phases <= MOST_PHASES:
        return []
    return [
        f"steps: come to {phases} phases, and {MOST_PHASES} is the most; let skills relax in larger steps"
    ]


def _numbers(s: Strategy) -> Iterator[str]:
    yield from _between("objective", s.objective, 0, LONGEST)
    yield from _between("priority", s.priority, -HIGHEST, HIGHEST)
    yield from _between("ageing: points", s.ageing.points, 0, HIGHEST)
    yield from _between("ageing: every", s.ageing.every, 1, LONGEST)
    yield from _between("lastAgent", s.last_agent, 0, LONGEST)
    yield from _between("texts: waitAfter", s.texts.wait_after, 1, LONGEST)
    if s.texts.wait_every:
        yield from _between("texts: waitEvery", s.texts.wait_every, SHORTEST_REPEAT, LONGEST, "0, or ")
    if s.overflow is not None:
        yield from _between("overflow: after", s.overflow.after, 1, LONGEST)
    if s.park is not None:
        yield from _between("park: after", s.park.after, 1, LONGEST)
        yield from _between("park: wake", s.park.wake, 0, LONGEST)


def _texts(s: Strategy) -> Iterator[str]:
    texts = {"greeting": s.texts.greeting, "wait": s.texts.wait, "closed": s.texts.closed}
    for name, text in texts.items():
        yield from _long(f"texts: {name}", text, TEXT)
    if s.park is not None:
        yield from _long("park: text", s.park.text, TEXT)
    for name, text in {"segment": s.segment, "serviceType": s.service_type}.items():
        yield from _long(name, text, 255)


def _long(place: str, text: str | None, most: int) -> Iterator[str]:
    if text is not None and not 1 <= len(text) <= most:
        yield f"{place}: has {len(text)} characters; 1 to {most} are allowed"


def _between(place: str, number: int, least: int, most: int, also: str = "") -> Iterator[str]:
    if not least <= number <= most:
        yield f"{place}: is {number}; it has to be {also}{least} to {most}"


def _step(step: Step) -> Iterator[str]:
    yield from _between("seconds", step.seconds, 0, LONGEST)
    if not step.targets:
        yield "targets: is empty"
    for place, count, most in (
        ("targets", len(step.targets), MOST_TARGETS),
        ("relax", len(step.relax), MOST_RELAX),
    ):
        if count > most:
            yield f"{place}: has more than {most}"
    for number, target in enumerate(step.targets, 1):
        if not 1 <= len(target) <= TEXT or target != target.strip():
            yield f"targets {number}: has to be 1 to {TEXT} characters, without blanks at its ends"
        if target in step.targets[: number - 1]:
            yield f"targets {number}: {target[:80]} stands there twice"
    yield from _shares(step)
    for number, relax in enumerate(step.relax[:MOST_RELAX], 1):
        yield from (f"relax {number}: {mistake}" for mistake in _relax(relax, step))


def _shares(step: Step) -> Iterator[str]:
    if step.order != "percentage":
        if step.shares:
            yield f"shares: have a meaning with the order percentage only; the order is {step.order}"
        return
    for target, share in step.shares.items():
        if target not in step.targets:
            yield f"shares: {target[:80]} is none of the step's targets"
        yield from _between(f"shares: {target[:80]}", share, 0, WHOLE)
    total = sum(step.shares.values())
    if total != WHOLE:
        yield f"shares: sum to {total}; they have to sum to {WHOLE}"


def _relax(relax: Relax, step: Step) -> Iterator[str]:
    bounds = [
        *_between("by", relax.by, 1, LEVEL),
        *_between("every", relax.every, 1, LONGEST),
        *_between("to", relax.to, 0, LEVEL),
    ]
    yield from bounds
    if bounds or OWN in step.targets:
        return  # what the target of a queue asks for is seen with the queue
    if not any(relax.skill in _asked(target) for target in step.targets):
        yield f"no target of the step asks for the skill {relax.skill[:80]}"
    elif all(lowered(t, relax.skill, relax.by, relax.to) == t for t in step.targets):
        yield (
            f"never lowers anything: no target begins with {MARK} and asks by >, >= or = for {relax.skill} "
            f"above {relax.to}"
        )
    elif step.seconds and relax.every >= step.seconds:
        yield f"never lowers anything: the step ends after {step.seconds} seconds"


def _asked(target: str) -> frozenset[str]:
    if target.startswith((AGENT, SERVED_BY)):
        return frozenset()
    try:
        return skills_named(target)
    except TargetError:
        return frozenset()

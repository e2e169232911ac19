"""What strategies refer to: groups, skills, users, queues, business hours; and who refers to them."""

from collections.abc import Iterator, Mapping

from smsdesk.core.centre import Queue
from smsdesk.core.expression import TargetError, skills_named
from smsdesk.core.strategy import AGENT, OWN, SERVED_BY, Strategy
from smsdesk.operations.provisioning.kind import View

Named = tuple[str, str]  # the kind of a record in the store, its name


def name_mistakes(strategy: Strategy, view: View) -> list[str]:
    """Every reference to what does not exist, each with its place."""
    found = []
    if strategy.hours is not None and not view.knows("hours", strategy.hours):
        found.append(f"hours: {strategy.hours[:80]!r} are no business hours")
    if strategy.overflow is not None and not view.knows("queue", strategy.overflow.queue):
        found.append(f"overflow: queue: {strategy.overflow.queue[:80]!r} is no queue")
    for number, step in enumerate(strategy.steps, 1):
        for at, target in enumerate(step.targets, 1):
            found += [f"steps {number}: targets {at}: {mistake}" for mistake in _target(target, view)]
        for at, relax in enumerate(step.relax, 1):
            if not view.knows("skill", relax.skill):
                found.append(f"steps {number}: relax {at}: there is no skill {relax.skill[:80]!r}")
    return found


def _target(target: str, view: View) -> Iterator[str]:
    if target == OWN or view.knows("group", target):
        return
    if target.startswith(AGENT):
        name = target.removeprefix(AGENT)
        if not view.knows("user", name):
            yield f"there is no user {name[:80]!r}"
    elif target.startswith(SERVED_BY):
        name = target.removeprefix(SERVED_BY)
        if not view.knows("queue", name):
            yield f"there is no queue {name[:80]!r}"
    else:
        yield from _expression(target, view)


def _expression(target: str, view: View) -> Iterator[str]:
    try:
        asked = skills_named(target)
    except TargetError as error:
        yield (
            f"is no group, and neither {OWN}, {AGENT}NAME, {SERVED_BY}NAME nor a skill expression: {error}"
        )
        return
    for skill in sorted(asked):
        if not view.knows("skill", skill):
            yield f"asks for a skill that does not exist: {skill}"


def named_in(strategy: Strategy, view: View) -> Iterator[Named]:
    """What a strategy refers to."""
    if strategy.hours is not None:
        yield "hours", strategy.hours
    if strategy.overflow is not None:
        yield "queue", strategy.overflow.queue
    for step in strategy.steps:
        yield from (("skill", relax.skill) for relax in step.relax)
        for target in step.targets:
            if view.named("group", target) is not None:
                yield "group", target
            elif target.startswith(AGENT):
                yield "user", target.removeprefix(AGENT).lower()
            elif target.startswith(SERVED_BY):
                yield "queue", target.removeprefix(SERVED_BY)
            elif target != OWN:
                yield from (("skill", name) for name in skills_named(target))


def strategies_naming(kind: str, name: str, view: View) -> Iterator[str]:
    """The strategies that refer to a record, in words; those that are deleted with it do not count."""
    strategies: Mapping[str, Strategy] = view.records("strategy")
    for strategy in strategies.values():
        if ("strategy", strategy.id) not in view.leaving and (kind, name) in named_in(strategy, view):
            yield f"strategy {strategy.name}"


def circle(view: View, strategy: Strategy | None = None, queue: Queue | None = None) -> list[str]:
    """Queues that overflow into each other in a circle, the first one again at the end; empty when there are
    none. `strategy`, `queue`: as they are going to be.
    """
    strategies: dict[str, Strategy] = {s.name: s for s in view.records("strategy").values()}
    queues: dict[str, Queue] = {q.name: q for q in view.records("queue").values()}
    if strategy is not None:
        strategies[strategy.name] = strategy
    if queue is not None:
        queues[queue.name] = queue
    follows = {
        name: overflow.queue
        for name, queue in queues.items()
        if (plan := strategies.get(queue.strategy)) and (overflow := plan.overflow)
    }
    for first in follows:
        way = [first]
        while (following := follows.get(way[-1])) is not None:
            if following in way:
                return [*way[way.index(following) :], following]
            way.append(following)
    return []

"""Routing strategies (SPEC 5.3, 5.5): how people write them; one that is kept can be trusted."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from smsdesk.core.centre import Queue
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.strategy import SIMPLE, Ageing, Closed, Overflow, Park, Relax, Step, Strategy, Texts
from smsdesk.operations.provisioning.kind import Body, ProvisionedKind, View, check_name
from smsdesk.operations.provisioning.strategy_form import form_mistakes
from smsdesk.operations.provisioning.strategy_names import circle, name_mistakes

SHOWN = 20  # mistakes told at once


class RelaxBody(Relax, frozen=True, forbid_unknown_fields=True):
    """The level that is asked of a skill goes down by `by` every `every` seconds, not below `to`."""


class StepBody(Step, frozen=True, forbid_unknown_fields=True):
    """Targets that are tried for `seconds`, 0 to the end. They join those of earlier steps, or replace them
    with `clear`.
    """

    relax: tuple[RelaxBody, ...] = ()


class TextsBody(Texts, frozen=True, forbid_unknown_fields=True):
    """What the customer is told."""


class AgeingBody(Ageing, frozen=True, forbid_unknown_fields=True):
    """Priority that grows by `points` every `every` seconds of waiting."""


class OverflowBody(Overflow, frozen=True, forbid_unknown_fields=True):
    """After this many seconds the interaction goes to another queue, with its age."""


class ParkBody(Park, frozen=True, forbid_unknown_fields=True):
    """After this many seconds nobody is looked for any more until the customer writes again, business hours
    begin, or `wake` seconds have gone by.
    """


class StrategyBody(Body, frozen=True):
    """A strategy. Targets are names of groups, skill expressions, `queue` for the target of the queue itself,
    `agent:NAME`, or `queue:NAME`.
    """

    name: str
    segment: str = "default"
    service_type: str = "default"
    objective: int = 0
    hours: str | None = None
    when_closed: Closed = "wait"
    texts: TextsBody = TextsBody()
    priority: int = 0
    ageing: AgeingBody = AgeingBody()
    last_agent: int = 0
    steps: tuple[StepBody, ...] = (StepBody(),)
    overflow: OverflowBody | None = None
    park: ParkBody | None = None

    def check(self) -> None:
        check_name("name", self.name)
        _refuse(form_mistakes(plain(self)))


class Strategies(ProvisionedKind[Strategy, StrategyBody]):
    """The row of strategies."""

    plural: ClassVar[str] = "strategies"
    singular: ClassVar[str] = "strategy"
    kind: ClassVar[str] = "strategy"
    staff: ClassVar[bool] = True
    built_in: ClassVar[tuple[Any, ...]] = (SIMPLE,)
    body = StrategyBody

    def explain(self, given: Mapping[str, Any], error: str) -> Refused:
        """With the number of the step that it is in."""
        steps = given.get("steps")
        for number, step in enumerate(steps, 1) if isinstance(steps, (list, tuple)) else ():
            try:
                msgspec.convert(step, StepBody)
            except msgspec.ValidationError as found:
                return Refused(Fault.INVALID, f"steps {number}: {found}".replace("`$.", "`"))
        return super().explain(given, error)

    def show(self, record: Strategy, view: View) -> StrategyBody:
        return written(record)

    def make(self, body: StrategyBody, id: str, old: Strategy | None, view: View) -> Strategy:
        made = plain(body, id)
        _refuse(name_mistakes(made, view))
        check_circle(view, strategy=made)
        return made

    def uses(self, record: Strategy, view: View, draft: Draft) -> Iterator[str]:
        queues: dict[str, Queue] = view.records("queue")
        yield from (f"queue {queue.name}" for queue in queues.values() if queue.strategy == record.name)


def plain(body: StrategyBody, id: str = "") -> Strategy:
    """The strategy that a body means."""
    fields = {f.name: msgspec.to_builtins(getattr(body, f.name)) for f in msgspec.structs.fields(body)}
    return msgspec.convert(fields | {"id": id}, Strategy)


def written(strategy: Strategy) -> StrategyBody:
    """A strategy as people write it."""
    given = {
        f.encode_name: msgspec.to_builtins(getattr(strategy, f.name))
        for f in msgspec.structs.fields(StrategyBody)
        if getattr(strategy, f.name) != getattr(SIMPLE, f.name)
    }
    return msgspec.convert(given | {"name": strategy.name}, StrategyBody)


def check_circle(view: View, strategy: Strategy | None = None, queue: Queue | None = None) -> None:
    """Raises Refused 10 when interactions would go round in a circle of queues."""
    found = circle(view, strategy, queue)
    if len(found) == 2:
        raise Refused(Fault.INVALID, f"overflow: the queue {found[0]} would overflow into itself")
    if found:
        raise Refused(Fault.INVALID, f"overflow: goes in a circle of queues: {' to '.join(found)}")


def _refuse(mistakes: list[str]) -> None:
    if mistakes:
        more = f"; and {len(mistakes) - SHOWN} more" if len(mistakes) > SHOWN else ""
        raise Refused(Fault.INVALID, "; ".join(mistakes[:SHOWN]) + more)

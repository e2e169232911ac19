"""Routing strategies, as structs: only to be described."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from smsdesk.http.reference.areas.provisioning import Collection
from smsdesk.http.reference.objects import Optional
from smsdesk.http.reference.replies import Done
from smsdesk.operations.provisioning.strategies import (
    AgeingBody,
    OverflowBody,
    ParkBody,
    StepBody,
    TextsBody,
)


class Strategy(Struct, rename="camel"):
    """A routing strategy. Fields that have their defaults are left out."""

    id: str
    name: str
    uri: str
    path: str
    segment: Optional = UNSET
    service_type: Optional = UNSET
    objective: int | UnsetType = UNSET
    hours: Optional = UNSET
    when_closed: Literal["wait", "park"] | UnsetType = UNSET
    texts: TextsBody | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    ageing: AgeingBody | UnsetType = UNSET
    last_agent: int | UnsetType = UNSET
    steps: list[StepBody] | UnsetType = UNSET
    overflow: OverflowBody | UnsetType = UNSET
    park: ParkBody | UnsetType = UNSET


class AllStrategies(Collection, rename="camel"):
    """All strategies."""

    strategies: list[Strategy] | UnsetType = UNSET


class OneStrategy(Done, rename="camel"):
    """One strategy."""

    strategy: Strategy


class TimelineLine(Struct):
    """What happens `after` so many seconds; without them, whenever the queue is closed."""

    words: str
    after: int | UnsetType = UNSET


class CheckedStrategy(Done):
    """What a strategy comes to."""

    timeline: list[TimelineLine]


class ClosedDaysOperation(Struct, rename="camel"):
    """ImportCalendar with `calendar`, or AddHolidays with `country` and `years`."""

    operation_name: Literal["ImportCalendar", "AddHolidays"]
    calendar: Optional = UNSET
    country: Optional = UNSET
    subdivision: Optional = UNSET
    years: list[int] | UnsetType = UNSET


class AddedDays(Done, rename="camel"):
    """The exceptions that were added, and how many events were passed over because they begin at a time of
    day or are cancelled.
    """

    added: list[str]
    passed_over: int


STRATEGIES: tuple[type[Struct], ...] = (
    *(AllStrategies, OneStrategy, CheckedStrategy),
    *(ClosedDaysOperation, AddedDays),
)

"""Queues, service numbers and business hours (SPEC 5.5, A§4.6, A§6)."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from smsdesk.core.centre import BusinessHours, Queue, ServiceNumber
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.core.expression import TargetError, skills_named
from smsdesk.core.hours import HoursError, read_hours
from smsdesk.core.strategy import DEFAULT
from smsdesk.operations.base import check_text
from smsdesk.operations.provisioning.dispositions import check_named
from smsdesk.operations.provisioning.kind import NAME, Body, ProvisionedKind, View, check_name
from smsdesk.operations.provisioning.strategies import check_circle
from smsdesk.operations.provisioning.strategy_names import strategies_naming

MOST_EXCEPTIONS = 10_000
_NUMBER = re.compile(r"\+?[0-9A-Za-z]{1,32}")
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}")


class QueueBody(Body, frozen=True):
    """A queue. `target`: the name of a group, or a skill expression. `dispositions`: names of dispositions
    or of root groups of them; left out: any word is allowed.
    """

    name: str
    target: str
    strategy: str = DEFAULT
    dispositions: tuple[str, ...] | None = None
    disposition_mandatory: bool = False
    hours: str | None = None

    def check(self) -> None:
        check_name("name", self.name)
        check_text("target", self.target, 1000)
        check_name("strategy", self.strategy)
        for disposition in self.dispositions or ():
            check_text("dispositions", disposition, NAME)
        if self.disposition_mandatory and self.dispositions == ():
            raise invalid("dispositionMandatory", "cannot be fulfilled: the list of dispositions is empty")


class Queues(ProvisionedKind[Queue, QueueBody]):
    """The row of queues."""

    plural: ClassVar[str] = "queues"
    singular: ClassVar[str] = "queue"
    kind: ClassVar[str] = "queue"
    body = QueueBody

    def show(self, record: Queue, view: View) -> QueueBody:
        return QueueBody(
            record.name,
            record.target,
            record.strategy,
            record.dispositions,
            record.disposition_mandatory,
            record.hours,
        )

    def make(self, body: QueueBody, id: str, old: Queue | None, view: View) -> Queue:
        if view.named("group", body.target) is None:
            try:
                named = skills_named(body.target)
            except TargetError as error:
                raise invalid("target", f"is neither a group nor a skill expression: {error}") from None
            unknown = sorted(name for name in named if view.named("skill", name) is None)
            if unknown:
                raise invalid("target", f"asks for skills that do not exist: {', '.join(unknown)}")
        if body.hours is not None and view.named("hours", body.hours) is None:
            raise invalid("hours", f"names {body.hours[:80]!r}, which are no business hours")
        if body.strategy != DEFAULT and not view.knows("strategy", body.strategy):
            raise invalid("strategy", f"names {body.strategy[:80]!r}, which is no strategy")
        check_named(body.dispositions or (), view)
        made = Queue(
            id,
            body.name,
            body.target,
            body.strategy,
            body.dispositions,
            body.disposition_mandatory,
            body.hours,
        )
        check_circle(view, queue=made)
        return made

    def uses(self, record: Queue, view: View, draft: Draft) -> Iterator[str]:
        numbers: dict[str, ServiceNumber] = view.records("number")
        yield from (f"service number {n.number}" for n in numbers.values() if n.queue == record.name)
        yield from strategies_naming("queue", record.name, view)
        open_ones = sum(
            1 for i in draft.newest.all("interaction") if i.queue == record.name and i.place != "closed"
        )
        if open_ones:
            yield f"{open_ones} open interactions"


class NumberBody(Body, frozen=True):
    """A service number: customers text to it, its queue takes what comes, its carrier sends the answers.
    `identify_create_contact` (A§2.2): 1, 2 or 3; left out: as the settings of the server say.
    """

    number: str
    queue: str
    carrier: str
    identify_create_contact: int | None = None

    def check(self) -> None:
        if self.identify_create_contact not in (None, 1, 2, 3):
            raise invalid("identifyCreateContact", "is 1, 2 or 3")
        if not _NUMBER.fullmatch(self.number):
            raise invalid("number", "has to be like +15550100, a short code, or a sender name without blanks")
        check_name("queue", self.queue)
        check_name("carrier", self.carrier)


class Numbers(ProvisionedKind[ServiceNumber, NumberBody]):
    """The row of service numbers. The id of a number is the number."""

    plural: ClassVar[str] = "service-numbers"
    singular: ClassVar[str] = "serviceNumber"
    kind: ClassVar[str] = "number"
    name: ClassVar[str] = "number"
    staff: ClassVar[bool] = True
    body = NumberBody

    def id_of(self, record: ServiceNumber) -> str:
        return record.number

    def name_of(self, record: ServiceNumber) -> str:
        return record.number

    def new_id(self, body: NumberBody, draft: Draft) -> str:
        return body.number

    def show(self, record: ServiceNumber, view: View) -> NumberBody:
        return NumberBody(record.number, record.queue, record.carrier, record.identify_create_contact)

    def make(self, body: NumberBody, id: str, old: ServiceNumber | None, view: View) -> ServiceNumber:
        if view.named("queue", body.queue) is None:
            raise invalid("queue", f"names {body.queue[:80]!r}, which is no queue")
        carriers = view.surroundings.carriers
        if carriers is not None and body.carrier not in carriers:
            there = ", ".join(sorted(carriers)) or "none"
            raise invalid("carrier", f"names {body.carrier[:80]!r}; the carriers of this server: {there}")
        return ServiceNumber(body.number, body.queue, body.carrier, body.identify_create_contact)


class HoursBody(Body, frozen=True):
    """Business hours, in an IANA time zone."""

    name: str
    time_zone: str = "UTC"
    regular: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()

    def check(self) -> None:
        check_name("name", self.name)
        if not _ZONE.fullmatch(self.time_zone):
            raise invalid("timeZone", "has to be an IANA name such as Europe/Berlin")
        if len(self.exceptions) > MOST_EXCEPTIONS:
            raise invalid("exceptions", f"has more than {MOST_EXCEPTIONS}")
        try:
            read_hours(self.regular, self.exceptions)
        except HoursError as error:
            raise Refused(Fault.INVALID, f"regular or exceptions: {error}") from None


class Hours(ProvisionedKind[BusinessHours, HoursBody]):
    """The row of business hours."""

    plural: ClassVar[str] = "business-hours"
    singular: ClassVar[str] = "businessHours"
    kind: ClassVar[str] = "hours"
    staff: ClassVar[bool] = True
    body = HoursBody

    def show(self, record: BusinessHours, view: View) -> HoursBody:
        return HoursBody(record.name, record.time_zone, record.regular, record.exceptions)

    def make(self, body: HoursBody, id: str, old: BusinessHours | None, view: View) -> BusinessHours:
        if not view.surroundings.zone_exists(body.time_zone):
            raise invalid("timeZone", f"names {body.time_zone!r}, which is no IANA time zone")
        return BusinessHours(id, body.name, body.time_zone, body.regular, body.exceptions)

    def uses(self, record: BusinessHours, view: View, draft: Draft) -> Iterator[str]:
        queues: dict[str, Any] = view.records("queue")
        yield from (f"queue {queue.name}" for queue in queues.values() if queue.hours == record.name)
        yield from strategies_naming("hours", record.name, view)

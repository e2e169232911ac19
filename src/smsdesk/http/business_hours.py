"""POST to business hours [ext]: days on which they are closed, from a calendar or a country (A§4.6)."""

import msgspec

from smsdesk.core.centre import BusinessHours
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.provisioning import FILE_LIMIT, WRITE, Provisioning
from smsdesk.operations.decoding import Decoder
from smsdesk.operations.provisioning.change import found, update
from smsdesk.operations.provisioning.closed_days import AddHolidays, ClosedDays, ImportCalendar, merged
from smsdesk.operations.provisioning.kind import View
from smsdesk.operations.provisioning.kinds import BY_KIND


class BusinessHoursEndpoints:
    """The endpoint."""

    def __init__(self, house: Provisioning) -> None:
        self._house = house
        self._decoder: Decoder[ClosedDays] = Decoder((ImportCalendar, AddHolidays))

    async def operate(self, request: Request) -> Reply:
        """Take days over; what was added, and how many events were passed over. Raises Refused 6, 10."""
        caller = await self._house.caller(request, WRITE)
        request.limit = max(request.limit, FILE_LIMIT)
        operation = self._decode(await request.body(), request.header(b"content-type") or "")
        kind, id = BY_KIND["hours"], request.parameters["hours"]
        found(self._house.view(), kind, id)
        if isinstance(operation, Refused):
            raise operation
        self._house.check_admin(caller)
        days = operation.days()

        def add(draft: Draft, view: View) -> tuple[str, ...]:
            hours: BusinessHours = found(view, kind, id)
            exceptions = merged(hours.exceptions, days.lines)
            update(draft, view, kind, hours, {"exceptions": exceptions})
            return exceptions[len(hours.exceptions) :]

        added = await self._house.run(caller, add, {})
        return done({"added": added, "passedOver": days.passed_over})

    def _decode(self, body: bytes, content_type: str) -> ClosedDays | Refused:
        if not content_type.startswith("text/calendar"):
            return self._decoder.decode(body)
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise Refused(Fault.INVALID, f"the calendar is not UTF-8: {error}") from None
        return self._decoder.decode(msgspec.json.encode(ImportCalendar(text)))

"""Days on which business hours are closed, taken over from a calendar or from what a country celebrates [ext]
(A§4.6).
"""

from abc import abstractmethod
from datetime import date
from typing import Any

from smsdesk.core.calendar import CalendarError, Days, read_calendar
from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.core.hours import CLOSED
from smsdesk.operations.base import Operation, check_text

FIRST_YEAR, LAST_YEAR, MOST_YEARS = 1970, 2100, 20
CALENDAR = 1 << 20  # characters


class ClosedDays(Operation, frozen=True):
    """An operation on business hours: days that are added to their exceptions."""

    @abstractmethod
    def days(self) -> Days:
        """The days. Raises Refused 10."""


class ImportCalendar(ClosedDays, frozen=True, tag="ImportCalendar"):
    """`calendar`: the text of an iCalendar file; its events of whole days are taken over."""

    calendar: str

    def check(self) -> None:
        check_text("calendar", self.calendar, CALENDAR)

    def days(self) -> Days:
        try:
            return read_calendar(self.calendar)
        except CalendarError as error:
            raise Refused(Fault.INVALID, f"calendar: {error}") from None


class AddHolidays(ClosedDays, frozen=True, tag="AddHolidays"):
    """The public holidays of a country such as `AT`, or of a part of it (`BY` of `DE`), in some years."""

    country: str
    years: tuple[int, ...]
    subdivision: str | None = None

    def check(self) -> None:
        check_text("country", self.country, 3)
        check_text("subdivision", self.subdivision, 64)
        if not 1 <= len(self.years) <= MOST_YEARS:
            raise invalid("years", f"has to name 1 to {MOST_YEARS} years")
        if not all(FIRST_YEAR <= year <= LAST_YEAR for year in self.years):
            raise invalid("years", f"has to be years of {FIRST_YEAR} to {LAST_YEAR}")

    def days(self) -> Days:
        return Days(tuple(f"{day.isoformat()} {CLOSED}" for day in self._found()), 0)

    def _found(self) -> list[date]:
        from holidays import country_holidays  # knows a lot: not read before it is asked

        try:
            found: Any = country_holidays(self.country, subdiv=self.subdivision, years=self.years)
        except NotImplementedError:
            where = f"{self.country!r}" + (f" with the part {self.subdivision!r}" if self.subdivision else "")
            raise invalid("country", f"{where} is not known here; such as AT, or DE with BY") from None
        return sorted(day for day in found if day.year in self.years)


def merged(exceptions: tuple[str, ...], days: tuple[str, ...]) -> tuple[str, ...]:
    """Exceptions with further days; a day that has hours of its own keeps them."""
    there = {line.partition(" ")[0] for line in exceptions}
    return (*exceptions, *(line for line in days if line.partition(" ")[0] not in there))

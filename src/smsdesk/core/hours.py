"""Business hours (A§4.6): `Mon-Fri 09:00-17:00`, and days of their own such as `12-24 09:00-12:00` or
`2026-12-25 closed`. Knows no time zones: whoever asks says what the clock on the wall shows.
"""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CLOSED = "closed"
_REGULAR = re.compile(r"(?P<first>[A-Z][a-z]{2})(?:-(?P<last>[A-Z][a-z]{2}))? (?P<times>\S+)")
_EXCEPTION = re.compile(r"(?:(?P<year>\d{4})-)?(?P<month>\d\d)-(?P<day>\d\d) (?P<times>\S+)")
_TIMES = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
END = 24 * 60  # minutes of a day
DAYS_AHEAD = 367
LEAP = 2000  # a year that has every day


class HoursError(ValueError):
    """Hours that cannot be understood; the message says which, and what they have to look like."""


class Span(NamedTuple):
    """Minutes of a day, from the first to before the last."""

    first: int
    last: int


class Opening(NamedTuple):
    """Hours, read: spans by weekday (0 is Monday), and the days that have hours of their own, `None` as the
    year for every year.
    """

    regular: dict[int, list[Span]]
    exceptions: dict[tuple[int | None, int, int], list[Span]]

    def open_at(self, local: datetime) -> bool:
        """Whether it is open then. A day of its own year goes before one of every year, both before weekdays.
        Without any regular hours it is always open but for the exceptions.
        """
        minute = local.hour * 60 + local.minute
        return any(span.first <= minute < span.last for span in self._spans(local))

    def next_open(self, local: datetime) -> datetime | None:
        """When it is open next, by the clock on the wall: now, or the beginning of a span within a year. None
        when it is closed for longer.
        """
        if self.open_at(local):
            return local
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        minute = local.hour * 60 + local.minute
        for days in range(DAYS_AHEAD):
            day = midnight + timedelta(days=days)
            begin = min((s.first for s in self._spans(day) if days or s.first > minute), default=None)
            if begin is not None:
                return day + timedelta(minutes=begin)
        return None

    def next_closed(self, local: datetime) -> datetime | None:
        """When it is closed next, by the clock on the wall: now, or the end of a span within a year. None
        when it is open for longer.
        """
        if not self.open_at(local):
            return local
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        for days in range(DAYS_AHEAD):
            day = midnight + timedelta(days=days)
            ends = sorted(day + timedelta(minutes=span.last) for span in self._spans(day))
            end = next((end for end in ends if end > local and not self.open_at(end)), None)
            if end is not None:
                return end
        return None

    def _spans(self, local: datetime) -> list[Span]:
        spans = self.exceptions.get((local.year, local.month, local.day))
        if spans is None:
            spans = self.exceptions.get((None, local.month, local.day))
        if spans is None:
            spans = self.regular.get(local.weekday(), []) if self.regular else [Span(0, END)]
        return spans


def read_hours(regular: tuple[str, ...], exceptions: tuple[str, ...]) -> Opening:
    """Read both lists. Raises HoursError."""
    opening = Opening({}, {})
    for text in regular:
        for day in _days(text):
            _add(opening.regular.setdefault(day, []), text, text.rpartition(" ")[2])
    for text in exceptions:
        _add(opening.exceptions.setdefault(_day(text), []), text, text.rpartition(" ")[2])
    return opening


def _days(text: str) -> list[int]:
    found = _REGULAR.fullmatch(text)
    if found is None or found["first"] not in DAYS or (found["last"] or "Mon") not in DAYS:
        raise HoursError(f"{text[:60]!r} is not like 'Mon-Fri 09:00-17:00' or 'Sat 10:00-14:00'")
    first = DAYS.index(found["first"])
    last = DAYS.index(found["last"]) if found["last"] else first
    return [(first + n) % 7 for n in range((last - first) % 7 + 1)]


def _day(text: str) -> tuple[int | None, int, int]:
    found = _EXCEPTION.fullmatch(text)
    if found is None:
        raise HoursError(f"{text[:60]!r} is not like '12-24 09:00-12:00' or '2026-12-25 closed'")
    year = int(found["year"]) if found["year"] else None
    try:
        day = date(year or LEAP, int(found["month"]), int(found["day"]))
    except ValueError:
        raise HoursError(f"{text[:60]!r} names a day that does not exist") from None
    return year, day.month, day.day


def _add(spans: list[Span], text: str, times: str) -> None:
    if times == CLOSED:
        if spans:
            raise HoursError(f"{text[:60]!r}: the same day cannot be closed and open")
        return
    found = _TIMES.fullmatch(times)
    numbers = [int(number) for number in found.groups()] if found else []
    if len(numbers) != 4 or numbers[1] > 59 or numbers[3] > 59:
        raise HoursError(f"{text[:60]!r}: times look like 09:00-17:00, or the day is {CLOSED}")
    span = Span(numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3])
    if not span.first < span.last <= END:
        raise HoursError(f"{text[:60]!r}: the times have to grow, up to 24:00")
    spans.append(span)

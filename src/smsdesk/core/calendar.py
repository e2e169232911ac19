"""The days of an iCalendar file (RFC 5545) on which it is closed: events of whole days, once or every year.
What it cannot take over exactly it refuses or counts, and never guesses.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from smsdesk.core.hours import CLOSED

LONGEST = 400  # days of one event
FIRST, LAST = 1900, 2199  # years
MOST = 5000  # days of one calendar
_FREQ = {"FREQ=YEARLY", "INTERVAL=1"}
_AGAIN = ("RDATE", "EXDATE", "RECURRENCE-ID", "EXRULE")


class CalendarError(ValueError):
    """A calendar that cannot be taken over; the message says where and why."""


class Days(NamedTuple):
    """Lines such as `2026-12-25 closed`, `12-25 closed` for every year; and how many events were passed over
    because they begin at a time of day or are cancelled.
    """

    lines: tuple[str, ...]
    passed_over: int


class Property(NamedTuple):
    """A line of a calendar: where it stands, its name and value in capitals where case does not count."""

    line: int
    name: str
    value: str


Event = dict[str, Property]


def read_calendar(text: str) -> Days:
    """The days of a calendar. Raises CalendarError."""
    days: dict[str, None] = {}
    passed_over = 0
    for event in _events(list(_properties(text))):
        found = _days(event)
        passed_over += not found
        days.update(dict.fromkeys(found))
        if len(days) > MOST:
            raise CalendarError(f"there are more than {MOST} days in it")
    return Days(tuple(sorted(days)), passed_over)


def _properties(text: str) -> Iterator[Property]:
    """Lines that begin with a blank go on with the one before."""
    line, whole = 0, ""
    for number, part in enumerate([*text.removeprefix("\ufeff").splitlines(), ""], 1):
        if part[:1] in (" ", "\t"):
            whole += part[1:]
            continue
        if whole.strip():
            yield _property(line, whole)
        line, whole = number, part


def _property(line: int, whole: str) -> Property:
    head, colon, value = whole.partition(":")
    name = head.partition(";")[0].strip().upper()
    if not colon or not name.replace("-", "").isalnum():
        raise CalendarError(f"line {line}: {whole[:40]!r} is not like NAME:VALUE")
    return Property(line, name, value.strip())


def _events(properties: list[Property]) -> Iterator[Event]:
    if not properties or (properties[0].name, properties[0].value.upper()) != ("BEGIN", "VCALENDAR"):
        raise CalendarError("line 1: it does not begin with BEGIN:VCALENDAR")
    inside: list[str] = []
    event: Event = {}
    for found in properties:
        if found.name == "BEGIN":
            inside.append(found.value.upper())
            event = {} if inside == ["VCALENDAR", "VEVENT"] else event
        elif found.name == "END":
            if not inside or inside[-1] != found.value.upper():
                raise CalendarError(f"line {found.line}: END:{found.value[:40]} ends what has not begun")
            if inside == ["VCALENDAR", "VEVENT"]:
                yield event
            inside.pop()
        elif inside == ["VCALENDAR", "VEVENT"]:
            event[found.name] = found
    if inside:
        raise CalendarError(f"the end is missing: END:{inside[-1]}")


def _days(event: Event) -> list[str]:
    """The lines of an event; none where it is passed over."""
    start, end, rule = event.get("DTSTART"), event.get("DTEND"), event.get("RRULE")
    status = event.get("STATUS")
    if status is not None and status.value.upper() == "CANCELLED":
        return []
    if start is None:
        raise CalendarError("an event has no DTSTART")
    if "T" in start.value.upper():
        return []
    for name in _AGAIN:
        if name in event:
            raise CalendarError(f"line {event[name].line}: {name} is not understood; write the days out")
    first, last = _date(start), _last(start, end, event.get("DURATION"))
    if not 0 <= (last - first).days < LONGEST:
        raise CalendarError(f"line {start.line}: the event has to last 1 to {LONGEST} days")
    if rule is not None:
        _check_rule(rule, first)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [f"{day:%m-%d} {CLOSED}" if rule is not None else f"{day} {CLOSED}" for day in every]


def _last(start: Property, end: Property | None, duration: Property | None) -> date:
    """The last day: DTEND is the day after it."""
    if end is not None:
        return _date(end) - timedelta(days=1)
    if duration is None:
        return _date(start)
    text = duration.value.upper().removeprefix("P")
    if not text[:-1].isdecimal() or len(text) > 5 or text[-1] not in "DW":
        raise CalendarError(f"line {duration.line}: DURATION has to be whole days or weeks, such as P2D")
    return _date(start) + timedelta(days=int(text[:-1]) * (7 if text[-1] == "W" else 1) - 1)


def _date(of: Property) -> date:
    if len(of.value) == 8 and of.value.isascii() and of.value.isdecimal():
        try:
            found = date(int(of.value[:4]), int(of.value[4:6]), int(of.value[6:]))
        except ValueError:
            found = date.min
        if FIRST <= found.year <= LAST:
            return found
    raise CalendarError(f"line {of.line}: {of.value[:40]!r} is no day such as 20261225")


def _check_rule(rule: Property, first: date) -> None:
    """Only the same day every year, for ever: what moves has to be written out."""
    same = {f"BYMONTH={first.month}", f"BYMONTHDAY={first.day}"}
    parts = {part.strip().upper() for part in rule.value.split(";") if not part.upper().startswith("WKST=")}
    if "FREQ=YEARLY" not in parts or not parts <= _FREQ | same:
        raise CalendarError(
            f"line {rule.line}: RRULE:{rule.value[:40]} is not understood; only FREQ=YEARLY is, for the same "
            "day every year; write the days of others out"
        )

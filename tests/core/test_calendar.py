"""Days out of iCalendar files (RFC 5545): taken over exactly, or refused with the line."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.calendar import LONGEST, CalendarError, read_calendar
from smsdesk.core.hours import read_hours


def calendar(*lines: str, end: str = "\r\n") -> str:
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"]
    return end.join(whole) + end


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["DTSTART;VALUE=DATE:20261225"], ["2026-12-25 closed"]),
        (["DTSTART:20261225", "DTEND:20261226"], ["2026-12-25 closed"]),
        (["dtstart;value=date:20261231", "DTEND:20270102"], ["2026-12-31 closed", "2027-01-01 closed"]),
        (["DTSTART:20261225", "DURATION:P2D"], ["2026-12-25 closed", "2026-12-26 closed"]),
        (["DTSTART:20261225", "RRULE:FREQ=YEARLY"], ["12-25 closed"]),
        (
            ["DTSTART:20261225", "RRULE:freq=yearly;INTERVAL=1;BYMONTH=12;BYMONTHDAY=25;WKST=MO"],
            ["12-25 closed"],
        ),
        (["DTSTART:20261225", "SUMMARY:Christ", " mas: closed"], ["2026-12-25 closed"]),
        (["DTST", " ART:202612", "\t25"], ["2026-12-25 closed"]),
        (["DTSTART:20261225", "BEGIN:VALARM", "TRIGGER:-PT5M", "END:VALARM"], ["2026-12-25 closed"]),
    ],
)
def test_days_that_are_taken_over(lines: list[str], days: list[str]) -> None:
    for end in ("\r\n", "\n"):
        assert read_calendar(calendar(*lines, end=end)) == (tuple(days), 0)


@pytest.mark.parametrize("lines", [["DTSTART:20261225T100000Z"], ["DTSTART:20261225", "STATUS:CANCELLED"]])
def test_events_that_are_passed_over_and_counted(lines: list[str]) -> None:
    assert read_calendar(calendar(*lines)) == ((), 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: it does not begin with BEGIN:VCALENDAR"),
        ("<html>", "line 1: '<html>' is not like NAME:VALUE"),
        ("BEGIN:VCALENDAR\n", "the end is missing: END:VCALENDAR"),
        ("BEGIN:VCALENDAR\nEND:VEVENT\n", "line 2: END:VEVENT ends what has not begun"),
        (calendar("SUMMARY:x"), "an event has no DTSTART"),
        (calendar("DTSTART:20260230"), "line 4: '20260230' is no day such as 20261225"),
        (calendar("DTSTART:soon"), "line 4: 'soon' is no day"),
        (calendar("DTSTART:20261225", "DTEND:20261225"), "line 4: the event has to last 1 to 400 days"),
        (calendar("DTSTART:20261225", "DTEND:20300101"), "line 4: the event has to last 1 to 400 days"),
        (calendar("DTSTART:20261225", "DURATION:PT5H"), "line 5: DURATION has to be whole days"),
        (calendar("DTSTART:20261225", "DURATION:P0D"), "line 4: the event has to last 1 to 400 days"),
        (calendar("DTSTART:20261225", "RRULE:FREQ=WEEKLY"), "line 5: RRULE:FREQ=WEEKLY is not understood"),
        (calendar("DTSTART:20261225", "RRULE:FREQ=YEARLY;COUNT=3"), "line 5: RRULE"),
        (calendar("DTSTART:20261126", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"), "line 5: RRULE"),
        (calendar("DTSTART:20261225", "RRULE:FREQ=YEARLY;BYMONTHDAY=24"), "line 5: RRULE"),
        (calendar("DTSTART:20261225", "RDATE:20271225"), "line 5: RDATE is not understood"),
    ],
)
def test_what_cannot_be_taken_over_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(CalendarError) as caught:
        read_calendar(text)
    assert words in str(caught.value)


def test_a_calendar_is_not_endless() -> None:
    event = "BEGIN:VEVENT\nDTSTART:{}0101\nDTEND:{}1231\nEND:VEVENT\n"
    text = "BEGIN:VCALENDAR\n" + "".join(event.format(y, y) for y in range(2000, 2020)) + "END:VCALENDAR"
    with pytest.raises(CalendarError, match="more than 5000 days"):
        read_calendar(text)


@given(st.dates(date(1900, 1, 1), date(2199, 1, 1)), st.integers(1, LONGEST), st.booleans())
def test_what_is_taken_over_can_be_read_as_hours(first: date, length: int, yearly: bool) -> None:
    lines = [f"DTSTART:{str(first).replace('-', '')}", f"DURATION:P{length}D"]
    days = read_calendar(calendar(*lines, *(["RRULE:FREQ=YEARLY"] if yearly else []))).lines
    assert len(days) <= length
    assert yearly or len(days) == length
    read_hours(("Mon-Fri 09:00-17:00",), days)


LINES = st.sampled_from(
    [
        *("BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR"),
        *("DTSTART:20261225", " x", ":", "RRULE:", "DTEND:1"),
    ]
)


@given(st.text(max_size=200) | st.lists(LINES).map("\n".join))
def test_whatever_comes_is_taken_over_or_refused(text: str) -> None:
    with suppress(CalendarError):
        assert len(read_calendar(text).lines) <= 1

"""Business hours: what they look like, and when they are open (A§4.6)."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.hours import DAYS, HoursError, read_hours

MONDAY = datetime(2026, 11, 23)


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        (MONDAY.replace(hour=8, minute=59), False),
        (MONDAY.replace(hour=9), True),
        (MONDAY.replace(hour=16, minute=59), True),
        (MONDAY.replace(hour=17), False),
        (MONDAY + timedelta(days=5, hours=11), True),  # Saturday
        (MONDAY + timedelta(days=6, hours=11), False),
        (datetime(2026, 12, 24, 8), True),
        (datetime(2026, 12, 24, 12), False),
        (datetime(2027, 12, 24, 8), False),  # a year of its own goes before every year
        (datetime(2026, 12, 25, 11), False),
    ],
)
def test_when_it_is_open(when: datetime, is_open: bool) -> None:
    regular = ("Mon-Fri 09:00-17:00", "Sat 10:00-14:00")
    exceptions = ("12-24 08:00-12:00", "2027-12-24 closed", "12-25 closed")
    assert read_hours(regular, exceptions).open_at(when) is is_open


def test_without_regular_hours_it_is_open_but_for_the_exceptions() -> None:
    opening = read_hours((), ("12-25 closed",))
    assert opening.open_at(MONDAY)
    assert not opening.open_at(datetime(2026, 12, 25, 12))


def test_days_may_run_over_the_end_of_the_week_and_a_day_may_have_several_times() -> None:
    opening = read_hours(("Sat-Mon 08:00-12:00", "Mon 13:00-24:00"), ())
    assert sorted(opening.regular) == [0, 5, 6]
    assert opening.open_at(MONDAY.replace(hour=23, minute=59))
    assert not opening.open_at(MONDAY.replace(hour=12, minute=30))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mon",
        "Mon 9-17",
        "Mon 09:00-25:00",
        "Mon 17:00-09:00",
        "Mon 09:60-10:00",
        "Foo 09:00-10:00",
        "mon x",
    ],
)
def test_what_regular_hours_cannot_look_like(text: str) -> None:
    with pytest.raises(HoursError, match=r"like|look|grow"):
        read_hours((text,), ())


@pytest.mark.parametrize(
    "text", ["", "2026-02-30 closed", "13-01 closed", "12-24", "24.12. closed", "2026 closed"]
)
def test_what_exceptions_cannot_look_like(text: str) -> None:
    with pytest.raises(HoursError, match=r"like|exist"):
        read_hours((), (text,))


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        (MONDAY.replace(hour=10, minute=5), MONDAY.replace(hour=10, minute=5)),
        (MONDAY.replace(hour=6), MONDAY.replace(hour=9)),
        (MONDAY.replace(hour=17), MONDAY + timedelta(days=1, hours=9)),
        (MONDAY + timedelta(days=5, hours=14), MONDAY + timedelta(days=7, hours=9)),
        (datetime(2026, 12, 24, 12), datetime(2026, 12, 26, 10)),
    ],
)
def test_when_it_opens_next(when: datetime, opens: datetime) -> None:
    regular = ("Mon-Fri 09:00-17:00", "Sat 10:00-14:00")
    assert read_hours(regular, ("12-24 08:00-12:00", "12-25 closed")).next_open(when) == opens


def test_what_never_opens() -> None:
    assert read_hours(("Mon closed",), ()).next_open(MONDAY) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))
def test_it_is_open_when_it_opens_and_closed_until_then(when: datetime) -> None:
    opening = read_hours(
        ("Mon-Fri 09:00-12:00", "Tue-Thu 13:00-17:00"), ("12-25 closed", "2026-05-01 closed")
    )
    opens = opening.next_open(when)
    assert opens is not None
    assert opening.open_at(opens)
    if opens > when:
        assert not opening.open_at(when + (opens - when) / 2)


def test_a_day_is_not_closed_and_open() -> None:
    with pytest.raises(HoursError, match="closed and open"):
        read_hours((), ("12-25 09:00-10:00", "12-25 closed"))


@given(st.text(), st.text())
def test_anything_is_read_or_refused_in_words(regular: str, exception: str) -> None:
    for lists in (((regular,), ()), ((), (exception,))):
        with suppress(HoursError):  # and nothing else
            read_hours(*lists)


@given(st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_a_span_of_days_begins_and_ends_where_it_says(first: str, last: str) -> None:
    days = read_hours((f"{first}-{last} 00:00-24:00",), ()).regular
    assert DAYS.index(first) in days
    assert DAYS.index(last) in days
    assert len(days) == (DAYS.index(last) - DAYS.index(first)) % 7 + 1

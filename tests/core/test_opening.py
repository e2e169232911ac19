"""Business hours on the clocks of a place, with the days when they are turned (A§4.6)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.centre import BusinessHours, Centre, Queue
from smsdesk.core.local_hours import local_hours
from smsdesk.core.opening import begins, closes, opens
from smsdesk.core.strategy import Strategy

MINUTE = 60_000


def at(text: str) -> int:
    """UTC milliseconds of a time such as 2026-03-29 00:59."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def centre(
    *regular: str, zone: str = "Europe/Berlin", exceptions: tuple[str, ...] = (), on: str = "queue"
) -> Centre:
    hours = BusinessHours("h", "Office", zone, regular, exceptions)
    queue = Queue("q", "Support", "Support", "Plan", hours="Office" if on == "queue" else None)
    plan = Strategy("s", "Plan", hours="Office" if on == "strategy" else None)
    return Centre(queues=[queue], more={"hours": [hours], "strategy": [plan]})


@pytest.mark.parametrize("on", ["queue", "strategy"])
def test_hours_stand_with_the_queue_or_with_its_strategy(on: str) -> None:
    house = centre("Mon-Fri 09:00-17:00", on=on)
    assert opens(house, "Support", at("2026-01-05 08:00")) == at("2026-01-05 08:00")
    assert opens(house, "Support", at("2026-01-05 07:59")) == at("2026-01-05 08:00")
    assert opens(house, "Support", at("2026-01-09 16:00")) == at("2026-01-12 08:00")
    assert closes(house, "Support", at("2026-01-05 08:00")) == at("2026-01-05 16:00")
    assert closes(house, "Support", at("2026-01-05 16:30")) == at("2026-01-05 16:30")
    assert begins(house, "Support", at("2026-01-05 08:00")) == at("2026-01-06 08:00")


def test_hours_of_the_queue_go_before_those_of_its_strategy() -> None:
    night = BusinessHours("n", "Night", "UTC", ("Mon-Sun 00:00-06:00",))
    day = BusinessHours("d", "Day", "UTC", ("Mon-Sun 06:00-24:00",))
    plan = Strategy("s", "Plan", hours="Day")
    queue = Queue("q", "Support", "Support", "Plan", hours="Night")
    house = Centre(queues=[queue], more={"hours": [night, day], "strategy": [plan]})
    assert opens(house, "Support", at("2026-01-05 06:00")) == at("2026-01-06 00:00")


def test_a_queue_without_hours_is_always_open() -> None:
    house = Centre(queues=[Queue("q", "Support", "Support")])
    assert opens(house, "Support", 5) == 5
    assert closes(house, "Support", 5) is None
    assert begins(house, "Support", 5) is None
    assert opens(house, "gone", 5) == 5


def test_hours_that_cannot_be_read_keep_nothing_closed() -> None:
    assert local_hours(("nonsense",), (), "UTC") is None
    assert local_hours((), (), "Mars/Base") is None


def test_never_open_and_never_closed() -> None:
    house = centre("Mon-Sun 00:00-24:00")
    assert closes(house, "Support", at("2026-01-05 08:00")) is None
    house = centre("Mon 09:00-10:00", exceptions=("2026-01-05 closed",))
    assert opens(house, "Support", at("2026-01-05 08:30")) == at("2026-01-12 08:00")


def test_a_day_ends_and_the_next_begins_without_a_break() -> None:
    house = centre("Mon 09:00-24:00", "Tue 00:00-12:00")
    assert closes(house, "Support", at("2026-01-05 09:00")) == at("2026-01-06 11:00")


def test_the_offset_is_that_of_the_opening() -> None:
    """Clocks go forward on 2026-03-29 and back on 2026-10-25."""
    house = centre("Mon-Fri 09:00-17:00")
    assert opens(house, "Support", at("2026-03-27 17:00")) == at("2026-03-30 07:00")
    assert opens(house, "Support", at("2026-10-23 17:00")) == at("2026-10-26 08:00")


def test_an_opening_in_the_hour_that_is_skipped_is_when_the_clock_is_turned() -> None:
    house = centre("Sun 02:30-05:00")
    assert opens(house, "Support", at("2026-03-29 00:10")) == at("2026-03-29 01:00")
    assert closes(house, "Support", at("2026-03-29 01:00")) == at("2026-03-29 03:00")


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    """02:00 to 03:00 of 2026-10-25 is 00:00 to 01:00 UTC, then 01:00 to 02:00."""
    house = centre("Sun 02:15-02:30")
    assert opens(house, "Support", at("2026-10-24 23:00")) == at("2026-10-25 00:15")
    assert closes(house, "Support", at("2026-10-25 00:15")) == at("2026-10-25 00:30")
    assert opens(house, "Support", at("2026-10-25 00:40")) == at("2026-10-25 01:15")
    assert opens(house, "Support", at("2026-10-25 01:40")) == at("2026-11-01 01:15")


def test_open_when_the_clock_is_turned_back_over_the_opening() -> None:
    house = centre("Sun 02:30-12:00")
    assert closes(house, "Support", at("2026-10-25 00:30")) == at("2026-10-25 01:00")
    assert opens(house, "Support", at("2026-10-25 01:00")) == at("2026-10-25 01:30")


@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
    st.integers(at("2026-03-20 00:00") // MINUTE, at("2026-11-10 00:00") // MINUTE),
    st.integers(0, 1380),
    st.integers(1, 60),
)
def test_the_next_opening_is_the_first_minute_that_is_open(
    zone: str, minute: int, first: int, length: int
) -> None:
    span = f"{first // 60:02d}:{first % 60:02d}-{(first + length) // 60:02d}:{(first + length) % 60:02d}"
    hours = local_hours((f"Mon-Sun {span}",), (), zone)
    assert hours is not None
    place = ZoneInfo(zone)

    def is_open(m: int) -> bool:
        local = datetime.fromtimestamp(m * 60, UTC).astimezone(place)
        return first <= local.hour * 60 + local.minute < first + length

    expected = next(m for m in range(minute, minute + 3 * 1440) if is_open(m))
    assert hours.opens(minute * MINUTE) == expected * MINUTE
    closed = next(m for m in range(minute, minute + 3 * 1440) if not is_open(m))
    assert hours.closes(minute * MINUTE) == closed * MINUTE


def test_milliseconds_do_not_matter() -> None:
    house = centre("Mon-Sun 09:00-17:00", zone="UTC")
    evening = datetime(2026, 1, 5, 17, tzinfo=UTC) + timedelta(milliseconds=1)
    assert opens(house, "Support", round(evening.timestamp() * 1000)) == at("2026-01-06 09:00")
    assert opens(house, "Support", at("2026-01-05 17:00") - 1) == at("2026-01-05 17:00") - 1

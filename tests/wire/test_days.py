"""Days of the contact centre in its zone (SPEC 8.3)."""

from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.wire.days import day_of
from smsdesk.wire.timestamps import zone

ZONES = [zone("+0000"), zone("-0930"), zone("Europe/Vienna"), zone("America/New_York")]
HOUR = 3_600_000


@given(st.integers(0, 4_000_000_000_000), st.sampled_from(ZONES))
def test_a_moment_is_within_its_day_and_days_follow_upon_each_other(moment: int, where: tzinfo) -> None:
    day = day_of(moment, where)
    assert day.begin <= moment < day.end
    assert day_of(day.end, where).begin == day.end
    assert day_of(day.begin, where) == day


@pytest.mark.parametrize(("date", "hours"), [("2024-03-31", 23), ("2024-10-27", 25), ("2024-06-01", 24)])
def test_a_day_on_which_clocks_change_is_an_hour_off(date: str, hours: int) -> None:
    noon = datetime.fromisoformat(f"{date}T12:00").replace(tzinfo=UTC)
    day = day_of(round(noon.timestamp() * 1000), zone("Europe/Vienna"))
    assert (day.name, day.end - day.begin) == (date, hours * HOUR)
    assert timedelta(milliseconds=day.end - day.begin) == timedelta(hours=hours)

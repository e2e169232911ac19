"""Times on the wire (S§2.4, SPEC 8.3)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.wire.timestamps import Timestamps, zone

DOCUMENTED = 1389261492035  # the pair printed on SMSSendMessage


def test_the_documented_pair() -> None:
    assert Timestamps(zone("+0200")).render(DOCUMENTED) == "2014-01-09 11:58:12.035+0200"


@pytest.mark.parametrize(
    ("name", "rendered"),
    [
        ("+0000", "2014-01-09 09:58:12.035+0000"),
        ("-0330", "2014-01-09 06:28:12.035-0330"),
        ("Europe/Vienna", "2014-01-09 10:58:12.035+0100"),
        ("America/Los_Angeles", "2014-01-09 01:58:12.035-0800"),
    ],
)
def test_zones(name: str, rendered: str) -> None:
    assert Timestamps(zone(name)).render(DOCUMENTED) == rendered


def test_summer_time_begins_within_a_second() -> None:
    vienna = Timestamps(zone("Europe/Vienna"))
    change = 1396141200000  # 2014-03-30 01:00 UTC
    assert vienna.render(change - 1) == "2014-03-30 01:59:59.999+0100"
    assert vienna.render(change) == "2014-03-30 03:00:00.000+0200"
    assert vienna.render(change - 1) == "2014-03-30 01:59:59.999+0100"


@pytest.mark.parametrize("name", ["", "Nowhere/Town", "+25", "../etc/passwd", "0100"])
def test_what_is_no_zone_is_named(name: str) -> None:
    with pytest.raises(ValueError, match="neither an offset"):
        zone(name)


@given(st.lists(st.integers(0, 4_102_444_800_000), min_size=1, max_size=5))
def test_every_time_reads_back_to_the_millisecond(times: list[int]) -> None:
    stamps = Timestamps(zone("-0330"))
    for time in times:
        read = datetime.strptime(stamps.render(time), "%Y-%m-%d %H:%M:%S.%f%z")
        assert round((read - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000) == time

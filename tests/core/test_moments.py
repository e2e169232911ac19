"""Days and moments of a query, in every form that clients write (A§1.3)."""

from contextlib import suppress
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.errors import Fault, Refused
from smsdesk.core.moments import behind, first

JANUARY_2 = 1_577_923_200_000  # 2020-01-02 00:00 UTC
DAY = 24 * 3_600_000
AT = JANUARY_2 + ((3 * 60 + 4) * 60 + 5) * 1000


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2020-01-02T03:04:05.000Z", AT),
        ("2020-01-02t03:04:05:006z", AT + 6),
        ("2020-01-02 03:04:05.000+0000", AT),
        ("2020-01-02 04:34:05.000+01:30", AT),
        ("2020-01-01 22:04:05.000-0500", AT),
        ("2020-01-02T03:04:05", AT),
        ("2020-01-02T03:04", AT - 5000),
        ("2020-01-02T03:04:05,1", AT + 100),
        (" 2020-01-02T03:04:05.12Z ", AT + 120),
    ],
)
def test_a_moment_is_one_millisecond(text: str, at: int) -> None:
    assert (first("x", text, UTC), behind("x", text, UTC)) == (at, at + 1)


@pytest.mark.parametrize(
    ("where", "begin", "length"),
    [
        (UTC, JANUARY_2, DAY),
        (timezone(timedelta(hours=2)), JANUARY_2 - 2 * 3_600_000, DAY),
        (ZoneInfo("America/New_York"), JANUARY_2 + 5 * 3_600_000, DAY),
    ],
)
def test_a_day_is_a_whole_day_where_it_is(where: tzinfo, begin: int, length: int) -> None:
    assert first("x", "2020-01-02", where) == begin
    assert behind("x", "2020-01-02", where) == begin + length


def test_a_day_on_which_clocks_change_has_its_own_length() -> None:
    where = ZoneInfo("Europe/Paris")
    assert behind("x", "2020-03-29", where) - first("x", "2020-03-29", where) == 23 * 3_600_000
    assert behind("x", "2020-10-25", where) - first("x", "2020-10-25", where) == 25 * 3_600_000


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "2020-1-2", "2020-00-01", "2020-13-01", "2020-02-30", "0000-01-01", "9999-12-31x",
        "2020-01-02T24:00", "2020-01-02T03", "2020-01-02T03:04:60", "2020-01-02T03:04:05.1234", "٢٠٢٠-01-02",
        "2020-01-02T03:04:05+2500", "2020-01-02T03:04:05+0", "2020-01-02\0",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="fromDate is neither a day") as refusal:
        first("fromDate", text, UTC)
    assert refusal.value.fault is Fault.INVALID


@given(st.text(max_size=30) | st.from_regex(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?Z?)?", fullmatch=True))
def test_a_text_is_a_span_or_a_refusal(text: str) -> None:
    with suppress(Refused):
        assert first("x", text, UTC) < behind("x", text, UTC)

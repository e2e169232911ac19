"""Days and moments as clients write them in a query, in UTC milliseconds (A§1.3). Knows no clock."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from smsdesk.core.errors import invalid

EVER: Final = 1 << 62
"""Later than any moment."""
# 2020-01-02, or with a time: T or a blank before it, milliseconds behind a point, comma or (printed once)
# a colon, and a zone; without one it is the contact centre's.
_WRONG: Final = "is neither a day like 2020-01-31 nor a time like 2020-01-31T23:59:59.000Z"
_FORM: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,:](\d{1,3}))?)?([Zz]|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)


def first(name: str, text: str, where: tzinfo) -> int:
    """The first millisecond meant: a day begins in the zone `where`. Raises Refused 10."""
    return _span(name, text, where)[0]


def behind(name: str, text: str, where: tzinfo) -> int:
    """The millisecond behind the last one meant: the whole day belongs to it. Raises Refused 10."""
    return _span(name, text, where)[1]


def _span(name: str, text: str, where: tzinfo) -> tuple[int, int]:
    found = _FORM.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(found[n]) for n in (1, 2, 3))
        if found[4] is None:
            begin = datetime(year, month, day, tzinfo=where)
            return _milliseconds(begin), _milliseconds(begin + timedelta(days=1))
        hour, minute, second = (int(found[n] or 0) for n in (4, 5, 6))
        thousandth = int((found[7] or "0").ljust(3, "0"))
        zone = where if found[8] is None else _zone(found[8])
        at = _milliseconds(datetime(year, month, day, hour, minute, second, tzinfo=zone)) + thousandth
    except (ValueError, OverflowError):
        raise invalid(name, _WRONG) from None
    return at, at + 1


def _zone(text: str) -> tzinfo:
    if text in "Zz":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)

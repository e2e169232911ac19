"""Times on the wire: `yyyy-MM-dd HH:mm:ss.SSSZ` in the configured zone (S§2.4, SPEC 8.3)."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")


def zone(name: str) -> tzinfo:
    """A fixed offset such as "+0200", or an IANA name. Raises ValueError."""
    found = _OFFSET.fullmatch(name)
    if found:
        minutes = int(found[2]) * 60 + int(found[3])
        return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"{name!r} is neither an offset like +0100 nor a known time zone like Europe/Paris"
        ) from None


class Timestamps:
    """Renders UTC milliseconds; the part above the second is remembered, as most calls fall into the same
    one.
    """

    def __init__(self, where: tzinfo = UTC) -> None:
        self._zone = where
        self._second = -1
        self._head = self._tail = ""

    def render(self, milliseconds: int) -> str:
        """For example `2014-01-09 11:58:12.035+0200`."""
        second, rest = divmod(milliseconds, 1000)
        if second != self._second:
            local = datetime.fromtimestamp(second, self._zone)
            self._head, self._tail = local.strftime("%Y-%m-%d %H:%M:%S."), local.strftime("%z")
            self._second = second
        return f"{self._head}{rest:03d}{self._tail}"

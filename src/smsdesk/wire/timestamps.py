"""Times on the wire: `yyyy-MM-dd HH:mm:ss.SSSZ` in the configured zone (S§2.4, SPEC 8.3)."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTES = 4096  # that are remembered
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
    """Renders UTC milliseconds. What stands above and behind the seconds is remembered by the minute: the
    times of a session are asked for again with every notification about it. `zone`: the configured one.
    """

    def __init__(self, where: tzinfo = UTC) -> None:
        self.zone = where
        self._minutes: dict[int, tuple[str, str]] = {}

    def render(self, milliseconds: int) -> str:
        """For example `2014-01-09 11:58:12.035+0200`."""
        minute, rest = divmod(milliseconds, 60_000)
        head, tail = self._minutes.get(minute) or self._remember(minute)
        second, rest = divmod(rest, 1000)
        return f"{head}{second:02d}.{rest:03d}{tail}"

    def _remember(self, minute: int) -> tuple[str, str]:
        """Offsets from UTC are whole minutes, everywhere since 1972."""
        if len(self._minutes) >= MINUTES:
            self._minutes.clear()
        local = datetime.fromtimestamp(minute * 60, self.zone)
        pieces = self._minutes[minute] = local.strftime("%Y-%m-%d %H:%M:"), local.strftime("%z")
        return pieces

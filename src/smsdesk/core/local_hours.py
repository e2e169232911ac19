"""Business hours on the clocks of a place (A§4.6): from UTC to the clock on the wall and back, right on the
days when that clock is turned.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from smsdesk.core.hours import DAYS_AHEAD, HoursError, Opening, read_hours

Find = Callable[[datetime], datetime | None]
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_REMEMBERED = 24 * 3_600_000  # milliseconds for which "not within a year" is believed


class Span(NamedTuple):
    """What holds from one time until before another: open or closed, and when that turns."""

    since: int
    until: int
    open: bool
    turns: int | None


class LocalHours:
    """Hours and the zone they are kept in. Times are UTC milliseconds. The span that was asked about last is
    remembered: whoever asks again and again asks about the same one.
    """

    def __init__(self, opening: Opening, zone: ZoneInfo) -> None:
        self.opening = opening
        self.zone = zone
        self._span = Span(0, 0, False, None)

    def opens(self, now: int) -> int | None:
        """`now` while it is open, else when it opens next; None when it stays closed for a year."""
        span = self._at(now)
        return now if span.open else span.turns

    def closes(self, now: int) -> int | None:
        """`now` while it is closed, else when it closes next; None when it stays open for a year."""
        span = self._at(now)
        return span.turns if span.open else now

    def _at(self, now: int) -> "Span":
        if not self._span.since <= now < self._span.until:
            opens = self._next(now, self.opening.next_open)
            turns = self._next(now, self.opening.next_closed) if opens == now else opens
            self._span = Span(now, now + _REMEMBERED if turns is None else turns, opens == now, turns)
        return self._span

    def _next(self, now: int, find: Find) -> int | None:
        """What is found on the wall's clock holds only until the clock is turned: then it is looked again,
        so that an hour that is skipped opens at once and one that comes twice is open twice.
        """
        at = datetime.fromtimestamp(now // 1000, UTC) + timedelta(milliseconds=now % 1000)
        last = at + timedelta(days=DAYS_AHEAD)
        while at <= last:
            local = at.astimezone(self.zone).replace(tzinfo=None)
            found = find(local)
            if found is None:
                return None
            due = at + (found - local)
            turn = self._turn(at, due)
            if turn is None:
                return round(due.timestamp() * 1000)
            at = turn
        return None

    def _turn(self, first: datetime, last: datetime) -> datetime | None:
        """When the clock is turned first, after one time and not after another; None when it is not."""
        at, offset = first, self._offset(first)
        while at < last:
            later = min(at + _DAY, last)
            if self._offset(later) != offset:
                return self._bisect(at, later)
            at = later
        return None

    def _bisect(self, before: datetime, after: datetime) -> datetime:
        offset = self._offset(before)
        before = before.replace(microsecond=0)
        while after - before > _SECOND:
            middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
            before, after = (middle, after) if self._offset(middle) == offset else (before, middle)
        return after.replace(microsecond=0)

    def _offset(self, at: datetime) -> timedelta | None:
        return at.astimezone(self.zone).utcoffset()


def local_hours(regular: tuple[str, ...], exceptions: tuple[str, ...], zone: str) -> LocalHours | None:
    """Hours as they are provisioned; None for such as cannot be read here, which are then always open."""
    try:
        return LocalHours(read_hours(regular, exceptions), ZoneInfo(zone))
    except (HoursError, ZoneInfoNotFoundError, ValueError, OSError):
        return None

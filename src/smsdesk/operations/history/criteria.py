"""What the three operations that retrieve a history have in common: their parameters, and what is meant by
them (A§1.3).
"""

from datetime import UTC, tzinfo
from typing import Any, Final, Literal

from msgspec import Struct

from smsdesk.core import moments
from smsdesk.core.errors import invalid
from smsdesk.core.session import Session
from smsdesk.core.user_data import UserData, plain
from smsdesk.operations.base import Operation, check_text

MOST: Final = 500
"""Interactions in one answer."""
FARTHEST: Final = 100_000
"""How many may be passed over."""
_MONTH: Final = 31 * 24 * 3_600_000
_NAMES: Final = 50
Medium = Literal[
    "call",
    "chat",
    "email",
    "facebook",
    "facebooksession",
    "openmedia",
    "twitter",
    "workitem",
    "smssession",
    "sms",
]
OURS: Final = frozenset({"smssession", "sms"})
Attributes = dict[str, str | int | float | bool | None]


class Span(Struct, frozen=True):
    """From when (UTC milliseconds) to before when, and which part of what is found there."""

    since: int
    until: int
    descending: bool = True
    limit: int = 100
    offset: int = 0


class Retrieve(Operation, frozen=True):
    """All parameters are optional. Without days: the last month. `max_size` beyond 500 acts as 500.

    `custom_attributes`: the keys of userData to be told; `search_custom_attributes`: what they have to be
    equal to.
    """

    from_date: str | None = None
    to_date: str | None = None
    media_type: Medium | None = None
    sort: Literal["asc", "desc"] | None = None
    max_size: int | str | None = None
    source: Literal["main", "archive"] | None = None
    custom_attributes: list[str] | None = None
    search_custom_attributes: Attributes | None = None
    offset: int | None = None

    def check(self) -> None:
        self.span(0, UTC)
        names = [*(self.custom_attributes or ()), *(self.search_custom_attributes or ())]
        if len(names) > _NAMES:
            raise invalid("customAttributes", f"names more than {_NAMES} attributes")
        for name in names:
            check_text("customAttributes", name, 255)

    def span(self, now: int, where: tzinfo) -> Span:
        """What is meant at this moment, days in the zone `where`. Raises Refused 10."""
        since = now - _MONTH if self.from_date is None else moments.first("fromDate", self.from_date, where)
        until = moments.EVER if self.to_date is None else moments.behind("toDate", self.to_date, where)
        return Span(since, until, self.sort != "asc", self._size(), self._offset())

    def _size(self) -> int:
        size = self.max_size if self.max_size is not None else 100
        if isinstance(size, str):
            if not (size.isascii() and size.isdigit() and len(size) < 16):
                raise invalid("maxSize", "is not a whole number")
            size = int(size)
        if size < 1:
            raise invalid("maxSize", "is less than 1")
        return min(size, MOST)

    def _offset(self) -> int:
        offset = self.offset or 0
        if not 0 <= offset <= FARTHEST:
            raise invalid("offset", f"is not between 0 and {FARTHEST:,}")
        return offset

    @property
    def elsewhere(self) -> bool:
        """Whether it asks for something that is not here: other media, an archive."""
        return self.source == "archive" or (self.media_type is not None and self.media_type not in OURS)

    def keeps(self, session: Session) -> bool:
        """Whether its userData has everything that is searched for. A number is equal to its digits."""
        if not self.search_custom_attributes:
            return True
        data = plain(session.user_data)
        sought = self.search_custom_attributes.items()
        return all(name in data and _text(data[name]) == _text(value) for name, value in sought)

    def chosen(self, data: UserData) -> dict[str, Any] | None:
        """The attributes that are to be told, as far as they are there; None when none was asked for."""
        if self.custom_attributes is None:
            return None
        return plain({name: data[name] for name in self.custom_attributes if name in data})


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

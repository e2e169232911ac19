"""Who works when: shifts by the clock on the wall, breaks taken out."""

from collections.abc import Callable, Iterable, Iterator

from smsdesk.core.centre import Centre
from smsdesk.forecast.plan import Work
from smsdesk.forecast.sections import HOURS, Shift, minute

At = Callable[[int, float], int]  # the number of a day, minutes since midnight -> UTC milliseconds
Span = tuple[int, int]
DAY = HOURS * 60  # minutes


def work_of(shifts: Iterable[Shift], centre: Centre, at: At, days: int) -> Iterator[Work]:
    """When each agent is Ready. A shift that ends before it begins ends on the next day; so the first day
    begins with what is left of the night before.
    """
    there: dict[str, list[Span]] = {}
    ready: dict[str, list[Span]] = {}
    begin, end = at(0, 0), at(days, 0)
    for shift in shifts:
        whole = _span(shift.begin, shift.end)
        pieces = list(_pieces(whole, [_in(whole, text) for text in shift.breaks]))
        for user in _users(shift, centre):
            for which, parts in ((there, [whole]), (ready, pieces)):
                found = [(at(day, a), at(day, b)) for day in range(-1, days) for a, b in parts]
                clipped = ((max(a, begin), min(b, end)) for a, b in found)
                which.setdefault(user, []).extend(span for span in clipped if span[0] < span[1])
    for user, spans in ready.items():
        ends = {last for _, last in _joined(there[user])}
        for first, last in _joined(spans):
            yield Work(user, first, last, last in ends)


def _users(shift: Shift, centre: Centre) -> Iterator[str]:
    found = [centre.user_names[name.lower()].id for name in shift.users if name.lower() in centre.user_names]
    for group in shift.groups:
        members = centre.groups[group].members if group in centre.groups else ()
        found += [user for user in members if user in centre.users]
    yield from dict.fromkeys(found)


def _span(begin: str, end: str) -> Span:
    first, last = minute(begin) or 0, minute(end) or 0
    return first, last if last > first else last + DAY


def _in(whole: Span, text: str) -> Span:
    """A break; after midnight when it does not fit before."""
    first, _, last = text.partition("-")
    span = _span(first, last)
    return span if span[0] >= whole[0] else (span[0] + DAY, span[1] + DAY)


def _pieces(whole: Span, breaks: list[Span]) -> Iterator[Span]:
    at = whole[0]
    for first, last in sorted(breaks):
        yield at, max(at, min(first, whole[1]))
        at = max(at, min(last, whole[1]))
    yield at, whole[1]


def _joined(spans: list[Span]) -> Iterator[Span]:
    """Spans that touch each other, as one."""
    current: Span | None = None
    for first, last in sorted(spans):
        if current is not None and first <= current[1]:
            current = current[0], max(current[1], last)
            continue
        if current is not None:
            yield current
        current = first, last
    if current is not None:
        yield current

"""A form and a contact centre put together: the plan of the day. Reads no files: whoever calls has."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from smsdesk.core.centre import Centre
from smsdesk.forecast.drawing import HOUR, Time
from smsdesk.forecast.form import Form
from smsdesk.forecast.plan import Answering, Handling, Plan, Slot, Stream
from smsdesk.forecast.shifts import work_of


def zone_of(name: str) -> ZoneInfo | None:
    """A time zone by its name; None for what is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def plan_of(form: Form, centre: Centre, files: Mapping[str, str]) -> tuple[Plan, list[str]]:
    """The plan, and what does not fit together with the contact centre; `files`: the texts of the files of
    times, by name.
    """
    settings = form.settings
    zone = zone_of(settings.time_zone)
    mistakes = list(_names(form, centre))
    if zone is None:
        mistakes.append(f"timeZone: {settings.time_zone[:80]!r} is no IANA time zone such as Europe/Berlin")
    days = Days(settings.date, settings.days, zone or ZoneInfo("UTC"))
    return (
        Plan(
            days.at(0, 0),
            days.at(settings.days, 0),
            days.slots(),
            tuple(work_of(form.shifts, centre, days.at, settings.days)),
            tuple(_streams(form, days, files, mistakes)),
            tuple(Handling(h.time(), h.queue, h.skill, h.level) for h in form.handling),
            Answering(form.answer.time(), form.answer.rejects, form.answer.back_after * 1000),
        ),
        mistakes,
    )


class Days(NamedTuple):
    """The days of a forecast, on the clocks of their place."""

    first: date
    number: int
    zone: ZoneInfo

    def at(self, day: int, minutes: float) -> int:
        """A time of a day, by its number from 0, as UTC milliseconds."""
        midnight = datetime(self.first.year, self.first.month, self.first.day, tzinfo=self.zone)
        local = midnight + timedelta(days=day, minutes=minutes)
        return round(local.timestamp() * 1000)

    def slots(self) -> tuple[Slot, ...]:
        """The hours, also where a day has more or fewer than 24."""
        found = []
        for start in range(self.at(0, 0), self.at(self.number, 0), HOUR):
            local = datetime.fromtimestamp(start // 1000, UTC).astimezone(self.zone)
            found.append(Slot((local.date() - self.first).days, f"{local.hour:02}:00"))
        return tuple(found)


def _names(form: Form, centre: Centre) -> Iterator[str]:
    skills = centre.skills
    for at, handle in enumerate(form.handling, 1):
        if handle.queue is not None and handle.queue not in centre.queues:
            known = _perhaps(handle.queue, centre.queues)
            yield f"handling {at}: queue: {handle.queue[:80]!r} is no queue{known}"
        if handle.skill is not None and handle.skill not in skills:
            yield f"handling {at}: skill: {handle.skill[:80]!r} is no skill{_perhaps(handle.skill, skills)}"
    general = {h.queue for h in form.handling if h.skill is None}
    missing = [name for name in centre.queues if None not in general and name not in general]
    if missing:
        yield f"handling: nothing says how long a session of {', '.join(missing)} takes, whoever serves it"
    for at, shift in enumerate(form.shifts, 1):
        for user in shift.users:
            if user.lower() not in centre.user_names:
                yield f"shifts {at}: users: {user[:80]!r} is no user{_perhaps(user, centre.user_names)}"
        for group in shift.groups:
            if group not in centre.groups:
                yield f"shifts {at}: groups: {group[:80]!r} is no group{_perhaps(group, centre.groups)}"
    for at, arrive in enumerate(form.arrivals, 1):
        if arrive.queue not in centre.queues:
            known = _perhaps(arrive.queue, centre.queues)
            yield f"arrivals {at}: queue: {arrive.queue[:80]!r} is no queue{known}"


def _perhaps(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), 1)
    return f"; perhaps {close[0]}" if close else ""


def _streams(form: Form, days: Days, files: Mapping[str, str], mistakes: list[str]) -> Iterator[Stream]:
    slots = days.slots()
    patience: Time | None = form.patience.time() if form.patience is not None else None
    for at, arrive in enumerate(form.arrivals, 1):
        times: tuple[int, ...] = ()
        if arrive.file is not None:
            place = f"arrivals {at}: {arrive.file}"
            times = tuple(sorted(_times(files[arrive.file], days, place, mistakes)))
        rates = tuple(arrive.per_hour[int(slot.label[:2])] for slot in slots) if arrive.per_hour else ()
        yield Stream(arrive.queue, rates, times, arrive.priority, patience, arrive.returning)


def _times(text: str, days: Days, place: str, mistakes: list[str]) -> Iterator[int]:
    """The first column of each line: `08:15:30`, on every day, or `2026-03-02T08:15:30`. A first line that is
    no time is a heading.
    """
    end = days.at(days.number, 0)
    for number, line in enumerate(text.splitlines(), 1):
        word = line.split(",")[0].strip().strip('"')
        try:
            stamp = datetime.fromisoformat(word if "-" in word else f"{days.first}T{word}")
        except ValueError:
            if word and number > 1:
                mistakes.append(f"{place}: line {number}: {word[:40]!r} is no time")
            continue
        local = stamp.replace(tzinfo=days.zone) if stamp.tzinfo is None else stamp
        every = range(days.number) if "-" not in word else range(1)
        for day in every:
            time = round((local + timedelta(days=day)).timestamp() * 1000)
            if days.at(0, 0) <= time < end:
                yield time
            else:
                mistakes.append(f"{place}: line {number}: {word} is not on {_span(days)}")


def _span(days: Days) -> str:
    last = days.first + timedelta(days=days.number - 1)
    return str(days.first) if days.number == 1 else f"{days.first} to {last}"

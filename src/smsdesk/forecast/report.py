"""An outcome as people and programs read it: tables with bars for a terminal, rows for a table program, a
tree for everything else.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import msgspec

from smsdesk.forecast.crew import Presence, together
from smsdesk.forecast.drawing import HOUR
from smsdesk.forecast.outcome import Cell, Figures, Outcome, figures
from smsdesk.forecast.plan import Slot

EIGHTHS = " ▏▎▍▌▋▊▉█"
BAR = 12  # characters
HEAD = ("", "", "offered", "accepted", "wait", "95 %", "longest", "in time", "overflowed", "gone", "waiting")
GROUP_HEAD = ("", "", "people", "busy", "desks")


def bar(value: float, most: float, width: int = BAR) -> str:
    """A bar as long as the value is large, in eighths of a character."""
    eighths = round(8 * width * value / most) if most else 0
    return ("█" * (eighths // 8) + EIGHTHS[eighths % 8]).strip()


def text(outcome: Outcome, slots: Sequence[Slot], title: str) -> str:
    """Tables for a terminal: each queue by the hour of the day, then each group, then all of it."""
    hours = sorted({slot.label for slot in slots})
    places = {hour: [n for n, slot in enumerate(slots) if slot.label == hour] for hour in hours}
    blocks = [[title]]
    for name, cells in outcome.cells.items():
        if any(cell.offered for cell in cells):
            blocks.append(_queue(name, cells, outcome.objectives[name], places))
    for name, presence in outcome.groups.items():
        blocks.append(_group(name, presence, places))
    blocks.append([_summary(outcome)])
    return "\n\n".join("\n".join(lines) for lines in blocks)


def _queue(name: str, cells: list[Cell], objective: int, places: dict[str, list[int]]) -> list[str]:
    by_hour = {hour: figures([cells[n] for n in found], objective) for hour, found in places.items()}
    most = max(found.offered for found in by_hour.values())
    rows: list[tuple[str, ...]] = [HEAD]
    for hour, found in by_hour.items():
        if found.offered:
            rows.append((hour, bar(found.offered, most), *_columns(found)))
    rows.append(("all day", "", *_columns(figures(cells, objective))))
    goal = f", objective {_time(objective / 1000)}" if objective else ""
    return [f"Queue {name}{goal}", *_lined(rows)]


def _columns(f: Figures) -> tuple[str, ...]:
    percent = "-" if f.within_objective_percent is None else f"{f.within_objective_percent:.1f} %"
    waits = (_time(wait) for wait in (f.average_wait, f.percentile95_wait, f.longest_wait))
    counts = (f"{count:,}" for count in (f.overflowed, f.abandoned, f.waiting))
    return f"{f.offered:,}", f"{f.accepted:,}", *waits, percent, *counts


def _group(name: str, presence: list[Presence], places: dict[str, list[int]]) -> list[str]:
    rows: list[tuple[str, ...]] = [GROUP_HEAD]
    for hour, found in places.items():
        (hourly,) = together(([presence[n]] for n in found), 1)
        if hourly.staffed:
            people = hourly.staffed / HOUR / len(found)
            rows.append((hour, bar(hourly.busy, hourly.staffed), f"{people:.1f}", *_shares(hourly)))
    (whole,) = together(([hour] for hour in presence), 1)
    rows.append(("all day", "", "", *_shares(whole)))
    return [f"Group {name}", *_lined(rows)]


def _shares(presence: Presence) -> tuple[str, str]:
    first, second = ("-" if share is None else f"{share:.1f} %" for share in shares(presence))
    return first, second


def shares(presence: Presence) -> tuple[float | None, float | None]:
    """Per cent of the time at work with anything on the desk, and of the places on desks that were taken."""
    busy = round(100 * presence.busy / presence.staffed, 1) if presence.staffed else None
    return busy, round(100 * presence.taken / presence.places, 1) if presence.places else None


def _summary(outcome: Outcome) -> str:
    f = total(outcome)
    parked = f", {f.parked:,} of them parked" if f.parked else ""
    texts = f" Strategies said {f.texts:,} texts." if f.texts else ""
    returned = f" {f.returned:,} offers were rejected or missed." if f.returned else ""
    return (
        f"{f.offered - f.entered:,} customers came: {f.accepted:,} were accepted after "
        f"{_time(f.average_wait)} on the average, {f.abandoned:,} had gone, "
        f"{f.waiting:,} wait at the end{parked}.{returned}{texts}"
    )


def total(outcome: Outcome) -> Figures:
    """All queues together; who overflowed stands in several."""
    return figures((cell for cells in outcome.cells.values() for cell in cells), 0)


def _lined(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for row in rows:
        left = f"  {row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}"
        numbers = (f"  {word:>{width}}" for word, width in zip(row[2:], widths[2:], strict=True))
        lines.append(left + "".join(numbers))
    return lines


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def rows(outcome: Outcome, slots: Sequence[Slot]) -> list[list[Any]]:
    """A row for each queue and hour, the first one the heading. Waits in seconds."""
    names = [field.encode_name for field in msgspec.structs.fields(Figures)]
    found: list[list[Any]] = [["queue", "day", "hour", *names]]
    for queue, cells in outcome.cells.items():
        for slot, cell in zip(slots, cells, strict=True):
            values = msgspec.structs.astuple(figures([cell], outcome.objectives[queue]))
            found.append([queue, slot.day + 1, slot.label, *values])
    return found


def _of_cell(objective: int, cell: Cell) -> Figures:
    return figures([cell], objective)


def tree(outcome: Outcome, slots: Sequence[Slot]) -> dict[str, Any]:
    """Everything, as JSON has it."""
    return {
        "queues": [
            {
                "name": queue,
                "objective": outcome.objectives[queue] // 1000,
                "hours": _hourly(slots, cells, partial(_of_cell, outcome.objectives[queue])),
                "total": msgspec.to_builtins(figures(cells, outcome.objectives[queue])),
            }
            for queue, cells in outcome.cells.items()
        ],
        "groups": [
            {
                "name": group,
                "hours": _hourly(slots, presence, _presence),
                "total": _presence(together(([hour] for hour in presence), 1)[0]),
            }
            for group, presence in outcome.groups.items()
        ],
        "total": msgspec.to_builtins(total(outcome)),
    }


def _hourly(slots: Sequence[Slot], of: Iterable[Any], show: Callable[[Any], Any]) -> list[dict[str, Any]]:
    return [
        {"day": slot.day + 1, "hour": slot.label, **msgspec.to_builtins(show(one))}
        for slot, one in zip(slots, of, strict=True)
    ]


def _presence(presence: Presence) -> dict[str, Any]:
    busy, desks = shares(presence)
    return {"hoursStaffed": round(presence.staffed / HOUR, 2), "busyPercent": busy, "desksPercent": desks}

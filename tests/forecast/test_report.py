"""How times are drawn, and how an outcome is read."""

import pytest

from smsdesk.core.strategy import Strategy
from smsdesk.forecast.drawing import Spread, Time
from smsdesk.forecast.outcome import Cell, figures
from smsdesk.forecast.report import bar, rows, text, tree
from tests.forecast.days import centre, plan, play

SPREADS: list[tuple[Spread, float]] = [("constant", 1), ("exponential", 1), ("lognormal", 0.5)]


@pytest.mark.parametrize(("spread", "deviation"), SPREADS)
def test_a_time_has_its_mean_and_grows_with_what_is_drawn(spread: Spread, deviation: float) -> None:
    time = Time(60_000, spread, deviation)
    found = [time.at((n + 0.5) / 20_000) for n in range(20_000)]
    assert sum(found) / len(found) == pytest.approx(60_000, rel=0.01)
    assert found == sorted(found)
    variance = sum((one - 60_000) ** 2 for one in found) / len(found)
    expected = 0 if spread == "constant" else deviation * 60_000
    assert variance**0.5 == pytest.approx(expected, rel=0.02)
    assert Time(0, spread).at(0.0) == 0


def test_figures_of_a_cell() -> None:
    cell = Cell()
    for wait in range(1, 101):
        cell.accept(wait * 1000, 60_000)
    found = figures([cell], 60_000)
    assert (found.average_wait, found.percentile95_wait, found.longest_wait) == (50.5, 95, 100)
    assert found.within_objective_percent == 60
    assert figures([cell], 0).within_objective_percent is None


def test_a_bar_is_as_long_as_the_value_in_eighths() -> None:
    assert [bar(value, 16, 2) for value in (0, 1, 8, 9, 16)] == ["", "▏", "█", "█▏", "██"]
    assert bar(0, 0) == ""


def test_hours_of_the_day_are_told_together_and_written_apart() -> None:
    here = centre(1, Strategy("Q", "Q", objective=3600))
    day = plan(here, {"Q": [0.0] * 9 + [5.0] + [0.0] * 14 + [0.0] * 9 + [7.0] + [0.0] * 14})
    outcome = play(here, day)
    shown = text(outcome, day.slots, "Two days")
    (line,) = (
        line for line in shown.splitlines() if line.startswith("  09:00") and "%" in line and "0:" in line
    )
    offered = [sum(row[3] for row in rows(outcome, day.slots)[1:] if row[1] == number) for number in (1, 2)]
    assert min(offered) > 0
    assert f"  {sum(offered)}  " in line
    hours = tree(outcome, day.slots)["queues"][0]["hours"]
    assert [hour["offered"] for hour in hours if hour["hour"] == "09:00"] == offered
    assert "objective 1:00:00" in shown


def test_nothing_is_said_of_a_queue_that_nobody_came_to() -> None:
    here = centre(1, queues=("Q", "R"))
    day = plan(here, {"Q": [5.0]})
    shown = text(play(here, day), day.slots, "A day")
    assert "Queue Q" in shown
    assert "Queue R" not in shown

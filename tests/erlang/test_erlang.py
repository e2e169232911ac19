"""What the simulator says of a simple queue is what Erlang's formula for delayed calls says.

A. K. Erlang (1917): with c agents, Poisson arrivals and exponential times the probability of waiting is C,
and the mean wait C·s/(c·(1-ρ)), s being the mean time and ρ the load of one agent.
"""

import pytest

from tests.forecast.days import centre, plan, play, waits

SECONDS = 300
WANTED = 150_000  # customers: with fewer the longest queues come too seldom or too often


def erlang_c(agents: int, load: float) -> float:
    """The probability of waiting, by the recursion over Erlang's loss formula."""
    loss = 1.0
    for n in range(1, agents + 1):
        loss = agents * load * loss / (n + agents * load * loss)
    return loss / (1 - load * (1 - loss))


@pytest.mark.parametrize(("agents", "load"), [(1, 0.5), (3, 0.7), (8, 0.8), (25, 0.85)])
def test_waiting_is_as_erlang_says(agents: int, load: float) -> None:
    rate = load * agents * 3600 / SECONDS
    here = centre(agents)
    outcome = play(here, plan(here, {"Q": [rate] * round(WANTED / rate)}), seed=1)
    found = waits(outcome)
    probability = sum(wait > 0 for wait in found) / len(found)
    mean = sum(found) / len(found) / 1000
    expected = erlang_c(agents, load)
    assert probability == pytest.approx(expected, rel=0.03)
    assert mean == pytest.approx(expected * SECONDS / (agents * (1 - load)), rel=0.06)
    busy = sum(hour.busy for hour in outcome.groups["G"]) / sum(hour.staffed for hour in outcome.groups["G"])
    assert busy == pytest.approx(load, rel=0.02)


def test_agents_with_places_for_several_are_as_many_agents_with_one() -> None:
    """Times do not depend on what else lies on the desk."""
    load, places = 0.8, 6
    rate = load * places * 3600 / SECONDS
    here = centre(2, capacity=3)
    found = waits(play(here, plan(here, {"Q": [rate] * round(WANTED / rate)}), seed=1))
    assert sum(wait > 0 for wait in found) / len(found) == pytest.approx(erlang_c(places, load), rel=0.03)

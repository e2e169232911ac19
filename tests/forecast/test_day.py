"""The rules of a played day: nothing gets lost, chance is what the seed says, routing is the real one (SPEC
5.2, 5.3).
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from smsdesk.core.centre import Policy
from smsdesk.core.strategy import Overflow, Park, Strategy, Texts
from smsdesk.forecast.drawing import HOUR, Time, poisson
from smsdesk.forecast.outcome import Outcome, figures
from smsdesk.forecast.plan import Answering, Work
from smsdesk.forecast.report import total
from tests.forecast.days import BEGIN, centre, merged, plan, play, waits

CONSTANT = Time(600_000, "constant")
drawn = st.builds(
    Strategy,
    st.just("A"),
    st.just("A"),
    hours=st.sampled_from([None, None, "Office"]),
    when_closed=st.sampled_from(["wait", "park"]),
    texts=st.sampled_from([Texts(), Texts("Hello", "Wait", 60, 120, "Closed")]),
    overflow=st.sampled_from([None, Overflow("B", 120)]),
    park=st.sampled_from([None, Park(600, wake=1800)]),
)


def check_nothing_is_lost(outcome: Outcome) -> None:
    for cells in outcome.cells.values():
        for cell in cells:
            ends = (cell.accepted, cell.overflowed, cell.abandoned, cell.waiting)
            assert sum(ends) == cell.offered
            assert cell.parked <= cell.waiting
            assert len(cell.waits) == cell.accepted
    all_of = total(outcome)
    assert all_of.entered == all_of.overflowed


@settings(max_examples=60)
@given(
    drawn,
    st.integers(0, 3),
    st.sampled_from([None, Time(900_000)]),
    st.sampled_from([Answering(), Answering(Time(20_000), 0.3)]),
    st.integers(0, 1000),
)
def test_everybody_who_comes_ends_in_exactly_one_way(
    strategy: Strategy, agents: int, patience: Time | None, answering: Answering, seed: int
) -> None:
    here = centre(agents, strategy, queues=("A", "B"))
    rates = {"A": [6.0] * 24, "B": [3.0] * 24}
    outcome = play(here, plan(here, rates, answering=answering, patience=patience), seed)
    check_nothing_is_lost(outcome)
    assert total(outcome).accepted or not agents


def test_the_same_seed_plays_the_same_day_and_another_seed_another() -> None:
    here = centre(3)
    day = plan(here, {"Q": [30.0] * 10}, answering=Answering(Time(20_000), 0.2))
    assert waits(play(here, day, 1)) == waits(play(here, day, 1))
    assert waits(play(here, day, 1)) != waits(play(here, day, 2))


def test_an_empty_day_comes_to_nothing() -> None:
    here = centre(2)
    outcome = play(here, plan(here, {"Q": [0.0] * 24}))
    found = figures(outcome.cells["Q"], 0)
    assert (found.offered, found.average_wait, found.percentile95_wait) == (0, None, None)
    assert [(hour.staffed, hour.busy) for hour in outcome.groups["G"]] == [(2 * HOUR, 0)] * 24


@settings(max_examples=40)
@given(st.integers(1, 6), st.floats(1, 60), st.integers(0, 10_000))
def test_one_agent_more_never_makes_the_wait_longer(agents: int, rate: float, seed: int) -> None:
    """Everybody brings his own time along, so both days have the same customers; all are served."""
    rates = {"Q": [rate] * 4 + [0.0] * 24 * 7}
    fewer, more = (waits_of(number, rates, seed) for number in (agents, agents + 1))
    assert len(fewer) == len(more)
    assert sum(more) <= sum(fewer)


def waits_of(agents: int, rates: dict[str, list[float]], seed: int) -> list[int]:
    here = centre(agents)
    return waits(play(here, plan(here, rates), seed))


def test_expected_arrivals_come_in_their_hours() -> None:
    numbers = iter([0.5, 0.5, 0.1, 0.9, 0.9, 0.5, 0.99999])
    rates = [0.0, 1.0, 0.0, 5.0]
    times = list(poisson(rates, lambda: next(numbers)))
    assert [time // HOUR for time in times] == [1, 3, 3, 3]
    assert times == sorted(times)


def test_who_waits_too_long_overflows_with_his_age() -> None:
    here = centre(1, Strategy("A", "A", overflow=Overflow("B", 60)), queues=("A", "B"))
    nobody = [Work("u000", BEGIN + 2 * HOUR, BEGIN + 3 * HOUR, home=True)]
    outcome = play(here, plan(here, {"A": [3.0, 0, 0], "B": [0.0] * 3}, work=nobody, handling=Time(1000)))
    first, second = merged(outcome.cells["A"]), merged(outcome.cells["B"])
    assert first.offered == first.overflowed == second.entered == second.accepted > 0
    assert min(second.waits) >= HOUR - 60_000, "the wait counts from the arrival in the contact centre"


def test_who_comes_while_it_is_closed_is_taken_at_the_opening() -> None:
    here = centre(2, Strategy("Q", "Q", hours="Office", texts=Texts("Hello", closed="Closed")))
    outcome = play(here, plan(here, {"Q": [0.0] * 8 + [4.0] + [0.0] * 15}, handling=Time(0, "constant")))
    (cell,) = (cell for cell in outcome.cells["Q"] if cell.offered)
    assert cell.accepted == cell.offered
    assert all(0 < wait <= HOUR for wait in cell.waits)
    assert cell.texts == 2 * cell.offered, "each is told that it is closed, and greeted at the opening"


def test_who_parks_wakes_and_is_taken() -> None:
    here = centre(1, Strategy("Q", "Q", park=Park(60, wake=3600)))
    late = [Work("u000", BEGIN + 30 * 60_000, BEGIN + 9 * HOUR, home=True)]
    outcome = play(
        here, plan(here, {"Q": [10.0] + [0.0] * 8}, work=late, handling=Time(0, "constant")), seed=2
    )
    cell = merged(outcome.cells["Q"])
    assert cell.accepted == cell.offered > 0
    assert {wait for wait in cell.waits if wait > 60_000} == {3_660_000}


def test_an_agent_finishes_what_he_has_when_the_shift_is_over() -> None:
    here = centre(1)
    day = plan(
        here, {"Q": [40.0, 0.0, 0.0]}, handling=CONSTANT, work=[Work("u000", BEGIN, BEGIN + HOUR, True)]
    )
    outcome = play(here, day)
    staffed = [hour.staffed for hour in outcome.groups["G"]]
    assert staffed[0] == HOUR
    assert 0 < staffed[1] <= 600_000
    assert staffed[2] == 0
    assert merged(outcome.cells["Q"]).waiting > 0


def test_whoever_misses_an_offer_is_away_for_a_while_and_the_customer_is_not_lost() -> None:
    here = centre(2)
    slow = Answering(Time(25_000), back=120_000)
    outcome = play(here, plan(here, {"Q": [10.0] * 5 + [0.0] * 5}, answering=slow))
    cell = merged(outcome.cells["Q"])
    assert cell.returned > 0
    assert cell.accepted == cell.offered
    quick = play(here, plan(here, {"Q": [10.0] * 5 + [0.0] * 5}, answering=slow), policy=Policy(ring=600_000))
    assert merged(quick.cells["Q"]).returned == 0


def test_whoever_loses_patience_is_gone() -> None:
    here = centre(0)
    outcome = play(here, plan(here, {"Q": [10.0, 0.0]}, patience=CONSTANT))
    cell = merged(outcome.cells["Q"])
    assert cell.abandoned == cell.offered > 0

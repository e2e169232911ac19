"""What strategies come to: phases and acts by time (A§4.2, A§4.3, SPEC 5.3)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.expression import expression, lowered
from smsdesk.core.strategy import SIMPLE, Ageing, Overflow, Park, Relax, Step, Strategy, Texts
from smsdesk.core.timeline import Act, Phase, timeline


def strategy(*steps: Step, **fields: Any) -> Strategy:
    return Strategy("s", "S", steps=steps or (Step(),), **fields)


def test_the_default_tries_the_target_of_the_queue_for_ever() -> None:
    assert timeline(SIMPLE, "Support") == ((Phase(0, 1, ("Support",)),), ())


def test_steps_accumulate_unless_they_clear() -> None:
    made = timeline(strategy(Step(("A",), 30), Step(("B",), 60), Step(("C",), clear=True)), "own")
    assert [(p.at, p.step, p.targets) for p in made.phases] == [
        (0, 1, ("A",)),
        (30_000, 2, ("A", "B")),
        (90_000, 3, ("C",)),
    ]
    assert made.targets() == {"A", "B", "C"}


def test_the_last_agent_comes_first() -> None:
    made = timeline(strategy(last_agent=5), "own")
    assert made.phases == (Phase(0, 0, (), last_agent=True), Phase(5000, 1, ("own",)))


def test_a_skill_relaxes_by_steps_down_to_a_level_and_stays_there_for_the_next_step() -> None:
    relax = Relax("english", 2, 20, 4)
    made = timeline(strategy(Step(("?:english>8&billing>1",), 70, relax=(relax,)), Step(("Night",))), "own")
    assert [(p.at, p.targets) for p in made.phases] == [
        (0, ("?:english>8&billing>1",)),
        (20_000, ("?:english>6&billing>1",)),
        (40_000, ("?:english>4&billing>1",)),
        (70_000, ("?:english>4&billing>1", "Night")),
    ]


@pytest.mark.parametrize(
    ("text", "by", "to", "made"),
    [
        ("?:english>5", 2, 0, "?:english>3"),
        ("?:english>=5&english2>5", 1, 0, "?:english>=4&english2>5"),
        ("?:english<5", 2, 0, "?:english<5"),
        ("?:english>1", 5, 3, "?:english>1"),  # never raised
        ("Support", 2, 0, "Support"),
    ],
)
def test_levels_are_lowered_where_they_are_asked_for(text: str, by: int, to: int, made: str) -> None:
    assert lowered(text, "english", by, to) == made


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_who_fits_an_expression_fits_a_lowered_one(level: int, asked: int, by: int, to: int) -> None:
    skills = {"english": level}
    if expression(f"?:english>{asked}")(skills):
        assert expression(lowered(f"?:english>{asked}", "english", by, to))(skills)


def test_acts_stand_in_the_order_of_time() -> None:
    texts = Texts("Hello", "Still looking", 60, 120)
    made = timeline(
        strategy(texts=texts, overflow=Overflow("Other", 90), park=Park(600, text="Later")), "own"
    )
    assert made.acts[:4] == (
        Act(0, "say", "Hello"),
        Act(60_000, "say", "Still looking"),
        Act(90_000, "overflow", "Other"),
        Act(180_000, "say", "Still looking"),
    )
    assert Act(600_000, "park", "Later") in made.acts


def test_shares_stand_beside_their_targets() -> None:
    made = timeline(strategy(Step(("A", "queue"), order="percentage", shares={"A": 70, "queue": 30})), "own")
    assert made.phases[0] == Phase(0, 1, ("A", "own"), "percentage", (70, 30))


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from([("A",), ("queue",), ("?:english>5",), ("A", "?:english>5")]),
        st.integers(0, 100),
        st.booleans(),
        relax=st.sampled_from([(), (Relax("english", 1, 10, 1),)]),
    ),
    min_size=1,
    max_size=6,
)


@given(STEPS, st.integers(0, 30), st.integers(0, 10**7))
def test_there_is_one_phase_at_any_time_and_phases_follow_each_other(
    steps: list[Step], last_agent: int, elapsed: int
) -> None:
    made = timeline(strategy(*steps, last_agent=last_agent, ageing=Ageing(1, 60)), "own")
    times = [phase.at for phase in made.phases]
    assert times[0] == 0
    assert times == sorted(set(times))
    index = made.phase_at(elapsed)
    assert made.phases[index].at <= elapsed
    later = made.next_phase(elapsed)
    assert later == (made.phases[index + 1].at if index + 1 < len(made.phases) else None)

"""Who gets what (SPEC 5.3, A§4.3): the choice of interaction and agent, and what never happens."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Group, Policy, Queue, User
from smsdesk.core.interaction import Interaction
from smsdesk.routing.select import Decision, decide, next_look

NOW = 1_700_000_000_000
POLICY = Policy(capacity=2, reject_memory=60_000)


def centre(*names: str, target: str = "Support", **capacities: int) -> Centre:
    """Users of these names, all in the group Support."""
    users = [User(name, name, capacity=capacities.get(name)) for name in names]
    return Centre(users, [Group("g", "Support", names)], [Queue("q", "Support", target)])


def ready(id: str, since: int = 0, desk: tuple[str, ...] = ()) -> Agent:
    return Agent(id, "Ready", since=NOW + since, desk=desk)


def waiting(id: str, age: int = 0, priority: int = 0, **rejected: int) -> Interaction:
    times = {user: NOW - ago for user, ago in rejected.items()}
    return Interaction(id, "Support", NOW - age, priority=priority, rejected=times)


def decided(interactions: list[Interaction], agents: list[Agent], where: Centre) -> list[Decision]:
    return decide(interactions, {agent.id: agent for agent in agents}, where, POLICY, NOW)


def test_the_longest_ready_is_asked() -> None:
    agents = [ready("a", since=-5), ready("b", since=-9)]
    assert decided([waiting("i")], agents, centre("a", "b")) == [Decision("i", "b")]


def test_the_least_loaded_comes_before_the_longest_ready() -> None:
    agents = [ready("a", since=-9, desk=("x",)), ready("b", since=-5)]
    assert decided([waiting("i")], agents, centre("a", "b")) == [Decision("i", "b")]


def test_among_equals_the_choice_is_stable() -> None:
    agents = [ready("b"), ready("a")]
    assert decided([waiting("i")], agents, centre("a", "b")) == [Decision("i", "a")]


def test_priority_comes_before_age() -> None:
    found = [waiting("old", age=60_000, priority=1), waiting("urgent", age=5, priority=5)]
    assert decided(found, [ready("a")], centre("a", a=1)) == [Decision("urgent", "a")]


def test_the_oldest_comes_first_at_equal_priority() -> None:
    found = [waiting("young", age=5), waiting("old", age=60_000)]
    assert decided(found, [ready("a")], centre("a", a=1)) == [Decision("old", "a")]


def test_one_round_spreads_the_load() -> None:
    found = [waiting(f"i{n}", age=9 - n) for n in range(4)]
    decisions = decided(found, [ready("a"), ready("b", since=1)], centre("a", "b"))
    assert [d.user for d in decisions] == ["a", "b", "a", "b"]


def test_who_rejected_it_is_not_asked_for_a_minute() -> None:
    assert decided([waiting("i", a=59_999)], [ready("a")], centre("a")) == []
    assert decided([waiting("i", a=60_000)], [ready("a")], centre("a")) == [Decision("i", "a")]


def test_what_one_cannot_have_does_not_hold_up_the_next() -> None:
    found = [waiting("first", age=9, a=1), waiting("second", age=5)]
    assert decided(found, [ready("a")], centre("a")) == [Decision("second", "a")]


def test_nobody_is_asked_who_is_not_there_for_it() -> None:
    disabled = Centre(
        [User("a", "a", enabled=False)], [Group("g", "Support", ("a",))], [Queue("q", "Support", "Support")]
    )
    assert decided([waiting("i")], [ready("a")], disabled) == []
    assert decided([waiting("i")], [Agent("a", "NotReady")], centre("a")) == []
    quiet = Agent("a", "Ready", do_not_disturb=True)
    assert decided([waiting("i")], [quiet], centre("a")) == []
    assert decided([waiting("i")], [ready("a")], centre("a", target="?:english>5")) == []


def test_a_target_that_cannot_be_read_is_served_by_nobody() -> None:
    assert decided([waiting("i")], [ready("a")], centre("a", target="?:english>")) == []


def test_a_queue_that_is_gone_keeps_what_waits() -> None:
    lost = Interaction("i", "NoSuchQueue", NOW)
    assert decided([lost], [ready("a")], centre("a")) == []


def test_it_is_worth_looking_again_when_a_rejection_is_forgotten() -> None:
    assert next_look([waiting("i", a=59_000, b=10_000)], POLICY, NOW) == NOW + 1_000
    assert next_look([waiting("i", a=61_000)], POLICY, NOW) is None


NAMES = ("a", "b", "c")


@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 3), st.sampled_from(NAMES)), max_size=12),
    st.dictionaries(st.sampled_from(NAMES), st.integers(0, 2), max_size=3),
)
def test_no_one_gets_more_than_fits_and_nothing_goes_twice(
    found: list[tuple[int, int, str]], loads: dict[str, int]
) -> None:
    interactions = [
        waiting(f"i{n}", age, priority, **{who: 1}) for n, (age, priority, who) in enumerate(found)
    ]
    agents = [ready(name, desk=tuple(f"x{n}" for n in range(load))) for name, load in loads.items()]
    decisions = decided(interactions, agents, centre(*NAMES))
    assert len({d.interaction for d in decisions}) == len(decisions)
    for name, count in Counter(d.user for d in decisions).items():
        assert loads[name] + count <= POLICY.capacity
    rejected = {(f"i{n}", who) for n, (_, _, who) in enumerate(found)}
    assert not rejected & set(decisions)
    left = {i.id for i in interactions} - {d.interaction for d in decisions}
    full = {n for n, load in loads.items() if load + sum(d.user == n for d in decisions) >= POLICY.capacity}
    for id in left:  # whoever could take it is full: nothing starves beside a free agent
        assert all(n in full or (id, n) in rejected for n in loads)

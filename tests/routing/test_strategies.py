"""What strategies come to for those who wait and those who work: steps, the last agent, shares, age, fairness
(SPEC 3, 5.3, A§4.3).
"""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Group, Policy, Queue, User
from smsdesk.core.interaction import Interaction
from smsdesk.core.strategy import Ageing, Step, Strategy
from smsdesk.routing.engine import Decision, Engine

NOW, SECOND = 1_700_000_000_000, 1000
POLICY = Policy(capacity=2, reject_memory=60_000)
EVERYBODY = Step(("g",))


class Floor:
    """An engine and what it was told, with time. Offers are made at once unless told otherwise."""

    def __init__(self, *strategies: Strategy, policy: Policy = POLICY, names: Sequence[str] = "abc") -> None:
        queues = [Queue(s.name, s.name, "g", s.name) for s in strategies]
        users = [User(name, name, skills={"x": n}) for n, name in enumerate(names)]
        self.centre = Centre(users, [Group("g", "g", tuple(names))], queues, more={"strategy": strategies})
        self.engine = Engine(self.centre, policy)
        self.agents = {name: Agent(name) for name in names}
        self.waiting: dict[str, Interaction] = {}
        self.now = NOW

    def agent(self, name: str, **fields: object) -> None:
        self.agents[name] = replace(self.agents[name], **fields)
        self.engine.agent(self.agents[name])

    def ready(self, *names: str) -> None:
        for name in names:
            self.agent(name, readiness="Ready", since=self.now)

    def comes(self, id: str, queue: str = "q", **fields: object) -> None:
        self.waiting[id] = replace(Interaction(id, queue, self.now), **fields)
        self.engine.interaction(self.waiting[id])

    def offers(self) -> dict[str, str]:
        """What is offered now, to whom."""
        found = self.engine.decide(self.now)
        for decision in found:
            self.made(decision)
        return dict(found)

    def made(self, decision: Decision) -> None:
        agent, interaction = self.agents[decision.user], self.waiting.pop(decision.interaction)
        self.agent(decision.user, desk=(*agent.desk, interaction.session))
        self.engine.interaction(replace(interaction, place="offered", offered_to=decision.user))
        self.engine.done(decision)

    def over(self, name: str) -> None:
        """He has done the oldest of what lies on his desk."""
        self.agent(name, desk=self.agents[name].desk[1:])


def strategy(*steps: Step, **fields: object) -> Strategy:
    return replace(Strategy("q", "q", steps=steps or (EVERYBODY,)), **fields)


# -- steps -----------------------------------------------------------------------------------------
def test_those_of_the_next_step_are_asked_when_it_begins() -> None:
    floor = Floor(strategy(Step(("?:x>1",), seconds=30), EVERYBODY))
    floor.ready("a")
    floor.comes("i")
    assert floor.offers() == {}
    assert floor.engine.next_look() == NOW + 30 * SECOND
    floor.now += 30 * SECOND - 1
    assert floor.offers() == {}
    floor.now += 1
    assert floor.offers() == {"i": "a"}


def test_the_strategy_begins_when_it_began() -> None:
    """Not when the interaction arrived: a customer who was asked to wait until the opening, say."""
    floor = Floor(strategy(Step(("?:x>1",), seconds=30), EVERYBODY))
    floor.ready("a")
    floor.comes("i", arrived=NOW - 999_000, began=NOW + 5 * SECOND)
    assert floor.offers() == {}
    assert floor.engine.next_look() == NOW + 5 * SECOND
    floor.now += 34 * SECOND
    assert floor.offers() == {}
    floor.now += SECOND
    assert floor.offers() == {"i": "a"}


# -- the last agent --------------------------------------------------------------------------------
@pytest.fixture
def floor() -> Floor:
    """b dealt with the customer last; a is free."""
    floor = Floor(strategy(last_agent=60))
    floor.ready("a")
    return floor


def test_the_last_agent_is_waited_for_while_he_is_there(floor: Floor) -> None:
    floor.agent("b", readiness="NotReady")
    floor.comes("i", last_agent="b")
    assert floor.offers() == {}
    floor.ready("b")
    assert floor.offers() == {"i": "b"}


def test_he_is_waited_for_no_longer_than_that(floor: Floor) -> None:
    floor.agent("b", readiness="NotReady")
    floor.comes("i", last_agent="b")
    assert floor.offers() == {}
    assert floor.engine.next_look() == NOW + 60 * SECOND
    floor.now += 60 * SECOND
    assert floor.offers() == {"i": "a"}


@pytest.mark.parametrize("last", [None, "b", "unknown"])
def test_who_is_not_there_is_not_waited_for(floor: Floor, last: str | None) -> None:
    floor.comes("i", last_agent=last)
    assert floor.offers() == {"i": "a"}


def test_when_he_logs_out_the_others_are_asked(floor: Floor) -> None:
    floor.agent("b", readiness="NotReady")
    floor.comes("i", last_agent="b")
    assert floor.offers() == {}
    floor.agent("b", readiness="LoggedOut")
    assert floor.offers() == {"i": "a"}


def test_when_he_comes_it_waits_for_him_again(floor: Floor) -> None:
    floor.agent("a", readiness="NotReady")
    floor.comes("i", last_agent="b")
    assert floor.offers() == {}
    floor.agent("b", readiness="NotReady")
    floor.ready("a")
    assert floor.offers() == {}
    floor.ready("b")
    assert floor.offers() == {"i": "b"}


def test_when_he_is_disabled_the_others_are_asked(floor: Floor) -> None:
    floor.agent("b", readiness="NotReady")
    floor.comes("i", last_agent="b")
    assert floor.offers() == {}
    old = floor.centre
    users = [replace(user, enabled=user.id != "b") for user in old.users.values()]
    parts = old.groups.values(), old.queues.values()
    floor.engine.configure(Centre(users, *parts, more={"strategy": old.strategies.values()}), POLICY)
    assert floor.offers() == {"i": "a"}


def test_when_he_rejects_it_the_others_are_asked(floor: Floor) -> None:
    floor.ready("b")
    floor.comes("i", last_agent="b", rejected={"b": NOW})
    assert floor.offers() == {"i": "a"}


# -- shares ----------------------------------------------------------------------------------------
@given(st.lists(st.integers(1, 9), min_size=2, max_size=4), st.integers(1, 200))
def test_shares_are_kept_at_any_time(shares: list[int], number: int) -> None:
    """No target is ever a whole interaction or more away from its share, but for rounding among several."""
    names = "abcd"[: len(shares)]
    targets = tuple(f"agent:{name}" for name in names)
    percent = dict(zip(targets, shares, strict=True))
    step = Step(targets, order="percentage", shares=percent)
    floor = Floor(strategy(step), names=names, policy=Policy(capacity=1000))
    floor.ready(*names)
    for n in range(number):
        floor.comes(f"i{n:03}")
    got = Counter(floor.offers().values())
    for name, share in zip(names, shares, strict=True):
        assert abs(got[name] - number * share / sum(shares)) < len(shares) - 1


def test_a_target_that_had_nobody_catches_nothing_up() -> None:
    step = Step(("agent:a", "agent:b"), order="percentage", shares={"agent:a": 50, "agent:b": 50})
    floor = Floor(strategy(step), policy=Policy(capacity=1000))
    floor.ready("a")
    for n in range(100):
        floor.comes(f"i{n:03}")
    assert Counter(floor.offers().values()) == {"a": 100}
    floor.ready("b")
    for n in range(100, 110):
        floor.comes(f"i{n:03}")
    assert Counter(floor.offers().values()) == {"a": 5, "b": 5}


# -- age and fairness ------------------------------------------------------------------------------
@given(st.integers(1, 50), st.integers(1, 5), st.integers(10, 120))
def test_nobody_starves_where_priority_grows(ahead: int, points: int, every: int) -> None:
    """Something of priority 0 waits while ever new texts come `ahead` points above it: as soon as it has made
    up for that by age, it is offered before all that came later.
    """
    floor = Floor(strategy(ageing=Ageing(points, every)), policy=Policy(capacity=1), names="a")
    floor.ready("a")
    floor.comes("first")
    bound = -(-ahead * every * SECOND // points)
    for n in range(1, 1000):
        floor.now += every * SECOND
        floor.comes(f"i{n:03}", priority=ahead)
        floor.over("a")
        if "first" in floor.offers():
            break
    assert floor.now - NOW <= bound + every * SECOND


@given(st.permutations("abcdef"), st.sampled_from(["leastLoaded", "longestReady"]))
def test_who_has_been_ready_longest_goes_first(names: Sequence[str], order: str) -> None:
    step = replace(EVERYBODY, order=order)
    floor = Floor(strategy(step), policy=Policy(capacity=1), names="abcdef")
    for name in names:
        floor.ready(name)
        floor.now += 1
    for n in range(len(names)):
        floor.comes(f"i{n}")
        assert floor.offers() == {f"i{n}": names[n]}


def test_the_longest_ready_takes_all_he_has_room_for() -> None:
    floor = Floor(strategy(replace(EVERYBODY, order="longestReady")))
    floor.ready("a")
    floor.now += 1
    floor.ready("b")
    for n in range(3):
        floor.comes(f"i{n}")
    assert floor.offers() == {"i0": "a", "i1": "a", "i2": "b"}


# -- offers that come to nothing -------------------------------------------------------------------
def test_what_could_not_be_offered_waits_and_holds_up_nothing() -> None:
    floor = Floor(strategy(), policy=Policy(capacity=1), names="a")
    floor.ready("a")
    floor.comes("broken")
    (decision,) = floor.engine.decide(NOW)
    floor.comes("i")
    assert floor.engine.decide(NOW) == []  # he is about to be offered the first
    floor.engine.done(decision, again=NOW + SECOND)
    assert floor.offers() == {"i": "a"}
    assert floor.engine.next_look() == NOW + SECOND
    floor.over("a")
    assert floor.offers() == {}
    floor.now += SECOND
    assert floor.offers() == {"broken": "a"}


def test_what_is_told_about_it_makes_it_worth_trying_at_once() -> None:
    floor = Floor(strategy(), names="a")
    floor.ready("a")
    floor.comes("broken")
    (decision,) = floor.engine.decide(NOW)
    floor.engine.done(decision, again=NOW + SECOND)
    floor.comes("broken")
    assert floor.offers() == {"broken": "a"}


def test_what_is_gone_is_not_offered() -> None:
    floor = Floor(strategy(), names="a")
    floor.ready("a")
    floor.comes("i")
    floor.engine.forget("i")
    floor.engine.forget("never known")
    assert (floor.offers(), len(floor.engine)) == ({}, 0)


# -- a further agent -------------------------------------------------------------------------------
def test_who_left_a_session_may_be_asked_to_help_in_it() -> None:
    """He was free all the time, but in it."""
    floor = Floor(strategy(), names="a")
    floor.ready("a")
    floor.agent("a", desk=("s",))
    floor.comes("s+", purpose="Consult", of="s")
    assert floor.offers() == {}
    floor.agent("a", desk=())
    assert floor.offers() == {"s+": "a"}


def test_a_session_is_not_offered_twice_to_one_who_is_being_asked() -> None:
    floor = Floor(strategy(), names="a")
    floor.ready("a")
    floor.comes("s")
    floor.comes("s+", purpose="Consult", of="s")
    (decision,) = floor.engine.decide(NOW)
    floor.engine.done(decision, again=NOW + SECOND)
    assert floor.offers() == {"s+": "a"}

"""Who gets what: priority and age, load and readiness, capacity, rejections (SPEC 3, 5.3, 9.18, A§4.3)."""

from collections.abc import Iterable, Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Group, Policy, Queue, User
from smsdesk.core.interaction import Interaction
from smsdesk.routing.engine import Decision, Engine

NOW = 1_000_000
POLICY = Policy(capacity=2, reject_memory=60_000)
QUEUES = (
    Queue("q1", "Support", "Support"),
    Queue("q2", "Skilled", "?:spanish>2"),
    Queue("q3", "Broken", "??"),
)


def user(name: str, **fields: object) -> User:
    return msgspec.convert({"id": name, "user_name": name} | fields, User)


def centre(*users: User) -> Centre:
    members = tuple(u.id for u in users if u.id != "outsider")
    return Centre(users, [Group("g", "Support", members)], QUEUES)


def ready(name: str, since: int = 0, load: int = 0, **fields: object) -> Agent:
    desk = tuple(f"{name}{n}" for n in range(load))
    return replace(Agent(name, "Ready", since=since, desk=desk), **fields)


def waiting(id: str, arrived: int = 0, **fields: object) -> Interaction:
    return replace(Interaction(id, "Support", arrived), **fields)


def engine(interactions: Iterable[Interaction], agents: Mapping[str, Agent], there: Centre) -> Engine:
    """An engine that knows all this."""
    made = Engine(there, POLICY)
    for agent in agents.values():
        made.agent(agent)
    for interaction in interactions:
        made.interaction(interaction)
    return made


def decide(
    interactions: Iterable[Interaction], agents: Mapping[str, Agent], there: Centre, now: int
) -> list[Decision]:
    return engine(interactions, agents, there).decide(now)


def offers(
    interactions: list[Interaction], agents: list[Agent], *users: User, now: int = NOW
) -> list[tuple[str, str]]:
    there = centre(*(users or [user(agent.id) for agent in agents]))
    found = decide(interactions, {agent.id: agent for agent in agents}, there, now)
    return [(decision.interaction, decision.user) for decision in found]


# -- which agent -----------------------------------------------------------------------------------
def test_the_least_loaded_goes_first() -> None:
    assert offers([waiting("i1")], [ready("a", 1, load=1), ready("b", 9)]) == [("i1", "b")]


def test_among_equals_the_longest_ready() -> None:
    assert offers([waiting("i1")], [ready("a", 9), ready("b", 1), ready("c", 5)]) == [("i1", "b")]


def test_among_equals_in_everything_always_the_same() -> None:
    agents = [ready("a"), ready("b"), ready("c")]
    assert offers([waiting("i1")], agents) == offers([waiting("i1")], agents[::-1]) == [("i1", "a")]


def test_each_offer_counts_as_load_for_the_next() -> None:
    interactions = [waiting(f"i{n}", n) for n in range(5)]
    found = offers(interactions, [ready("a", 1), ready("b", 2)])
    assert found == [("i0", "a"), ("i1", "b"), ("i2", "a"), ("i3", "b")]


@pytest.mark.parametrize(
    "agent",
    [
        Agent("a", "NotReady"),
        Agent("a", "LoggedOut"),
        ready("a", do_not_disturb=True),
        ready("a", load=2),
        ready("a", desk=("i1",)),  # he is in that session already
        ready("outsider"),
    ],
    ids=["not ready", "logged out", "not to be disturbed", "no room", "in the session", "not in the group"],
)
def test_who_gets_nothing(agent: Agent) -> None:
    assert offers([waiting("i1")], [agent]) == []


def test_a_user_who_is_disabled_or_gone_gets_nothing() -> None:
    assert offers([waiting("i1")], [ready("a")], user("a", enabled=False)) == []
    assert offers([waiting("i1")], [ready("a")], user("b")) == []


def test_a_capacity_of_ones_own_goes_before_the_general_one() -> None:
    interactions = [waiting(f"i{n}", n) for n in range(9)]
    assert len(offers(interactions, [ready("a", load=1)], user("a", capacity=4))) == 3
    assert offers(interactions, [ready("a")], user("a", capacity=0)) == []
    assert len(offers(interactions, [ready("a")], user("a"))) == POLICY.capacity


def test_a_group_gives_a_capacity_to_those_who_have_none() -> None:
    """A§4.5: the person, then the group, here the first by name, then all."""
    interactions = [waiting(f"i{n}", n) for n in range(9)]
    teams = [Group("g1", "Support", tuple("abc")), Group("g3", "Z", ("b",), capacity=1)]
    teams.append(Group("g2", "Y", ("a", "b"), capacity=3))
    there = Centre([user("a", capacity=4), user("b"), user("c")], teams, QUEUES)
    found = decide(interactions, {name: ready(name) for name in "abc"}, there, NOW)
    assert {name: sum(d.user == name for d in found) for name in "abc"} == {"a": 4, "b": 3, "c": 2}


def test_the_target_of_the_queue_decides() -> None:
    agents = [ready("a", 1), ready("b", 2)]
    users = [user("a", skills={"spanish": 2}), user("b", skills={"spanish": 8})]
    assert offers([waiting("i1", queue="Skilled")], agents, *users) == [("i1", "b")]
    assert offers([waiting("i1", queue="Broken")], agents, *users) == []
    assert offers([waiting("i1", queue="Gone")], agents, *users) == []


# -- a further agent -------------------------------------------------------------------------------
def test_who_asks_for_a_colleague_is_not_the_colleague() -> None:
    """Though he be the least loaded: else the others would never be asked."""
    further = waiting("s1+", purpose="Consult", of="s1")
    assert offers([further], [ready("a", 1, desk=("s1",)), ready("b", 2, load=1)]) == [("s1+", "b")]


# -- which interaction -----------------------------------------------------------------------------
def test_the_highest_priority_then_the_oldest() -> None:
    interactions = [
        waiting("i1", 1),
        waiting("i2", 5, priority=1),
        waiting("i3", 0),
        waiting("i4", 9, priority=1),
    ]
    found = offers(interactions, [ready("a")])
    assert found == [("i2", "a"), ("i4", "a")]
    found = offers(interactions, [ready("a"), ready("b", 1)])
    assert [id for id, _ in found] == ["i2", "i4", "i3", "i1"]


def test_who_cannot_be_served_holds_nobody_up() -> None:
    interactions = [waiting("i1", 0, priority=9, queue="Skilled"), waiting("i2", 1)]
    assert offers(interactions, [ready("a")]) == [("i2", "a")]


# -- rejections ------------------------------------------------------------------------------------
def test_who_rejected_is_not_asked_for_a_while_even_if_nobody_else_is_there() -> None:
    rejected = waiting("i1", rejected={"a": NOW})
    for now, expected in ((NOW, []), (NOW + 59_999, []), (NOW + 60_000, [("i1", "a")])):
        assert offers([rejected], [ready("a")], now=now) == expected
    assert offers([rejected], [ready("a"), ready("b", 9)]) == [("i1", "b")]


def test_when_it_is_worth_deciding_again() -> None:
    interactions = [
        waiting("i1", rejected={"a": NOW - 60_000, "b": NOW - 1000}),
        waiting("i2", rejected={"a": NOW - 30_000}),
        waiting("i3"),
    ]
    agents = {"a": ready("a", load=2)}
    for there, expected in ((interactions, NOW + 30_000), ([waiting("i3")], None), ([], None)):
        made = engine(there, agents, centre(user("a")))
        assert made.decide(NOW) == []
        assert made.next_look() == expected


# -- whatever is there -----------------------------------------------------------------------------
names = st.sampled_from("abcde")
agents_there = st.dictionaries(
    names,
    st.builds(
        Agent,
        st.just(""),
        st.sampled_from(["Ready", "Ready", "Ready", "NotReady", "LoggedOut"]),
        since=st.integers(0, 3),
        do_not_disturb=st.sampled_from([False, False, True]),
        desk=st.lists(st.sampled_from(["x", "y", "z", "i0", "i1"]), max_size=3, unique=True).map(tuple),
    ),
)
interactions_there = st.lists(
    st.builds(
        Interaction,
        st.just(""),
        st.sampled_from(["Support", "Skilled", "Gone"]),
        st.integers(0, 3),
        priority=st.integers(0, 2),
        rejected=st.dictionaries(names, st.sampled_from([NOW - 60_000, NOW - 59_999, NOW]), max_size=3),
    ),
    max_size=8,
)
users_there = st.fixed_dictionaries(
    {
        name: st.builds(
            User,
            st.just(name),
            st.just(name),
            enabled=st.sampled_from([True, True, True, False]),
            skills=st.fixed_dictionaries({"spanish": st.integers(0, 5)}),
            capacity=st.sampled_from([None, None, 0, 1, 5]),
        )
        for name in "abcde"
    }
)


@given(agents_there, interactions_there, users_there)
def test_decisions_hold_every_rule(
    agents: dict[str, Agent], interactions: list[Interaction], users: dict[str, User]
) -> None:
    agents = {name: replace(agent, id=name) for name, agent in agents.items()}
    interactions = [replace(each, id=f"i{n}") for n, each in enumerate(interactions)]
    there = Centre(users.values(), [Group("g", "Support", tuple("abcd"))], QUEUES)
    found = decide(interactions, agents, there, NOW)
    by_id = {each.id: each for each in interactions}
    # conservation: each waiting interaction is offered once at most, and only what waits is offered
    assert len({d.interaction for d in found}) == len(found)
    assert {d.interaction for d in found} <= set(by_id)
    for name in agents:
        mine = [d for d in found if d.user == name]
        assert not mine or len(agents[name].desk) + len(mine) <= room(users[name])
    for decision in found:
        assert may_take(by_id[decision.interaction], agents[decision.user], users[decision.user])
    # nobody who could take something is left idle while it waits
    taken = {d.interaction for d in found}
    for interaction in interactions:
        if interaction.id not in taken:
            for name, agent in agents.items():
                assert not may_take(interaction, agent, users[name]) or full(agent, users[name], found)


def may_take(interaction: Interaction, agent: Agent, user: User) -> bool:
    """Whether this agent may be offered this at all, but for room on his desk."""
    at = interaction.rejected.get(agent.id)
    serves = {"Support": user.id in "abcd", "Skilled": user.skills["spanish"] > 2}
    return (
        agent.readiness == "Ready"
        and not agent.do_not_disturb
        and user.enabled
        and serves.get(interaction.queue, False)
        and interaction.id not in agent.desk
        and (at is None or NOW - at >= POLICY.reject_memory)
    )


def full(agent: Agent, user: User, found: list[Decision]) -> bool:
    return len(agent.desk) + sum(d.user == agent.id for d in found) >= room(user)


def room(user: User) -> int:
    return POLICY.capacity if user.capacity is None else user.capacity


@given(agents_there, interactions_there, users_there)
def test_the_order_in_which_things_come_does_not_matter(
    agents: dict[str, Agent], interactions: list[Interaction], users: dict[str, User]
) -> None:
    agents = {name: replace(agent, id=name) for name, agent in agents.items()}
    interactions = [replace(each, id=f"i{n}") for n, each in enumerate(interactions)]
    there = Centre(users.values(), [Group("g", "Support", tuple("abcd"))], QUEUES)
    turned = dict(reversed(agents.items()))
    assert decide(interactions, agents, there, NOW) == decide(interactions[::-1], turned, there, NOW)

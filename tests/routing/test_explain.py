"""An explanation agrees with what routing does, rule by rule, and says it in words (SPEC 5.3)."""

from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.agent import AGENT_STATES, NOT_READY, OFFLINE, READY, Agent
from smsdesk.core.centre import Centre, Group, Policy, Queue, User
from smsdesk.core.interaction import Happened, Interaction, Place, Step
from smsdesk.core.strategy import Step as Try
from smsdesk.core.strategy import Strategy
from smsdesk.routing.engine import Engine
from smsdesk.routing.explain import Explanation, Scene, explain
from smsdesk.routing.words import against, ago, happened
from tests.routing.centres import QUEUES, USERS, centre
from tests.routing.reference import Reference

NOW = 1_700_000_000_000
POLICY = Policy(capacity=2)
AGENTS = st.fixed_dictionaries(
    {
        id: st.builds(
            Agent,
            st.just(id),
            st.sampled_from(["LoggedOut", "NotReady", "Ready", "Ready", "Ready"]),
            since=st.integers(NOW - 100_000, NOW),
            do_not_disturb=st.sampled_from([False, False, False, True]),
            desk=st.sampled_from([(), (), ("x",), ("x", "y"), ("i",)]),
        )
        for id in USERS
    }
)
INTERACTIONS = st.builds(
    Interaction,
    st.just("i"),
    st.sampled_from([*QUEUES, "gone"]),
    st.integers(NOW - 120_000, NOW),
    place=st.sampled_from(["waiting", "waiting", "waiting", "offered", "parked"]),
    rejected=st.dictionaries(st.sampled_from(USERS), st.integers(NOW - 90_000, NOW), max_size=2),
    last_agent=st.sampled_from([None, *USERS]),
    began=st.sampled_from([0, NOW - 30_000, NOW + 1000]),
)


@given(st.integers(0, 5000), AGENTS, INTERACTIONS, st.sampled_from([None, *USERS]))
def test_would_be_offered_exactly_when_routing_offers(
    number: int, agents: Mapping[str, Agent], interaction: Interaction, asked: str | None
) -> None:
    """The engine offers it exactly when somebody would be offered it, and then to one of these; when one of
    them is the first, to him.
    """
    scene = Scene(agents, centre(number), POLICY, NOW)
    found = explain(interaction, scene, asked)
    allowed = {v.user.id for v in found.verdicts if v.rule == "wouldBeOffered"}
    reference = Reference(scene.centre, POLICY)
    reference.agents = dict(agents)
    waits = interaction.place == "waiting"
    would = {id for id in USERS if waits and reference.would_get(id, interaction, NOW)}
    assert allowed == {id for id in would if reference.can(id, interaction, NOW)}
    engine = Engine(scene.centre, POLICY)
    for agent in agents.values():
        engine.agent(agent)
    engine.interaction(interaction)
    decisions = engine.decide(NOW)
    assert bool(decisions) == bool(allowed)
    first = {v.user.id for v in found.verdicts if v.first}
    assert {d.user for d in decisions} <= (first or allowed)
    assert all(against(v, found, scene) for v in found.verdicts)


# -- words -----------------------------------------------------------------------------------------
ANN = User("a", "ann", skills={"english": 3})
BOB = User("b", "bob", skills={"english": 9}, capacity=1)
SUPPORT = Group("g", "Support", ("a", "b"))


def scene(
    *agents: Agent,
    users: tuple[User, ...] = (ANN, BOB),
    target: str = "Support",
    strategy: Strategy | None = None,
) -> Scene:
    queue = Queue("q", "Support", target, "s")
    made = strategy or Strategy("s", "s")
    where = Centre(users, [SUPPORT], [queue], more={"strategy": [made]})
    return Scene({agent.id: agent for agent in agents}, where, POLICY, NOW)


def ready(id: str, since: int = 60_000, desk: tuple[str, ...] = ()) -> Agent:
    return Agent(id, "Ready", READY, NOW - since, desk=desk)


def said(where: Scene, user: str = "a", **fields: object) -> tuple[str, str]:
    interaction = msgspec.structs.replace(Interaction("i", "Support", NOW - 30_000), **fields)
    found = explain(interaction, where, user)
    verdict = next(v for v in found.verdicts if v.user.id == user)
    return verdict.rule, against(verdict, found, where)


AFTER = Agent("a", "NotReady", AGENT_STATES[3], NOW - 185_000)
QUIET = Agent("a", "Ready", READY, do_not_disturb=True)


@pytest.mark.parametrize(
    ("where", "rule", "words"),
    [
        (scene(), "notLoggedIn", "is not logged in on the channel"),
        (
            scene(AFTER),
            "notReady",
            "is not ready (AfterCallWork), for 3 min 5 s",
        ),
        (
            scene(QUIET),
            "doNotDisturb",
            "does not want to be disturbed",
        ),
        (scene(ready("a", desk=("i",))), "inSession", "is in the session"),
        (scene(ready("a", desk=("x", "y"))), "noRoom", "has no room: 2 of 2 sessions are on the desk"),
        (scene(ready("a")), "wouldBeOffered", "would be offered it now"),
        (
            scene(ready("a", 10_000), ready("b")),
            "wouldBeOffered",
            "could be offered it, after bob, who has been ready for longer",
        ),
        (
            scene(ready("a", desk=("x",)), ready("b")),
            "wouldBeOffered",
            "could be offered it, after bob, who has less on the desk (0 against 1)",
        ),
        (
            scene(ready("a"), target="?:english>5"),
            "notNamed",
            "does not have the skills ?:english>5 (has english 3)",
        ),
        (scene(ready("a"), target="Nobody"), "notNamed", "is not meant by Nobody"),
        (scene(users=(msgspec.structs.replace(ANN, enabled=False), BOB)), "notEnabled", "is not enabled"),
    ],
)
def test_what_stands_against_an_agent(where: Scene, rule: str, words: str) -> None:
    assert said(where) == (rule, words)


def test_somebody_outside_the_group() -> None:
    cleo = User("c", "cleo")
    where = scene(ready("c"), users=(ANN, BOB, cleo))
    assert said(where, "c") == ("notNamed", "is not in the group Support")


def test_who_just_said_no() -> None:
    rule, words = said(scene(ready("a")), rejected={"a": NOW - 20_000})
    assert (rule, words) == ("refused", "rejected or missed it 20 s ago; is asked again in 40 s")


def test_while_the_last_agent_is_tried() -> None:
    where = scene(ready("a"), Agent("b", "NotReady", NOT_READY), strategy=Strategy("s", "s", last_agent=60))
    assert said(where, last_agent="b") == ("notLastAgent", "only the last agent, bob, is tried for now")
    gone = scene(ready("a"), Agent("b", "LoggedOut", OFFLINE), strategy=Strategy("s", "s", last_agent=60))
    assert said(gone, last_agent="b")[0] == "wouldBeOffered"  # he cannot be waited for


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("offered", "nobody is looked for: it is being offered"),
        ("assigned", "nobody is looked for: somebody has it"),
        ("parked", "nobody is looked for: it is parked"),
        ("closed", "nobody is looked for: it is over"),
    ],
)
def test_what_does_not_wait(place: Place, words: str) -> None:
    assert said(scene(ready("a")), place=place) == ("notWaiting", words)


def test_phases_and_priority() -> None:
    steps = (Try(("?:english>5",), 60), Try(("Support",)))
    strategy = msgspec.structs.replace(Strategy("s", "s", priority=2, steps=steps), objective=30)
    where = scene(ready("a"), strategy=strategy)
    found: Explanation = explain(Interaction("i", "Support", NOW - 30_000, priority=1), where)
    assert found.phase is not None
    assert (found.phase.step, found.phase.targets) == (1, ("?:english>5",))
    assert (found.next_phase, found.priority, found.opening) == (NOW + 30_000, 3, None)
    assert [v.user.user_name for v in found.verdicts] == ["bob"]


def test_words_of_a_trace() -> None:
    where = scene()
    words: dict[Happened, str] = {
        "offered": "was offered to ann",
        "accepted": "ann accepted it",
        "rejected": "ann rejected it",
        "missed": "ann did not answer in time",
        "withdrawn": "the offer to ann was withdrawn",
        "parked": "was parked",
        "woken": "waits again after it was parked",
        "closed": "was closed",
    }
    assert {kind: happened(Step(0, kind, user="a"), where) for kind in words} == words
    assert happened(Step(0, "acted", number=2), where) == "act 2 of the strategy was done"
    assert happened(Step(0, "arrived", queue="Sales"), where) == "came into Sales"
    assert happened(Step(0, "offered", user="x"), where) == "was offered to somebody who is gone"


def test_times_in_words() -> None:
    assert [ago(n) for n in (-5, 59_999, 60_000, 7_800_000)] == ["0 s", "59 s", "1 min 0 s", "2 h 10 min"]

"""Strategies as they are provisioned: every mistake with its place, nothing refers to nothing (SPEC 5.3)."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.strategy import DEFAULT, Ageing, Overflow, Park, Relax, Step, Strategy, Texts
from smsdesk.core.strategy_words import in_words
from smsdesk.core.timeline import MOST_PHASES, timeline
from smsdesk.operations.provisioning.change import create, delete, found, read_body, update
from smsdesk.operations.provisioning.kind import Surroundings
from smsdesk.operations.provisioning.kinds import BY_PLURAL, view_of
from smsdesk.operations.provisioning.plan import carry_out, read_file
from smsdesk.operations.provisioning.strategies import plain, written
from smsdesk.operations.provisioning.strategy_form import form_mistakes
from tests.operations.world import World, fault

pytestmark = pytest.mark.anyio
PLAIN = Surroundings(frozenset({"simulator"}))


def make(plural: str, **fields: Any) -> Callable[[Draft], Any]:
    kind = BY_PLURAL[plural]
    return lambda draft: create(draft, view_of(draft, PLAIN), kind, read_body(kind, fields))


def plan(**fields: Any) -> Callable[[Draft], Any]:
    return make("strategies", **{"name": "Plan"} | fields)


def change(plural: str, name: str, **fields: Any) -> Callable[[Draft], Any]:
    def body(draft: Draft) -> Any:
        view, kind = view_of(draft, PLAIN), BY_PLURAL[plural]
        return update(draft, view, kind, view.named(kind.kind, name), fields)

    return body


def remove(plural: str, name: str) -> Callable[[Draft], None]:
    def body(draft: Draft) -> None:
        view, kind = view_of(draft, PLAIN), BY_PLURAL[plural]
        delete(draft, view, kind, view.named(kind.kind, name))

    return body


def said(caught: Any) -> str:
    assert caught.value.fault is Fault.INVALID
    return str(caught.value.message)


ENGLISH = "?:english>5"
RELAX = {"skill": "english", "by": 1, "every": 10}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"steps": []}, "steps: is empty"),
        ({"steps": [{"targets": []}]}, "steps 1: targets: is empty"),
        ({"steps": [{"targets": [" x"]}]}, "steps 1: targets 1: has to be 1 to 1000 characters"),
        ({"steps": [{"targets": ["queue", "queue"]}]}, "steps 1: targets 2: queue stands there twice"),
        ({"steps": [{}, {}]}, "steps 2: is never tried: step 1 has 0 seconds"),
        ({"steps": [{"seconds": -1}]}, "steps 1: seconds: is -1; it has to be 0 to 2592000"),
        ({"steps": [{"seconds": "5"}]}, "steps 1: Expected `int`, got `str` - at `seconds`"),
        ({"steps": [{"seconds": 5}, {"second": 5}]}, "steps 2: Object contains unknown field `second`"),
        ({"steps": [{"order": "random"}]}, "steps 1: Invalid enum value 'random'"),
        (
            {"steps": [{"shares": {"queue": 100}}]},
            "steps 1: shares: have a meaning with the order percentage",
        ),
        (
            {"steps": [{"targets": ["queue"], "order": "percentage", "shares": {"queue": 60, "B": 40}}]},
            "steps 1: shares: B is none of the step's targets",
        ),
        (
            {"steps": [{"order": "percentage", "shares": {"queue": 60}}]},
            "steps 1: shares: sum to 60; they have to sum to 100",
        ),
        ({"steps": [{"order": "percentage"}]}, "steps 1: shares: sum to 0"),
        (
            {"steps": [{"targets": ["Support"], "relax": [RELAX]}]},
            "steps 1: relax 1: no target of the step asks for the skill english",
        ),
        (
            {"steps": [{"targets": [ENGLISH], "relax": [RELAX | {"to": 5}]}]},
            "steps 1: relax 1: never lowers anything",
        ),
        (
            {"steps": [{"targets": ["english>5"], "relax": [RELAX]}]},
            "steps 1: relax 1: never lowers anything: no target begins with ?:",
        ),
        (
            {"steps": [{"targets": [ENGLISH], "seconds": 10, "relax": [RELAX]}]},
            "steps 1: relax 1: never lowers anything: the step ends after 10 seconds",
        ),
        ({"steps": [{"relax": [RELAX | {"by": 0}]}]}, "steps 1: relax 1: by: is 0"),
        (
            {"steps": [{"targets": ["?:english>1000"], "relax": [RELAX]}]},
            "steps: come to 201 phases, and 200 is the most",
        ),
        ({"texts": {"wait": "x" * 1001}}, "texts: wait: has 1001 characters; 1 to 1000 are allowed"),
        ({"texts": {"greeting": ""}}, "texts: greeting: has 0 characters"),
        ({"texts": {"waitEvery": 5}}, "texts: waitEvery: is 5; it has to be 0, or 10 to 2592000"),
        ({"texts": {"hello": "x"}}, "texts has the wrong type or value: Object contains unknown field"),
        ({"park": {"after": 0}}, "park: after: is 0"),
        ({"park": {"after": 9, "text": "x" * 1001}}, "park: text: has 1001 characters"),
        ({"overflow": {"queue": "Billing", "after": 0}}, "overflow: after: is 0"),
        (
            {"overflow": {"queue": "Billing", "after": 20}, "park": {"after": 10}},
            "overflow: never happens, because park comes before",
        ),
        (
            {"overflow": {"queue": "Billing", "after": 10}, "park": {"after": 10}},
            "park: never happens, because overflow comes before",
        ),
        ({"ageing": {"points": 1, "every": 0}}, "ageing: every: is 0"),
        ({"priority": 10**7}, "priority: is 10000000"),
        ({"objective": -1}, "objective: is -1"),
        ({"lastAgent": -1}, "lastAgent: is -1"),
        ({"segment": ""}, "segment: has 0 characters"),
        ({"whenClosed": "sleep"}, "whenClosed has the wrong type or value"),
        ({"name": " Plan"}, "name may not begin or end with a blank"),
    ],
)
def test_a_mistake_of_form_is_told_with_its_place(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused) as caught:
        read_body(BY_PLURAL["strategies"], {"name": "Plan"} | fields)
    assert words in said(caught)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"hours": "Never"}, "hours: 'Never' are no business hours"),
        ({"overflow": {"queue": "Q", "after": 5}}, "overflow: queue: 'Q' is no queue"),
        ({"steps": [{"targets": ["Nobodies"]}]}, "steps 1: targets 1: is no group, and neither"),
        (
            {"steps": [{"seconds": 5}, {"targets": ["queue", "?:english>1&klingon>2"]}]},
            "steps 2: targets 2: asks for a skill that does not exist: klingon",
        ),
        ({"steps": [{"targets": ["agent:worf"]}]}, "steps 1: targets 1: there is no user 'worf'"),
        ({"steps": [{"targets": ["queue:Q"]}]}, "steps 1: targets 1: there is no queue 'Q'"),
        (
            {"steps": [{"relax": [{"skill": "klingon", "by": 1, "every": 5}]}]},
            "steps 1: relax 1: there is no skill 'klingon'",
        ),
    ],
)
async def test_nothing_refers_to_nothing(fields: dict[str, Any], words: str) -> None:
    world = await World().open()
    with pytest.raises(Refused) as caught:
        await world.run(plan(**fields))
    assert words in said(caught)


async def test_all_mistakes_are_told_at_once() -> None:
    fields = {"name": "Plan", "priority": 10**7, "steps": [{"targets": []}, {}]}
    with pytest.raises(Refused) as caught:
        read_body(BY_PLURAL["strategies"], fields)
    assert [mistake.partition(":")[0] for mistake in said(caught).split("; ")] == [
        "priority",
        "it has to be -1000000 to 1000000",
        "steps 1",
        "steps 2",
    ]


REFERRING = {
    "name": "Plan",
    "hours": "Office",
    "steps": [
        {"targets": ["Support", "agent:agent1", "queue:Support", "?:billing>1"], "seconds": 5},
        {"targets": ["queue"], "relax": [{"skill": "english", "by": 1, "every": 5}]},
    ],
    "overflow": {"queue": "Billing", "after": 60},
}


@pytest.mark.parametrize(
    ("plural", "name"),
    [
        ("business-hours", "Office"),
        ("groups", "Support"),
        ("users", "agent1"),
        ("queues", "Support"),
        ("queues", "Billing"),
        ("skills", "billing"),
        ("skills", "english"),
    ],
)
async def test_what_a_strategy_refers_to_stays(plural: str, name: str) -> None:
    world = await World().open()
    await world.run(make("business-hours", name="Office"))
    await world.run(plan(**REFERRING))
    with pytest.raises(Refused, match="strategy Plan") as caught:
        await world.run(remove(plural, name))
    assert caught.value.fault is Fault.IN_USE


async def test_a_strategy_that_a_queue_names_stays() -> None:
    world = await World().open()
    await world.run(plan())
    await world.run(change("queues", "Support", strategy="Plan"))
    with pytest.raises(Refused, match="queue Support") as caught:
        await world.run(remove("strategies", "Plan"))
    assert caught.value.fault is Fault.IN_USE
    await world.run(change("queues", "Support", strategy=None))
    await world.run(remove("strategies", "Plan"))


async def test_the_built_in_strategy_is_never_changed() -> None:
    world = await World().open()
    assert await fault(world.run(make("strategies", name=DEFAULT))) is Fault.EXISTS
    kind = BY_PLURAL["strategies"]
    assert await fault(world.run(lambda d: found(view_of(d, PLAIN), kind, DEFAULT))) is Fault.FORBIDDEN


async def test_queues_never_overflow_in_a_circle() -> None:
    world = await World().open()
    await world.run(plan(overflow={"queue": "Billing", "after": 5}))
    with pytest.raises(Refused) as caught:
        await world.run(change("queues", "Billing", strategy="Plan"))
    assert said(caught) == "overflow: the queue Billing would overflow into itself"
    await world.run(change("queues", "Support", strategy="Plan"))
    await world.run(plan(name="Back", overflow={"queue": "Support", "after": 5}))
    with pytest.raises(Refused) as caught:
        await world.run(change("queues", "Billing", strategy="Back"))
    assert "goes in a circle of queues: " in said(caught)
    await world.run(plan(name="Harmless"))
    await world.run(change("queues", "Billing", strategy="Harmless"))
    with pytest.raises(Refused) as caught:
        await world.run(change("strategies", "Harmless", overflow={"queue": "Support", "after": 5}))
    assert "goes in a circle of queues: " in said(caught)


async def test_in_a_file_strategies_and_queues_may_name_each_other() -> None:
    world = await World().open()
    both = {
        "strategies": [
            {
                "name": "Plan",
                "steps": [{"targets": ["queue", "queue:New"]}],
                "overflow": {"queue": "Last", "after": 9},
            }
        ],
        "queues": [
            {"name": "New", "target": "Support", "strategy": "Plan"},
            {"name": "Last", "target": "Support"},
        ],
    }
    await world.run(lambda draft: carry_out(draft, read_file(both), PLAIN))
    assert world.performer.centre.queues["New"].strategy == "Plan"
    gone = {"strategies": [], "queues": [{"name": "Support"}, {"name": "Billing"}]}
    steps = await world.run(lambda draft: carry_out(draft, read_file(gone), PLAIN, prune=True))
    assert sorted(step.name for step in steps) == ["Last", "New", "Plan"]


async def test_a_file_whose_later_entry_fails_is_refused_as_a_whole() -> None:
    world = await World().open()
    file = {
        "strategies": [{"name": "Plan", "overflow": {"queue": "New", "after": 9}}],
        "queues": [{"name": "New", "target": "Nobodies"}],
    }
    assert await fault(world.run(lambda draft: carry_out(draft, read_file(file), PLAIN))) is Fault.INVALID
    assert "Plan" not in world.performer.centre.strategies


STEPS = st.lists(
    st.builds(
        Step,
        targets=st.lists(st.sampled_from(["queue", "A", ENGLISH, "?:billing>=40"]), max_size=3).map(tuple),
        seconds=st.integers(0, 100),
        clear=st.booleans(),
        relax=st.lists(
            st.builds(
                Relax,
                skill=st.sampled_from(["english", "billing"]),
                by=st.integers(0, 5),
                every=st.integers(0, 50),
                to=st.integers(0, 9),
            ),
            max_size=2,
        ).map(tuple),
    ),
    max_size=4,
).map(tuple)


@given(STEPS)
def test_what_passes_the_check_comes_to_a_timeline_that_can_be_followed(steps: tuple[Step, ...]) -> None:
    made = Strategy("s", "S", steps=steps)
    if form_mistakes(made):
        return
    phases = timeline(made, "own").phases
    assert 0 < len(phases) <= MOST_PHASES
    assert [p.at for p in phases] == sorted({p.at for p in phases})
    assert {p.step for p in phases} == set(range(1, len(steps) + 1))


@given(STEPS, st.none() | st.builds(Park, after=st.integers(1, 9), wake=st.integers(0, 9)))
def test_bodies_and_strategies_say_the_same(steps: tuple[Step, ...], park: Park | None) -> None:
    made = Strategy(
        "s",
        "S",
        segment="gold",
        service_type="sales",
        objective=30,
        hours="Office",
        when_closed="park",
        texts=Texts("a", "b", 1, 20, "c"),
        priority=4,
        ageing=Ageing(1, 5),
        last_agent=7,
        steps=steps,
        overflow=Overflow("Q", 3),
        park=park,
    )
    assert plain(written(made), "s") == made


def test_a_timeline_in_words() -> None:
    made = Strategy(
        "s",
        "S",
        hours="Office",
        when_closed="park",
        texts=Texts(greeting="Hello", closed="Closed"),
        last_agent=5,
        steps=(
            Step((ENGLISH, "queue"), 30, order="percentage", shares={ENGLISH: 60, "queue": 40}),
            Step(("agent:bob", "queue:Sales"), clear=True),
        ),
        park=Park(90, text="Later"),
    )
    assert in_words(made, "Support") == [
        (
            None,
            "outside the business hours Office nobody is asked, and it is parked until the opening; "
            "the customer is told: Closed",
        ),
        (0, "only the agent who dealt with the customer last is asked, as long as he is there"),
        (0, "the customer is told: Hello"),
        (
            5,
            "step 1: asked are ?:english>5 60 % or whoever serves the queue (Support) 40 %, by shares",
        ),
        (
            35,
            "step 2: asked are the agent bob or whoever serves the queue Sales, the least loaded first",
        ),
        (90, "parked until the customer writes again; the customer is told: Later"),
    ]
    assert in_words(Strategy("s", "S", overflow=Overflow("Sales", 9)))[-1] == (
        9,
        "goes to the queue Sales, with its age",
    )


def test_shares_stay_with_a_target_whose_level_is_lowered() -> None:
    step = Step(
        (ENGLISH, "B"), order="percentage", shares={ENGLISH: 70, "B": 30}, relax=(Relax("english", 1, 10, 4),)
    )
    phases = timeline(Strategy("s", "S", steps=(step,)), "own").phases
    assert [(p.targets, p.shares) for p in phases] == [
        ((ENGLISH, "B"), (70, 30)),
        (("?:english>4", "B"), (70, 30)),
    ]

"""What the router attaches to an offer: types as in the samples, the target that found the agent (A§2.3)."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from smsdesk.core.centre import Queue
from smsdesk.core.draft import Draft
from smsdesk.core.interaction import Interaction
from smsdesk.core.strategy import Step, Strategy
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.transfer import Transfer
from smsdesk.operations.system.routing_steps import offer_to
from tests.operations.world import World

pytestmark = pytest.mark.anyio
MINUTE = 60_000


async def world_with(*steps: Step, **fields: Any) -> World:
    world = await World().open()
    plan = Strategy("s", "Plan", steps=steps or (Step(),), **fields)

    def provision(draft: Draft) -> None:
        draft.put("strategy", plan.id, plan)
        queue = next(q for q in draft.newest.all("queue") if q.name == "Support")
        assert isinstance(queue, Queue)
        draft.put("queue", queue.id, replace(queue, strategy="Plan"))

    await world.run(provision)
    await world.ready("agent1", "agent2")
    return world


async def keys(world: World, agent: str = "agent1", wait: int = 0) -> dict[str, Any]:
    """The attached data after an offer to somebody, who was found after some time."""
    await world.text()
    id = (await world.sessions())[-1].id
    world.clock.jump(wait)
    user = world.user(agent).id
    assert await world.run(lambda draft: offer_to(draft, id, user))
    return {k: msgspec.json.decode(v) for k, v in (await world.session(id)).user_data.items()}


async def test_a_group_that_serves_the_queue() -> None:
    world = await world_with(segment="gold", service_type="sales", objective=45)
    found = await keys(world)
    queue = world.performer.centre.queues["Support"]
    expected = {
        "RTenant": "Environment",
        "RStrategyName": "Plan",
        "RTargetRequested": "Support",
        "RTargetTypeSelected": "2",
        "RTargetObjectSelected": "Support",
        "RTargetAgentGroup": "Support",
        "RTargetAgentSelected": "agent1",
        "RVQDBID": queue.id,
        "RRequestedSkills": None,
        "RRequestedSkillCombination": "",
        "PegAGSupport": 1,
        "CustomerSegment": "gold",
        "ServiceType": "sales",
        "ServiceObjective": "45",
    }
    assert {key: found[key] for key in expected} == expected
    assert len(found["RVQID"]) == 32
    assert set(found["RVQID"]) <= set("0123456789abcdef")


async def test_an_expression_tells_the_skills_that_were_asked_for() -> None:
    found = await keys(await world_with(Step(("?:english>5&billing>=3",))))
    assert found["RRequestedSkills"] == {"english": "5", "billing": "3"}
    assert found["RRequestedSkillCombination"] == "english>5&billing>=3"
    assert found["RTargetObjectSelected"] == "?:english>5&billing>=3"
    assert found["RTargetTypeSelected"] == "2"
    assert found["PegAG?:english>5&billing>=3"] == 1


async def test_the_target_of_the_phase_that_found_the_agent() -> None:
    steps = (Step(("?:billing>3",), 60), Step(("?:spanish>5", "queue:Billing")))
    world = await world_with(*steps)
    assert (await keys(world, "agent2", 61 * 1000))["RTargetRequested"] == "?:spanish>5"
    other = await world_with(Step(("queue:Billing",)))
    assert (await keys(other))["RTargetRequested"] == "?:billing>3"


@pytest.mark.parametrize("steps", [(Step(("agent:AGENT1", "Support")),), ()])
async def test_somebody_who_was_asked_for_himself(steps: tuple[Step, ...]) -> None:
    world = await world_with(*steps, last_agent=0 if steps else 5)
    found = await keys(world)
    expected = {
        "RTargetTypeSelected": "0",
        "RTargetRequested": "agent1",
        "RTargetObjectSelected": "agent1",
        "RTargetAgentGroup": "",
        "RRequestedSkills": None,
    }
    assert {key: found[key] for key in expected} == expected


async def test_a_stay_in_a_queue_has_one_id_and_the_next_stay_another() -> None:
    world = await world_with()
    first = (await keys(world))["RVQID"]
    id = (await world.sessions())[-1].id
    await world.do("agent1", id, Accept())
    await world.do("agent1", id, Transfer(queue_name="Billing"))
    user = world.user("agent1").id
    assert await world.run(lambda draft: offer_to(draft, id, user))
    second = msgspec.json.decode((await world.session(id)).user_data["RVQID"])
    assert second != first
    interaction = world.live.committed("interaction", id)
    assert isinstance(interaction, Interaction)
    assert interaction.stay == second

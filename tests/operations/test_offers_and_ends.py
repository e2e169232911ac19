"""Offers and what becomes of them; how sessions end (SPEC 2.5, 3, 5.1, 9.3, 9.6)."""

from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from smsdesk.core.centre import Policy
from smsdesk.core.contact import Contact
from smsdesk.core.errors import Fault
from smsdesk.operations.base import SessionOperation, UserOperation
from smsdesk.operations.channel import DoNotDisturbOff, DoNotDisturbOn, SetAgentState
from smsdesk.operations.channel.supervision import Monitor
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.consult import Consult
from smsdesk.operations.smssession.leave import Leave
from smsdesk.operations.smssession.reject import Reject
from smsdesk.operations.smssession.send_message import SendMessage
from smsdesk.operations.system.routing_steps import close_idle, offer_to, ring_over
from tests.operations.acting import (
    acts,
    agent,
    place,
    ring,
    states,
    timer,
    to,
    together,
)
from tests.operations.world import World, fault

HOUR = 3_600_000


pytestmark = pytest.mark.anyio


# -- offers ----------------------------------------------------------------------------------------
async def test_an_offer_is_made_once(world: World) -> None:
    id = await world.offered("agent1")
    before = await world.store.snapshot()
    for name in ("agent1", "agent2"):
        assert not await world.run(partial(offer_to, interaction_id=id, user=world.user(name).id))
    assert not await world.run(partial(offer_to, interaction_id="nobody", user=world.user("agent2").id))
    assert await world.store.snapshot() == before


@pytest.mark.parametrize("operation", [DoNotDisturbOn(), SetAgentState("NotReady"), SetAgentState("Offline")])
async def test_who_does_not_want_any_gets_no_offer(world: World, operation: UserOperation) -> None:
    await world.text()
    (session,) = await world.sessions()
    await acts(world, "agent1", operation)
    offer = partial(offer_to, interaction_id=session.id, user=world.user("agent1").id)
    assert not await world.run(offer)
    if isinstance(operation, DoNotDisturbOn):
        assert agent(world, "agent1").readiness == "Ready"
        await acts(world, "agent1", DoNotDisturbOff())
        assert await world.run(offer)


@pytest.mark.parametrize(
    ("action", "readiness"), [("none", "Ready"), ("notready", "NotReady"), ("logout", "LoggedOut")]
)
async def test_who_misses_an_offer_is_treated_as_the_setting_says(action: Any, readiness: str) -> None:
    world = await World(policy=Policy(agent_no_answer_action=action)).open()
    await world.ready("agent1")
    id = await world.offered("agent1")
    arrived = (await place(world, id)).arrived
    await ring(world)
    assert await states(world, id) == {"agent1": "Revoked"}
    back = await place(world, id)
    assert (back.place, back.offered_to, back.arrived) == ("waiting", None, arrived)
    assert list(back.rejected) == [world.user("agent1").id]
    assert agent(world, "agent1").readiness == readiness
    assert agent(world, "agent1").desk == ()


@pytest.mark.parametrize("operation", [Accept(), Reject()])
async def test_a_ring_time_that_is_over_too_late_does_nothing(
    world: World, operation: SessionOperation
) -> None:
    id = await world.offered("agent1")
    due = timer(world, "ring")
    await world.do("agent1", id, operation)
    before = await states(world, id)
    await world.run(partial(ring_over, timer=due))
    assert await states(world, id) == before
    assert agent(world, "agent1").readiness == "Ready"


# -- ends ------------------------------------------------------------------------------------------
async def test_silence_is_measured_from_the_last_text(world: World) -> None:
    id = await world.accepted("agent1")
    limit = world.performer.policy.idle_assigned
    first = timer(world, "idle")
    assert first.due == world.clock.now + limit
    world.clock.jump(limit - HOUR)
    await world.text("still here")
    world.clock.now = first.due
    await world.run(partial(close_idle, timer=first))
    assert timer(world, "idle").due == world.clock.now + limit - HOUR
    assert await states(world, id) == {"agent1": "Chatting"}
    world.clock.now = timer(world, "idle").due
    await world.do("agent1", id, SendMessage("a last word"))  # what the agent writes counts as well
    await world.run(partial(close_idle, timer=timer(world, "idle")))
    assert await states(world, id) == {"agent1": "Chatting"}
    world.clock.jump(limit)
    await world.run(partial(close_idle, timer=timer(world, "idle")))
    assert await states(world, id) == {"agent1": "LeftChat"}
    session = await world.session(id)
    assert (session.open, session.participants) == (False, ())
    last = (await world.transcript(id))[-1]
    assert (last.type, last.author.type) == ("ParticipantLeft", "Customer")
    assert not [t for t in world.live.all("timer") if t.kind == "idle"]


async def test_a_session_that_waits_again_has_the_limit_of_those_who_wait(world: World) -> None:
    id = await world.accepted("agent1")
    world.clock.jump(HOUR)
    await world.do("agent1", id, Complete(queue_name="Billing"))
    due = timer(world, "idle")
    assert due.due == world.clock.now + world.performer.policy.idle_waiting
    world.clock.now = due.due
    await world.run(partial(close_idle, timer=due))
    assert not (await world.session(id)).open


async def test_an_idle_limit_of_a_session_that_is_over_goes_away(world: World) -> None:
    id = await world.accepted("agent1")
    due = timer(world, "idle")
    await world.do("agent1", id, Leave())
    await world.run(lambda d: d.start_timer(due))
    await world.run(partial(close_idle, timer=due))
    assert not list(world.live.all("timer"))


async def test_a_silent_customer_leaves_everybody(world: World) -> None:
    await acts(world, "supervisor", Monitor(), on="agent1")
    id = await together(world)
    world.clock.jump(world.performer.policy.idle_assigned)
    await world.run(partial(close_idle, timer=timer(world, "idle")))
    assert await states(world, id) == {"agent1": "LeftChat", "agent2": "Completed", "supervisor": "Revoked"}


async def test_only_consulted_agents_are_no_company(world: World) -> None:
    """SPEC 3 Leave: the session is over, the leaver is in LeftChat, they are Completed."""
    id = await together(world, Consult(to(world, "agent2")))
    await world.do("agent1", id, Leave())
    assert await states(world, id) == {"agent1": "LeftChat", "agent2": "Completed"}


async def test_one_of_two_leaves_and_the_other_goes_on(world: World) -> None:
    id = await together(world)
    await world.do("agent1", id, Leave())
    assert await states(world, id) == {"agent1": "Completed", "agent2": "Chatting"}
    assert (await world.session(id)).open


async def test_who_leaves_takes_his_invitation_along(world: World) -> None:
    id = await together(world)
    await world.do("agent1", id, Consult(to(world, "agent3")))
    assert (await states(world, id))["agent3"] == "Invited"
    await world.do("agent1", id, Leave())
    assert await states(world, id) == {"agent1": "Completed", "agent2": "Chatting", "agent3": "Revoked"}
    await world.do("agent2", id, Consult(to(world, "agent3")))
    assert (await states(world, id))["agent3"] == "Invited"


async def test_a_mandatory_disposition_is_asked_for(world: World) -> None:
    id = await world.accepted("agent1")
    queue = replace(world.performer.centre.queues["Support"], disposition_mandatory=True)
    await world.run(lambda d: d.put("queue", queue.id, queue))
    assert await fault(world.do("agent1", id, Complete())) is Fault.STATE


async def test_the_last_agent_is_remembered_with_the_contact(world: World) -> None:
    id = await world.offered("agent1")
    await world.do("agent1", id, Accept(save_lar=True))
    contact = await world.performer.read("contact", (await world.session(id)).contact_id or "")
    assert isinstance(contact, Contact)
    assert (contact.last_agent, contact.last_agent_at) == (world.user("agent1").id, world.clock.now)
    await world.run(lambda d: d.change(d.session(id), contact_id=None))
    await world.do("agent1", id, Complete(save_lar=True))  # nobody to remember it with

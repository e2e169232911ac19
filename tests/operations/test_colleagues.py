"""Further agents: consult, invite, transfer, and how they part again (SPEC 3, 8.5, 9.7, 9.9)."""

from functools import partial
from typing import Any

import msgspec
import pytest

from smsdesk.core.errors import Fault
from smsdesk.core.events import Fact, Tell
from smsdesk.operations.channel.supervision import BargeIn, Coach, Monitor
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.cancel_consult import CancelConsult
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.consult import Consult
from smsdesk.operations.smssession.invite import Invite
from smsdesk.operations.smssession.leave import Leave
from smsdesk.operations.smssession.reject import Reject
from smsdesk.operations.smssession.remove_participant_from_conference import RemoveParticipantFromConference
from smsdesk.operations.smssession.send_to_agents import SendToAgents
from smsdesk.operations.smssession.set_in_focus import SetInFocus
from smsdesk.operations.smssession.transfer import Transfer
from smsdesk.operations.system.routing_steps import offer_to, wait_over
from tests.operations.acting import (
    acts,
    agent,
    people,
    place,
    states,
    timer,
    to,
    together,
)
from tests.operations.world import World, fault

pytestmark = pytest.mark.anyio


# -- colleagues ------------------------------------------------------------------------------------
@pytest.mark.parametrize("operation", [Consult, Invite])
async def test_nobody_found_in_a_queue_is_an_error_after_a_while(world: World, operation: Any) -> None:
    """SPEC 8.5: waiting in a queue for a consult has a limit, then Error."""
    id = await world.accepted("agent1")
    queue = world.performer.centre.queues["Support"]
    answer = await world.do("agent1", id, operation(f"/queues/{queue.id}"))
    further = await place(world, f"{id}+")
    assert (further.place, further.purpose, further.session) == ("waiting", operation.__name__, id)
    offer = partial(offer_to, interaction_id=further.id, user=world.user("agent2").id)
    assert await world.run(offer)
    assert (await states(world, id))["agent2"] == "Invited"
    due = timer(world, "wait")
    world.clock.now = due.due
    rows = len(await world.store.rows(0))
    await world.run(partial(wait_over, timer=due))
    assert (await states(world, id))["agent2"] == "Revoked"
    assert (await world.session(id)).pending is None
    assert (await place(world, further.id)).place == "closed"
    (row,) = (await world.store.rows(0))[rows:]
    fact = msgspec.json.decode(row.body, type=Fact)
    (told,) = [t for t in fact.audience if t.user == world.user("agent1").id]
    words = "nobody in Support answered within the time limit"
    assert told.tell[-1] == Tell("error", reference=answer["referenceId"], error=words)
    await world.run(partial(wait_over, timer=due))  # too late, does nothing


async def test_an_invitation_that_is_rejected_goes_back_to_the_queue_it_waits_in(world: World) -> None:
    id = await world.accepted("agent1")
    queue = world.performer.centre.queues["Support"]
    await world.do("agent1", id, Consult(f"/queues/{queue.id}"))
    for name in ("agent2", "agent3"):
        offer = partial(offer_to, interaction_id=f"{id}+", user=world.user(name).id)
        assert await world.run(offer)
        await world.do(name, id, Reject())
    back = await place(world, f"{id}+")
    assert (back.place, sorted(back.rejected)) == (
        "waiting",
        sorted(world.user(name).id for name in ("agent2", "agent3")),
    )
    assert (await world.session(id)).pending is not None


async def test_wrap_up_is_handed_over_as_wrap_up(world: World) -> None:
    """SPEC 9.7; nobody is left whom a supervisor could watch."""
    id = await world.accepted("agent1")
    await world.do("agent1", id, Leave())
    await acts(world, "supervisor", Coach(), on="agent2")
    words = world.do("agent1", id, Transfer(to(world, "agent2"), text="a colleague goes on"))
    assert await fault(words) is Fault.STATE, "nobody is left to read it"
    await world.do("agent1", id, Transfer(to(world, "agent2")))
    await world.do("agent2", id, Accept())
    assert await states(world, id) == {"agent1": "Completed", "agent2": "LeftChat"}
    assert await people(world, id) == []


@pytest.mark.parametrize(("mode", "may"), [(Monitor(), False), (Coach(), False), (BargeIn(), True)])
async def test_whom_the_customer_does_not_see_cannot_write_to_him(world: World, mode: Any, may: bool) -> None:
    await acts(world, "supervisor", mode, on="agent1")
    id = await world.accepted("agent1")
    asked = world.do("supervisor", id, Transfer(to(world, "agent2"), text="one moment"))
    if may:
        await asked
        assert (await world.said(id))[-1] == "one moment"
    else:
        assert await fault(asked) is Fault.STATE
        assert await states(world, id) == {"agent1": "Chatting", "supervisor": "Chatting"}
        await world.do("supervisor", id, Transfer(to(world, "agent2")))


async def test_a_consulted_agent_becomes_one_of_the_conference(world: World) -> None:
    """Without a new offer; what was said among agents stays among them (SPEC 3 Consult)."""
    id = await together(world, Consult(to(world, "agent2")))
    await world.do("agent2", id, SendToAgents("he is a good customer"))
    session = await world.session(id)
    assert [p.nickname for p in session.visible("All")] == ["+15550111", "Ann"]
    await world.do("agent1", id, Invite(to(world, "agent2")))
    session = await world.session(id)
    assert [p.nickname for p in session.visible("All")] == ["+15550111", "Ann", "Ben"]
    assert session.capabilities(world.user("agent2").id) == session.capabilities(world.user("agent1").id)
    assert [(m.type, m.visibility) for m in (await world.transcript(id))[-2:]] == [
        ("Text", "Agents"),
        ("ParticipantRejoined", "All"),
    ]


@pytest.mark.parametrize("first", [Consult, Invite])
async def test_a_session_is_handed_to_somebody_who_is_in_it(world: World, first: Any) -> None:
    id = await together(world, first(to(world, "agent2")))
    answer = await world.do("agent1", id, Transfer(to(world, "agent2")))
    assert answer["referenceId"] > 0
    assert await states(world, id) == {"agent1": "Completed", "agent2": "Chatting"}
    assert [p.nickname for p in (await world.session(id)).visible("All")] == ["+15550111", "Ben"]


async def test_an_invitation_may_be_taken_back_until_it_is_accepted(world: World) -> None:
    """SPEC 9.9: pending, too late, nothing there."""
    id = await world.accepted("agent1")
    assert await fault(world.do("agent1", id, CancelConsult())) is Fault.STATE
    for operation in (Consult, Invite, Transfer):
        await world.do("agent1", id, operation(to(world, "agent2")))
        answer = await world.do("agent1", id, CancelConsult())
        assert answer["referenceId"] > 0
        assert await states(world, id) == {"agent1": "Chatting", "agent2": "Revoked"}
    await world.do("agent1", id, Consult(to(world, "agent2")))
    await world.do("agent2", id, Accept())
    await world.do("agent1", id, CancelConsult())  # an Error notification says that it is too late
    assert (await states(world, id))["agent2"] == "Chatting"
    fact = msgspec.json.decode((await world.store.rows(0))[-1].body, type=Fact)
    assert [tell.kind for told in fact.audience for tell in told.tell] == ["error"]


async def test_one_invitation_at_a_time(world: World) -> None:
    """SPEC 8.5."""
    id = await world.accepted("agent1")
    await world.do("agent1", id, Consult(to(world, "agent2")))
    for operation in (Consult, Invite, Transfer):
        assert await fault(world.do("agent1", id, operation(to(world, "agent3")))) is Fault.STATE
    await world.do("agent1", id, CancelConsult())
    await world.do("agent1", id, Invite(to(world, "agent3")))


@pytest.mark.parametrize("first", [Consult, Invite])
async def test_an_agent_is_put_out_of_the_session(world: World, first: Any) -> None:
    id = await together(world, first(to(world, "agent2")))
    await world.do("agent1", id, RemoveParticipantFromConference(to(world, "agent2")))
    assert await states(world, id) == {"agent1": "Chatting", "agent2": "Completed"}
    assert await people(world, id) == ["+15550111", "Ann"]
    assert agent(world, "agent2").desk == ()
    notice, left = (await world.transcript(id))[-2:]
    assert (notice.type, notice.visibility, left.type) == ("Notice", "Agents", "ParticipantLeft")
    assert left.visibility == ("All" if first is Invite else "Agents")


async def test_the_only_agent_cannot_be_put_out(world: World) -> None:
    """Nobody would be left who answers the customer, though a supervisor and a consulted agent be there."""
    await acts(world, "supervisor", BargeIn(), on="agent1")
    id = await together(world, Consult(to(world, "agent2")))
    asked = world.do("supervisor", id, RemoveParticipantFromConference(to(world, "agent1")))
    assert await fault(asked) is Fault.STATE
    await world.do("supervisor", id, RemoveParticipantFromConference(to(world, "agent2")))
    assert await states(world, id) == {"agent1": "Chatting", "agent2": "Completed", "supervisor": "Chatting"}


@pytest.mark.parametrize("operation", [Transfer, Consult, Invite])
async def test_who_is_put_out_takes_his_invitation_along(world: World, operation: Any) -> None:
    id = await together(world)
    await world.do("agent2", id, operation(to(world, "agent3")))
    await world.do("agent1", id, RemoveParticipantFromConference(to(world, "agent2")))
    assert await states(world, id) == {"agent1": "Chatting", "agent2": "Completed", "agent3": "Revoked"}
    await world.do("agent1", id, operation(to(world, "agent3")))
    await world.do("agent3", id, Accept())


async def test_nobody_else_can_be_put_out(world: World) -> None:
    await acts(world, "supervisor", BargeIn(), on="agent1")
    id = await together(world)
    for name in ("agent1", "agent3", "supervisor"):
        asked = world.do("agent1", id, RemoveParticipantFromConference(to(world, name)))
        assert await fault(asked) is Fault.STATE


@pytest.mark.parametrize(
    "address", ["{base}/users/{user}", "/users/{user}", "/contacts/{user}/", "x/users/{user}"]
)
@pytest.mark.parametrize("name", ["target_uri", "target_path", "user_uri"])
async def test_a_colleague_is_named_in_any_of_the_documented_ways(
    world: World, name: str, address: str
) -> None:
    id = await world.accepted("agent1")
    spelt = address.format(base="http://localhost:8080/api/v2", user=world.user("agent2").id)
    await world.do("agent1", id, Consult(**{name: spelt}))
    assert (await states(world, id))["agent2"] == "Invited"


@pytest.mark.parametrize(
    "address", ["nobody", "/users/nobody", "/queues/{user}", "/users/", "", "/", "/things/{user}"]
)
async def test_what_names_nobody_is_unknown(world: World, address: str) -> None:
    id = await world.accepted("agent1")
    spelt = address.format(user=world.user("agent2").id)
    for operation in (Consult(spelt), Invite(spelt), Transfer(spelt), RemoveParticipantFromConference(spelt)):
        assert await fault(world.do("agent1", id, operation)) is Fault.UNKNOWN


async def test_a_target_of_the_wrong_kind(world: World) -> None:
    id = await together(world)
    queue = f"/queues/{world.performer.centre.queues['Support'].id}"
    assert await fault(world.do("agent1", id, RemoveParticipantFromConference(queue))) is Fault.UNKNOWN
    assert await fault(world.do("agent1", id, Transfer(queue_name="Nowhere"))) is Fault.UNKNOWN
    for operation in (Consult, Invite, Transfer):
        assert await fault(world.do("agent1", id, operation(to(world, "agent1")))) is Fault.INVALID
    assert await fault(world.do("agent1", id, Consult(to(world, "agent2")))) is Fault.STATE


async def test_one_session_at_a_time_has_the_focus(world: World) -> None:
    first = await world.accepted("agent1")
    second = await world.accepted("agent1", customer="+15550112")
    for id in (first, second, second):
        await world.do("agent1", id, SetInFocus())
        assert agent(world, "agent1").focus == id
    await world.do("agent1", second, Complete())
    assert agent(world, "agent1").focus is None

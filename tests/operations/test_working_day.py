"""Supervisors who watch, and beginning and ending work (SPEC 3 Supervisor, 4.7, 9.10, S§3.25-3.28)."""

from typing import Any

import pytest

from smsdesk.core.agent import NOT_READY, AgentState
from smsdesk.core.errors import Fault
from smsdesk.operations.base import UserOperation
from smsdesk.operations.channel import DoNotDisturbOff, DoNotDisturbOn, SetAgentState, agent_state
from smsdesk.operations.channel.supervision import BargeIn, CancelSupervisorMonitoring, Coach, Monitor
from smsdesk.operations.me.end_contact_center_session import EndContactCenterSession
from smsdesk.operations.me.start_contact_center_session import StartContactCenterSession
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.consult import Consult
from smsdesk.operations.smssession.invite import Invite
from smsdesk.operations.smssession.leave import Leave
from smsdesk.operations.smssession.send_custom_notice import SendCustomNotice
from smsdesk.operations.smssession.send_custom_notice_to_agents import SendCustomNoticeToAgents
from smsdesk.operations.smssession.send_to_agents import SendToAgents
from smsdesk.operations.smssession.switch_to_barge_in import SwitchToBargeIn
from smsdesk.operations.smssession.switch_to_coach import SwitchToCoach
from smsdesk.operations.smssession.switch_to_monitor import SwitchToMonitor
from tests.operations.acting import (
    acts,
    agent,
    people,
    place,
    states,
    to,
    together,
)
from tests.operations.world import World, fault

pytestmark = pytest.mark.anyio


# -- supervisors -----------------------------------------------------------------------------------
async def test_a_supervisor_comes_with_the_next_session_once_or_always(world: World) -> None:
    await acts(
        world, "supervisor", Monitor(supervisor_monitoring_mode="NextChat", nickname="Boss"), on="agent1"
    )
    first = await world.accepted("agent1")
    second = await world.accepted("agent1", customer="+15550112")
    assert await people(world, first) == ["+15550111", "Ann", "Boss"]
    assert await people(world, second) == ["+15550112", "Ann"]
    await acts(world, "supervisor", Coach(), on="agent1")
    third = await world.accepted("agent1", customer="+15550113")
    assert await people(world, third) == ["+15550113", "Ann", "supervisor"]
    await acts(world, "supervisor", CancelSupervisorMonitoring(), on="agent1")
    fourth = await world.accepted("agent1", customer="+15550114")
    assert await people(world, fourth) == ["+15550114", "Ann"]
    assert (await states(world, third))["supervisor"] == "Chatting"  # S§3.26: it is not ended
    again = acts(world, "supervisor", CancelSupervisorMonitoring(), on="agent1")
    assert await fault(again) is Fault.STATE


@pytest.mark.parametrize(
    ("switch", "visibility", "alone"),
    [
        (SwitchToMonitor(), "Supervisors", True),
        (SwitchToCoach(), "Agents", False),
        (SwitchToBargeIn(), "All", False),
    ],
)
async def test_a_supervisor_changes_the_mode(world: World, switch: Any, visibility: str, alone: bool) -> None:
    """S§3.28; a coaching or barged-in supervisor is company, a monitoring one is not (SPEC 2.4)."""
    mode = Monitor() if visibility != "Supervisors" else BargeIn()
    await acts(world, "supervisor", mode, on="agent1")
    id = await world.accepted("agent1")
    await world.do("supervisor", id, switch)
    session = await world.session(id)
    assert session.participants[-1].visibility == visibility
    assert session.alone(world.user("agent1").id) is alone
    last = (await world.transcript(id))[-1]
    assert (last.type, last.visibility) == ("ParticipantRejoined", visibility)
    assert await fault(world.do("supervisor", id, switch)) is Fault.STATE


@pytest.mark.parametrize(
    ("operation", "visibility"),
    [
        (SendCustomNotice("n"), "All"),
        (SendCustomNoticeToAgents("n"), "Agents"),
        (SendToAgents("n"), "Agents"),
    ],
)
async def test_what_stays_inside_goes_to_no_phone(world: World, operation: Any, visibility: str) -> None:
    id = await together(world)
    await world.do("agent1", id, operation)
    entry = (await world.transcript(id))[-1]
    assert (entry.text or entry.notice, entry.visibility, entry.delivery) == ("n", visibility, None)
    assert not [place for place in world.store.places if place[0] == "outgoing"]


async def test_all_that_supervisors_do_is_written_down(world: World) -> None:
    await acts(world, "supervisor", Monitor(), on="agent1")
    id = await world.accepted("agent1")
    await acts(world, "supervisor", CancelSupervisorMonitoring(), on="agent1")
    kept = (await world.store.snapshot())[0]
    lines = [world.live.peek("audit", place[1]) for place in kept if place[0] == "audit"]
    ann, sue = world.user("agent1").id, world.user("supervisor").id
    assert [(line.action, line.subject, line.session, line.actor) for line in lines if line] == [
        ("Monitor started", ann, None, sue),
        ("Monitor joined", ann, id, ann),
        ("monitoring ended", ann, None, sue),
    ]


# -- the working day -------------------------------------------------------------------------------
async def test_logging_out_clears_the_desk(world: World) -> None:
    """SPEC 4.7, 9.10: what each session on the desk becomes."""
    offered = await world.offered("agent1")
    alone = await world.accepted("agent1", customer="+15550112")
    shared = await world.accepted("agent1", customer="+15550113")
    await world.do("agent1", shared, Invite(to(world, "agent2")))
    await world.do("agent2", shared, Accept())
    over = await world.accepted("agent1", customer="+15550114")
    await world.do("agent1", over, Leave())
    consulted = await world.accepted("agent2", customer="+15550115")
    await world.do("agent2", consulted, Consult(to(world, "agent1")))
    await world.do("agent1", consulted, Accept())
    arrived = (await place(world, alone)).arrived
    world.clock.jump(1000)
    await acts(world, "agent1", EndContactCenterSession())
    assert [(await states(world, id))["agent1"] for id in (offered, alone, shared, over, consulted)] == [
        "Revoked",
        "Completed",
        "Completed",
        "Completed",
        "Completed",
    ]
    assert (agent(world, "agent1").desk, agent(world, "agent1").readiness) == ((), "LoggedOut")
    back = await place(world, alone)
    assert (back.place, back.arrived, back.last_agent) == ("waiting", arrived, world.user("agent1").id)
    assert await people(world, alone) == ["+15550112"]
    assert (await place(world, offered)).place == "waiting"
    assert (await place(world, over)).place == "closed"
    assert (await states(world, shared))["agent2"] == "Chatting"
    assert (await states(world, consulted))["agent2"] == "Chatting"
    await acts(world, "agent1", EndContactCenterSession())  # nothing more to end


async def test_logging_out_frees_an_invitation_with_an_error(world: World) -> None:
    id = await world.accepted("agent1")
    await world.do("agent1", id, Consult(to(world, "agent2")))
    await acts(world, "agent2", SetAgentState("Offline"))
    assert await states(world, id) == {"agent1": "Chatting", "agent2": "Revoked"}
    assert (await world.session(id)).pending is None


@pytest.mark.parametrize("operation", [SetAgentState("Ready"), DoNotDisturbOn(), DoNotDisturbOff()])
async def test_nothing_goes_before_the_beginning(operation: UserOperation) -> None:
    world = await World().open()
    assert await fault(acts(world, "agent1", operation)) is Fault.STATE


async def test_beginning_to_work() -> None:
    world = await World().open()
    assert await acts(world, "agent1", StartContactCenterSession(["smssession"])) is None
    assert agent(world, "agent1").state == NOT_READY
    await acts(world, "agent1", SetAgentState("Ready"))
    assert await acts(world, "agent1", StartContactCenterSession(["sms"])) is None
    assert agent(world, "agent1").readiness == "Ready"  # who works already goes on


@pytest.mark.parametrize("channels", [[], ["voice"], ["voice", "email"]])
async def test_channels_that_are_not_there(channels: list[str]) -> None:
    world = await World().open()
    assert await fault(acts(world, "agent1", StartContactCenterSession(channels))) is Fault.INVALID
    assert agent(world, "agent1") is None


async def test_some_channels_are_not_there() -> None:
    """SPEC 1.6, statusCode 7."""
    world = await World().open()
    answer = await acts(world, "agent1", StartContactCenterSession(["voice", "smssession"]))
    assert answer["succeeded"] == [{"statusCode": 0, "channel": "smssession"}]
    assert [failed["channel"] for failed in answer["failed"]] == ["voice"]


async def test_who_is_ready_keeps_his_place_among_the_ready(world: World) -> None:
    since = agent(world, "agent1").since
    world.clock.jump(1000)
    await acts(world, "agent1", SetAgentState("Ready"))
    assert agent(world, "agent1").since == since
    await acts(world, "agent1", SetAgentState("NotReady"))
    await acts(world, "agent1", SetAgentState("Ready"))
    assert agent(world, "agent1").since == since + 1000


async def test_agent_states_that_are_configured(world: World) -> None:
    lunch = AgentState("s" * 32, "Lunch", "At lunch", "NotReady", reason="lunch")
    await world.run(lambda d: d.put("agentstate", "Lunch", lunch))
    operation = agent_state(world.performer.centre, "Lunch")
    assert operation == SetAgentState("Lunch")
    assert agent_state(world.performer.centre, "Dinner") is None
    assert operation is not None
    await acts(world, "agent1", operation)
    assert (agent(world, "agent1").readiness, agent(world, "agent1").state) == ("NotReady", lunch)


async def test_who_sends_a_session_to_a_queue_is_not_its_last_agent(world: World) -> None:
    """docs/adr/0007."""
    id = await world.accepted("agent1")
    await world.do("agent1", id, Complete(queue_name="Billing"))
    waiting = world.performer.live.peek("interaction", id)
    assert waiting is not None
    assert (waiting.place, waiting.queue, waiting.last_agent) == ("waiting", "Billing", None)

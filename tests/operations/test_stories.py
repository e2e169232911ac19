"""What follows from what: offers, ends, colleagues, supervisors where several rules meet (SPEC 3, 4.7, 9)."""

from functools import partial
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from smsdesk.core.agent import NOT_READY, AgentState
from smsdesk.core.centre import Policy
from smsdesk.core.contact import Contact
from smsdesk.core.errors import Fault
from smsdesk.core.events import Fact, Tell
from smsdesk.core.interaction import Interaction
from smsdesk.core.outgoing import Timer
from smsdesk.operations.base import SessionOperation, UserOperation
from smsdesk.operations.channel import DoNotDisturbOff, DoNotDisturbOn, SetAgentState, agent_state
from smsdesk.operations.channel.supervision import BargeIn, CancelSupervisorMonitoring, Coach, Monitor
from smsdesk.operations.me.end_contact_center_session import EndContactCenterSession
from smsdesk.operations.me.start_contact_center_session import StartContactCenterSession
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.cancel_consult import CancelConsult
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.consult import Consult
from smsdesk.operations.smssession.invite import Invite
from smsdesk.operations.smssession.leave import Leave
from smsdesk.operations.smssession.reject import Reject
from smsdesk.operations.smssession.remove_participant_from_conference import RemoveParticipantFromConference
from smsdesk.operations.smssession.send_message import SendMessage
from smsdesk.operations.smssession.send_to_agents import SendToAgents
from smsdesk.operations.smssession.set_in_focus import SetInFocus
from smsdesk.operations.smssession.transfer import Transfer
from smsdesk.operations.system.routing_steps import close_idle, offer_to, ring_over, wait_over
from tests.operations.world import World, fault

pytestmark = pytest.mark.anyio
HOUR = 3_600_000


@pytest.fixture
async def world() -> World:
    made = await World().open()
    await made.ready("agent1", "agent2", "agent3")
    return made


def to(world: World, name: str) -> str:
    return f"/users/{world.user(name).id}"


async def states(world: World, id: str) -> dict[str, str]:
    """State per user name."""
    names = {user.id: user.user_name for user in world.performer.centre.users.values()}
    return {names[user]: state for user, state in (await world.session(id)).states().items()}


async def people(world: World, id: str) -> list[str]:
    return [p.nickname for p in (await world.session(id)).participants]


async def acts(world: World, name: str, operation: UserOperation, on: str | None = None) -> Any:
    """A user asks for something on his channel, or a supervisor on another's."""
    subject = world.user(on or name).id
    return await world.performer.run(lambda d: operation.apply(d, subject), world.user(name).id)


def agent(world: World, name: str) -> Any:
    return world.live.peek("agent", world.user(name).id)


def timer(world: World, kind: str) -> Timer:
    (found,) = [t for t in world.live.all("timer") if t.kind == kind]
    assert isinstance(found, Timer)
    return found


async def ring(world: World) -> Timer:
    """The ring time is over."""
    due = timer(world, "ring")
    world.clock.now = max(due.due, world.clock.now)
    await world.run(partial(ring_over, timer=due))
    return due


async def place(world: World, id: str) -> Interaction:
    found = await world.performer.read("interaction", id)
    assert isinstance(found, Interaction)
    return found


async def together(world: World, first: SessionOperation | None = None) -> str:
    """A session of agent1 and agent2, who was invited unless something else is asked."""
    id = await world.accepted("agent1")
    await world.do("agent1", id, first or Invite(to(world, "agent2")))
    await world.do("agent2", id, Accept())
    return id


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

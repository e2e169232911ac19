"""What people do in tests of operations, and how things then stand."""

from functools import partial
from typing import Any

from smsdesk.core.consent import Consent
from smsdesk.core.interaction import Interaction
from smsdesk.core.outgoing import Timer
from smsdesk.operations.base import SessionOperation, UserOperation
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.invite import Invite
from smsdesk.operations.system.routing_steps import ring_over
from tests.operations.world import CUSTOMER, SERVICE, World


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


async def only(world: World) -> str:
    """The id of the one session there is."""
    (session,) = await world.sessions()
    return session.id


async def consent(world: World) -> Consent | None:
    found = await world.performer.read("consent", f"{SERVICE} {CUSTOMER}")
    assert found is None or isinstance(found, Consent)
    return found

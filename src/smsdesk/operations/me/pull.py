"""Pull [ext]: an agent takes the next interaction himself, without waiting for an offer (SPEC 5.3)."""

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.session import Session
from smsdesk.operations.base import Operation, check_text
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.system.routing_steps import free_to_offer, make_offer


class Pull(Operation, frozen=True, tag="Pull"):
    """`queue`: only from the queue of this name."""

    queue: str | None = None

    def check(self) -> None:
        check_text("queue", self.queue, 255)


def check_pulls(draft: Draft, user: str) -> None:
    """Raises Refused 2 for who may not take anything: he has to be logged in on the channel, to have room,
    and not to be in do-not-disturb. Whether he is ready makes no difference: he asks himself.
    """
    agent, room = draft.agent(user), draft.centre.capacity(user, draft.policy)
    if not agent.logged_in:
        raise Refused(Fault.STATE, "you are not logged in on the channel")
    if agent.do_not_disturb:
        raise Refused(Fault.STATE, "you are in do-not-disturb; leave it first")
    if len(agent.desk) >= room:
        raise Refused(Fault.STATE, f"there is no room on your desk: {len(agent.desk)} of {room} sessions")


def pull(draft: Draft, user: str, interaction_id: str) -> Session | None:
    """Offer an interaction to an agent and accept it for him, in one; None when it is not to be had any more.
    Raises Refused 2.
    """
    check_pulls(draft, user)
    interaction = free_to_offer(draft, interaction_id)
    if interaction is None or interaction.session in draft.agent(user).desk:
        return None
    session = make_offer(draft, interaction, draft.centre.users[user])
    me = session.participation(user)
    assert me is not None
    Accept().apply(draft, session, me)
    return draft.session(session.id)

"""Offer, RingOver, CloseIdle: what routing and the clock do to a session (SPEC 3, 5.1, 5.2)."""

from smsdesk.core.acts import NEVER, began
from smsdesk.core.agent import NOT_READY
from smsdesk.core.centre import User
from smsdesk.core.draft import STATUS, Draft, entries
from smsdesk.core.ending import (
    close_interaction,
    complete,
    dismiss,
    start_idle_timer,
    withdraw,
    withdraw_offers,
    withdraw_pending,
)
from smsdesk.core.interaction import Interaction
from smsdesk.core.inviting import KIND_OF, fail_pending, offer, return_offer
from smsdesk.core.outgoing import Timer
from smsdesk.core.session import Session
from smsdesk.core.states import FINAL
from smsdesk.operations.channel.log_out import log_out
from smsdesk.operations.channel.set_agent_state import become
from smsdesk.operations.system.router_keys import router_keys
from smsdesk.operations.system.strategy_acts import advance


def offer_to(draft: Draft, interaction_id: str, user: str) -> bool:
    """Offer a waiting interaction to an agent, if both are still free for it; says whether it was done."""
    interaction = free_to_offer(draft, interaction_id)
    agent = draft.agent(user)
    if interaction is None or agent.readiness != "Ready" or agent.do_not_disturb:
        return False
    if interaction.session in agent.desk:
        return False
    known = draft.centre.users.get(user)
    if known is None or not known.enabled or len(agent.desk) >= draft.centre.capacity(user, draft.policy):
        return False
    make_offer(draft, interaction, known)
    return True


def make_offer(draft: Draft, interaction: Interaction, user: User) -> Session:
    """Offer an interaction that is free to an agent who may have it."""
    session = draft.session(interaction.session)
    if interaction.purpose is not None:
        session = offer(draft, session, user.id, interaction.purpose, KIND_OF[interaction.purpose])
    else:
        interaction = draft.change(interaction, stay=interaction.stay or draft.ids.user())
        keys = router_keys(draft.centre, interaction, user, draft.now)
        session = draft.change(session, user_data={**session.user_data, **keys})
        session = offer(draft, session, user.id, "queue")
    draft.change(interaction, place="offered", offered_to=user.id)
    draft.close(session, "SessionOffered")
    return session


def free_to_offer(draft: Draft, interaction_id: str) -> Interaction | None:
    """The interaction, if it may be offered now. What its strategy has to do first is done; that may take it
    elsewhere.
    """
    before = draft.interaction(interaction_id)
    if before is None or before.place != "waiting":
        return None
    advance(draft, interaction_id)
    now = draft.interaction(interaction_id)
    if now is None or (now.place, now.queue) != ("waiting", before.queue):
        return None
    return None if now.purpose is None and began(now) > draft.now else now


def ring_over(draft: Draft, timer: Timer) -> None:
    """Nobody answered within the ring time: Revoked, the interaction goes back, the agent as the setting
    says.
    """
    draft.stop_timer(timer.id)
    session = draft.session(timer.session)
    offered = session.participation(timer.user or "")
    if offered is None or offered.state != "Invited":
        return
    session = withdraw(draft, session, offered)
    session = return_offer(draft, session, offered, "did not answer the invitation")
    draft.close(session, "OfferMissed")
    agent = draft.agent(offered.user)
    if draft.policy.agent_no_answer_action == "notready" and agent.readiness == "Ready":
        become(draft, agent, NOT_READY)
    elif draft.policy.agent_no_answer_action == "logout" and agent.logged_in:
        log_out(draft, agent)


def wait_over(draft: Draft, timer: Timer) -> None:
    """Nobody was found in the queue for a Consult or Invite: its asker gets an Error (SPEC 8.5)."""
    draft.stop_timer(timer.id)
    session = draft.session(timer.session)
    pending = session.pending
    if pending is None or pending.queue is None:
        return
    if any(p.state == "Invited" and p.offer == pending.operation for p in session.participations):
        session = withdraw_pending(draft, session)
        session = draft.change(session, pending=pending)
    session = fail_pending(draft, session, f"nobody in {pending.queue} answered within the time limit")
    draft.close(session, "InvitationFailed")


def close_idle(draft: Draft, timer: Timer) -> None:
    """The customer has been silent beyond the limit: his side ends, agents keep the session for wrap-up
    (SPEC 5.1).
    """
    session = draft.session(timer.session)
    chatting = session.agents()
    end = _silent_since(draft, session) + (
        draft.policy.idle_assigned if chatting else _patience(draft, session)
    )
    if not session.open:
        draft.stop_timer(timer.id)
    elif draft.now < end:
        start_idle_timer(draft, session, end - draft.now)
    elif chatting:
        draft.close(end_of_customer(draft, session), "CustomerGone")
    else:
        draft.close(complete(draft, session), "CustomerGone")


def _silent_since(draft: Draft, session: Session) -> int:
    """Since when the customer could have had an answer: what waits for the opening is not silent before."""
    interaction = draft.interaction(session.id)
    if interaction is None or interaction.place != "waiting" or interaction.began == NEVER:
        return session.active
    return max(session.active, interaction.began)


def _patience(draft: Draft, session: Session) -> int:
    """How long a session without an agent may be silent, in milliseconds."""
    interaction = draft.interaction(session.id)
    parked = interaction is not None and interaction.place == "parked"
    return draft.policy.idle_parked if parked else draft.policy.idle_waiting


def end_of_customer(draft: Draft, session: Session) -> Session:
    """The customer leaves: ParticipantLeft, and LeftChat for one agent; everybody else is done."""
    customer = session.customer
    assert customer is not None
    session = draft.say(session, customer, "ParticipantLeft")
    last = session.next_index - 1
    first_agent = session.agents()[0]
    session = withdraw_offers(draft, session)
    viewers = [p.user for p in session.participations if p.state not in FINAL]
    session = dismiss(draft, session, but=first_agent.user)
    session = draft.move(session, first_agent.user, "ended")
    session = draft.change(session, participants=(), open=False, ended=draft.now, pending=None)
    draft.tell(session, first_agent.user, STATUS)
    for user in viewers:
        draft.tell(session, user, entries(last, last))
    close_interaction(draft, session)
    return session

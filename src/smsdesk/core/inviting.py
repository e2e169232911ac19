"""Further agents in a session: Transfer, Consult and Invite through a user or a queue, and what becomes
of them (SPEC 3, 8.5).
"""

from typing import Literal

from msgspec.structs import replace

from smsdesk.core.centre import Queue, User
from smsdesk.core.draft import Draft, entries
from smsdesk.core.ending import end_pending, invitation_id, ring_timer, say_left, wait_timer
from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.core.events import Tell
from smsdesk.core.interaction import Interaction
from smsdesk.core.outgoing import Timer
from smsdesk.core.participant import Participant, Participation, Pending
from smsdesk.core.session import Session
from smsdesk.core.states import FINAL, VISIBILITY_OF, Kind

Asking = Literal["Transfer", "Consult", "Invite"]
KIND_OF: dict[Asking, Kind] = {"Transfer": "agent", "Consult": "consulted", "Invite": "agent"}


def check_free(session: Session) -> None:
    """Raises Refused 2 while an invitation is open: there is one at a time (SPEC 8.5)."""
    if session.pending is not None:
        raise Refused(
            Fault.STATE, f"a {session.pending.operation} is pending already; CancelConsult withdraws it"
        )


def ask_user(draft: Draft, session: Session, me: Participation, operation: Asking, target: User) -> Session:
    """Offer the session to a colleague on one's behalf; one who cannot answer is an Error at once (SPEC
    3).
    """
    check_target(session, me, target)
    reference = draft.reference()
    agent = draft.agent(target.id)
    if agent.readiness != "Ready" or agent.do_not_disturb or not target.enabled:
        why = "is not ready" if agent.logged_in else "is not logged in"
        draft.tell(session, me.user, Tell("error", reference=reference, error=f"{target.user_name} {why}"))
        return session
    session = draft.change(session, pending=Pending(operation, me.user, reference, to=target.id))
    return offer(draft, session, target.id, operation, KIND_OF[operation])


def check_target(session: Session, me: Participation, target: User) -> None:
    """Raises Refused for a target that makes no sense: oneself, or somebody who is in the session already."""
    if target.id == me.user:
        raise invalid("the target", "is yourself")
    there = session.participation(target.id)
    if there is not None and there.state not in FINAL:
        raise Refused(Fault.STATE, f"{target.user_name} is in the session already")


def ask_queue(draft: Draft, session: Session, me: Participation, operation: Asking, queue: Queue) -> Session:
    """Look for a colleague in a queue, for a limited time."""
    assert operation != "Transfer"
    pending = Pending(operation, me.user, draft.reference(), queue=queue.name)
    session = draft.change(session, pending=pending)
    id = invitation_id(session.id)
    draft.save(Interaction(id, queue.name, draft.now, purpose=operation, of=session.id))
    draft.start_timer(Timer(wait_timer(session.id), "wait", session.id, draft.now + draft.policy.invite_wait))
    return session


def offer(
    draft: Draft, session: Session, user: str, by: str, kind: Kind = "agent", nickname: str | None = None
) -> Session:
    """Offer a session to a user: Invited, the first he hears of it, with a ring time."""
    session = draft.move(session, user, "offered", kind=kind, offer=by, nickname=nickname, participant=None)
    ring = Timer(ring_timer(session.id, user), "ring", session.id, draft.now + draft.policy.ring, user)
    draft.start_timer(ring)
    draft.tell(session, user, Tell("status"))
    return session


def return_offer(draft: Draft, session: Session, offered: Participation, why: str) -> Session:
    """An offer came back: to its queue (not to the same user for a while), or as an Error to the one who
    asked.
    """
    if offered.offer == "Intrude":
        return session
    waits = session.id if offered.offer == "queue" else invitation_id(session.id)
    interaction = draft.interaction(waits)
    if interaction is not None and interaction.place == "offered":
        rejected = {**interaction.rejected, offered.user: draft.now}
        draft.change(interaction, place="waiting", offered_to=None, rejected=rejected)
        return session
    return (
        session
        if offered.offer == "queue"
        else fail_pending(draft, session, f"{_name(draft, offered.user)} {why}")
    )


def fail_pending(draft: Draft, session: Session, error: str) -> Session:
    """An invitation came to nothing: its asker gets an Error with the reference, the session is as it was."""
    pending = session.pending
    if pending is None:
        return session
    session = end_pending(draft, session)
    asker = session.participation(pending.by)
    if asker is not None and asker.state not in FINAL:
        draft.tell(session, pending.by, Tell("error", reference=pending.reference, error=error))
    return session


def become(draft: Draft, session: Session, target: Participation, kind: Kind) -> Session:
    """Somebody who is in the session takes another part in it; who sees him is told that he rejoined."""
    old = session.participant(target.user)
    assert old is not None
    new = replace(old, visibility=VISIBILITY_OF[kind])
    people = tuple(new if p.id == old.id else p for p in session.participants)
    parts = tuple(replace(p, kind=kind) if p.user == target.user else p for p in session.participations)
    session = draft.change(session, participants=people, participations=parts)
    return draft.say(session, new, "ParticipantRejoined")


def hand_over(draft: Draft, session: Session, sender: Participation, reference: int) -> Session:
    """The sender of an accepted Transfer is out: Completed, with the reference of his operation (SPEC 3,
    9.12).
    """
    if sender.state == "LeftChat":
        session = draft.move(session, sender.user, "completed")
    else:
        session = say_left(draft, session, sender)
        session = draft.move(session, sender.user, "left")
    draft.tell(session, sender.user, Tell("status", reference=reference))
    return session


def transfer_to_colleague(
    draft: Draft, session: Session, me: Participation, target: Participation
) -> Session:
    """Transfer to somebody who is in the session already, without a new offer (SPEC 3 Consult)."""
    first = session.next_index
    session = hand_over(draft, session, me, draft.reference())
    if target.kind == "consulted":
        session = become(draft, session, target, "agent")
    draft.tell_all(session, Tell("participants"), entries(first, session.next_index - 1))
    return session


def join(draft: Draft, session: Session, user: str, kind: Kind, nickname: str) -> tuple[Session, Participant]:
    """A new participant, with his entry in the transcript."""
    joined = Participant(draft.ids.participant(), "Agent", nickname, VISIBILITY_OF[kind], user)
    session = draft.change(session, participants=(*session.participants, joined))
    return draft.say(session, joined, "ParticipantJoined"), joined


def _name(draft: Draft, user: str) -> str:
    found = draft.centre.users.get(user)
    return found.user_name if found else "the user"

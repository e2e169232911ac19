"""How parts of a session end: somebody leaves, the customer's side is over, everything is done (SPEC 3
Leave, Complete; 9.6, 9.8).
"""

from msgspec.structs import replace

from smsdesk.core.draft import PARTICIPANTS, STATUS, Draft, entries
from smsdesk.core.interaction import Interaction
from smsdesk.core.outgoing import Timer
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.core.states import FINAL, SUPERVISOR_KINDS


def ring_timer(session: str, user: str) -> str:
    """Id of the timer that ends an offer."""
    return f"ring:{session}:{user}"


def idle_timer(session: str) -> str:
    """Id of the timer that ends a silent session."""
    return f"idle:{session}"


def start_idle_timer(draft: Draft, session: Session, after: int) -> None:
    """See to it that the session is looked at after this many milliseconds."""
    draft.start_timer(Timer(idle_timer(session.id), "idle", session.id, draft.now + after))


def leave(draft: Draft, session: Session, me: Participation) -> Session:
    """One participant leaves while others go on: he is Completed, the others see it (SPEC 3 Leave)."""
    session = say_left(draft, session, me)
    last = session.next_index - 1
    session = draft.move(session, me.user, "left")
    draft.tell(session, me.user, STATUS)
    if session.pending is not None and session.pending.by == me.user:
        session = withdraw_pending(draft, session)
    tell_left(draft, session, last)
    return session


def say_left(draft: Draft, session: Session, who: Participation) -> Session:
    """Take a participant out, with his entry in the transcript."""
    gone = session.participant(who.user)
    assert gone is not None
    session = draft.say(session, gone, "ParticipantLeft")
    return draft.change(session, participants=tuple(p for p in session.participants if p.user != who.user))


def tell_left(draft: Draft, session: Session, index: int) -> None:
    """Tell those who could see the leaver that he is gone."""
    message = next(m for id, m in reversed(draft.messages) if id == session.id and m.index == index)
    for viewer in session.viewers():
        if viewer.state != "LeftChat" and _saw(draft, session, viewer, message.visibility):
            draft.tell(session, viewer.user, PARTICIPANTS)
            draft.tell(session, viewer.user, entries(index, index))


def _saw(draft: Draft, session: Session, viewer: Participation, visibility: str) -> bool:
    return visibility != "Supervisors" or viewer.kind in SUPERVISOR_KINDS


def end_with_customer(draft: Draft, session: Session, me: Participation) -> Session:
    """The only agent leaves: the customer's side is over, he keeps it for wrap-up; whoever else is in is
    done (SPEC 3, 9.6).
    """
    session = say_left(draft, session, me)
    last = session.next_index - 1
    session = withdraw_offers(draft, session)
    session = dismiss(draft, session, but=me.user)
    session = draft.move(session, me.user, "ended")
    session = draft.change(session, participants=(), open=False, ended=ended(draft, session), pending=None)
    draft.tell(session, me.user, STATUS)
    draft.tell(session, me.user, entries(last, last))
    return session


def ended(draft: Draft, session: Session) -> int:
    """When the customer's side was over: now, or before, when there was only wrap-up left."""
    return draft.now if session.open else session.ended


def dismiss(draft: Draft, session: Session, but: str | None = None) -> Session:
    """Everybody else is out: supervisors Revoked, agents Completed, each told by a StatusChange."""
    for other in session.participations:
        if other.user == but or other.state in FINAL or other.state == "Invited":
            continue
        if other.kind in SUPERVISOR_KINDS:
            session = draft.move(session, other.user, "revoked")
        else:
            session = draft.move(session, other.user, "completed" if other.state == "LeftChat" else "left")
        draft.tell(session, other.user, STATUS)
    return session


def withdraw_offers(draft: Draft, session: Session) -> Session:
    """Open offers are taken back: Revoked (SPEC 3). What was looked for in a queue is looked for no more."""
    for other in session.participations:
        if other.state == "Invited":
            session = withdraw(draft, session, other)
    return end_pending(draft, session)


def withdraw_pending(draft: Draft, session: Session) -> Session:
    """The asker of an invitation takes it back: whoever was offered it is Revoked."""
    for other in session.participations:
        if other.state == "Invited" and other.offer not in ("queue", "Intrude"):
            session = withdraw(draft, session, other)
    return end_pending(draft, session)


def end_pending(draft: Draft, session: Session) -> Session:
    """No invitation is open any more."""
    draft.stop_timer(wait_timer(session.id))
    waiting = draft.interaction(invitation_id(session.id))
    if waiting is not None and waiting.place != "closed":
        draft.change(waiting, place="closed", offered_to=None)
    return session if session.pending is None else draft.change(session, pending=None)


def invitation_id(session: str) -> str:
    """Id of the interaction that waits for a further agent of a session."""
    return f"{session}+"


def wait_timer(session: str) -> str:
    """Id of the timer that ends the search for a further agent."""
    return f"wait:{session}"


def withdraw(draft: Draft, session: Session, offered: Participation) -> Session:
    """Take one offer back."""
    draft.stop_timer(ring_timer(session.id, offered.user))
    session = draft.move(session, offered.user, "withdrawn", offer=None)
    draft.tell(session, offered.user, STATUS)
    return session


def complete(draft: Draft, session: Session, me: Participation | None = None) -> Session:
    """The session is over for everybody: agents Completed, supervisors and open offers Revoked, customer
    gone (SPEC 3 Complete).
    """
    session = withdraw_offers(draft, session)
    session = draft.change(session, participants=(), open=False, ended=ended(draft, session), pending=None)
    if me is not None:
        session = draft.move(session, me.user, "completed" if me.state == "LeftChat" else "left")
        draft.tell(session, me.user, STATUS)
    session = dismiss(draft, session)
    close_interaction(draft, session)
    return session


def close_interaction(draft: Draft, session: Session) -> None:
    """Routing has nothing more to do with it."""
    draft.stop_timer(idle_timer(session.id))
    interaction = draft.interaction(session.id)
    if interaction is not None:
        draft.change(interaction, place="closed", offered_to=None)


def requeue(
    draft: Draft,
    session: Session,
    queue: str,
    last_agent: str | None,
    fresh: bool,
    first: Participation | None = None,
) -> Session:
    """Everybody is out, the customer stays, the interaction waits in a queue; `fresh`: it arrives there now,
    and whoever sent it there is not the first to be asked (SPEC 3, 4.7).
    """
    session = withdraw_offers(draft, session)
    if first is not None:
        session = draft.move(session, first.user, "completed" if first.state == "LeftChat" else "left")
        draft.tell(session, first.user, STATUS)
    session = dismiss(draft, session)
    customer = tuple(p for p in session.participants if p.type == "Customer")
    session = draft.change(session, participants=customer, pending=None, queue=queue)
    old = draft.interaction(session.id) or Interaction(session.id, queue, draft.now)
    arrived = draft.now if fresh else old.arrived
    rejected = {} if fresh else old.rejected
    if fresh:  # the strategy of the queue begins with it, as with one that has just come
        old = replace(old, began=0, acts=0, told=False, stay="")
    draft.save(
        replace(
            old,
            queue=queue,
            arrived=arrived,
            place="waiting",
            offered_to=None,
            rejected=rejected,
            wake=0,
            answered=old.answered and not fresh,
            last_agent=None if fresh else last_agent or old.last_agent,
        )
    )
    if session.open:
        start_idle_timer(draft, session, draft.policy.idle_waiting)  # the shorter limit of who waits
    return session

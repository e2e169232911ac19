"""Offers: making one, and what happens when it comes back unanswered (SPEC 3 Invited, Not answered, Reject;
9.3).
"""

from typing import Literal

from smsdesk.core.draft import STATUS, Draft
from smsdesk.core.ending import ring_timer
from smsdesk.core.events import Tell
from smsdesk.core.outgoing import Timer
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.core.states import Kind

OfferedBy = Literal["queue", "Transfer", "Consult", "Invite", "Intrude"]


def offer(
    draft: Draft,
    session: Session,
    user: str,
    by: OfferedBy,
    kind: Kind = "agent",
    nickname: str | None = None,
) -> Session:
    """Offer a session to a user: Invited, the first he hears of it, with a ring time."""
    session = draft.move(session, user, "offered", kind=kind, offer=by, nickname=nickname, participant=None)
    draft.start_timer(
        Timer(ring_timer(session.id, user), "ring", session.id, draft.now + draft.policy.ring, user)
    )
    draft.tell(session, user, STATUS)
    return session


def return_offer(draft: Draft, session: Session, offered: Participation, why: str) -> Session:
    """An offer came back: to its queue with its age (not to the same user for a while), or as an Error to
    the one who asked.
    """
    if offered.offer == "queue":
        interaction = draft.interaction(session.id)
        if interaction is not None:
            rejected = {**interaction.rejected, offered.user: draft.now}
            draft.change(interaction, place="waiting", offered_to=None, rejected=rejected)
        return session
    return fail_pending(draft, session, f"{name_of(draft, offered.user)} {why}")


def fail_pending(draft: Draft, session: Session, error: str) -> Session:
    """A Transfer, Consult or Invite came to nothing: its asker gets an Error with the reference, the session
    is as it was.
    """
    pending = session.pending
    if pending is None:
        return session
    session = draft.change(session, pending=None)
    asker = session.participation(pending.by)
    if asker is not None and asker.state not in ("Completed", "Revoked"):
        draft.tell(session, pending.by, Tell("error", reference=pending.reference, error=error))
    return session


def name_of(draft: Draft, user: str) -> str:
    """A user's name for messages to colleagues."""
    found = draft.centre.users.get(user)
    return found.user_name if found else "the user"

"""How a session stands in the history: its state there, whose it is, who may write into it (A§1.3, SPEC
5.4).
"""

from typing import Literal

from smsdesk.core.centre import User
from smsdesk.core.interaction import Interaction
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.core.states import PRESENT, Visibility

HistoryState = Literal["New", "InProcess", "Pending", "Stopped"]


def state_of(session: Session, interaction: Interaction | None) -> HistoryState:
    """New while nobody has had it, Pending when it waits again, InProcess on a desk, Stopped when the
    customer's side is over.
    """
    if not session.open:
        return "Stopped"
    if interaction is not None and interaction.place in ("waiting", "offered", "parked"):
        return "Pending" if owner_of(session) is not None else "New"
    return "InProcess"


def ended(session: Session) -> int | None:
    """When the customer's side was over, in UTC milliseconds; of sessions that were kept without it, when the
    last text went.
    """
    return None if session.open else session.ended or max(session.active, session.received)


def owner_of(session: Session) -> str | None:
    """The agent who has the session, or had it last: a consulted one or a supervisor never has it."""
    here = [p.user for p in session.participations if p.kind == "agent" and p.state in PRESENT]
    if here:
        return session.owner if session.owner in here else here[0]
    if session.owner is not None:
        return session.owner
    had = [p for p in session.participations if p.kind == "agent" and was_in(p)]
    return max(had, key=lambda p: p.since).user if had else None


def was_in(part: Participation) -> bool:
    """Whether somebody took part, and was not only asked to."""
    return part.participant is not None or part.state in PRESENT


def sight_of(user: User) -> Visibility:
    """The level at which somebody reads the history (SPEC 3, the visibility rule)."""
    return "Supervisors" if supervises(user) else "Agents"


def supervises(user: User) -> bool:
    """Supervisors, and who administers."""
    return user.administers or "ROLE_SUPERVISOR" in user.roles


def may_write(user: User, session: Session) -> bool:
    """Whether somebody may note something on a session of the history: who took part in it, supervisors and
    administrators.
    """
    mine = session.participation(user.id)
    return supervises(user) or (mine is not None and was_in(mine))

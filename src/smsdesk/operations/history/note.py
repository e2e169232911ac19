"""What operations that write into the history have in common (A§1.4)."""

from abc import abstractmethod

from smsdesk.core.centre import User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.history import may_write
from smsdesk.core.session import Session
from smsdesk.operations.base import Operation


class Note(Operation, frozen=True):
    """An operation on a session of the history, open or not, by somebody who need not be in it."""

    @abstractmethod
    def apply(self, draft: Draft, session: Session) -> str | None:
        """Change it, or say in words why not, when something that is named is not there."""


def write(draft: Draft, id: str, user: User, note: Note) -> tuple[int, str | None]:
    """The reference of the answer, and what went wrong in words. Raises Refused 5, 6, 10."""
    session = draft.session(id)
    if not may_write(user, session):
        raise Refused(
            Fault.PERMISSION,
            f"{user.user_name} was not in the session; only who was, supervisors and administrators may note"
            " something on it",
        )
    reference = draft.reference()
    return reference, note.apply(draft, session)

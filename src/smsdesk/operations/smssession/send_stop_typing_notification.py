"""SendStopTypingNotification: the agent stops typing, seen by everybody in the session (SPEC 3, S§3.9)."""

from smsdesk.core.draft import Draft
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation
from smsdesk.operations.smssession.internal_entries import enter


class SendStopTypingNotification(SessionOperation, frozen=True, tag="SendStopTypingNotification"):
    """No parameters."""

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        enter(draft, session, me, "TypingStopped", "All")

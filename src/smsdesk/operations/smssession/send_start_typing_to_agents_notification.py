"""SendStartTypingToAgentsNotification: the agent starts typing, seen by the other agents only (SPEC 3,
S§3.13, S§3.14).
"""

from smsdesk.core.draft import Draft
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation
from smsdesk.operations.smssession.internal_entries import enter


class SendStartTypingToAgentsNotification(
    SessionOperation, frozen=True, tag="SendStartTypingToAgentsNotification"
):
    """No parameters."""

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        enter(draft, session, me, "TypingStarted", "Agents")

"""SendToAgents: a message that the customer does not see (SPEC 3, S§3.12)."""

from smsdesk.core.draft import Draft
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation, check_text
from smsdesk.operations.smssession.internal_entries import enter


class SendToAgents(SessionOperation, frozen=True, tag="SendToAgents"):
    """`text`: 1 to 10,000 characters."""

    text: str

    def check(self) -> None:
        check_text("text", self.text, 10_000)

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        enter(draft, session, me, "Text", "Agents", text=self.text)

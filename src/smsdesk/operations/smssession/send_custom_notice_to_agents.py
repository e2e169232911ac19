"""SendCustomNoticeToAgents: a notice of a program's own meaning, for agents (SPEC 3, S§3.15)."""

from smsdesk.core.draft import Draft
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation, check_text
from smsdesk.operations.smssession.internal_entries import enter


class SendCustomNoticeToAgents(SessionOperation, frozen=True, tag="SendCustomNoticeToAgents"):
    """`notice_text`: 1 to 10,000 characters; it never goes to a phone."""

    notice_text: str

    def check(self) -> None:
        check_text("noticeText", self.notice_text, 10_000)

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        enter(draft, session, me, "CustomNotice", "Agents", notice=self.notice_text)

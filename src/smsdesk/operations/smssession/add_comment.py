"""AddComment: set the comment of the session (SPEC 3, S§3.24)."""

from smsdesk.core.draft import PROPERTIES, Draft
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation, check_text


class AddComment(SessionOperation, frozen=True, tag="AddComment"):
    """`comment`: it replaces an earlier one; at most 10,000 characters, none clears it."""

    comment: str

    def check(self) -> None:
        check_text("comment", self.comment, 10_000, shortest=0)

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        session = draft.change(session, comment=self.comment)
        draft.tell_all(session, PROPERTIES)
        draft.close(session, "CommentSet")

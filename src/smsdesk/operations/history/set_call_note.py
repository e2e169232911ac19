"""SetCallNote: note something on an interaction of any media type (A§1.4)."""

from smsdesk.core.draft import PROPERTIES, Draft
from smsdesk.core.session import Session
from smsdesk.operations.base import check_text
from smsdesk.operations.history.note import Note


class SetCallNote(Note, frozen=True, tag="SetCallNote"):
    """`note`: the comment of the session; it replaces an earlier one, at most 10,000 characters, none clears
    it.
    """

    note: str

    def check(self) -> None:
        check_text("note", self.note, 10_000, shortest=0)

    def apply(self, draft: Draft, session: Session) -> None:
        session = draft.change(session, comment=self.note)
        draft.tell_all(session, PROPERTIES)
        draft.close(session, "CommentSet")

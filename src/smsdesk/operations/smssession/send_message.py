"""SendMessage: a text to the customer, seen by everybody in the session (SPEC 3, S§3.7)."""

from smsdesk.core.draft import Draft, entries
from smsdesk.core.participant import Participation
from smsdesk.core.sending import check_may_send, send_text
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation, check_text


class SendMessage(SessionOperation, frozen=True, tag="SendMessage"):
    """`text`: 1 to 10,000 characters."""

    text: str

    def check(self) -> None:
        check_text("text", self.text, 10_000)

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        check_may_send(draft, session)
        author = session.participant(me.user)
        assert author is not None
        session = send_text(draft, session, author, self.text)
        draft.tell_all(session, entries(session.next_index - 1, session.next_index - 1))
        draft.close(session, "MessageSent")

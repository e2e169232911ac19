"""SendUrl: push an address; the customer gets it as text (SPEC 3, S§3.8)."""

from urllib.parse import urlsplit

from smsdesk.core.draft import Draft, entries
from smsdesk.core.errors import invalid
from smsdesk.core.participant import Participation
from smsdesk.core.sending import check_may_send, send_text
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation, check_text

LIMIT = 2048


class SendUrl(SessionOperation, frozen=True, tag="SendUrl"):
    """`url`: http or https."""

    url: str

    def check(self) -> None:
        check_text("url", self.url, LIMIT)
        try:
            parts = urlsplit(self.url)
        except ValueError as error:
            raise invalid("url", f"is no address: {error}") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise invalid("url", "is no http or https address")

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        check_may_send(draft, session)
        author = session.participant(me.user)
        assert author is not None
        session = send_text(draft, session, author, self.url, "PushUrl")
        draft.tell_all(session, entries(session.next_index - 1, session.next_index - 1))
        draft.close(session, "UrlSent")

"""SetDisposition: a write of attached data under the disposition key (SPEC 3, S§3.23, A§1.7)."""

from smsdesk.core.dispositions import allowed
from smsdesk.core.draft import PROPERTIES, Draft
from smsdesk.core.errors import invalid
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.core.user_data import check, check_size, raw
from smsdesk.operations.base import SessionOperation, check_text


class SetDisposition(SessionOperation, frozen=True, tag="SetDisposition"):
    """`disposition`: a code of the queue's list, where it has one. `disposition_key`: the userData key, else
    the configured one.
    """

    disposition: str
    disposition_key: str | None = None

    def check(self) -> None:
        check_text("disposition", self.disposition, 255)
        check_text("dispositionKey", self.disposition_key, 255)

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        queue = draft.centre.queues.get(session.queue or "")
        names = allowed(draft.centre, queue) if queue else None
        if names is not None and self.disposition not in names:
            raise invalid("disposition", f"is none of {', '.join(names)}")
        key = self.disposition_key or draft.policy.disposition_key
        data = {**session.user_data, **check({key: raw(self.disposition)})}
        check_size(data)
        session = draft.change(session, user_data=data, disposition=self.disposition)
        draft.tell_all(session, PROPERTIES)
        draft.close(session, "DispositionSet")

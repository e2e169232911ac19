"""Complete: done with it, for everybody; or on into a queue (SPEC 3, S§3.5)."""

from msgspec import field

from smsdesk.core.draft import Draft
from smsdesk.core.ending import complete, requeue
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation, check_text
from smsdesk.operations.smssession.last_agent import remember_last_agent


class Complete(SessionOperation, frozen=True, tag="Complete"):
    """`queue_name`: a queue that gets the interaction instead of its end. `save_lar` as in Accept."""

    queue_name: str | None = None
    save_lar: bool = field(default=False, name="saveLAR")

    def check(self) -> None:
        check_text("queueName", self.queue_name, 255)

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        if self.queue_name is not None and self.queue_name not in draft.centre.queues:
            raise unknown("the queue named in queueName")
        queue = draft.centre.queues.get(session.queue or "")
        if queue and queue.disposition_mandatory and session.disposition is None:
            raise Refused(Fault.STATE, "disposition is required before Complete")
        if self.save_lar:
            remember_last_agent(draft, session, me.user)
        if self.queue_name is None:
            session = complete(draft, session, me)
        else:
            session = requeue(draft, session, self.queue_name, None, fresh=True)
        draft.close(session, "SessionCompleted" if self.queue_name is None else "SessionQueued")

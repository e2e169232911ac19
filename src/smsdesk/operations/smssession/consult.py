"""Consult: bring in a colleague whom the customer does not see (SPEC 3, S§3.16)."""

from smsdesk.core.centre import User
from smsdesk.core.draft import Draft
from smsdesk.core.inviting import ask_queue, ask_user, check_free
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import Answer
from smsdesk.operations.smssession.targets import TargetedOperation


class Consult(TargetedOperation, frozen=True, tag="Consult"):
    """A user, or a queue to find one through. The reply carries the referenceId that the outcome repeats."""

    def apply(self, draft: Draft, session: Session, me: Participation) -> Answer:
        target = self.target(draft.centre)
        check_free(session)
        if isinstance(target, User):
            session = ask_user(draft, session, me, "Consult", target)
        else:
            session = ask_queue(draft, session, me, "Consult", target)
        draft.close(session, "ConsultAsked")
        return {"referenceId": draft.reference()}

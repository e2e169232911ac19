"""CancelConsult: take back a pending Consult, Invite or Transfer (SPEC 3, 9.9, S§3.17)."""

from smsdesk.core.draft import Draft
from smsdesk.core.ending import withdraw_pending
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.events import Tell
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import Answer, SessionOperation

TOO_LATE = "Request failed"  # the documented words, S§3.17


class CancelConsult(SessionOperation, frozen=True, tag="CancelConsult"):
    """No parameters. After the colleague has joined it is too late: an Error notification says so."""

    def apply(self, draft: Draft, session: Session, me: Participation) -> Answer:
        if session.pending is not None and session.pending.by == me.user:
            reference = draft.reference()
            draft.answers = False
            session = withdraw_pending(draft, session)
            draft.close(session, "InvitationWithdrawn")
            return {"referenceId": reference}
        if not any(_joined(other) for other in session.participations if other.user != me.user):
            raise Refused(Fault.STATE, "nothing is pending that could be cancelled")
        draft.tell(session, me.user, Tell("error", error=TOO_LATE))
        draft.close(session, "CancelTooLate")
        return {"referenceId": draft.reference()}


def _joined(other: Participation) -> bool:
    return other.state == "Chatting" and other.kind in ("agent", "consulted")

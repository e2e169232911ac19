"""Reject: decline an offer; the interaction is routed on (SPEC 3, S§3.4)."""

from smsdesk.core.draft import Draft
from smsdesk.core.ending import ring_timer
from smsdesk.core.events import Tell
from smsdesk.core.inviting import return_offer
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation


class Reject(SessionOperation, frozen=True, tag="Reject"):
    """No parameters. The agent is not offered the interaction again for a while (`reject_memory_seconds`)."""

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        draft.stop_timer(ring_timer(session.id, me.user))
        session = draft.move(session, me.user, "rejected", offer=None)
        draft.tell(session, me.user, Tell("status", bare=True))  # printed without participants, S§3.4
        session = return_offer(draft, session, me, "rejected the invitation")
        draft.close(session, "OfferRejected")

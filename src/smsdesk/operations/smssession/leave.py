"""Leave: go; the only agent keeps the session for wrap-up, anybody else is done (SPEC 3, S§3.6)."""

from smsdesk.core.draft import Draft
from smsdesk.core.ending import close_interaction, end_with_customer, leave
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation
from smsdesk.operations.smssession.complete import Complete


class Leave(SessionOperation, frozen=True, tag="Leave"):
    """No parameters. In LeftChat it does the same as Complete (SPEC 2.5)."""

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        if me.state == "LeftChat":
            return Complete().apply(draft, session, me)
        if me.kind == "agent" and not session.agents(but=me.user):
            session = end_with_customer(draft, session, me)
            close_interaction(draft, session)
        else:
            session = leave(draft, session, me)
        return draft.close(session, "ParticipantLeft")

"""SwitchToBargeIn: a supervisor in the session goes on in barge-in mode (SPEC 3, S§3.28)."""

from smsdesk.core.draft import Draft
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation
from smsdesk.operations.smssession.switching import switch


class SwitchToBargeIn(SessionOperation, frozen=True, tag="SwitchToBargeIn"):
    """No parameters."""

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        switch(draft, session, me, "bargein")

"""SwitchToMonitor: a supervisor in the session goes on in silent mode (SPEC 3, S§3.28)."""

from smsdesk.core.draft import Draft
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation
from smsdesk.operations.smssession.switching import switch


class SwitchToMonitor(SessionOperation, frozen=True, tag="SwitchToMonitor"):
    """No parameters."""

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        switch(draft, session, me, "monitor")

"""SetInFocus: which of his sessions an agent looks at (SPEC 3, S§3.29)."""

from smsdesk.core.draft import PROPERTIES, Draft
from smsdesk.core.participant import Participation
from smsdesk.core.session import Session
from smsdesk.operations.base import SessionOperation


class SetInFocus(SessionOperation, frozen=True, tag="SetInFocus"):
    """No parameters. The session that had the focus before loses it."""

    def apply(self, draft: Draft, session: Session, me: Participation) -> None:
        agent = draft.agent(me.user)
        previous = agent.focus
        draft.change(agent, focus=session.id)
        draft.tell(session, me.user, PROPERTIES)
        draft.close(session, "FocusSet")
        if previous is not None and previous != session.id:
            other = draft.session(previous)
            draft.tell(other, me.user, PROPERTIES)
            draft.close(other, "FocusLost")

"""EndContactCenterSession: log out everywhere; the HTTP session ends with it (C§3.3, SPEC 4.7)."""

from collections.abc import Iterable

from smsdesk.core.draft import Draft
from smsdesk.operations.base import UserOperation
from smsdesk.operations.channel.log_out import log_out
from smsdesk.operations.users import http_sessions


class EndContactCenterSession(UserOperation, frozen=True, tag="EndContactCenterSession"):
    """No parameters."""

    def apply(self, draft: Draft, user: str) -> None:
        """Clear the desk and log out of the channel, if logged in."""
        agent = draft.agent(user)
        if agent.logged_in:
            log_out(draft, agent)


def log_out_everywhere(
    draft: Draft, operation: EndContactCenterSession, user: str, sessions: Iterable[str]
) -> None:
    """The same together with the end of the user's HTTP sessions: both are kept, or nothing is."""
    operation.apply(draft, user)
    http_sessions.forget(draft, sessions)
    draft.audit("logged out", user)

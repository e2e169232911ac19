"""EndContactCenterSession: log out everywhere; the HTTP session ends with it (C§3.3, SPEC 4.7)."""

from smsdesk.core.draft import Draft
from smsdesk.operations.base import UserOperation
from smsdesk.operations.channel.log_out import log_out


class EndContactCenterSession(UserOperation, frozen=True, tag="EndContactCenterSession"):
    """No parameters."""

    def apply(self, draft: Draft, user: str) -> None:
        """Clear the desk and log out of the channel, if logged in."""
        agent = draft.agent(user)
        if agent.logged_in:
            log_out(draft, agent)

"""StartContactCenterSession: log in on channels; only the SMS channel exists here (C§3.2, SPEC 4.7)."""

from smsdesk.core.agent import NOT_READY
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.operations.base import Answer, UserOperation
from smsdesk.operations.channel import CHANNEL_NAMES
from smsdesk.operations.channel.set_agent_state import become


class StartContactCenterSession(UserOperation, frozen=True, tag="StartContactCenterSession"):
    """`channels`: names of channels; `place`, `loginCode`, `queue` and `devicePath` are accepted and mean
    nothing here.
    """

    channels: list[str]

    def apply(self, draft: Draft, user: str) -> Answer | None:
        """Log in. Returns succeeded and failed channels when some are not available (statusCode 7)."""
        others = [name for name in self.channels if name not in CHANNEL_NAMES]
        if len(others) == len(self.channels):
            raise Refused(
                Fault.INVALID,
                f"channels names none that is available: {', '.join(others)[:200] or 'it is empty'}",
            )
        agent = draft.agent(user)
        if not agent.logged_in:
            become(draft, agent, NOT_READY)
        else:
            draft.tell_channels(agent, "LoggedInAgain")
        if not others:
            return None
        failed = [
            {
                "statusCode": Fault.INTERNAL.code,
                "statusMessage": "the channel is not available here",
                "channel": name,
            }
            for name in others
        ]
        return {"succeeded": [{"statusCode": 0, "channel": "smssession"}], "failed": failed}

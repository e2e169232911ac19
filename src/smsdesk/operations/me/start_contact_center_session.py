"""StartContactCenterSession: log in on channels; only the SMS channel exists here (C§3.2, SPEC 4.7, 9.19)."""

from smsdesk.core.agent import NOT_READY
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.operations.base import Answer, UserOperation, check_text
from smsdesk.operations.channel import CHANNEL_NAMES
from smsdesk.operations.channel.set_agent_state import become

MOST_CHANNELS, LONGEST_NAME = 50, 64


class StartContactCenterSession(UserOperation, frozen=True, tag="StartContactCenterSession"):
    """`channels`: names of channels; `place`, `loginCode`, `queue` and `devicePath` are accepted and mean
    nothing here.
    """

    channels: list[str]

    def check(self) -> None:
        """Raises Refused 10 for more names, or longer ones, than channels can have."""
        if len(self.channels) > MOST_CHANNELS:
            raise invalid("channels", f"names {len(self.channels)} channels; {MOST_CHANNELS} are allowed")
        for name in self.channels:
            check_text("channels: a name", name, LONGEST_NAME)

    def apply(self, draft: Draft, user: str) -> Answer | None:
        """Log in. Returns succeeded and failed channels when some are not available (statusCode 7)."""
        others = list(dict.fromkeys(name for name in self.channels if name not in CHANNEL_NAMES))
        if not any(name in CHANNEL_NAMES for name in self.channels):
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


def check_second_login(draft: Draft, user: str, elsewhere: bool) -> None:
    """Who is at work already from another client that lives (`elsewhere`) may begin a second time, unless
    the setting `second_login` is `refuse` (C§2.7). Raises Refused 2.
    """
    if elsewhere and draft.policy.second_login == "refuse" and draft.agent(user).logged_in:
        raise Refused(
            Fault.STATE,
            "this user is at work from another client; end the work there, or wait until it is gone",
        )

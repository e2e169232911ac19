"""Operations on a user's channel: readiness, do-not-disturb, offline (C§3.4, C§4.3)."""

from smsdesk.core.centre import Centre
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.operations.base import UserOperation
from smsdesk.operations.channel.set_agent_state import do_not_disturb, set_agent_state
from smsdesk.operations.channel.supervision import BargeIn, CancelSupervisorMonitoring, Coach, Monitor

DIRECTED = frozenset({"Ready", "NotReady", "Offline"})  # what a supervisor sets for others (C§4.3)
CHANNEL_NAMES = frozenset({"smssession", "smssessions", "sms"})


class SetAgentState(UserOperation, frozen=True, tag="SetAgentState"):
    """`Ready`, `NotReady`, `Offline` or another agent state, each under its own operationName (C§3.4)."""

    state: str

    def apply(self, draft: Draft, user: str) -> None:
        if draft.actor != user and self.state not in DIRECTED:
            raise Refused(Fault.PERMISSION, f"{self.state} is for everybody to set for himself")
        state = draft.centre.agent_states.get(self.state)
        if state is None:  # it was taken away a moment ago
            raise invalid("operationName", f"{self.state!r} is not known here")
        set_agent_state(draft, user, state)


class DoNotDisturbOn(UserOperation, frozen=True, tag="DoNotDisturbOn"):
    """No offers from now on; the agent state stays as it is."""

    def apply(self, draft: Draft, user: str) -> None:
        do_not_disturb(draft, user, True)


class DoNotDisturbOff(UserOperation, frozen=True, tag="DoNotDisturbOff"):
    """Offers again."""

    def apply(self, draft: Draft, user: str) -> None:
        do_not_disturb(draft, user, False)


OPERATIONS: tuple[type[UserOperation], ...] = (DoNotDisturbOn, DoNotDisturbOff)
SUPERVISION: tuple[type[UserOperation], ...] = (Monitor, Coach, BargeIn, CancelSupervisorMonitoring)


def agent_state(centre: Centre, name: str) -> SetAgentState | None:
    """The operation of a configured agent state, by its operationName."""
    return SetAgentState(name) if name in centre.agent_states else None

"""The agent states that administrators add: reasons for not being ready, as the centre calls them (C§3.4)."""

import re
from collections.abc import Iterator
from typing import ClassVar, Literal, cast

from smsdesk.core.agent import AGENT_STATES, AgentState
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.operations import me, smssession
from smsdesk.operations.base import check_text
from smsdesk.operations.channel import SUPERVISION
from smsdesk.operations.provisioning.kind import Body, ProvisionedKind, View

MOST = 200
WorkMode = Literal["AfterCallWork", "AuxWork"]
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_OPERATIONS = (*me.OPERATIONS, *SUPERVISION, *smssession.OPERATIONS)
RESERVED = frozenset(str(operation.__struct_config__.tag).lower() for operation in _OPERATIONS) | {
    state.operation.lower() for state in AGENT_STATES
}


class AgentStateBody(Body, frozen=True):
    """An agent state. `operationName` is what is posted to get into it."""

    operation_name: str
    display_name: str
    state: Literal["NotReady", "Ready"] = "NotReady"
    work_mode: WorkMode | None = None
    reason: str | None = None

    def check(self) -> None:
        if not _NAME.fullmatch(self.operation_name):
            raise invalid("operationName", "is not 1 to 64 letters, digits, '-' and '_', a letter first")
        check_text("displayName", self.display_name, 255)
        check_text("reason", self.reason, 255)


class AgentStates(ProvisionedKind[AgentState, AgentStateBody]):
    """The row of agent states. Those of the system are not among them."""

    plural: ClassVar[str] = "agent-states"
    singular: ClassVar[str] = "agent state"
    kind: ClassVar[str] = "agentstate"
    name: ClassVar[str] = "operationName"
    served: ClassVar[bool] = False
    body = AgentStateBody

    def name_of(self, record: AgentState) -> str:
        return record.operation

    def fold(self, name: str) -> str:
        return name.lower()

    def new_id(self, body: AgentStateBody, draft: Draft) -> str:
        return _guid(draft.ids.user())

    def show(self, record: AgentState, view: View) -> AgentStateBody:
        assert record.state != "Logout"  # only one of the system's logs out
        return AgentStateBody(
            record.operation,
            record.display_name,
            record.state,
            cast(WorkMode | None, record.work_mode),
            record.reason,
        )

    def make(self, body: AgentStateBody, id: str, old: AgentState | None, view: View) -> AgentState:
        if old is None and body.operation_name.lower() in RESERVED:
            raise Refused(Fault.EXISTS, f"operationName: {body.operation_name!r} is an operation already")
        if old is None and len(view.records(self.kind)) >= MOST:
            raise Refused(Fault.FORBIDDEN, f"there are {MOST} agent states already; no more are kept")
        name = body.operation_name if old is None else old.operation
        return AgentState(id, name, body.display_name, body.state, body.work_mode, body.reason)

    def uses(self, record: AgentState, view: View, draft: Draft) -> Iterator[str]:
        for user in view.records("user").values():
            if draft.agent(user.id).state.id == record.id:
                yield f"user {user.user_name}"

    def changed(self, draft: Draft, old: AgentState | None, new: AgentState | None, view: View) -> None:
        """Nobody's state becomes another under his hands."""
        if old is not None and new is not None and (user := next(self.uses(old, view, draft), None)):
            raise Refused(Fault.IN_USE, f"{user} is in the state {old.operation} now")


def _guid(digits: str) -> str:
    """32 hexadecimal digits as the ids of the system's agent states are written."""
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join(parts).upper()

"""The agent states that administrators add: reasons for not being ready, as the centre calls them (C§3.4)."""

import re
from typing import Literal

from msgspec import Struct

from smsdesk.core.agent import AGENT_STATES, AgentState
from smsdesk.core.centre import Centre
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid, unknown
from smsdesk.operations import me, smssession
from smsdesk.operations.base import check_text
from smsdesk.operations.channel import SUPERVISION

MOST = 200
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_OPERATIONS = (*me.OPERATIONS, *SUPERVISION, *smssession.OPERATIONS)
RESERVED = frozenset(str(operation.__struct_config__.tag).lower() for operation in _OPERATIONS)
SYSTEM = frozenset(state.id.lower() for state in AGENT_STATES)


class NewAgentState(Struct, frozen=True, rename="camel"):
    """The body of POST and PUT. `operation_name` is what is posted to get into the state."""

    operation_name: str
    display_name: str
    state: Literal["NotReady", "Ready"] = "NotReady"
    work_mode: Literal["AfterCallWork", "AuxWork"] | None = None
    reason: str | None = None

    def check(self) -> None:
        """Raises Refused 10."""
        if not _NAME.fullmatch(self.operation_name):
            raise invalid("operationName", "is not 1 to 64 letters, digits, '-' and '_', a letter first")
        check_text("displayName", self.display_name, 255)
        check_text("reason", self.reason, 255)

    def made(self, id: str) -> AgentState:
        """The agent state under this id."""
        return AgentState(id, self.operation_name, self.display_name, self.state, self.work_mode, self.reason)


def find(centre: Centre, name: str) -> AgentState:
    """An agent state by its id, whatever the case, or its operationName. Raises Refused 6."""
    for state in centre.agent_states.values():
        if state.operation == name or state.id.lower() == name.lower():
            return state
    raise unknown("the agent state")


def create(draft: Draft, new: NewAgentState) -> AgentState:
    """Add one. Raises Refused 18 for the name of an operation or another state, 3 for too many."""
    taken = RESERVED | {name.lower() for name in draft.centre.agent_states}
    if new.operation_name.lower() in taken:
        raise Refused(Fault.EXISTS, f"operationName: {new.operation_name!r} is taken")
    if len(draft.centre.agent_states) >= MOST:
        raise Refused(Fault.FORBIDDEN, f"there are {MOST} agent states already; no more are kept")
    made = new.made(_guid(draft.ids.user()))
    draft.put("agentstate", made.id, made)
    draft.audit("agent state created", made.operation)
    return made


def change(draft: Draft, name: str, new: NewAgentState) -> None:
    """Replace one. Raises Refused 6, 3 (a state of the system; another operationName), 19 (somebody is in
    it).
    """
    old = _free(draft, name)
    if new.operation_name != old.operation:
        raise Refused(
            Fault.FORBIDDEN, "This operation is not allowed: 'operationName' is a read-only property"
        )
    _write(draft, old, new.made(old.id))
    draft.audit("agent state changed", old.operation)


def remove(draft: Draft, name: str) -> None:
    """Take one away. Raises Refused 6, 3 and 19 as `change`."""
    old = _free(draft, name)
    _write(draft, old, None)
    draft.audit("agent state deleted", old.operation)


def _free(draft: Draft, name: str) -> AgentState:
    state = find(draft.centre, name)
    if state.id.lower() in SYSTEM:
        raise Refused(Fault.FORBIDDEN, f"{state.operation} belongs to the system and stays as it is")
    if any(draft.agent(user).state.id == state.id for user in draft.centre.users):
        raise Refused(Fault.IN_USE, f"somebody is in the state {state.operation} now")
    return state


def _write(draft: Draft, old: AgentState, new: AgentState | None) -> None:
    """Under the key it was kept by."""
    key = old.id if draft.get("agentstate", old.id) is not None else old.operation
    draft.put("agentstate", key, new)


def _guid(digits: str) -> str:
    """32 hexadecimal digits as the other ids of agent states are written."""
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join(parts).upper()

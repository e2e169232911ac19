"""`settings/agent-states` (C§3.4)."""

from typing import Any

from smsdesk.core.agent import AgentState
from smsdesk.wire.resources import agent_state

KEY = "operationName"


def setting(base: str, state: AgentState) -> dict[str, Any]:
    """One entry. `base` ends in `/api/v2`."""
    path = f"/settings/agent-states/{state.id}"
    shape: dict[str, Any] = agent_state(state) | {"operationName": state.operation, "state": state.state}
    return shape | {"uri": base + path, "path": path}

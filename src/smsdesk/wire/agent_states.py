"""`settings/agent-states` (C§3.4)."""

from collections.abc import Iterable
from typing import Any

from smsdesk.core.agent import AgentState
from smsdesk.wire.resources import agent_state


def settings(states: Iterable[AgentState]) -> dict[str, Any]:
    """The body beside statusCode: every agent state, keyed by its operationName."""
    shown = [agent_state(s) | {"operationName": s.operation, "state": s.state} for s in states]
    return {"settings": shown, "key": "operationName"}

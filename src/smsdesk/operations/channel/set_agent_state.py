"""Ready, NotReady and every configured agent state; Offline logs out of the channel (C§3.4, SPEC 4.7)."""

from smsdesk.core.agent import Agent, AgentState, Readiness
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.operations.channel.log_out import log_out

_READINESS: dict[str, Readiness] = {"Ready": "Ready", "NotReady": "NotReady", "Logout": "LoggedOut"}


def set_agent_state(draft: Draft, user: str, state: AgentState) -> None:
    """Bring a user's SMS channel into a state. Raises Refused 2 when he is not logged in on it."""
    agent = draft.agent(user)
    if not agent.logged_in:
        raise Refused(Fault.STATE, "not logged in on the channel; StartContactCenterSession comes first")
    if state.state == "Logout":
        log_out(draft, agent)
    else:
        become(draft, agent, state)


def become(draft: Draft, agent: Agent, state: AgentState) -> None:
    """Change the readiness and tell the user; who was Ready already keeps his place among the longest
    ready.
    """
    readiness = _READINESS[state.state]
    since = agent.since if readiness == agent.readiness == "Ready" else draft.now
    agent = draft.change(agent, readiness=readiness, state=state, since=since)
    draft.tell_channels(agent, "ReadinessChanged")


def do_not_disturb(draft: Draft, user: str, on: bool) -> None:
    """Switch do-not-disturb; the agent state stays as it is (C§3.4). Raises Refused 2 when not logged in."""
    agent = draft.agent(user)
    if not agent.logged_in:
        raise Refused(Fault.STATE, "not logged in on the channel; StartContactCenterSession comes first")
    agent = draft.change(agent, do_not_disturb=on)
    draft.tell_channels(agent, "DoNotDisturbChanged")

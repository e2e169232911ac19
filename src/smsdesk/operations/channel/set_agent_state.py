"""Ready, NotReady and every configured agent state; Offline logs out of the channel (C§3.4, SPEC 4.7)."""

from smsdesk.core.agent import Agent, AgentState, Readiness
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.operations.channel.log_out import log_out

_READINESS: dict[str, Readiness] = {"Ready": "Ready", "NotReady": "NotReady", "Logout": "LoggedOut"}


def logged_in(draft: Draft, user: str) -> Agent:
    """The user as an agent at work. Raises Refused 2 when he is not logged in on the channel."""
    agent = draft.agent(user)
    if not agent.logged_in:
        raise Refused(Fault.STATE, "not logged in on the channel; StartContactCenterSession comes first")
    return agent


def set_agent_state(draft: Draft, user: str, state: AgentState) -> None:
    """Bring a user's SMS channel into a state. Raises Refused 2 when he is not logged in on it."""
    agent = logged_in(draft, user)
    _note(draft, user, f"set to {state.operation}")
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
    agent = logged_in(draft, user)
    _note(draft, user, f"do not disturb {'on' if on else 'off'}")
    agent = draft.change(agent, do_not_disturb=on)
    draft.tell_channels(agent, "DoNotDisturbChanged")


def _note(draft: Draft, user: str, action: str) -> None:
    """What somebody does to another is in the audit log (C§4.3)."""
    if draft.actor is not None and draft.actor != user:
        draft.audit(action, user)

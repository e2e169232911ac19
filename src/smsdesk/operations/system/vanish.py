"""An agent whose clients have gone: offered nothing any more, later logged out of the channel (SPEC 9.19)."""

from smsdesk.core.agent import NOT_READY
from smsdesk.core.draft import Draft
from smsdesk.core.presence import Step
from smsdesk.operations.channel.log_out import log_out
from smsdesk.operations.channel.set_agent_state import become


def vanish(draft: Draft, user: str, step: Step) -> None:
    """Take a step, if it still makes sense. Who comes back later reads of it in his notifications."""
    agent = draft.agent(user)
    if step == "log out" and agent.logged_in:
        log_out(draft, agent)
        draft.audit("logged out, no client left", user)
    elif step == "not ready" and agent.readiness == "Ready":
        become(draft, agent, NOT_READY)
        draft.audit("not ready, no client left", user)

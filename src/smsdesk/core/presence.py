"""What becomes of an agent whose clients have gone without a word: the rule alone, no clock (SPEC 9.19)."""

from typing import Literal, NamedTuple

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Policy

Step = Literal["not ready", "log out"]


class Next(NamedTuple):
    """What happens to the agent at `due` (UTC milliseconds), unless somebody comes back for him before."""

    due: int
    step: Step


def next_step(agent: Agent, gone: int, policy: Policy) -> Next | None:
    """The next step for an agent of whom nothing has been left since `gone` (UTC milliseconds).

    He is offered nothing any more, and later his work is given to others. None where nothing is to be done:
    he is not logged in, or the setting for it is 0.
    """
    if not agent.logged_in:
        return None
    steps = []
    if policy.vanished_logout:
        steps.append(Next(gone + policy.vanished_logout, "log out"))
    if policy.vanished_not_ready and agent.readiness == "Ready":
        steps.append(Next(gone + policy.vanished_not_ready, "not ready"))
    return min(steps, key=lambda step: step.due, default=None)

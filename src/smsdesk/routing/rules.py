"""The rules by which an agent is offered an interaction, one function each: for what decides and for what
explains, so that the two never disagree (SPEC 3, 5.3).
"""

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Policy, User
from smsdesk.core.interaction import Interaction
from smsdesk.core.timeline import Timeline


def enabled(user: User | None) -> bool:
    """He is there, and may log in."""
    return user is not None and user.enabled


def ready(agent: Agent) -> bool:
    """He has said that he is."""
    return agent.readiness == "Ready"


def undisturbed(agent: Agent) -> bool:
    """He did not ask to be left alone."""
    return not agent.do_not_disturb


def has_room(load: int, room: int) -> bool:
    """There is a place on his desk. `load`: what lies there, or is about to."""
    return load < room


def free(user: User | None, agent: Agent, load: int, room: int) -> bool:
    """Everything that does not depend on the interaction."""
    return enabled(user) and ready(agent) and undisturbed(agent) and has_room(load, room)


def refused(interaction: Interaction, user: str, policy: Policy, now: int) -> bool:
    """Whether the user rejected or missed it so recently that he is not asked again (SPEC 3 Reject)."""
    at = interaction.rejected.get(user)
    return at is not None and now < at + policy.reject_memory


def fits(interaction: Interaction, user: str, there: bool, policy: Policy, now: int) -> bool:
    """Everything that depends on the two. `there`: he is in the session, or about to be asked."""
    return not there and not refused(interaction, user, policy, now)


def may_wait_for(interaction: Interaction, user: User | None, agent: Agent, policy: Policy, now: int) -> bool:
    """Whether it makes sense to try the last agent alone: he is at work, free just now or not."""
    if not enabled(user) or not agent.logged_in:
        return False
    return fits(interaction, agent.id, interaction.session in agent.desk, policy, now)


def phase_now(timeline: Timeline, elapsed: int, last_may_be_asked: bool) -> int | None:
    """The index of the phase so long after the strategy began; the search for the last agent is passed over
    while he cannot be asked. None: nobody is looked for.
    """
    index = timeline.phase_at(elapsed)
    index += timeline.phases[index].last_agent and not last_may_be_asked
    return index if index < len(timeline.phases) else None

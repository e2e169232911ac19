"""Who gets what: highest priority, then oldest; least loaded, then longest ready, then stable (SPEC 5.3,
A§4.3).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Policy, Queue, User
from smsdesk.core.interaction import Interaction
from smsdesk.routing.targets import TargetError, serves


class Decision(NamedTuple):
    """Offer this interaction to this user."""

    interaction: str
    user: str


def decide(
    waiting: Iterable[Interaction], agents: Mapping[str, Agent], centre: Centre, policy: Policy, now: int
) -> list[Decision]:
    """All offers that can be made at this moment. An interaction that nobody can take now keeps its place."""
    load = {id: len(agent.desk) for id, agent in agents.items()}
    candidates: dict[str, list[Agent]] = {}
    decisions = []
    for interaction in sorted(waiting, key=lambda i: (-i.priority, i.arrived, i.id)):
        queue = centre.queues.get(interaction.queue)
        if queue is None:
            continue
        if queue.name not in candidates:
            candidates[queue.name] = able(queue, agents, centre)
        chosen = choose(interaction, candidates[queue.name], load, centre, policy, now)
        if chosen is not None:
            load[chosen.id] += 1
            decisions.append(Decision(interaction.id, chosen.id))
    return decisions


def able(queue: Queue, agents: Mapping[str, Agent], centre: Centre) -> list[Agent]:
    """Ready agents whom the queue's target names, the longest ready first."""
    try:
        test = serves(centre, queue.target)
    except TargetError:
        return []  # said when the queue was configured; nobody can serve it
    ready = [a for a in agents.values() if a.readiness == "Ready" and not a.do_not_disturb]
    found = [a for a in ready if (user := centre.users.get(a.id)) and user.enabled and test(user)]
    return sorted(found, key=lambda a: (a.since, a.id))


def choose(
    interaction: Interaction,
    candidates: Sequence[Agent],
    load: Mapping[str, int],
    centre: Centre,
    policy: Policy,
    now: int,
) -> Agent | None:
    """The least loaded of those with room who are not in the session and did not just reject it; the longest
    ready among equals.
    """
    free = [
        a
        for a in candidates
        if load[a.id] < capacity(centre.users[a.id], policy)
        and interaction.session not in a.desk
        and not refused(interaction, a.id, policy, now)
    ]
    return min(free, key=lambda a: load[a.id], default=None)


def capacity(user: User, policy: Policy) -> int:
    """How many sessions may lie on a user's desk (SPEC 9.18)."""
    return policy.capacity if user.capacity is None else user.capacity


def refused(interaction: Interaction, user: str, policy: Policy, now: int) -> bool:
    """Whether the user rejected or missed it so recently that he is not asked again (SPEC 3 Reject)."""
    at = interaction.rejected.get(user)
    return at is not None and now < at + policy.reject_memory


def next_look(waiting: Iterable[Interaction], policy: Policy, now: int) -> int | None:
    """When a rejection is forgotten next, so that it is worth deciding again; UTC milliseconds."""
    times = [at + policy.reject_memory for i in waiting for at in i.rejected.values()]
    return min((t for t in times if t > now), default=None)

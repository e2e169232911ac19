"""The plain way to route, to compare with: every decision sorts all that waits and looks at every agent. It
knows the first step of a strategy only.
"""

from collections.abc import Callable

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Policy, Queue, User
from smsdesk.core.interaction import Interaction
from smsdesk.routing.engine import Decision
from smsdesk.routing.targets import serves


class Scan:
    """Told and asked like the engine."""

    def __init__(self, centre: Centre, policy: Policy) -> None:
        self._centre = centre
        self._policy = policy
        self._agents: dict[str, Agent] = {}
        self._waiting: dict[str, Interaction] = {}
        self._tests: dict[str, Callable[[User], bool]] = {
            queue.name: serves(centre, queue.target) for queue in centre.queues.values()
        }

    def agent(self, agent: Agent) -> None:
        """An agent stands like this now."""
        self._agents[agent.id] = agent

    def interaction(self, interaction: Interaction) -> None:
        """An interaction stands like this now."""
        if interaction.place == "waiting":
            self._waiting[interaction.id] = interaction
        else:
            self._waiting.pop(interaction.id, None)

    def done(self, decision: Decision) -> None:
        """Nothing is remembered of offers that are under way."""

    def decide(self, now: int) -> list[Decision]:
        """All offers that can be made now."""
        load = {agent.id: len(agent.desk) for agent in self._agents.values()}
        able: dict[str, list[Agent]] = {}
        decisions = []
        for interaction in sorted(self._waiting.values(), key=lambda i: (-i.priority, i.arrived, i.id)):
            queue = self._centre.queues[interaction.queue]
            if queue.name not in able:
                able[queue.name] = self._able(queue)
            free = [a for a in able[queue.name] if load[a.id] < self._policy.capacity]
            chosen = min(free, key=lambda a: (load[a.id], a.since, a.id), default=None)
            if chosen is not None:
                load[chosen.id] += 1
                decisions.append(Decision(interaction.id, chosen.id))
        return decisions

    def _able(self, queue: Queue) -> list[Agent]:
        ready = (agent for agent in self._agents.values() if agent.readiness == "Ready")
        return [agent for agent in ready if self._tests[queue.name](self._centre.users[agent.id])]

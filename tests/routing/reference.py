"""Routing as it is meant, obviously right and slow: every interaction looks at every agent (SPEC 3, 5.3)."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Policy
from smsdesk.core.interaction import Interaction
from smsdesk.core.opening import opens
from smsdesk.core.timeline import SECOND, Phase
from smsdesk.routing.engine import Decision
from smsdesk.routing.targets import TargetError, serves

Credit = dict[tuple[str, int], list[int]]  # queue, phase -> how far each target is behind its share


class Reference:
    """What is there, plainly. `held`: interaction -> who is being offered it."""

    def __init__(self, centre: Centre, policy: Policy) -> None:
        self.centre = centre
        self.policy = policy
        self.agents: dict[str, Agent] = {}
        self.waiting: dict[str, Interaction] = {}
        self.held: dict[str, tuple[str, str]] = {}
        self.credit: Credit = {}

    def decide(self, now: int) -> list[Decision]:
        """All offers that can be made now."""
        free = (i for i in self.waiting.values() if i.id not in self.held)
        decisions = []
        for interaction in sorted(free, key=lambda i: (-self.priority(i, now), i.arrived, i.id)):
            user = self.chosen(interaction, now)
            if user is not None:
                self.held[interaction.id] = user, interaction.session
                decisions.append(Decision(interaction.id, user))
        return decisions

    def priority(self, interaction: Interaction, now: int) -> Fraction:
        """The priority that it has by now."""
        queue = self.centre.queues.get(interaction.queue)
        if queue is None:
            return Fraction(0)
        strategy = self.centre.strategy_of(queue)
        waited = Fraction(now - interaction.arrived, strategy.ageing.every * SECOND)
        return interaction.priority + strategy.priority + strategy.ageing.points * waited

    def chosen(self, interaction: Interaction, now: int) -> str | None:
        """Who gets it."""
        index = self.phase(interaction, now)
        if index is None:
            return None
        phase = self.centre.timelines[interaction.queue].phases[index]
        if phase.last_agent:
            last = interaction.last_agent or ""
            return last if self.can(last, interaction, now) else None
        by_target = [self.able(target, interaction, now) for target in phase.targets]
        found = [user for users in by_target for user in users]
        if phase.order == "percentage" and phase.shares:
            credit = self.credit.setdefault((interaction.queue, index), [0] * len(phase.targets))
            found = self.in_turn(phase, by_target, credit) or found
        return min(found, key=lambda user: self.rank(user, phase), default=None)

    def phase(self, interaction: Interaction, now: int) -> int | None:
        """The index of its phase; None while nobody is looked for."""
        timeline = self.centre.timelines.get(interaction.queue)
        began = interaction.began or interaction.arrived
        if timeline is None or now < began or opens(self.centre, interaction.queue, now) != now:
            return None
        index = timeline.phase_at(now - began)
        if timeline.phases[index].last_agent and not self.may_ask(interaction, now):
            index += 1
        return index if index < len(timeline.phases) else None

    def may_ask(self, interaction: Interaction, now: int) -> bool:
        """Whether waiting for the last agent makes sense."""
        user = self.centre.users.get(interaction.last_agent or "")
        agent = self.agents.get(interaction.last_agent or "")
        if user is None or not user.enabled or agent is None or not agent.logged_in:
            return False
        return interaction.session not in agent.desk and not self.refused(interaction, agent.id, now)

    def able(self, target: str, interaction: Interaction, now: int) -> list[str]:
        """Whom a target names and who can take it."""
        try:
            test = serves(self.centre, target)
        except TargetError:
            return []
        users = self.centre.users.values()
        return [user.id for user in users if test(user) and self.can(user.id, interaction, now)]

    def can(self, id: str, interaction: Interaction, now: int) -> bool:
        """Whether an agent can take it now."""
        user, agent = self.centre.users.get(id), self.agents.get(id)
        if user is None or agent is None or not user.enabled:
            return False
        if agent.readiness != "Ready" or agent.do_not_disturb or self.refused(interaction, id, now):
            return False
        sessions = self.sessions(id)
        return interaction.session not in sessions and len(sessions) < self.centre.capacity(id, self.policy)

    def sessions(self, user: str) -> set[str]:
        """What lies on his desk, or is about to."""
        coming = {session for holder, session in self.held.values() if holder == user}
        return coming | set(self.agents[user].desk)

    def refused(self, interaction: Interaction, user: str, now: int) -> bool:
        """Whether he just rejected it."""
        return user in interaction.rejected and now - interaction.rejected[user] < self.policy.reject_memory

    def rank(self, user: str, phase: Phase) -> tuple[int, int, str]:
        """The smallest is first."""
        load = 0 if phase.order == "longestReady" else len(self.sessions(user))
        return load, self.agents[user].since, user

    def in_turn(self, phase: Phase, by_target: list[list[str]], credit: list[int]) -> list[str]:
        """The users of the target whose turn it is, by its share of those that have somebody."""
        able = [n for n, users in enumerate(by_target) if users and phase.shares[n]]
        if not able:
            return []
        for n in able:
            credit[n] += phase.shares[n]
        chosen = max(able, key=lambda n: (credit[n], -n))
        credit[chosen] -= sum(phase.shares[n] for n in able)
        return by_target[chosen]

    def next_for(self, user: str, now: int, queues: Iterable[str]) -> str | None:
        """What an agent would get first, whether he is free or not."""
        mine = [i for i in self.waiting.values() if i.id not in self.held and i.queue in queues]
        mine.sort(key=lambda i: (-self.priority(i, now), i.arrived, i.id))
        return next((i.id for i in mine if self.would_get(user, i, now)), None)

    def would_get(self, user: str, interaction: Interaction, now: int) -> bool:
        """Whether a phase names him, he is not in the session and did not just reject it."""
        index = self.phase(interaction, now)
        if index is None or self.refused(interaction, user, now):
            return False
        if user in self.agents and interaction.session in self.sessions(user):
            return False
        phase = self.centre.timelines[interaction.queue].phases[index]
        if phase.last_agent:
            return user == interaction.last_agent
        return any(self.names(target, user) for target in phase.targets)

    def names(self, target: str, user: str) -> bool:
        """Whether a target names a user."""
        try:
            return user in self.centre.users and serves(self.centre, target)(self.centre.users[user])
        except TargetError:
            return False


def decide(
    waiting: Iterable[Interaction], agents: Mapping[str, Agent], centre: Centre, policy: Policy, now: int
) -> list[Decision]:
    """One decision about all that is there."""
    reference = Reference(centre, policy)
    reference.waiting = {interaction.id: interaction for interaction in waiting}
    reference.agents = dict(agents)
    return reference.decide(now)

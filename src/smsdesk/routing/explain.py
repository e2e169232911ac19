"""Why an interaction goes to somebody or to nobody now (SPEC 5.3): the phase it is in, and for each agent the
first rule that stands against him. By the rules that decide; pure, and slow where deciding is fast.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from smsdesk.core.acts import began
from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Policy, User
from smsdesk.core.interaction import Interaction
from smsdesk.core.opening import opens
from smsdesk.core.strategy import Strategy
from smsdesk.core.timeline import SECOND, Phase
from smsdesk.routing.rules import (
    enabled,
    has_room,
    may_wait_for,
    phase_now,
    ready,
    refused,
    undisturbed,
)
from smsdesk.routing.targets import TargetError, serves

Rule = Literal[
    "wouldBeOffered",
    "notWaiting",
    "closed",
    "noPhase",
    "notEnabled",
    "notNamed",
    "notLastAgent",
    "notLoggedIn",
    "notReady",
    "doNotDisturb",
    "inSession",
    "refused",
    "noRoom",
]


class Verdict(NamedTuple):
    """What stands against an agent, if anything. `load` and `room`: sessions on his desk, and how many may
    be; `since`: when he became as he is, or said no; `until`: when that is over; UTC milliseconds. `first`:
    of those who would be offered it he is the one.
    """

    user: User
    rule: Rule
    load: int
    room: int
    since: int = 0
    until: int | None = None
    first: bool = False


class Explanation(NamedTuple):
    """`opening`: when the queue opens, None while it is open. `phase`: where the interaction is in its
    strategy, None while nobody is looked for; `next_phase` when the next one begins. UTC milliseconds.
    `priority`: what it has come to by now.
    """

    interaction: Interaction
    strategy: Strategy | None
    opening: int | None
    phase: Phase | None
    next_phase: int | None
    priority: float
    verdicts: tuple[Verdict, ...]


class Scene(NamedTuple):
    """Everything that decides."""

    agents: Mapping[str, Agent]
    centre: Centre
    policy: Policy
    now: int

    def agent(self, user: str) -> Agent:
        """How somebody stands; who never logged in has not."""
        return self.agents.get(user) or Agent(user)


def explain(interaction: Interaction, scene: Scene, asked: str | None = None) -> Explanation:
    """Explain an interaction for everybody whom its phase names, and for who is asked about."""
    centre, now = scene.centre, scene.now
    queue = centre.queues.get(interaction.queue)
    strategy = centre.strategy_of(queue) if queue is not None else None
    opening = opens(centre, interaction.queue, now) if queue is not None else now
    phase = _phase(interaction, scene) if opening == now else None
    timeline, elapsed = centre.timelines.get(interaction.queue), now - began(interaction)
    following = timeline.next_phase(elapsed) if timeline is not None and elapsed >= 0 else None
    judged = tuple(_verdicts(interaction, phase, scene, opening == now, asked))
    return Explanation(
        interaction,
        strategy,
        None if opening == now else opening,
        phase,
        None if following is None else began(interaction) + following,
        priority(interaction, strategy, now),
        _ranked(judged, phase, scene),
    )


def priority(interaction: Interaction, strategy: Strategy | None, now: int) -> float:
    """The priority that an interaction has come to by now."""
    if strategy is None:
        return interaction.priority
    aged = strategy.ageing.points * (now - interaction.arrived) / (strategy.ageing.every * SECOND)
    return round(interaction.priority + strategy.priority + aged, 3)


def _phase(interaction: Interaction, scene: Scene) -> Phase | None:
    timeline, elapsed = scene.centre.timelines.get(interaction.queue), scene.now - began(interaction)
    if timeline is None or elapsed < 0:
        return None
    last = interaction.last_agent or ""
    user, agent = scene.centre.users.get(last), scene.agent(last)
    index = phase_now(timeline, elapsed, may_wait_for(interaction, user, agent, scene.policy, scene.now))
    return None if index is None else timeline.phases[index]


def _verdicts(
    interaction: Interaction, phase: Phase | None, scene: Scene, opened: bool, asked: str | None
) -> Iterator[Verdict]:
    named = _named(interaction, phase, scene.centre)
    for user in scene.centre.users.values():
        if user.id not in named and user.id != asked:
            continue
        rule: Rule = "wouldBeOffered"
        if interaction.place != "waiting":
            rule = "notWaiting"
        elif not opened:
            rule = "closed"
        elif phase is None:
            rule = "noPhase"
        elif not enabled(user):
            rule = "notEnabled"
        elif user.id not in named:
            rule = "notLastAgent" if phase.last_agent else "notNamed"
        yield _judged(interaction, user, rule, scene)


def _judged(interaction: Interaction, user: User, rule: Rule, scene: Scene) -> Verdict:
    """The first of the agent's own rules that stands against him, where nothing before did."""
    agent, policy, now = scene.agent(user.id), scene.policy, scene.now
    verdict = Verdict(user, rule, len(agent.desk), scene.centre.capacity(user.id, policy), agent.since)
    if rule != "wouldBeOffered":
        return verdict
    if not agent.logged_in:
        return verdict._replace(rule="notLoggedIn")
    if not ready(agent):
        return verdict._replace(rule="notReady")
    if not undisturbed(agent):
        return verdict._replace(rule="doNotDisturb")
    if interaction.session in agent.desk:
        return verdict._replace(rule="inSession")
    if refused(interaction, user.id, policy, now):
        at = interaction.rejected[user.id]
        return verdict._replace(rule="refused", since=at, until=at + policy.reject_memory)
    if not has_room(verdict.load, verdict.room):
        return verdict._replace(rule="noRoom")
    return verdict


def _named(interaction: Interaction, phase: Phase | None, centre: Centre) -> set[str]:
    """The users whom a phase names."""
    if phase is None:
        return set()
    if phase.last_agent:
        return {interaction.last_agent or ""}
    found: set[str] = set()
    for target in phase.targets:
        try:
            test = serves(centre, target)
        except TargetError:  # nobody can serve it
            continue
        found.update(user.id for user in centre.users.values() if test(user))
    return found


def _ranked(verdicts: tuple[Verdict, ...], phase: Phase | None, scene: Scene) -> tuple[Verdict, ...]:
    """In the order in which they would be asked, behind them the others by name. Where shares decide whose
    turn it is nobody is the first.
    """
    by_load = phase is None or phase.order != "longestReady"

    def place(verdict: Verdict) -> tuple[bool, int, int, str]:
        if verdict.rule != "wouldBeOffered":
            return True, 0, 0, verdict.user.user_name
        return False, verdict.load if by_load else 0, scene.agent(verdict.user.id).since, verdict.user.id

    found = sorted(verdicts, key=place)
    if found and found[0].rule == "wouldBeOffered" and not (phase and phase.shares):
        found[0] = found[0]._replace(first=True)
    return tuple(found)

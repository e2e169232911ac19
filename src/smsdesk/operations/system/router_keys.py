"""The attached data of the router (A§2.3), written when an interaction is offered; strings where the samples
show strings. While it waits nothing is written: it would be a notification for each phase, to nobody.
"""

from collections.abc import Iterator

from smsdesk.core.acts import began, timeline_of
from smsdesk.core.centre import Centre, Queue, User
from smsdesk.core.expression import MARK, TargetError, expression, levels_named
from smsdesk.core.interaction import Interaction
from smsdesk.core.strategy import AGENT, SERVED_BY
from smsdesk.core.timeline import Phase
from smsdesk.core.user_data import UserData, raw

TO_AGENT, TO_GROUP_OR_EXPRESSION = "0", "2"


def router_keys(centre: Centre, interaction: Interaction, agent: User, now: int) -> UserData:
    """Every key of A§2.3, empty where it has no meaning here. Nothing inside depends on them (SPEC 5.2).

    The target is the first of the phase of `now` (UTC milliseconds) that the agent belongs to.
    """
    queue = centre.queues[interaction.queue]
    timeline = timeline_of(centre, queue.name)
    target = chosen(centre, timeline.phases[timeline.phase_at(now - began(interaction))], queue, agent)
    person = agent.employee_id or agent.user_name
    group = "" if target is None else target
    strategy = centre.strategy_of(queue)
    values: dict[str, object] = {
        "RTenant": "Environment",
        "RStrategyName": strategy.name,
        "RStrategyDBID": "",
        "RTargetRequested": group or agent.user_name,
        "RTargetTypeSelected": TO_GROUP_OR_EXPRESSION if group else TO_AGENT,
        "RTargetRuleSelected": "",
        "RTargetObjectSelected": group or person,
        "RTargetObjSelDBID": "",
        "RTargetAgentGroup": group,
        "RTargetAgentSelected": person,
        "RTargetPlaceSelected": agent.user_name,
        "RVQID": interaction.stay,
        "RVQDBID": queue.id,
        **_skills(centre, group),
        f"PegAG{group or person}": 1,
        "CBR-actual_volume": "",
        "CBR-Interaction_cost": "",
        "CBR-contract_DBIDs": "",
        "CBR-IT-path_DBIDs": "",
        "CustomerSegment": strategy.segment,
        "ServiceType": strategy.service_type,
        "ServiceObjective": str(strategy.objective or ""),
    }
    return {key: raw(value) for key, value in values.items()}


def chosen(centre: Centre, phase: Phase, queue: Queue, agent: User) -> str | None:
    """The group or expression of a phase through which an agent was found; None when it was the agent
    himself who was asked for.
    """
    if phase.last_agent:
        return None
    for target in phase.targets:
        if target.lower() == f"{AGENT}{agent.user_name}".lower():
            return None
        for plain in _plain(centre, target):
            if _belongs(centre, plain, agent):
                return plain
    return queue.target  # found in a phase that is over by now


def _plain(centre: Centre, target: str) -> Iterator[str]:
    """The group or expression that a target stands for."""
    if target in centre.groups or not target.startswith((AGENT, SERVED_BY)):
        yield target
    elif target.startswith(SERVED_BY) and (other := centre.queues.get(target.removeprefix(SERVED_BY))):
        yield other.target


def _belongs(centre: Centre, target: str, agent: User) -> bool:
    group = centre.groups.get(target)
    if group is not None:
        return agent.id in group.members
    try:
        return expression(target)(agent.skills)
    except TargetError:
        return False


def _skills(centre: Centre, target: str) -> dict[str, object]:
    """What was asked of which skills: an object and a text, null and empty where none were."""
    if target and target not in centre.groups:
        try:
            levels = {skill: str(level) for skill, level in levels_named(target).items()}
        except TargetError:
            levels = {}
        if levels:
            return {
                "RRequestedSkillCombination": target.removeprefix(MARK),
                "RRequestedSkills": levels,
            }
    return {"RRequestedSkillCombination": "", "RRequestedSkills": None}

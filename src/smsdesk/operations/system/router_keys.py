"""The attached data of the router (A§2.3), written when an interaction is offered; strings where the samples
show strings.
"""

from smsdesk.core.centre import Queue, User
from smsdesk.core.user_data import UserData, raw

TO_GROUP_OR_EXPRESSION = "2"


def router_keys(queue: Queue, agent: User) -> UserData:
    """Every key of A§2.3, empty where it has no meaning here. Nothing inside depends on them (SPEC 5.2)."""
    values: dict[str, object] = {
        "RTenant": "Environment",
        "RStrategyName": queue.strategy,
        "RStrategyDBID": "",
        "RTargetRequested": queue.target,
        "RTargetTypeSelected": TO_GROUP_OR_EXPRESSION,
        "RTargetRuleSelected": "",
        "RTargetObjectSelected": queue.target,
        "RTargetObjSelDBID": "",
        "RTargetAgentGroup": queue.target,
        "RTargetAgentSelected": agent.employee_id or agent.user_name,
        "RTargetPlaceSelected": agent.user_name,
        "RVQID": "",
        "RVQDBID": "",
        "RRequestedSkillCombination": "",
        "RRequestedSkills": None,
        f"PegAG{queue.target}": 1,
        "CBR-actual_volume": "",
        "CBR-Interaction_cost": "",
        "CBR-contract_DBIDs": "",
        "CBR-IT-path_DBIDs": "",
        "CustomerSegment": "default",
        "ServiceType": "default",
        "ServiceObjective": "",
    }
    return {key: raw(value) for key, value in values.items()}

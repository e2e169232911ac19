"""What belongs to people: skills, groups, and the person, as JSON shapes (C§3.1, C§5.2, C§5.3)."""

from collections.abc import Mapping
from typing import Any

from smsdesk.core.centre import Group, Skill, User

BUSINESS_UNIT = "BusinessUnit"


def skill(base: str, skill: Skill, level: int) -> dict[str, Any]:
    """A skill as a user has it; `level` is a string. `base` ends in `/api/v2`."""
    path = f"/skills/{skill.id}"
    return {"id": skill.id, "name": skill.name, "level": str(level), "uri": base + path, "path": path}


def skills(base: str, user: User, known: Mapping[str, Skill]) -> list[dict[str, Any]]:
    """All skills of a user. `known`: the skills there are, by name."""
    return [skill(base, known[name], level) for name, level in user.skills.items() if name in known]


def group(base: str, group: Group) -> dict[str, Any]:
    """A group of agents."""
    path = f"/groups/{group.id}"
    return {
        "id": group.id,
        "name": group.name,
        "type": BUSINESS_UNIT,
        "contains": ["users", "skills", "queues"],
        "uri": base + path,
        "path": path,
    }

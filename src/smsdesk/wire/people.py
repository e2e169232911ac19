"""What belongs to people: skills, groups, and the person, as JSON shapes (C§3.1, C§5.2, C§5.3)."""

from typing import Any
from urllib.parse import quote

from smsdesk.core.centre import Group, User

BUSINESS_UNIT = "BusinessUnit"


def skill(base: str, name: str, level: int) -> dict[str, Any]:
    """A skill as a user has it; `level` is a string. `base` ends in `/api/v2`."""
    path = f"/skills/{quote(name, safe='')}"
    return {"id": name, "name": name, "level": str(level), "uri": base + path, "path": path}


def skills(base: str, user: User) -> list[dict[str, Any]]:
    """All skills of a user."""
    return [skill(base, name, level) for name, level in user.skills.items()]


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

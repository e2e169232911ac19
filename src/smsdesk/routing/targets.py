"""Who serves a queue: the members of a group, or whoever has the skills of an expression (A§4.2)."""

from collections.abc import Callable

from smsdesk.core.centre import Centre, User
from smsdesk.core.expression import TargetError, expression

__all__ = ["TargetError", "serves"]


def serves(centre: Centre, target: str) -> Callable[[User], bool]:
    """A test whether a user belongs to a target. Raises TargetError."""
    group = centre.groups.get(target)
    if group is not None:
        members = frozenset(group.members)
        return lambda user: user.id in members
    test = expression(target)
    return lambda user: "ROLE_AGENT" in user.roles and test(user.skills)

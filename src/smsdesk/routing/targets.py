"""Who serves a queue: the members of a group, whoever has the skills of an expression, one agent, or those
who serve another queue (A§4.2).
"""

from collections.abc import Callable
from typing import NamedTuple

from smsdesk.core.centre import Centre, User
from smsdesk.core.expression import TargetError, expression
from smsdesk.core.strategy import AGENT, SERVED_BY

__all__ = ["Meaning", "TargetError", "meaning", "serves"]


class Meaning(NamedTuple):
    """What a target comes to in a centre: these users by id, or else those whom an expression finds."""

    members: tuple[str, ...] | None
    expression: str = ""

    def test(self) -> Callable[[User], bool]:
        """A test whether a user belongs to it. Raises TargetError."""
        if self.members is not None:
            members = frozenset(self.members)
            return lambda user: user.id in members
        found = expression(self.expression)
        return lambda user: "ROLE_AGENT" in user.roles and found(user.skills)


def meaning(centre: Centre, target: str) -> Meaning:
    """What a target means now. A group goes before everything else of that name. Somebody who is gone, and a
    queue that leads to another queue, come to nobody.
    """
    group = centre.groups.get(target)
    if group is not None:
        return Meaning(group.members)
    if target.startswith(AGENT):
        user = centre.user_names.get(target.removeprefix(AGENT).lower())
        return Meaning((user.id,) if user else ())
    if target.startswith(SERVED_BY):
        queue = centre.queues.get(target.removeprefix(SERVED_BY))
        leads_on = queue is None or (queue.target not in centre.groups and queue.target.startswith(SERVED_BY))
        return Meaning(()) if queue is None or leads_on else meaning(centre, queue.target)
    return Meaning(None, target)


def serves(centre: Centre, target: str) -> Callable[[User], bool]:
    """A test whether a user belongs to a target. Raises TargetError."""
    return meaning(centre, target).test()

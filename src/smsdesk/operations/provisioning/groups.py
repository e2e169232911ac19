"""Groups: agents who work together, and who watches them (C§4.4, C§5.3)."""

from collections.abc import Iterator
from typing import ClassVar

from smsdesk.core.centre import Group, Queue, User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import invalid
from smsdesk.operations.provisioning.kind import MOST_SESSIONS, Body, ProvisionedKind, View, check_name
from smsdesk.operations.provisioning.strategy_names import strategies_naming


class GroupBody(Body, frozen=True):
    """A group; both lists hold user names. `capacity`: sessions on the desk of a member who has no
    capacity of his own.
    """

    name: str
    members: tuple[str, ...] = ()
    supervisors: tuple[str, ...] = ()
    capacity: int | None = None

    def check(self) -> None:
        check_name("name", self.name)
        for field, names in (("members", self.members), ("supervisors", self.supervisors)):
            if len({name.lower() for name in names}) != len(names):
                raise invalid(field, "names somebody twice")
        if self.capacity is not None and not 0 <= self.capacity <= MOST_SESSIONS:
            raise invalid("capacity", f"has to be 0 to {MOST_SESSIONS}")


class Groups(ProvisionedKind[Group, GroupBody]):
    """The row of groups."""

    plural: ClassVar[str] = "groups"
    singular: ClassVar[str] = "group"
    kind: ClassVar[str] = "group"
    body = GroupBody

    def show(self, record: Group, view: View) -> GroupBody:
        return GroupBody(
            record.name, names_of(record.members, view), names_of(record.watched_by, view), record.capacity
        )

    def make(self, body: GroupBody, id: str, old: Group | None, view: View) -> Group:
        members = tuple(user_named("members", name, view).id for name in body.members)
        watched_by = tuple(user_named("supervisors", name, view).id for name in body.supervisors)
        return Group(id, body.name, members, watched_by, body.capacity)

    def uses(self, record: Group, view: View, draft: Draft) -> Iterator[str]:
        queues: dict[str, Queue] = view.records("queue")
        yield from (f"queue {queue.name}" for queue in queues.values() if queue.target == record.name)
        yield from strategies_naming("group", record.name, view)


def user_named(field: str, name: str, view: View) -> User:
    """The user with this name. Raises Refused 10."""
    found: User | None = view.named("user", name)
    if found is None:
        raise invalid(field, f"names {name[:80]!r}, who is no user")
    return found


def names_of(ids: tuple[str, ...], view: View) -> tuple[str, ...]:
    """User names of ids."""
    users: dict[str, User] = view.records("user")
    return tuple(users[id].user_name for id in ids if id in users)

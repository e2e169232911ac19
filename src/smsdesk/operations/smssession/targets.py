"""Targets as clients name them: user, contact or queue, by uri or by path (SPEC 3, C§6.1, S§3.16)."""

from typing import ClassVar

from smsdesk.core.centre import Centre, CustomEntry, Queue, User
from smsdesk.core.errors import Fault, Refused, missing, unknown
from smsdesk.operations.base import SessionOperation

Target = User | Queue


class TargetedOperation(SessionOperation, frozen=True):
    """An operation with a target: `target_uri`, `target_path` or `user_uri`, one of them."""

    target_uri: str | None = None
    target_path: str | None = None
    user_uri: str | None = None
    wanted: ClassVar[str] = "targetUri"

    def check(self) -> None:
        if not self.named():
            raise missing(self.wanted)

    def named(self) -> str | None:
        """The address given, whichever way."""
        return self.target_uri or self.target_path or self.user_uri

    def target(self, centre: Centre) -> Target:
        """What it names. Raises Refused 6."""
        return resolve(centre, self.named() or "")

    def target_user(self, centre: Centre) -> User:
        """The user it names. Raises Refused 6."""
        found = self.target(centre)
        if not isinstance(found, User):
            raise unknown("the user")
        return found


def resolve(centre: Centre, address: str) -> Target:
    """`…/users/{id}`, `…/contacts/{id}` (any entry of the directory) or `…/queues/{id}`. Raises Refused 6,
    and 10 for an entry that cannot take a session.
    """
    head, _, id = address.rstrip("/").rpartition("/")
    kind = head.rpartition("/")[2]
    if kind in ("users", "contacts") and id in centre.users:
        return centre.users[id]
    if kind in ("queues", "contacts") and id in centre.queue_ids:
        return centre.queue_ids[id]
    if kind == "contacts" and id in centre.custom:
        return queue_of(centre, centre.custom[id])
    raise unknown("the queue" if kind == "queues" else "the user")


def queue_of(centre: Centre, entry: CustomEntry) -> Queue:
    """The queue that a custom entry stands for: the one behind its number. Raises Refused 10."""
    for number in entry.numbers:
        ours = centre.numbers.get(number)
        if ours is not None and ours.queue in centre.queues:
            return centre.queues[ours.queue]
    raise Refused(
        Fault.INVALID,
        f"{entry.name} cannot take an SMS session: none of its numbers belongs to this contact centre;"
        " name a user or a queue",
    )


def queue_named(centre: Centre, name: str) -> Queue:
    """A queue by its name. Raises Refused 6."""
    queue = centre.queues.get(name)
    if queue is None:
        raise unknown("the queue named in queueName")
    return queue

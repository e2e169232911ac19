"""Dispositions and the groups they are in (A§1.7, C§5.3)."""

from collections.abc import Iterator
from typing import ClassVar

from smsdesk.core.centre import Queue
from smsdesk.core.dispositions import ROOT, Disposition, DispositionGroup
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.core.folders import check_path, parent
from smsdesk.operations.base import check_text
from smsdesk.operations.provisioning.kind import NAME, Body, ProvisionedKind, View, check_name


class DispositionGroupBody(Body, frozen=True):
    """A group of dispositions. `name` is its path, such as `DispositionCode/Billing`: the group before the
    last slash has to be there.
    """

    name: str

    def check(self) -> None:
        check_path("name", self.name)


class DispositionGroups(ProvisionedKind[DispositionGroup, DispositionGroupBody]):
    """The row of groups of dispositions."""

    plural: ClassVar[str] = "disposition-groups"
    singular: ClassVar[str] = "dispositionGroup"
    kind: ClassVar[str] = "dispositiongroup"
    body = DispositionGroupBody

    def new_id(self, body: DispositionGroupBody, draft: Draft) -> str:
        return new_group_id(draft)

    def show(self, record: DispositionGroup, view: View) -> DispositionGroupBody:
        return DispositionGroupBody(record.name)

    def make(
        self, body: DispositionGroupBody, id: str, old: DispositionGroup | None, view: View
    ) -> DispositionGroup:
        above = parent(body.name)
        if above is not None and view.named("dispositiongroup", above) is None:
            raise invalid("name", f"is in {above[:80]!r}, which is no group of dispositions")
        return DispositionGroup(id, body.name)

    def uses(self, record: DispositionGroup, view: View, draft: Draft) -> Iterator[str]:
        below: dict[str, DispositionGroup] = view.records("dispositiongroup")
        yield from (f"group {g.name}" for g in below.values() if parent(g.name) == record.name)
        inside: dict[str, Disposition] = view.records("disposition")
        yield from (f"disposition {d.name}" for d in inside.values() if d.group == record.name)
        yield from naming(record.name, view)

    def changed(
        self, draft: Draft, old: DispositionGroup | None, new: DispositionGroup | None, view: View
    ) -> None:
        """The group that dispositions are in by default stays."""
        if new is None and old is not None and old.name == ROOT:
            raise Refused(Fault.FORBIDDEN, f"the group {ROOT} is always there; it cannot be deleted")


class DispositionBody(Body, frozen=True):
    """A disposition: `name` is stored, `displayName` shown."""

    name: str
    display_name: str = ""
    group: str = ROOT

    def check(self) -> None:
        check_name("name", self.name)
        check_text("displayName", self.display_name, NAME, shortest=0)


class Dispositions(ProvisionedKind[Disposition, DispositionBody]):
    """The row of dispositions."""

    plural: ClassVar[str] = "dispositions"
    singular: ClassVar[str] = "disposition"
    kind: ClassVar[str] = "disposition"
    body = DispositionBody

    def show(self, record: Disposition, view: View) -> DispositionBody:
        return DispositionBody(record.name, record.display_name, record.group)

    def make(self, body: DispositionBody, id: str, old: Disposition | None, view: View) -> Disposition:
        if view.named("dispositiongroup", body.group) is None:
            raise invalid("group", f"names {body.group[:80]!r}, which is no group of dispositions")
        return Disposition(id, body.name, body.display_name, body.group)

    def uses(self, record: Disposition, view: View, draft: Draft) -> Iterator[str]:
        yield from naming(record.name, view)


def new_group_id(draft: Draft) -> str:
    """`1-` and a UUID (C§5.3)."""
    h = draft.ids.user()
    return f"1-{h[:8]}-{h[8:12]}-4{h[13:16]}-8{h[17:20]}-{h[20:]}"


def naming(name: str, view: View) -> Iterator[str]:
    """The queues whose list names this disposition or root group."""
    queues: dict[str, Queue] = view.records("queue")
    return (f"queue {queue.name}" for queue in queues.values() if name in (queue.dispositions or ()))


def check_named(names: tuple[str, ...], view: View) -> None:
    """Raises Refused 10 for a name in a queue's list that is neither a disposition nor a root group."""
    for name in names:
        if view.named("disposition", name) is None:
            group = view.named("dispositiongroup", name)
            if group is None or parent(name) is not None:
                raise invalid(
                    "dispositions", f"names {name[:80]!r}, which is no disposition and no root group of them"
                )


def adopt_dispositions(draft: Draft) -> None:
    """Make the group that is always there, and a record for every disposition that a queue names from before
    dispositions were records of their own.
    """
    groups = {group.name for group in draft.newest.all("dispositiongroup")}
    if ROOT not in groups:
        group = DispositionGroup(new_group_id(draft), ROOT)
        draft.put("dispositiongroup", group.id, group)
    there = groups | {d.name for d in draft.newest.all("disposition")}
    for queue in draft.newest.all("queue"):
        for name in queue.dispositions or ():
            if name not in there:
                there.add(name)
                made = Disposition(draft.ids.user(), name)
                draft.put("disposition", made.id, made)

"""Skills (C§5.2)."""

import re
from collections.abc import Iterator
from typing import ClassVar

from smsdesk.core.centre import Queue, Skill, User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import invalid
from smsdesk.core.expression import TargetError, skills_named
from smsdesk.operations.base import check_text
from smsdesk.operations.provisioning.kind import Body, ProvisionedKind, View
from smsdesk.operations.provisioning.strategy_names import strategies_naming

_NAME = re.compile(r"\w{1,64}")
DESCRIPTION = 1000  # characters


class SkillBody(Body, frozen=True):
    """A skill. Its name stands in expressions, so it is made of letters, digits and `_`."""

    name: str
    description: str = ""

    def check(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise invalid("name", "has to be 1 to 64 letters, digits or _, because it stands in expressions")
        check_text("description", self.description, DESCRIPTION, shortest=0)


class Skills(ProvisionedKind[Skill, SkillBody]):
    """The row of skills."""

    plural: ClassVar[str] = "skills"
    singular: ClassVar[str] = "skill"
    kind: ClassVar[str] = "skill"
    body = SkillBody

    def show(self, record: Skill, view: View) -> SkillBody:
        return SkillBody(record.name, record.description)

    def make(self, body: SkillBody, id: str, old: Skill | None, view: View) -> Skill:
        return Skill(id, body.name, body.description)

    def uses(self, record: Skill, view: View, draft: Draft) -> Iterator[str]:
        users: dict[str, User] = view.records("user")
        yield from (f"user {u.user_name}" for u in users.values() if record.name in u.skills)
        queues: dict[str, Queue] = view.records("queue")
        yield from (f"queue {q.name}" for q in queues.values() if record.name in asked(q.target))
        yield from strategies_naming("skill", record.name, view)


def asked(target: str) -> frozenset[str]:
    """The skills that a target asks for; none where it names a group."""
    try:
        return skills_named(target)
    except TargetError:
        return frozenset()

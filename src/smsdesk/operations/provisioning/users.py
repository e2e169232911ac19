"""Users, with their roles and skills (C§1.10, C§5.1)."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec
from msgspec.structs import replace

from smsdesk.core.centre import Group, Role, User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.operations.base import check_text
from smsdesk.operations.channel.log_out import log_out
from smsdesk.operations.login import Credential
from smsdesk.operations.provisioning.kind import MOST_SESSIONS, NAME, Body, ProvisionedKind, View, check_name
from smsdesk.operations.provisioning.strategy_names import strategies_naming
from smsdesk.operations.users.set_password import set_password

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 256
MOST_LEVEL = 10**9


class UserBody(Body, frozen=True):
    """A user. `skills` maps names of skills to levels, `capacity` is the number of sessions on the desk. The
    password is written only, and in a file it counts only for a user who is made by it.
    """

    user_name: str
    first_name: str
    last_name: str
    roles: tuple[Role, ...]
    password: str | None = None
    email_address: str = ""
    enabled: bool = True
    change_password_on_first_login: bool = False
    skills: dict[str, int] = msgspec.field(default_factory=dict)
    capacity: int | None = None
    employee_id: str = ""

    def check(self) -> None:
        check_name("userName", self.user_name)
        if ":" in self.user_name:
            raise invalid("userName", "may not hold a colon")
        check_text("firstName", self.first_name, NAME)
        check_text("lastName", self.last_name, NAME)
        check_text("emailAddress", self.email_address, NAME, shortest=0)
        check_text("employeeId", self.employee_id, NAME, shortest=0)
        if not self.roles:
            raise invalid("roles", "is empty")
        if self.capacity is not None and not 0 <= self.capacity <= MOST_SESSIONS:
            raise invalid("capacity", f"has to be 0 to {MOST_SESSIONS}")
        for skill, level in self.skills.items():
            if not 0 <= level <= MOST_LEVEL:
                raise invalid("skills", f"{skill[:64]}: the level has to be 0 to {MOST_LEVEL}")
        if self.password is not None:
            check_password("password", self.password)


def check_password(field: str, password: str) -> None:
    """Raises Refused 10 for a password that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise invalid(field, f"must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")


class Users(ProvisionedKind[User, UserBody]):
    """The row of users. Names are the same in any case."""

    plural: ClassVar[str] = "users"
    singular: ClassVar[str] = "user"
    kind: ClassVar[str] = "user"
    name: ClassVar[str] = "userName"
    staff: ClassVar[bool] = True
    demanded: ClassVar[tuple[str, ...]] = ("password",)
    body = UserBody

    def name_of(self, record: User) -> str:
        return record.user_name

    def fold(self, name: str) -> str:
        return name.lower()

    def show(self, record: User, view: View) -> UserBody:
        return UserBody(
            record.user_name,
            record.first_name,
            record.last_name,
            record.roles,
            None,
            record.email,
            record.enabled,
            record.change_password,
            record.skills,
            record.capacity,
            record.employee_id,
        )

    def make(self, body: UserBody, id: str, old: User | None, view: View) -> User:
        unknown = sorted(name for name in body.skills if view.named("skill", name) is None)
        if unknown:
            raise invalid("skills", f"names what is no skill: {', '.join(unknown)[:200]}")
        made = User(
            id,
            body.user_name,
            body.first_name,
            body.last_name,
            body.email_address,
            body.roles,
            body.enabled,
            body.skills,
            body.capacity,
            body.change_password_on_first_login,
            body.employee_id,
        )
        return made if old is None else replace(made, v=old.v)

    def uses(self, record: User, view: View, draft: Draft) -> Iterator[str]:
        agent = draft.agent(record.id)
        if agent.logged_in or agent.desk:
            yield f"{record.user_name} is at work on {len(agent.desk)} sessions; disable the user first"
        yield from strategies_naming("user", record.user_name.lower(), view)

    def changed(self, draft: Draft, old: User | None, new: User | None, view: View) -> None:
        """Keep an administrator from locking himself out; take work off whoever may not work any more."""
        if old is not None and old.id == draft.actor:
            _check_self(old, new)
        hashed = view.surroundings.hashes.get(new.user_name.lower()) if new is not None else None
        if new is not None and hashed is not None:
            _set_password(draft, old, new, hashed, view)
        if old is None:
            return
        if new is None:
            _leave_no_trace(draft, old, view)
        elif old.enabled and not new.enabled and draft.agent(old.id).logged_in:
            log_out(draft, draft.agent(old.id))


def _set_password(draft: Draft, old: User | None, new: User, hashed: str, view: View) -> None:
    if old is None:
        draft.put("credential", new.id, Credential(new.id, hashed))
        return
    uri = f"{view.surroundings.base}/users/{new.id}"
    must, ends = new.change_password, view.surroundings.ends
    set_password(draft, new.id, hashed, uri, must_change=must, ends=ends)


def _check_self(old: User, new: User | None) -> None:
    if new is None or not new.enabled:
        raise Refused(Fault.STATE, "You cannot delete or disable yourself.")
    if "ROLE_ADMIN" in old.roles and "ROLE_ADMIN" not in new.roles:
        raise Refused(Fault.STATE, "You cannot remove role 'ROLE_ADMIN' from yourself.")


def _leave_no_trace(draft: Draft, user: User, view: View) -> None:
    """Who is deleted leaves his groups; his password, his readiness and his settings go with him."""
    draft.put("credential", user.id, None)
    for kind in ("agent", "settings"):
        if draft.get(kind, user.id) is not None:
            draft.put(kind, user.id, None)
    groups: dict[str, Group] = view.records("group")
    for group in list(groups.values()):
        if user.id in group.members or user.id in group.watched_by:
            left = replace(
                group,
                members=tuple(id for id in group.members if id != user.id),
                watched_by=tuple(id for id in group.watched_by if id != user.id),
            )
            draft.put("group", group.id, left)
            view.put("group", group.id, left)

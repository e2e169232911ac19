"""The configured contact centre: users, groups, queues, service numbers (SPEC 5.5, 7.3). Read-only for
operations.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from smsdesk.core.agent import AGENT_STATES, AgentState
from smsdesk.core.local_hours import LocalHours, local_hours
from smsdesk.core.strategy import SIMPLE, Strategy
from smsdesk.core.timeline import timeline

Role = Literal["ROLE_AGENT", "ROLE_SUPERVISOR", "ROLE_ADMIN", "ROLE_APIUSER"]


class User(Struct, frozen=True, omit_defaults=True):
    """Somebody who can log in (C§3.1). `skills` maps names to levels; `capacity` is the number of sessions
    on his desk.
    """

    id: str
    user_name: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    roles: tuple[Role, ...] = ("ROLE_AGENT",)
    enabled: bool = True
    skills: dict[str, int] = {}
    capacity: int | None = None
    change_password: bool = False
    employee_id: str = ""
    v: int = 1

    @property
    def display_name(self) -> str:
        """The name shown to customers when the agent gives none: first name, else user name (SPEC 2.1)."""
        return self.first_name or self.user_name

    @property
    def administers(self) -> bool:
        """Admins, and API users, who have the same power (C§1.10)."""
        return "ROLE_ADMIN" in self.roles or "ROLE_APIUSER" in self.roles


class Skill(Struct, frozen=True, omit_defaults=True):
    """Something that agents are good at, to a level of their own (C§5.2). Expressions ask for it by name."""

    id: str
    name: str
    description: str = ""
    v: int = 1


class BusinessHours(Struct, frozen=True, omit_defaults=True):
    """When a queue is open (A§4.6): `regular` such as `Mon-Fri 09:00-17:00`, `exceptions` such as
    `12-24 09:00-12:00` or `2026-12-25 closed`, both in the time zone. See `core.hours`.
    """

    id: str
    name: str
    time_zone: str = "UTC"
    regular: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    v: int = 1


class Group(Struct, frozen=True, omit_defaults=True):
    """Agents who work together, and the supervisors who watch them; both by user id. `capacity`: how many
    sessions lie on a member's desk who has no number of his own.
    """

    id: str
    name: str
    members: tuple[str, ...] = ()
    watched_by: tuple[str, ...] = ()
    capacity: int | None = None
    v: int = 1


class Queue(Struct, frozen=True, omit_defaults=True):
    """Where interactions wait. `target` is a group's name or a skill expression (A§4.2). `dispositions`
    None: any is allowed. `hours` names business hours.
    """

    id: str
    name: str
    target: str
    strategy: str = "SimpleChatInStrategy"
    dispositions: tuple[str, ...] | None = None
    disposition_mandatory: bool = False
    hours: str | None = None
    v: int = 1


class ServiceNumber(Struct, frozen=True, omit_defaults=True):
    """A number customers text to, the queue behind it and the carrier that sends from it.

    `identify_create_contact`: what is done about the customer of a new session, as in the policy; None: what
    the policy says.
    """

    number: str
    queue: str
    carrier: str
    identify_create_contact: int | None = None
    v: int = 1


class CustomEntry(Struct, frozen=True, omit_defaults=True):
    """An entry of the directory that is neither user nor queue (C§6.1), with its numbers."""

    id: str
    name: str
    numbers: tuple[str, ...]
    description: str = ""
    v: int = 1


class Revision(Struct, frozen=True, omit_defaults=True):
    """How often the configured centre was changed. Every change of it writes this one record, so that two
    that look at the same state cannot both be kept: nothing that is referred to is deleted meanwhile.
    """

    id: str
    number: int
    v: int = 1


class Centre:
    """All of it, indexed. Rebuilt when something is provisioned, never changed in place. `more`: the kinds of
    records that have no index of their own here; `records` holds every kind, by id.
    """

    def __init__(
        self,
        users: Iterable[User] = (),
        groups: Iterable[Group] = (),
        queues: Iterable[Queue] = (),
        numbers: Iterable[ServiceNumber] = (),
        agent_states: Iterable[AgentState] = (),
        *,
        more: Mapping[str, Iterable[Any]] | None = None,
    ) -> None:
        self.users = {user.id: user for user in users}
        self.user_names = {user.user_name.lower(): user for user in self.users.values()}
        self.groups = {group.name: group for group in groups}
        self.group_capacity: dict[str, int] = {}
        for group in sorted(self.groups.values(), key=lambda group: group.name):
            if group.capacity is not None:
                self.group_capacity = dict.fromkeys(group.members, group.capacity) | self.group_capacity
        self.queues = {queue.name: queue for queue in queues}
        self.queue_ids = {queue.id: queue for queue in self.queues.values()}
        self.numbers = {number.number: number for number in numbers}
        configured = tuple(agent_states)
        self.agent_states = {state.operation: state for state in (*AGENT_STATES, *configured)}
        self.records: dict[str, Mapping[str, Any]] = {
            "user": self.users,
            "group": {group.id: group for group in self.groups.values()},
            "queue": self.queue_ids,
            "number": self.numbers,
            "agentstate": {state.id: state for state in configured},
        }
        for kind, found in (more or {}).items():
            self.records[kind] = {record.id: record for record in found}
        self.strategies: dict[str, Strategy] = {s.name: s for s in self.records.get("strategy", {}).values()}
        self.timelines = {q.name: timeline(self.strategy_of(q), q.target) for q in self.queues.values()}
        self.custom: Mapping[str, CustomEntry] = self.records.get("custom", {})
        self.openings = {q.name: hours for q in self.queues.values() if (hours := self._hours(q))}
        self.skills: dict[str, Skill] = {s.name: s for s in self.records.get("skill", {}).values()}

    def strategy_of(self, queue: Queue) -> Strategy:
        """The strategy of a queue; the simple one where its own is gone."""
        return self.strategies.get(queue.strategy, SIMPLE)

    def capacity(self, user: str, policy: "Policy") -> int:
        """How many sessions may lie on a user's desk (SPEC 9.18, A§4.5): his own number, else that of the
        first of his groups, by name, that has one, else the general one.
        """
        found = self.users.get(user)
        if found is not None and found.capacity is not None:
            return found.capacity
        return self.group_capacity.get(user, policy.capacity)

    def _hours(self, queue: Queue) -> LocalHours | None:
        """Those of the queue itself, else those of its strategy; None: always open."""
        name = queue.hours or self.strategy_of(queue).hours
        hours: Mapping[str, BusinessHours] = self.records.get("hours", {})
        found = next((record for record in hours.values() if record.name == name), None)
        return local_hours(found.regular, found.exceptions, found.time_zone) if found else None

    def watches(self, supervisor: User, agent: str) -> bool:
        """Whether a supervisor may watch and direct this user: his own groups only, admins everybody (SPEC
        3).
        """
        if supervisor.administers:
            return True
        if "ROLE_SUPERVISOR" not in supervisor.roles:
            return False
        return any(
            supervisor.id in group.watched_by and agent in group.members for group in self.groups.values()
        )

    def groups_of(self, user: str) -> list[Group]:
        """Groups a user belongs to or watches."""
        return [group for group in self.groups.values() if user in group.members or user in group.watched_by]


class Policy(Struct, frozen=True, kw_only=True):
    """Settings that decide outcomes; times in milliseconds. `handling` 0: for ever.

    `default_region`: the country of numbers that name none. `identify_create_contact` (A§2.2): 1 the customer
    of a new session is not looked for, 2 a known one is found, 3 an unknown one becomes a contact.
    """

    ring: int = 30_000
    agent_no_answer_action: Literal["none", "notready", "logout"] = "notready"
    reject_memory: int = 60_000
    capacity: int = 5
    idle_waiting: int = 24 * 3_600_000
    idle_assigned: int = 72 * 3_600_000
    handling: int = 0
    idle_parked: int = 7 * 24 * 3_600_000
    strategy_nickname: str = "Contact Centre"
    parts_wait: int = 300_000
    invite_wait: int = 300_000
    disposition_key: str = "DispositionCode"
    message_limit: int = 10_000
    vanished_not_ready: int = 60_000
    vanished_logout: int = 600_000
    second_login: Literal["allow", "refuse", "replace"] = "allow"
    default_region: str = ""
    identify_create_contact: int = 3
    features_off: frozenset[str] = msgspec.field(default_factory=frozenset)

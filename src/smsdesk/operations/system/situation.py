"""A situation as it is described from outside (SPEC 7.4). The words are those of the conformance vectors."""

from typing import Any, Literal

from msgspec import Struct, field

from smsdesk.core.message import MessageType
from smsdesk.core.states import State, Visibility
from smsdesk.core.user_data import UserData


class Somebody(Struct, rename="camel"):
    """A participant; `id` is a label that the transcript refers to."""

    id: str
    type: Literal["Customer", "Agent", "External"]
    nickname: str
    visibility: Visibility = "All"
    user: str | None = None


class Entry(Struct, rename="camel"):
    """A transcript entry; `author` is a participant's label."""

    index: int
    type: MessageType
    author: str = field(name="from")
    visibility: Visibility = "All"
    text: str | None = None


class Watching(Struct, rename="camel"):
    """A supervisor watches an agent."""

    supervisor: str
    agent: str
    mode: Literal["Monitor", "Coach", "BargeIn"] = "Monitor"
    scope: Literal["AllChats", "NextChat"] = "AllChats"
    nickname: str | None = None


class Invitation(Struct, rename="camel"):
    """An unanswered Transfer, Consult, Invite or Intrude."""

    operation: Literal["Transfer", "Consult", "Invite", "Intrude"]
    by: str
    to: str | None = None
    queue: str | None = None
    reference_id: int | None = None
    mode: Literal["Monitor", "Coach", "BargeIn"] = "Monitor"


class Waiting(Struct, rename="camel"):
    """An interaction that waits; `age` and the times in `rejected_by` in seconds."""

    id: str
    queue: str
    priority: int = 0
    age: int = 0
    rejected_by: dict[str, int] = {}


class Other(Struct, rename="camel"):
    """A further session."""

    id: str
    state: dict[str, State]
    in_focus: list[str] = []


class QueueSetting(Struct, rename="camel"):
    """How a queue is set up."""

    name: str
    dispositions: list[str] | None = None
    disposition_mandatory: bool = False


class GroupSetting(Struct, rename="camel"):
    """Members and supervisors of a group, by user name."""

    members: list[str] = []
    watched_by: list[str] = []


class ContactSetting(Struct, rename="camel"):
    """The customer's name."""

    first_name: str = ""


class ConsentSetting(Struct):
    """A customer who has opted out."""

    service: str
    customer: str
    blocked: bool


class Situation(Struct, rename="camel"):
    """The whole situation. Users are named by user name; whatever is left out stays as it is."""

    actors: dict[str, Literal["Ready", "NotReady", "LoggedOut"]] = {}
    state: dict[str, State] | None = None
    participants: list[Somebody] = []
    user_data: UserData = {}
    transcript: list[Entry] = []
    customer: str = "+15550111"
    service: str = "+15550100"
    contact: ContactSetting | None = None
    comment: str | None = None
    pending: Invitation | None = None
    monitoring: list[Watching] = []
    waiting: list[Waiting] = []
    other_sessions: list[Other] = []
    queue: QueueSetting | None = None
    queues: dict[str, Any] = {}
    groups: dict[str, GroupSetting] | None = None
    first_names: dict[str, str] = {}
    capacity: dict[str, int] = {}
    consent: ConsentSetting | None = None
    carrier_ids: list[str] = []

"""JSON objects that the program builds as mappings, as structs: only to be described. Tests hold them to what
is really answered.
"""

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field

from smsdesk.wire.resources import SessionShape

Optional = str | UnsetType


class Replay(Struct):
    """Where the stream of notifications stood."""

    epoch: str
    id: int


class UserState(Struct, rename="camel"):
    """The agent state of a channel."""

    id: str
    display_name: str
    state: Literal["Ready", "NotReady", "LoggedOut"]
    work_mode: Optional = UNSET
    reason: Optional = UNSET


class Channel(Struct, rename="camel"):
    """A user's SMS channel."""

    channel: Literal["smssession"]
    user_state: UserState
    dnd_state: Literal["On", "Off"] | UnsetType = UNSET


class AgentState(Struct, rename="camel"):
    """An entry of settings/agent-states."""

    id: str
    operation_name: str
    display_name: str
    state: Literal["Ready", "NotReady", "Logout"]
    uri: str
    path: str
    work_mode: Optional = UNSET
    reason: Optional = UNSET


class Feature(Struct, rename="camel"):
    """A feature that is on."""

    id: str
    display_name: str
    description: str
    auto_assign_on_contact_center_create: bool
    uri: str
    path: str


class Skill(Struct):
    """A skill of a user."""

    id: str
    name: str
    level: str
    uri: str
    path: str


class Group(Struct, tag_field="type", tag="BusinessUnit"):
    """A group of agents."""

    id: str
    name: str
    contains: list[str]
    uri: str
    path: str


class User(Struct, rename="camel"):
    """Somebody who can log in."""

    id: str
    user_name: str
    first_name: str
    last_name: str
    email_address: str
    roles: list[Literal["ROLE_AGENT", "ROLE_SUPERVISOR", "ROLE_ADMIN", "ROLE_APIUSER"]]
    enabled: bool
    change_password_on_first_login: bool
    contact_center_id: str
    uri: str
    path: str
    devices: list[dict[str, Any]] | UnsetType = UNSET
    skills: list[Skill] | UnsetType = UNSET
    channels: list[Channel] | UnsetType = UNSET
    channel_states: list[Channel] | UnsetType = UNSET
    interactions: list[dict[str, Any]] | UnsetType = UNSET
    calls: list[dict[str, Any]] | UnsetType = UNSET
    chats: list[dict[str, Any]] | UnsetType = UNSET
    workbins: list[dict[str, Any]] | UnsetType = UNSET
    smssessions: list[SessionShape] | UnsetType = UNSET
    settings: dict[str, Any] | UnsetType = UNSET
    groups: list[Group] | UnsetType = UNSET
    features: list[Feature] | UnsetType = UNSET


class ChannelOutcome(Struct, rename="camel"):
    """How logging in on one channel went."""

    status_code: int
    channel: str
    status_message: Optional = UNSET


class PhoneMessage(Struct):
    """A text on a simulated phone; `in` is from the phone."""

    direction: Literal["in", "out"]
    text: str
    sender: str = field(name="from")
    to: str
    at: str
    id: str
    parts: int

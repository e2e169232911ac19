"""Bodies and replies of what belongs to people at work."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from smsdesk.http.reference.areas.groups import DispositionGroup
from smsdesk.http.reference.objects import AgentState, Group, Skill
from smsdesk.http.reference.replies import Done, Uris
from smsdesk.operations.provisioning.agent_states import AgentStateBody


class Skills(Done):
    """Skills: full with `fields`, else their addresses."""

    skills: list[Skill] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class Groups(Done):
    """Groups: full with `fields`, else their addresses."""

    groups: list[Group | DispositionGroup] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class Devices(Done):
    """There are none."""

    devices: list[dict[str, Any]] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class Calls(Done):
    """There are none."""

    calls: list[dict[str, Any]] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class Chats(Done):
    """There are none."""

    chats: list[dict[str, Any]] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class Interactions(Done):
    """There are none."""

    interactions: list[dict[str, Any]] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class Workbins(Done):
    """There are none."""

    workbins: list[dict[str, Any]] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class OneAgentState(Done):
    """One agent state."""

    setting: AgentState


WORK: tuple[type[Struct], ...] = (
    *(Skills, Groups, Devices, Calls, Chats, Interactions, Workbins),
    *(OneAgentState, AgentStateBody),
)

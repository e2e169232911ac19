"""The settings that the server says by itself, and all of them as JSON shapes (C§5.4)."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from smsdesk.core.centre import Policy, Queue, User
from smsdesk.core.dispositions import Disposition
from smsdesk.core.sections import Section
from smsdesk.wire import agent_states

DESK = "interaction-workspace"


class Group(Struct, frozen=True):
    """A group of the system that has an address of its own."""

    name: str
    display_name: str
    key: str = "name"


ELSEWHERE = (
    Group("general-settings", "General Settings"),
    Group("agent-states", "Agent States", agent_states.KEY),
    Group("access-control", "Access Control"),
    Group("dispositions", "Dispositions"),
)
RESERVED = frozenset(group.name for group in ELSEWHERE) | {"voice", "voice-operations"}


def reporting(service_level_seconds: int) -> Section:
    """What reports begin with."""
    return section(
        "reporting-settings", {"defaultServiceLevelInterval": service_level_seconds}, "Reporting Settings"
    )


def dispositions(found: Iterable[Disposition]) -> Section:
    """Every disposition, with the path of the group it is in."""
    settings = tuple({"name": d.name, "displayName": d.shown, "group": d.group} for d in found)
    return Section("dispositions", "Dispositions", "name", settings)


def desk(policy: Policy, queues: Iterable[Queue]) -> Section:
    """What a desktop has to know of the rules. Words for true and false, as desktops read them."""
    mandatory = any(queue.disposition_mandatory for queue in queues)
    options = {
        "interaction.disposition.key-name": policy.disposition_key,
        "interaction.disposition.is-mandatory": _word(mandatory),
        "interaction.disposition.is-read-only-on-idle": _word(False),
        "interaction.disposition.value-business-attribute": policy.disposition_key,
        "login.sms.isselected": _word(True),
    }
    return section(DESK, options)


def rights(user: User) -> Section:
    """The roles of a user, as his annex has them (C§1.10)."""
    roles = [role.removeprefix("ROLE_").lower() for role in user.roles]
    return section("htcc", {"roles": ",".join(roles)})


def section(name: str, options: dict[str, Any], display_name: str = "") -> Section:
    """A section of names and values."""
    settings = tuple({"name": option, "value": value} for option, value in options.items())
    return Section(name, display_name or name, "name", settings)


def head(base: str, place: str, section: Section | Group) -> dict[str, Any]:
    """A section in a list. `place`: `/settings`, `/me/settings`; `base` ends in `/api/v2`."""
    path = f"{place}/{section.name}"
    names = {"name": section.name, "displayName": section.display_name, "key": section.key}
    return names | {"uri": base + path, "path": path}


def embedded(sections: Iterable[Section]) -> dict[str, Any]:
    """An object of objects, as `subresources=settings` shows them (C§3.1)."""
    return {
        section.name: {str(setting[section.key]): _value(section, setting) for setting in section.settings}
        for section in sections
    }


def _value(section: Section, setting: dict[str, Any]) -> Any:
    if "value" in setting:
        return setting["value"]
    return {name: part for name, part in setting.items() if name != section.key}


def _word(yes: bool) -> str:
    return "True" if yes else "False"

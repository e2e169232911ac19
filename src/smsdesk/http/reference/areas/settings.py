"""Bodies and replies of settings."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from smsdesk.http.reference.objects import Optional
from smsdesk.http.reference.replies import Done, Uris
from smsdesk.operations.settings.sections import NewSection


class SettingsGroup(Struct, rename="camel"):
    """A group of settings."""

    name: str
    display_name: str
    key: str
    uri: str
    path: str


class SettingsSection(SettingsGroup):
    """A section of a user's settings."""

    settings: list[dict[str, Any]]


class SettingsGroups(Done):
    """All groups."""

    settings: list[SettingsGroup]


class SettingsSections(Done):
    """All sections of a user: full with `fields`, else their addresses."""

    settings: list[SettingsSection] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class SettingsOfGroup(Done):
    """What stands in a group or section."""

    settings: list[dict[str, Any]]
    key: str


class OneSetting(Done):
    """One setting."""

    setting: dict[str, Any]


class Country(Struct, rename="camel"):
    """The country the contact centre is in, or nothing."""

    country_code: Optional = UNSET
    country_digits: Optional = UNSET
    country_name: Optional = UNSET


class GeneralSettings(Done):
    """The one group that is an object."""

    settings: Country


class Setting(Struct):
    """A setting: any object that has the key of its section, `name` where it has no other."""

    name: str | UnsetType = UNSET
    value: Any = UNSET


SETTINGS: tuple[type[Struct], ...] = (
    *(SettingsGroups, SettingsSections, SettingsOfGroup, OneSetting, GeneralSettings),
    *(NewSection, Setting),
)

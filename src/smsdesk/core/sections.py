"""Settings in sections, of a user or of the contact centre: what is kept, and its bounds (C§5.4)."""

from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from smsdesk.core.errors import Fault, Refused, invalid, missing, unknown

Setting = dict[str, Any]
CENTRE = "contact center"  # whose the settings of everybody are; no user has this id
LIMIT = 64 * 1024  # bytes of all sections of one owner
LONGEST, DEEPEST = 255, 16


class Section(Struct, frozen=True, omit_defaults=True):
    """A section (of the contact centre: a group). `key` is the field that tells its settings apart."""

    name: str
    display_name: str
    key: str = "name"
    settings: tuple[Setting, ...] = ()

    def find(self, setting: str) -> Setting | None:
        """A setting by its key."""
        return next((s for s in self.settings if s.get(self.key) == setting), None)

    def with_setting(self, setting: Setting) -> "Section":
        """With a setting added, or in the place of the one with its key."""
        name = setting[self.key]
        if self.find(name) is None:
            return replace(self, settings=(*self.settings, setting))
        there = tuple(setting if s[self.key] == name else s for s in self.settings)
        return replace(self, settings=there)

    def without(self, setting: str) -> "Section":
        """Without a setting. Raises Refused 6."""
        if self.find(setting) is None:
            raise unknown("the setting")
        return replace(self, settings=tuple(s for s in self.settings if s[self.key] != setting))

    def over(self, defaults: "Section") -> "Section":
        """The defaults, each replaced by what this one says instead, and what it has besides."""
        merged = defaults
        for setting in self.settings:
            merged = merged.with_setting(setting)
        return merged


class Sections(Struct, frozen=True, omit_defaults=True):
    """All sections of an owner; `id` is the user's, or CENTRE."""

    id: str
    sections: tuple[Section, ...] = ()
    v: int = 1

    def find(self, name: str) -> Section | None:
        """A section by its name, whatever the case."""
        return next((s for s in self.sections if s.name.lower() == name.lower()), None)

    def with_section(self, section: Section) -> "Sections":
        """With a section added or replaced. Raises Refused 10 when it would be too much in all."""
        if self.find(section.name) is None:
            new = replace(self, sections=(*self.sections, section))
        else:
            same = section.name.lower()
            there = tuple(section if s.name.lower() == same else s for s in self.sections)
            new = replace(self, sections=there)
        if _size(new) > LIMIT:
            raise invalid("the settings", f"would be more than {LIMIT // 1024} KiB in all")
        return new

    def without(self, name: str) -> "Sections":
        """Without a section. Raises Refused 6."""
        if self.find(name) is None:
            raise unknown("the section")
        return replace(self, sections=tuple(s for s in self.sections if s.name.lower() != name.lower()))


def check_setting(key: str, setting: Setting) -> None:
    """Raises Refused 1 without the key, 10 for a value that cannot be kept or named in an address."""
    if key not in setting:
        raise missing(key)
    name = setting[key]
    if not isinstance(name, str):
        raise invalid(key, "is not a string")
    if not 1 <= len(name) <= LONGEST or "/" in name:
        raise invalid(key, f"is not 1 to {LONGEST} characters without a slash")
    _check_value(setting, 0)


def _check_value(value: object, depth: int) -> None:
    if depth > DEEPEST:
        raise invalid("the setting", f"is nested more than {DEEPEST} deep")
    if isinstance(value, str):
        if "\0" in value:
            raise invalid("the setting", "holds a NUL character")
    elif isinstance(value, dict):
        for name, part in value.items():
            _check_value(name, depth)
            _check_value(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            _check_value(part, depth + 1)
    elif isinstance(value, int) and not -(2**63) <= value < 2**64:
        raise invalid("the setting", "holds a number that is too large")


def _size(sections: Sections) -> int:
    return len(msgspec.json.encode(sections))


def read_only(name: str) -> Refused:
    """Something that the server alone says (statusCode 3)."""
    return Refused(Fault.FORBIDDEN, f"This operation is not allowed: '{name}' is read-only")

"""Sections and settings, of a user or of the contact centre: made, changed, taken away (C§5.4)."""

import re

from msgspec import Struct

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid, unknown
from smsdesk.core.sections import LONGEST, Section, Sections, Setting, check_setting, read_only
from smsdesk.operations.base import check_text

KIND = "settings"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class NewSection(Struct, frozen=True, rename="camel"):
    """The body of a POST that makes a section. `key` is the field that tells its settings apart."""

    name: str
    display_name: str | None = None
    key: str = "name"

    def check(self) -> None:
        """Raises Refused 10."""
        if not _NAME.fullmatch(self.name):
            raise invalid("name", "is not 1 to 64 letters, digits, '.', '-' and '_'")
        check_text("displayName", self.display_name, LONGEST)
        check_text("key", self.key, 64)


class Place(Struct, frozen=True):
    """Whose settings, and what the server says there by itself: sections that nobody changes (`fixed`),
    those that give only defaults, and names of groups that are kept elsewhere.
    """

    owner: str
    fixed: dict[str, Section] = {}
    defaults: dict[str, Section] = {}
    elsewhere: frozenset[str] = frozenset()

    def known(self, sections: Sections) -> list[Section]:
        """Everything to be read there, the server's own first."""
        own = {s.name.lower(): s for s in sections.sections}
        shown = list(self.fixed.values())
        for name, section in self.defaults.items():
            mine = own.pop(name.lower(), None)
            shown.append(section if mine is None else mine.over(section))
        return shown + list(own.values())

    def find(self, sections: Sections, name: str) -> Section:
        """One section as it is to be read. Raises Refused 6."""
        for section in self.known(sections):
            if section.name.lower() == name.lower():
                return section
        raise unknown("the section")


def create_section(draft: Draft, place: Place, new: NewSection) -> None:
    """Make an empty section. Raises Refused 18, 10 for too much."""
    mine = _mine(draft, place)
    taken = place.elsewhere.union(section.name.lower() for section in place.known(mine))
    if new.name.lower() in taken:
        raise Refused(Fault.EXISTS, f"name: {new.name!r} is taken")
    section = Section(new.name, new.display_name or new.name, new.key)
    _keep(draft, place, mine.with_section(section), f"section {new.name} created")


def remove_section(draft: Draft, place: Place, name: str) -> None:
    """Take a section away; of one with defaults, these stay. Raises Refused 6, 3 for the server's own."""
    mine = _mine(draft, place)
    found = place.find(mine, name)
    if mine.find(name) is None:
        raise read_only(found.name)
    _keep(draft, place, mine.without(name), f"section {found.name} deleted")


def create_setting(draft: Draft, place: Place, name: str, setting: Setting) -> None:
    """Add a setting to a section. Raises Refused 6, 1, 10, 18, 3 for the server's own."""
    mine, shown = _writable(draft, place, name, setting)
    key = str(setting[shown.key])
    if shown.find(key) is not None:
        raise Refused(Fault.EXISTS, f"{shown.key}: {key[:80]!r} is there already")
    _write(draft, place, mine, shown, setting)


def replace_setting(draft: Draft, place: Place, name: str, key: str, setting: Setting) -> None:
    """Put a setting in the place of another with the same key. Raises Refused 6, 1, 10, 3."""
    shown = place.find(_mine(draft, place), name)
    if shown.find(key) is None:
        raise unknown("the setting")
    mine, shown = _writable(draft, place, name, setting)
    if setting[shown.key] != key:
        raise read_only(shown.key)
    _write(draft, place, mine, shown, setting)


def remove_setting(draft: Draft, place: Place, name: str, key: str) -> None:
    """Take a setting away; a default comes back. Raises Refused 6, 3 for the server's own."""
    mine = _mine(draft, place)
    shown = place.find(mine, name)
    if shown.find(key) is None:
        raise unknown("the setting")
    own = mine.find(name)
    if own is None or own.find(key) is None:
        raise read_only(key)
    _keep(draft, place, mine.with_section(own.without(key)), f"setting {name}/{key} deleted")


def _mine(draft: Draft, place: Place) -> Sections:
    found = draft.get(KIND, place.owner)
    return found if isinstance(found, Sections) else Sections(place.owner)


def _writable(draft: Draft, place: Place, name: str, setting: Setting) -> tuple[Sections, Section]:
    mine = _mine(draft, place)
    shown = place.find(mine, name)
    check_setting(shown.key, setting)
    if any(fixed.lower() == name.lower() for fixed in place.fixed):
        raise read_only(shown.name)
    return mine, shown


def _write(draft: Draft, place: Place, mine: Sections, shown: Section, setting: Setting) -> None:
    own = mine.find(shown.name) or Section(shown.name, shown.display_name, shown.key)
    key = setting[shown.key]
    _keep(draft, place, mine.with_section(own.with_setting(setting)), f"setting {shown.name}/{key} written")


def _keep(draft: Draft, place: Place, sections: Sections, action: str) -> None:
    draft.put(KIND, place.owner, sections)
    if draft.actor != place.owner:  # what one sets for oneself is nobody's business
        draft.audit(action, place.owner)

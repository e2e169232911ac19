"""From a TOML file, the environment and the command line to `Settings`, with every mistake found on the way.

The later source wins: defaults, file, environment, command line.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from smsdesk.config.carriers import CarrierSettings, ServiceNumber
from smsdesk.config.check import Entry, Wrong, did_you_mean, entries
from smsdesk.config.lines import Lines
from smsdesk.config.settings import ROOMS, Settings
from smsdesk.config.tables import Tables

PREFIX: Final = "SMSDESK_"
LARGEST_FILE: Final = 1_048_576
REPEATED: Final = ("carrier", "service_number")
_LINE: Final = re.compile(r".*?:(\d+): ")
_PARSER_PLACE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(slots=True)
class Draft:
    """What was read so far: values with the place each came from, and what is wrong."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    carriers: list[CarrierSettings] = field(default_factory=list)
    numbers: list[ServiceNumber] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)

    def put(self, entry: Entry, value: object, where: str) -> None:
        """Take a value of the file, or note the mistake."""
        try:
            self.values[entry.name] = entry.accept(value)
            self.places[entry.name] = where
        except Wrong:
            self.mistakes.append(_not_allowed(where, f"{entry.name} = {entry.shown(value)}", entry))

    def put_text(self, entry: Entry, text: str, where: str) -> None:
        """Take a value of the environment or the command line, or note the mistake."""
        try:
            self.values[entry.name] = entry.accept_text(text)
            self.places[entry.name] = where
        except Wrong:
            self.mistakes.append(_not_allowed(where, entry.shown(text), entry))


ENTRIES: Final[dict[str, Entry]] = {
    name: entry for struct in ROOMS.values() for name, entry in entries(struct).items()
}
ROOM_OF: Final[dict[str, str]] = {name: room for room, struct in ROOMS.items() for name in entries(struct)}


def read(path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, str]) -> Draft:
    """Everything that the three sources say; the draft's `mistakes` is empty when all of it is allowed."""
    draft = Draft()
    if path is not None:
        _read_file(draft, path)
        draft.mistakes.sort(key=_line)
    for variable, text in sorted(environ.items()):
        if variable.startswith(PREFIX):
            _read_variable(draft, variable, text)
    for name, text in overrides.items():
        draft.put_text(ENTRIES[name], text, f"--{name.replace('_', '-')}")
    draft.mistakes.extend(_contradictions(draft))
    return draft


def build(draft: Draft) -> Settings:
    """The settings of a draft without mistakes."""
    rooms = {
        room: struct(**{name: draft.values[name] for name in entries(struct) if name in draft.values})
        for room, struct in ROOMS.items()
    }
    lists = {"carrier": tuple(draft.carriers), "service_number": tuple(draft.numbers)}
    parts: dict[str, Any] = {**rooms, **lists}
    return Settings(**parts)


def _read_file(draft: Draft, path: Path) -> None:
    raw = b""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
        if len(raw) > LARGEST_FILE:
            draft.mistakes.append(f"{path}: larger than {LARGEST_FILE} bytes, so it is no settings file")
            return
        text = raw.decode()
        document = tomllib.loads(text)
    except OSError as fault:
        draft.mistakes.append(f"{path}: cannot be read: {fault.strerror}")
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        draft.mistakes.append(f"{path}:{line}: not UTF-8")
    except RecursionError:
        draft.mistakes.append(f"{path}: brackets are nested too deep")
    except tomllib.TOMLDecodeError as fault:
        draft.mistakes.append(_not_toml(path, str(fault), raw.count(b"\n") + 1))
    else:
        _read_document(draft, path, document, Lines(text))


def _not_toml(path: Path, message: str, last: int) -> str:
    """The parser's words with the line in front, where all our messages have it."""
    match = _PARSER_PLACE.search(message)
    line = match[1] if match and match[1] else last
    return f"{path}:{line}: not TOML: {_PARSER_PLACE.sub('', message)}"


def _read_document(draft: Draft, path: Path, document: dict[str, Any], lines: Lines) -> None:
    for name, value in document.items():
        where = f"{path}:{lines[(name,)]}"
        if name in ROOMS:
            _read_room(draft, name, value, path, lines)
        elif name in ENTRIES:
            draft.put(ENTRIES[name], value, where)
        elif name not in REPEATED:
            known = [*ROOMS, *REPEATED, *ENTRIES]
            draft.mistakes.append(f'{where}: there is no setting "{name}"{did_you_mean(name, known)}')
    tables = Tables(path, lines, draft.mistakes)
    tables.read(document)
    draft.carriers, draft.numbers = tables.carriers, tables.numbers


def _read_room(draft: Draft, room: str, table: object, path: Path, lines: Lines) -> None:
    if not isinstance(table, dict):
        draft.mistakes.append(f"{path}:{lines[(room,)]}: {room} is a heading: write [{room}]")
        return
    known = list(entries(ROOMS[room]))
    for name, value in table.items():
        where = f"{path}:{lines[(room, name)]}"
        if name in known and name in draft.places:
            draft.mistakes.append(f"{where}: {name} is set twice, first at {draft.places[name]}")
        elif name in known:
            draft.put(ENTRIES[name], value, where)
        elif name in ROOM_OF:
            draft.mistakes.append(f'{where}: "{name}" belongs under [{ROOM_OF[name]}], not under [{room}]')
        else:
            near = did_you_mean(name, known) or did_you_mean(name, list(ENTRIES))
            draft.mistakes.append(f'{where}: there is no setting "{name}" under [{room}]{near}')


def _read_variable(draft: Draft, variable: str, text: str) -> None:
    entry = ENTRIES.get(variable.removeprefix(PREFIX).lower())
    if entry is not None and entry.variable == variable:
        draft.put_text(entry, text, variable)
        return
    near = did_you_mean(variable.removeprefix(PREFIX), list(ENTRIES))
    for name in ENTRIES:
        near = near.replace(f'"{name}"', f'"{ENTRIES[name].variable}"')
    draft.mistakes.append(f"{variable}: there is no such setting{near}")


def _contradictions(draft: Draft) -> Iterator[str]:
    """What is allowed by itself and wrong together."""
    same_site, csrf = draft.values.get("cookie_same_site"), draft.values.get("enable_csrf_protection")
    if same_site == "None" and csrf is False:
        where = draft.places["enable_csrf_protection"]
        yield f'{where}: enable_csrf_protection cannot be off with cookie_same_site = "None"'


def _line(mistake: str) -> int:
    """The line that a mistake in the file names, 0 when it names none."""
    match = _LINE.match(mistake)
    return int(match[1]) if match else 0


def _not_allowed(where: str, what: str, entry: Entry) -> str:
    return f"{where}: {what} is not allowed: {entry.allowed}"

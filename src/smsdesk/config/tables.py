"""The repeated tables of the settings file, `[[carrier]]` and `[[service_number]]`, checked one by one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from smsdesk.config.carriers import CARRIER_KINDS, CarrierSettings, ServiceNumber, SmppSettings
from smsdesk.config.check import Entry, Wrong, did_you_mean, entries, show
from smsdesk.config.limits import Secret
from smsdesk.config.lines import Lines

MOST_TABLES: Final = 10_000  # more carriers or numbers than that are a mistake, not a contact centre
LONGEST_PASSWORD_FILE: Final = 4096


@dataclass(slots=True)
class Tables:
    """Reads the repeated tables of one file; what is wrong goes to `mistakes`."""

    path: Path
    lines: Lines
    mistakes: list[str]
    carriers: list[CarrierSettings] = field(default_factory=list)
    numbers: list[ServiceNumber] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)  # also of carriers that have mistakes
    _carrier_lines: dict[str, int] = field(default_factory=dict)
    _number_lines: dict[str, int] = field(default_factory=dict)

    def read(self, document: dict[str, Any]) -> None:
        """All carriers and numbers of the document: each name once, each number on a known carrier."""
        carriers = list(self._tables(document, "carrier"))
        self._names = {str(table.get("name")) for _, table in carriers}
        for index, table in carriers:
            self._read_carrier(index, table)
        for index, table in self._tables(document, "service_number"):
            self._read_number(index, table)

    def _tables(self, document: dict[str, Any], heading: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The tables under a heading with their places, none when they are not written as repeated tables."""
        value = document.get(heading, [])
        line = self.lines[(heading,)] if isinstance(value, dict) else self.lines[(heading, 0)]
        if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
            self._note(line, f"{heading} is a list of tables: write [[{heading}]]")
        elif len(value) > MOST_TABLES:
            self._note(line, f"{len(value)} times [[{heading}]]: at most {MOST_TABLES} are allowed")
        else:
            yield from enumerate(value)

    def _read_carrier(self, index: int, table: dict[str, Any]) -> None:
        kind = table.get("kind")
        struct = CARRIER_KINDS.get(kind) if isinstance(kind, str) else None
        if struct is None:
            allowed = "one of " + ", ".join(f'"{known}"' for known in CARRIER_KINDS)
            what = f"kind = {show(kind)} is not allowed" if "kind" in table else "a [[carrier]] needs a kind"
            near = did_you_mean(kind, list(CARRIER_KINDS)) if isinstance(kind, str) else ""
            self._note(self.lines[("carrier", index, "kind")], f"{what}: {allowed}{near}")
            return
        values = self._fields(struct, table, ("carrier", index), ignore="kind")
        if values is None:
            return
        carrier = struct(**values)
        if self._is_new(self._carrier_lines, carrier.name, ("carrier", index, "name")):
            self.carriers.append(self._finish(carrier, index))

    def _read_number(self, index: int, table: dict[str, Any]) -> None:
        values = self._fields(ServiceNumber, table, ("service_number", index))
        if values is None:
            return
        number = ServiceNumber(**values)
        if number.carrier not in self._names:
            line = self.lines[("service_number", index, "carrier")]
            near = did_you_mean(number.carrier, sorted(self._names))
            self._note(line, f'there is no [[carrier]] with the name "{number.carrier}"{near}')
        elif self._is_new(self._number_lines, number.number, ("service_number", index, "number")):
            self.numbers.append(number)

    def _fields(
        self, struct: type[msgspec.Struct], table: dict[str, Any], at: tuple[str, int], ignore: str = ""
    ) -> dict[str, Any] | None:
        """The values of one table, None when something in it is wrong."""
        known, before = entries(struct), len(self.mistakes)
        values: dict[str, Any] = {}
        for name, value in table.items():
            line = self.lines[(*at, name)]
            if name in known:
                self._accept(known[name], value, line, values)
            elif name != ignore:
                near = did_you_mean(name, list(known))
                self._note(line, f'there is no setting "{name}" under [[{at[0]}]]{near}')
        for entry in known.values():
            if entry.required and entry.name not in table:
                self._note(self.lines[at], f"this [[{at[0]}]] needs {entry.name}: {entry.allowed}")
        return values if len(self.mistakes) == before else None

    def _accept(self, entry: Entry, value: object, line: int, values: dict[str, Any]) -> None:
        try:
            values[entry.name] = entry.accept(value)
        except Wrong:
            self._note(line, f"{entry.name} = {entry.shown(value)} is not allowed: {entry.allowed}")

    def _finish(self, carrier: CarrierSettings, index: int) -> CarrierSettings:
        """A carrier whose settings fit together, its password fetched from where it is kept."""
        if not isinstance(carrier, SmppSettings):
            return carrier
        if carrier.reconnect_min_seconds > carrier.reconnect_max_seconds:
            line = self.lines[("carrier", index, "reconnect_min_seconds")]
            self._note(line, "reconnect_min_seconds is larger than reconnect_max_seconds")
        if not carrier.password_file:
            return carrier
        line = self.lines[("carrier", index, "password_file")]
        if carrier.password:
            self._note(line, "password and password_file are both set: one is enough")
            return carrier
        return self._with_password(carrier, line)

    def _with_password(self, carrier: SmppSettings, line: int) -> SmppSettings:
        """The carrier with the first line of its password file, whose path starts at the settings file."""
        try:
            with (self.path.parent / carrier.password_file).open("rb") as file:
                raw = file.read(LONGEST_PASSWORD_FILE)
            first = raw.partition(b"\n")[0].rstrip(b"\r").decode()
            password: Secret = entries(SmppSettings)["password"].accept(first)
        except OSError as fault:
            self._note(line, f"password_file cannot be read: {fault.strerror}")
        except ValueError:
            allowed = entries(SmppSettings)["password"].allowed
            self._note(line, f"the first line of password_file is not allowed: {allowed}")
        else:
            return msgspec.structs.replace(carrier, password=password)
        return carrier

    def _is_new(self, seen: dict[str, int], name: str, at: tuple[str, int, str]) -> bool:
        """Whether `name` is there for the first time; the second time is a mistake."""
        line = self.lines[at]
        if name in seen:
            self._note(line, f'"{name}" is there twice, first in line {seen[name]}')
            return False
        seen[name] = line
        return True

    def _note(self, line: int, message: str) -> None:
        self.mistakes.append(f"{self.path}:{line}: {message}")

"""One setting: what it is called, what is allowed, and whether a value is.

Knows neither files nor the environment.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import inspect

from smsdesk.config.limits import Secret
from smsdesk.core.numbers import is_region
from smsdesk.wire.timestamps import zone

LONGEST_SHOWN: Final = 60
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


class Wrong(ValueError):
    """The value is not allowed; the message is only for programmers, people are told `Entry.allowed`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A setting as the settings file, the environment and the reference page see it."""

    name: str
    hint: Any  # the annotation, as msgspec.convert takes it
    type: inspect.Type
    default: object
    required: bool
    description: str
    allowed: str
    pattern: str | None  # of a secret; msgspec knows the others

    @property
    def secret(self) -> bool:
        """Whether the value must never be shown."""
        return isinstance(self.type, inspect.CustomType) and self.type.cls is Secret

    @property
    def variable(self) -> str:
        """The name in the environment (SPEC 9.14)."""
        return f"SMSDESK_{self.name.upper()}"

    def accept(self, value: object) -> Any:
        """`value` from the settings file as the struct holds it; `Wrong` when it is not allowed."""
        return self._accept(value, strict=True)

    def accept_text(self, text: str) -> Any:
        """The same from the environment or the command line, where a list is separated by commas."""
        if isinstance(self.type, inspect.VarTupleType):
            return self._accept([part.strip() for part in text.split(",") if part.strip()], strict=True)
        return self._accept(text, strict=False)

    def shown(self, value: object) -> str:
        """`value` as a message may show it: short, and hidden where it is secret."""
        if self.secret:
            return "(hidden)"
        return show(value)

    def _accept(self, value: object, *, strict: bool) -> Any:
        if self.secret:
            if isinstance(value, str) and re.match(self.pattern or "", value):
                return Secret(value)
            raise Wrong(self.name)
        if isinstance(value, str) and _CONTROL.search(value):
            raise Wrong(self.name)
        try:
            result = msgspec.convert(value, self.hint, strict=strict)
        except msgspec.ValidationError as fault:
            raise Wrong(self.name) from fault
        if self.name in _FURTHER and not _FURTHER[self.name](str(result)):
            raise Wrong(self.name)
        return result


@cache
def entries(struct: type[msgspec.Struct]) -> dict[str, Entry]:
    """The settings of a struct by name, in the order in which they are declared."""
    hints = get_type_hints(struct, include_extras=True)
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    return {field.name: _entry(field, hints[field.name]) for field in info.fields}


def did_you_mean(name: str, known: list[str]) -> str:
    """`; did you mean "…"?` when something known is near, else nothing."""
    near = get_close_matches(name.lower().replace("-", "_"), known, n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def show(value: object) -> str:
    """`value` as TOML would write it, cut to a line's length."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, str):
        text = msgspec.json.encode(value).decode()
    elif isinstance(value, dict):
        return "a table"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(show(item) for item in value) + "]"
    else:
        text = str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _entry(field: inspect.Field, hint: Any) -> Entry:
    core, meta = _unwrap(field.type)
    return Entry(
        name=field.name,
        hint=hint,
        type=core,
        default=field.default,
        required=field.required,
        description=str((meta.extra_json_schema or {}).get("description", "")),
        allowed=_allowed(field.type, hint),
        pattern=(meta.extra or {}).get("pattern"),
    )


def _unwrap(kind: inspect.Type) -> tuple[inspect.Type, inspect.Metadata]:
    if isinstance(kind, inspect.Metadata):
        return kind.type, kind
    return kind, inspect.Metadata(kind)


def _allowed(kind: inspect.Type, hint: Any) -> str:
    """In words what values a type takes."""
    core, meta = _unwrap(kind)
    if meta.extra and "allowed" in meta.extra:
        return str(meta.extra["allowed"])
    match core:
        case inspect.IntType(ge=low, le=high):
            return f"a whole number from {low} to {high}"
        case inspect.BoolType():
            return "true or false"
        case inspect.LiteralType():
            return "one of " + ", ".join(f'"{value}"' for value in _literals(hint))
        case inspect.StrType(min_length=low, max_length=high):
            return f"a text of {low} to {high} characters" if low else f"a text of up to {high} characters"
        case inspect.VarTupleType(item_type=item, max_length=high):
            return f"a list of up to {high}, each {_allowed(item, None)}"
        case _:
            raise NotImplementedError(f"no words for {core}")


def _literals(hint: Any) -> tuple[Any, ...]:
    """The values of a Literal in the order in which they are written; msgspec sorts them."""
    while get_origin(hint) is not Literal:
        hint = get_args(hint)[0]
    return get_args(hint)


def _is_zone(name: str) -> bool:
    """Whether times can be written in it."""
    try:
        zone(name)
    except ValueError:
        return False
    return True


# What no pattern can say.
_FURTHER: Final[dict[str, Callable[[str], bool]]] = {
    "time_zone": _is_zone,
    "default_region": lambda name: not name or is_region(name),
}

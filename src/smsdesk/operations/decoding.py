"""Bodies of POST requests to operations, with every mistake told apart (SPEC 1.6, 9.15)."""

import re
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, Union

import msgspec

from smsdesk.core.errors import Fault, Refused, invalid, missing
from smsdesk.operations.base import Operation

T = TypeVar("T", bound=Operation)
B = TypeVar("B", bound="Body")
Fields = dict[str, msgspec.Raw]
_MISSING = re.compile(r"missing required field `(\w+)`")
_WHERE = re.compile(r" - at `\$\.(\w+)")
_ROOT = re.compile(r"Expected `object`, got `\w+`")


class Body(Protocol):
    """A body that is no operation, as a struct."""

    def check(self) -> None:
        """Raises Refused 1 or 10 for what the types alone do not exclude."""


class _Never(Operation, frozen=True, tag=""):
    """Makes every family a union: a lone struct would do without its operationName."""


class _Named(msgspec.Struct, rename="camel"):
    """Any body with its operationName."""

    operation_name: str


class Decoder(Generic[T]):
    """Decodes a body into one of some operations. Made once per family, used for every request.

    `others` makes an operation of a name that is configured rather than built in (agent states).
    """

    def __init__(
        self,
        operations: tuple[type[T], ...],
        aliases: dict[str, str] | None = None,
        others: Callable[[str], T | None] | None = None,
    ) -> None:
        union: Any = Union[(*operations, _Never)]
        self._decode = msgspec.json.Decoder(union).decode
        self._aliases = aliases or {}
        self._others = others

    def decode(self, body: bytes) -> T | Refused:
        """The operation, or the refusal to be answered once the session is known to be there.

        Raises Refused 10 for a body that is no JSON object at all: that is answered before anything is
        looked for.
        """
        try:
            operation: T | _Never = self._decode(body)
        except msgspec.ValidationError as error:
            return self._explain(_fields(body), str(error))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _no_json(error) from None
        if isinstance(operation, _Never):
            return _unknown("")
        try:
            operation.check()
        except Refused as refused:
            return refused
        return operation

    def _explain(self, fields: Fields, error: str) -> T | Refused:
        return self._other_name(fields) if error.endswith("`$.operationName`") else explain(error)

    def _other_name(self, fields: Fields) -> T | Refused:
        try:
            name = msgspec.json.decode(fields["operationName"], type=str)
        except msgspec.ValidationError:
            return invalid("operationName", "is not a string")
        other = self._others(name) if self._others else None
        if other is not None:
            return other
        if name not in self._aliases:
            return _unknown(name)
        fields["operationName"] = msgspec.Raw(msgspec.json.encode(self._aliases[name]))
        return self.decode(msgspec.json.encode(fields))


def operation_name(body: bytes) -> str | None:
    """The operationName of a body, if it has one that can be read."""
    try:
        return msgspec.json.decode(body, type=_Named).operation_name
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _fields(body: bytes) -> Fields:
    """The parts of a body in which a mistake was found: what follows the mistake was not looked at yet.

    Raises Refused 10 when it is no JSON object after all.
    """
    try:
        return msgspec.json.decode(body, type=Fields)
    except msgspec.ValidationError as error:
        raise explain(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _no_json(error) from None


def _no_json(error: Exception) -> Refused:
    return Refused(Fault.INVALID, f"the body is not JSON: {error}")


def _unknown(name: str) -> Refused:
    return invalid("operationName", f"{name[:80]!r} is not known here")


def read(body: bytes, type: type[B]) -> B:
    """The body as what it has to be, checked. Raises Refused 1 or 10."""
    try:
        found = msgspec.json.decode(body, type=type)
    except msgspec.ValidationError as error:
        raise explain(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _no_json(error) from None
    found.check()
    return found


def read_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object of whatever. Raises Refused 10."""
    try:
        found: dict[str, Any] = msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.ValidationError as error:
        raise explain(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _no_json(error) from None
    return found


def explain(error: str) -> Refused:
    """What msgspec says of a body, as the refusal it means: 1 for what is missing, 10 for what is wrong."""
    if _ROOT.fullmatch(error):
        return Refused(Fault.INVALID, "the body is not a JSON object")
    found = _MISSING.search(error)
    if found:
        return missing(found.group(1))
    where = _WHERE.search(error)
    return invalid(where.group(1) if where else "the body", f"has the wrong type or value: {error}")

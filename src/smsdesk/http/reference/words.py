"""The hand-written words of the reference: TOML files beside this module, read into structs that leave no
misspelt key unnoticed.
"""

from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T")


class ParameterWords(Struct, forbid_unknown_fields=True):
    """What a parameter means. `length`: least and greatest number of characters, where it is bounded."""

    text: str
    length: tuple[int, int] | None = None


class OperationWords(Struct, forbid_unknown_fields=True):
    """An operation in words. `asker` and `others`: the notifications, in order; one that begins with
    parentheses comes only where they say. `errors`: by name of the fault, what it means here.
    """

    group: str
    summary: str
    text: str
    asker: list[str] = []
    others: list[str] = []
    parameters: dict[str, ParameterWords] = {}
    errors: dict[str, str] = {}
    extension: bool = False


class FamilyWords(Struct, forbid_unknown_fields=True):
    """What operations served by the same routes have in common. `who`: in place of the table of permits."""

    errors: dict[str, str]
    who: str = ""


class RouteWords(Struct, forbid_unknown_fields=True):
    """A route that is no operation. `reply`, `body` and `refusal` name schemas, `query` the query
    parameters. `media`: the media type of a body that is no JSON but a text.
    """

    id: str
    group: str
    summary: str
    text: str
    reply: str = ""
    status: int = 200
    body: str = ""
    media: str = ""
    refusal: str = "Refusal"
    login: bool = True
    extension: bool = False
    query: dict[str, ParameterWords] = {}
    errors: dict[str, str] = {}


class FaultWords(Struct, forbid_unknown_fields=True):
    """A refusal: what it means, and what a client does about it."""

    meaning: str
    advice: str


class ResourceWords(Struct, forbid_unknown_fields=True):
    """A JSON object and its fields."""

    text: str
    fields: dict[str, str]


class Terms(Struct, forbid_unknown_fields=True):
    """Everything that is explained once."""

    faults: dict[str, FaultWords]
    states: dict[str, str]
    kinds: dict[str, str]
    triggers: dict[str, str]
    resources: dict[str, ResourceWords]
    variables: dict[str, str]
    topics: dict[str, str]
    notification_types: dict[str, str]
    message_types: dict[str, str]
    bayeux: dict[str, str]


class AddressWords(Struct, forbid_unknown_fields=True):
    """An address that operations are posted to."""

    id: str
    summary: str


class Operations(Struct, forbid_unknown_fields=True):
    """operations.toml."""

    addresses: dict[str, AddressWords]
    families: dict[str, FamilyWords]
    operations: dict[str, OperationWords]


@cache
def operations() -> Operations:
    """The operations."""
    return _read("operations.toml", Operations)


@cache
def routes() -> dict[str, RouteWords]:
    """The routes that are no operations, by `METHOD /path`; one file for each area."""
    found: dict[str, RouteWords] = {}
    for file in sorted((files("smsdesk.http") / "reference" / "routes").iterdir(), key=lambda f: f.name):
        found |= msgspec.toml.decode(file.read_bytes(), type=dict[str, RouteWords])
    return found


@cache
def terms() -> Terms:
    """Everything else."""
    return _read("terms.toml", Terms)


def _read(name: str, type: type[T]) -> T:
    text = (files("smsdesk.http") / "reference" / name).read_bytes()
    return msgspec.toml.decode(text, type=type)

"""The parameters of an operation, the query of a route and the fields of an object, as rows for people."""

from typing import Any, NamedTuple

from smsdesk.http.reference.catalogue import Entry
from smsdesk.http.reference.schemas import Schema, one_of, schemas, words_of
from smsdesk.http.reference.words import RouteWords


class Parameter(NamedTuple):
    """One row. `mandatory`: yes, no, or one of several."""

    name: str
    type: str
    mandatory: str
    limits: str
    text: str


def parameters(entry: Entry) -> list[Parameter]:
    """What an operation takes beside operationName."""
    schema = schemas()[entry.name]
    choice = one_of(entry)
    return [
        Parameter(
            name,
            words_of(property).removesuffix(" or null"),
            "one of these" if name in choice else "yes" if name in schema["required"] else "no",
            _limits(property),
            entry.words.parameters[name].text,
        )
        for name, property in schema["properties"].items()
        if name != "operationName"
    ]


def query(words: RouteWords) -> list[Parameter]:
    """The query of a route."""
    whole = {"limit", "offset", "startIndex", "count"}
    return [
        Parameter(name, "whole number" if name in whole else "string", "no", "", parameter.text)
        for name, parameter in words.query.items()
    ]


def fields(name: str) -> list[Parameter]:
    """The fields of an object."""
    schema = schemas()[name]
    return [
        Parameter(
            field,
            words_of(property),
            "yes" if field in schema.get("required", ()) or "default" in property else "no",
            "",
            property.get("description", ""),
        )
        for field, property in schema["properties"].items()
    ]


def _limits(property: Schema) -> str:
    said = []
    for part in (property, *property.get("anyOf", ())):
        if "maxLength" in part:
            said.append(f"{part['minLength']:,} to {part['maxLength']:,} characters")
    default: Any = property.get("default")
    if default is not None:
        said.append(f"default `{str(default).lower() if isinstance(default, bool) else default}`")
    return "; ".join(said)

"""JSON Schemas of everything that goes over the wire, from the structs, with the words and limits added."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, get_args

import msgspec

from smsdesk.core.message import DeliveryState, MessageType
from smsdesk.core.participant import Participant
from smsdesk.http.reference.areas import AREAS
from smsdesk.http.reference.catalogue import Entry, entries
from smsdesk.http.reference.replies import NOTIFICATIONS, REPLIES
from smsdesk.http.reference.words import terms
from smsdesk.http.simulator import Receipt, Text
from smsdesk.operations.smssession.targets import TargetedOperation
from smsdesk.operations.system.situation import Situation

Schema = dict[str, Any]
PLACE = "#/components/schemas/"
_SCALAR = {"type": ["string", "number", "boolean", "null"]}
_USER_DATA: Schema = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [_SCALAR, {"type": "object", "additionalProperties": _SCALAR}],
    },
}
# Fields that the structs keep as plain strings, because they are only ever copied there.
_VALUES: dict[tuple[str, str], tuple[str, ...]] = {
    ("Participant", "type"): get_args(Participant.__annotations__["type"]),
    ("Message", "type"): get_args(MessageType),
    ("Delivery", "state"): get_args(DeliveryState),
}


@cache
def schemas() -> dict[str, Schema]:
    """All components by name. Do not change what comes back."""
    structs = [entry.struct for entry in entries() if entry.struct is not None]
    _, found = msgspec.json.schema_components(
        [*structs, *REPLIES, *AREAS, *NOTIFICATIONS, Text, Receipt, Situation],
        ref_template=PLACE + "{name}",
    )
    named = {_proper(name): _renamed(schema) for name, schema in found.items()}
    for entry in entries():
        named[entry.name] = _operation(entry, named.get(entry.name))
    for name, schema in named.items():
        schema["title"] = name
        _explain(name, schema)
    named["BayeuxBatch"] = {"anyOf": [{"type": "array", "items": ref("BayeuxMessage")}, ref("BayeuxMessage")]}
    named["BayeuxReplies"] = {"type": "array", "items": ref("BayeuxReply")}
    named["Description"] = {"type": "object"}
    return named


def ref(name: str) -> Schema:
    """A reference to a component."""
    return {"$ref": PLACE + name}


def union(names: Iterable[str]) -> Schema:
    """One of some operations, told apart by operationName."""
    mapping = {name: PLACE + name for name in names}
    return {
        "oneOf": [ref(name) for name in mapping],
        "discriminator": {"propertyName": "operationName", "mapping": mapping},
    }


def _proper(name: str) -> str:
    return name.removesuffix("Shape")


def _renamed(schema: Any) -> Any:
    """Without the ending that our structs have; unset fields and nulls keep what msgspec says of them."""
    if isinstance(schema, list):
        return [_renamed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: _renamed(value) for key, value in schema.items()}
    if "$ref" in changed:
        changed["$ref"] = _proper(changed["$ref"])
    return changed


def _operation(entry: Entry, schema: Schema | None) -> Schema:
    made: Schema = schema or {"title": entry.name, "type": "object", "required": ["operationName"]}
    properties = made.setdefault("properties", {})
    properties["operationName"] = {"const": entry.name}
    made["description"] = f"{entry.words.summary} {entry.words.text}"
    for name, words in entry.words.parameters.items():
        described = {"description": words.text} | properties[name]
        properties[name] = described if words.length is None else _bounded(described, *words.length)
    choice = one_of(entry)
    if choice:
        made["anyOf"] = [{"required": [name], "properties": {name: {"type": "string"}}} for name in choice]
    return made


def one_of(entry: Entry) -> tuple[str, ...]:
    """Parameters of which one has to be given."""
    if entry.struct is None or not issubclass(entry.struct, TargetedOperation):
        return ()
    return tuple(name for name in entry.words.parameters if name != "text")


def _bounded(schema: Schema, least: int, most: int) -> Schema:
    limits = {"minLength": least, "maxLength": most}
    if "anyOf" in schema:
        options = [o | limits if o == {"type": "string"} else o for o in schema["anyOf"]]
        return schema | {"anyOf": options}
    return schema | limits


def _explain(name: str, schema: Schema) -> None:
    words = terms().resources.get(name)
    properties = schema.get("properties", {})
    if words is not None:
        schema["description"] = words.text
        for field, text in words.fields.items():
            properties[field] = {"description": text} | properties[field]
    for field in properties:
        if field == "userData":
            properties[field] = _USER_DATA | {
                k: v for k, v in properties[field].items() if k in ("description", "default")
            }
        if (name, field) in _VALUES:
            properties[field] |= {"enum": list(_VALUES[name, field])}


def used(description: Any) -> dict[str, Schema]:
    """The components that a description refers to, and those that these refer to."""
    everything, wanted, found = schemas(), list(_references(description)), set[str]()
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            wanted += _references(everything[name])
    return {name: schema for name, schema in everything.items() if name in found}


def _references(schema: Any) -> Iterator[str]:
    """The names of all components that are referred to directly."""
    if isinstance(schema, list):
        for part in schema:
            yield from _references(part)
    elif isinstance(schema, dict):
        target = schema.get("$ref")
        if isinstance(target, str) and target.startswith(PLACE):
            yield target.removeprefix(PLACE)
        for part in schema.values():
            yield from _references(part)


def words_of(schema: Schema) -> str:
    """The type of a parameter or field for people."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(PLACE)
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"] if value is not None)
    if "anyOf" in schema:
        return " or ".join(words_of(part) for part in schema["anyOf"])
    if schema.get("type") == "array":
        return f"array of {words_of(schema['items'])}"
    return str(schema.get("type", "anything"))

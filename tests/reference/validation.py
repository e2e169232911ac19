"""Documents against the schemas of a description, strictly: what is not described must not be there."""

from typing import Any

import jsonschema_rs

from smsdesk.http.reference.schemas import Schema, schemas

SMALL = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def problems(schema: Schema, document: Any, *, strict: bool = True) -> list[str]:
    """How a document differs from a schema that refers to components."""
    components = {name: _closed(part) if strict else part for name, part in schemas().items()}
    whole = SMALL | schema | {"components": {"schemas": components}}
    errors = jsonschema_rs.Draft202012Validator(whole).iter_errors(document)
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in errors]


def _closed(schema: Schema) -> Schema:
    """The schema without room for fields that it does not name."""
    if schema.get("type") != "object" or "properties" not in schema:
        return schema
    return schema | {"additionalProperties": False}

"""Query conventions of GET: `fields`, equality filters, uris-only collections (C§1.7, SPEC 1.7). One
implementation for all.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from smsdesk.core.errors import invalid

RESERVED = frozenset(
    {"fields", "subresources", "limit", "offset", "sortBy", "order", "filterName", "filterParameters"}
)


def collection(
    plural: str, resources: Iterable[Mapping[str, Any]], query: Mapping[str, str], always_full: bool = False
) -> dict[str, Any]:
    """The body of a collection GET beside statusCode: `uris`, or the resources under their plural name.
    Raises Refused 10.
    """
    filters = {name: value for name, value in query.items() if name not in RESERVED}
    found = [r for r in resources if all(_equals(r.get(n), v) for n, v in filters.items())]
    shown = page(sort(found, query), query)
    if "fields" not in query and not always_full:
        return {"uris": [r["uri"] for r in shown]}
    return {plural: [pick(r, query) for r in shown]}


def pick(resource: Mapping[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
    """The resource with the fields asked for; all of them without `fields` or with `*`."""
    wanted = query.get("fields", "*")
    if wanted == "*":
        return dict(resource)
    names = wanted.split(",")
    return {name: resource[name] for name in names if name in resource}


def sort(found: list[Mapping[str, Any]], query: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """By `sortBy`, `order` Ascending (default) or Descending."""
    field = query.get("sortBy")
    if field is None:
        return found
    descending = query.get("order", "Ascending").lower().startswith("desc")
    return sorted(found, key=lambda r: str(r.get(field, "")), reverse=descending)


def page(found: Sequence[Mapping[str, Any]], query: Mapping[str, str]) -> Sequence[Mapping[str, Any]]:
    """`offset` and `limit`."""
    start = number(query, "offset", 0)
    limit = number(query, "limit", len(found))
    return found[start : start + limit]


def number(query: Mapping[str, str], name: str, default: int) -> int:
    """A non-negative whole number from the query. Raises Refused 10."""
    text = query.get(name)
    if text is None or text == "":
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise invalid(name, "is not a whole number")
    return int(text)


def _equals(value: object, text: str) -> bool:
    if isinstance(value, bool):
        return str(value).lower() == text.lower()
    return str(value) == text

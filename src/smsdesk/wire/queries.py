"""Query conventions of GET: `fields`, equality filters, named filters, `subresources`, pages, uris-only
collections (C§1.7, SPEC 1.7). One implementation for all resources.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from typing import Any

from smsdesk.core.errors import invalid

RESERVED = frozenset(
    {"fields", "subresources", "limit", "offset", "sortBy", "order", "filterName", "filterParameters"}
)
Resource = Mapping[str, Any]
Query = Mapping[str, str]
NamedFilter = Callable[[Resource, Sequence[str]], bool]  # resource, filterParameters -> whether it stays
MOST_PARAMETERS = 50  # of a named filter


def collection(
    plural: str,
    resources: Iterable[Resource],
    query: Query,
    *,
    always_full: bool = False,
    count: bool = False,
    named: Mapping[str, NamedFilter] | None = None,
    own: Iterable[str] = (),
) -> dict[str, Any]:
    """The body of a collection GET beside statusCode: `uris`, or the resources under their plural name.

    `always_full`: full resources also without `fields` (the directory, C§6.1). `totalCount`, how many there
    are without paging, is told when a page was asked for, or always with `count`. `named`: the filters that
    `filterName` may name. `own`: query parameters that the endpoint reads itself. Raises Refused 10.
    """
    wanted = equality(query, own)
    found = [r for r in resources if wanted(r)]
    found = sort(_named(found, query, named or {}), query)
    shown = page(found, query)
    total = {"totalCount": len(found)} if count or "limit" in query or "offset" in query else {}
    if "fields" not in query and not always_full:
        return {"uris": [r["uri"] for r in shown]} | total
    return {plural: [pick(r, query) for r in shown]} | total


def equality(query: Query, own: Iterable[str] = ()) -> Callable[[Resource], bool]:
    """Whether a resource has what every other parameter of the query says: the field of its name is equal to
    it. `own`: as in `collection`.
    """
    skipped = RESERVED.union(own)
    filters = {name: value for name, value in query.items() if name not in skipped}
    return lambda resource: all(_equals(resource.get(n), v) for n, v in filters.items())


def pick(resource: Resource, query: Query) -> dict[str, Any]:
    """The resource with the fields asked for; all of them without `fields` or with `*`."""
    wanted = query.get("fields", "*")
    if wanted == "*":
        return dict(resource)
    names = wanted.split(",")
    return {name: resource[name] for name in names if name in resource}


def wanted(query: Query, there: Iterable[str]) -> list[str]:
    """The subresources to be embedded, in the order of the names that are `there`: `*` names all of them,
    unknown names are passed over, nothing is embedded without `subresources`.
    """
    text = query.get("subresources")
    if text is None:
        return []
    names = text.split(",")
    return [name for name in there if text in ("*", "**") or name in names]


def sort(found: list[Resource], query: Query) -> list[Resource]:
    """By `sortBy`: numbers as numbers and before all else, the rest as text, whatever its case; `order`
    Ascending (default) or Descending.
    """
    field = query.get("sortBy")
    if field is None:
        return found
    descending = query.get("order", "Ascending").lower().startswith("desc")
    return sorted(found, key=lambda r: _place(r.get(field, "")), reverse=descending)


def _place(value: object) -> tuple[float, str]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value), ""
    return inf, _text(value).casefold()


def page(found: Sequence[Resource], query: Query) -> Sequence[Resource]:
    """`offset` and `limit`. Raises Refused 10."""
    start = number(query, "offset", 0)
    limit = number(query, "limit", len(found))
    return found[start : start + limit]


def number(query: Query, name: str, default: int) -> int:
    """A non-negative whole number from the query. Raises Refused 10."""
    text = query.get(name)
    if text is None or text == "":
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise invalid(name, "is not a whole number")
    return int(text)


def words(query: Query, name: str) -> list[str]:
    """A list separated by commas from the query, without what is empty."""
    return [word for piece in query.get(name, "").split(",") if (word := piece.strip())]


def _named(found: list[Resource], query: Query, named: Mapping[str, NamedFilter]) -> list[Resource]:
    name = query.get("filterName")
    if name is None:
        return found
    if name not in named:
        raise invalid("filterName", f"{name[:80]!r} is not known here")
    parameters = words(query, "filterParameters")
    if len(parameters) > MOST_PARAMETERS:
        raise invalid("filterParameters", f"has more than {MOST_PARAMETERS} words")
    return [resource for resource in found if named[name](resource, parameters)]


def _equals(value: object, text: str) -> bool:
    return _text(value) == (text.lower() if isinstance(value, bool) else text)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

"""The OpenAPI 3.1 description of the HTTP API, from the route table, the structs and words beside them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from smsdesk import __version__
from smsdesk.http.app import NOTIFICATIONS, Route
from smsdesk.http.reference.cards import Card, operation_card, plain, route_card
from smsdesk.http.reference.catalogue import OTHERS_SESSION, Entry, entries
from smsdesk.http.reference.paths import Path, path
from smsdesk.http.reference.schemas import Schema, ref, union, used
from smsdesk.http.reference.words import RouteWords, operations, routes, terms

Object = dict[str, Any]
LOGIN: list[Object] = [{"basic": []}, {"session": []}]
_WHOLE = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}
_KEY: Object = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key by the same user within 24 hours is answered as the first time, and does "
    "nothing again [ext].",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_ABOUT = """\
The SMS Session API of Genesys Web Services v2, and what this server adds to it, marked [ext].

Operations are posted as a JSON object with an `operationName`; unknown fields are ignored. A reply with \
statusCode 0 means that it is on disk. Everything else is refused, with a statusCode above 0 and words, and \
has changed nothing. What follows from an operation is notified over CometD: see asyncapi.json.

Each operation carries `x-reference`: who may, notifications, errors and an example that the tests play.
"""


def document(table: Sequence[Route], url: str) -> Object:
    """The description. `url` is the address of the server without `/api/v2`."""
    served = {place.template: (place, methods) for place, methods in places(table)}
    paths = {template: _path(*served[template], f"{url}/api/v2") for template in served}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "smsdesk",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": url}],
        "security": LOGIN,
        "tags": [{"name": name} for name in _tags(paths)],
        "x-groups": list(dict.fromkeys(card.group for card in cards(table, f"{url}/api/v2"))),
        "paths": paths,
        "components": {
            "schemas": used(paths),
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "session": {"type": "apiKey", "in": "cookie", "name": "JSESSIONID"},
            },
        },
    }


def places(table: Iterable[Route]) -> Iterator[tuple[Path, list[str]]]:
    """The paths of the table with those methods that there are words for, and the Bayeux server's."""
    for pattern, endpoints in table:
        place = path(pattern.pattern)
        methods = [method for method in endpoints if described(method, place.template)]
        if methods:
            yield place, methods
    yield path(NOTIFICATIONS), ["POST"]


def described(method: str, template: str) -> bool:
    """Whether the reference knows the route."""
    return f"{method} {template}" in routes() or (method == "POST" and template in operations().addresses)


def cards(table: Iterable[Route], base: str) -> list[Card]:
    """All cards: the operations in their order, then the other routes. `base` ends in `/api/v2`."""
    found = list(places(table))
    aliases = {place.template: place.aliases for place, _ in found}
    known = [operation_card(e, aliases[e.addresses[0]], base) for e in entries() if e.addresses[0] in aliases]
    words = routes()
    for place, methods in found:
        named = [(method, words.get(f"{method} {place.template}")) for method in methods]
        known += [route_card(method, place, said, base) for method, said in named if said is not None]
    return known


def _path(place: Path, methods: list[str], base: str) -> Object:
    item: Object = {}
    variables = [_variable(name, form) for name, form in place.variables.items()]
    if variables:
        item["parameters"] = variables
    for method in methods:
        words = routes().get(f"{method} {place.template}")
        described = _operations(place, base) if words is None else _route(method, place, words, base)
        if place.aliases:
            described["x-aliases"] = list(place.aliases)
        item[method.lower()] = described
    return item


def _variable(name: str, form: str) -> Object:
    schema = {"type": "string", "pattern": f"^{form}$"}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": terms().variables[name],
        "schema": schema,
    }


def _operations(place: Path, base: str) -> Object:
    words = operations().addresses[place.template]
    here = [entry for entry in entries() if place.template in entry.addresses]
    known = {entry.name: operation_card(entry, place.aliases, base) for entry in here}
    bodies = {
        name: {"summary": card.summary, "value": card.example.steps[0].body}
        for name, card in known.items()
        if card.example is not None
    }
    described: Object = {
        "operationId": words.id,
        "summary": words.summary,
        "description": ", ".join(entry.name for entry in here) + ".",
        "tags": ["Operations"],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": union(known), "examples": bodies}},
        },
        "responses": _responses(_replies(here), 200, known.values(), "Refusal"),
        "x-reference": [plain(known[e.name]) for e in here if e.addresses[0] == place.template],
    }
    if place.template != OTHERS_SESSION:
        described["parameters"] = [_KEY]
    return described


def _replies(here: list[Entry]) -> Schema:
    names = list(dict.fromkeys(entry.reply for entry in here))
    return ref(names[0]) if len(names) == 1 else {"anyOf": [ref(name) for name in names]}


def _route(method: str, place: Path, words: RouteWords, base: str) -> Object:
    card = route_card(method, place, words, base)
    described: Object = {
        "operationId": words.id,
        "summary": words.summary,
        "description": words.text,
        "tags": [words.group],
        "responses": _responses(ref(words.reply), words.status, [card], words.refusal),
        "x-reference": [plain(card)],
    }
    if words.query:
        described["parameters"] = [_query(row.name, row.type, row.text) for row in card.parameters]
    if words.reply == "Created":
        described["parameters"] = [*described.get("parameters", []), _KEY]
    if words.media:
        text = card.example.steps[-1].body if card.example else ""
        media = {words.media: {"schema": {"type": "string"}, "example": text}}
        described["requestBody"] = {"required": True, "content": media}
    if words.body:
        example = card.example.steps[-1].body if card.example else None
        content: Object = {"schema": ref(words.body)} | ({"example": example} if example else {})
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    if not words.login:
        described["security"] = []
    return described


def _query(name: str, type: str, text: str) -> Object:
    schema = _WHOLE if type == "whole number" else {"type": "string"}
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _responses(reply: Schema, status: int, known: Collection[Card], refusal: str) -> Object:
    responses: Object = {str(status): _response("Done.", reply)}
    said: dict[int, list[str]] = {}
    for row in sorted((r for card in known for r in card.refusals), key=lambda r: (r.http, r.status_code)):
        when = row.when if len(known) == 1 else terms().faults[row.name].meaning.rstrip(".")
        words = f"{row.status_code}: {when}"
        if words not in said.setdefault(row.http, []):
            said[row.http].append(words)
    for http, lines in said.items():
        response = _response("statusCode " + "; ".join(lines) + ".", ref(refusal))
        if http == 503:
            response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
        responses[str(http)] = response
    return responses


def _response(description: str, schema: Schema) -> Object:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _tags(paths: Mapping[str, Object]) -> list[str]:
    used = [tag for item in paths.values() for o in item.values() if "tags" in o for tag in o["tags"]]
    return list(dict.fromkeys(used))

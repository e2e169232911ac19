"""Standard responses: texts for agents to send, in a tree of categories (A§1.6). Knows no session."""

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from smsdesk.core.centre import Centre
from smsdesk.core.folders import parent

Status = Literal["Approved", "NotApproved"]
UsageType = Literal[
    "SystemAutoResponse",
    "SuggestedResponseChoosen",  # spelled so in the API
    "AdministratorResponse",
    "SuggestedResponsesIgnored",
    "SuggestedResponseNotReceived",
]


class Category(Struct, frozen=True, omit_defaults=True):
    """A folder of responses. `name` is its path, see `folders`; `modified` in UTC milliseconds."""

    id: str
    name: str
    description: str = ""
    language: str = ""
    status: Status = "Approved"
    modified: int = 0
    v: int = 1


class Response(Struct, frozen=True, omit_defaults=True):
    """A text with field codes. `category` is a path; `language` empty: that of its category."""

    id: str
    name: str
    category: str
    text: str
    language: str = ""
    status: Status = "NotApproved"
    modified: int = 0
    v: int = 1


class ResponseUsage(Struct, frozen=True, omit_defaults=True):
    """How often a response was used, by type of use; its id is the response's. `last` in UTC milliseconds."""

    id: str
    counts: dict[str, int]
    last: int
    v: int = 1


class Favorites(Struct, frozen=True, omit_defaults=True):
    """The responses a user likes best, the newest last; the id is the user's."""

    id: str
    responses: tuple[str, ...] = ()
    v: int = 1


def categories(centre: Centre) -> list[Category]:
    """All categories, each before those in it."""
    return sorted(centre.records.get("category", {}).values(), key=_name)


def responses(centre: Centre) -> list[Response]:
    """All responses by name."""
    return sorted(centre.records.get("response", {}).values(), key=_name)


def above(centre: Centre, category: str) -> Iterator[Category]:
    """A category and those it is in, from the inside."""
    named = {c.name: c for c in categories(centre)}
    path: str | None = category
    while path is not None:
        if path in named:
            yield named[path]
        path = parent(path)


def approved(centre: Centre, response: Response) -> bool:
    """Whether agents may use it: it is approved, and so is every category it is in."""
    inside = above(centre, response.category)
    return response.status == "Approved" and all(c.status == "Approved" for c in inside)


def language(centre: Centre, response: Response) -> str:
    """Its language: its own, else that of the nearest category that has one."""
    return response.language or next((c.language for c in above(centre, response.category) if c.language), "")


def languages(centre: Centre) -> set[str]:
    """The languages in use."""
    named = {category.language for category in categories(centre)}
    return (named | {response.language for response in responses(centre)}) - {""}


def has_words(response: Response, words: list[str]) -> bool:
    """Whether all words occur in the name, the category or the text, in whatever case."""
    text = f"{response.name} {response.category} {response.text}".casefold()
    return all(word.casefold() in text for word in words)


def _name(record: Any) -> str:
    return str(record.name)

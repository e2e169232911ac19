"""The OpenAPI description: valid, complete, and of the very routes that are served (SPEC 1.2)."""

import re
from typing import Any

import pytest
from openapi_spec_validator import validate

from smsdesk.http import openapi
from smsdesk.http.app import NOTIFICATIONS, Route
from smsdesk.http.reference.catalogue import entries
from smsdesk.http.reference.paths import path
from smsdesk.http.reference.words import operations, routes
from tests.reference import served

DESCRIPTION = served.openapi()
METHODS = ("get", "post", "put", "delete", "patch")


class Samples(dict[str, str]):
    """A value for each variable of a path."""

    def __missing__(self, name: str) -> str:
        return "0123456789abcdef0123456789abcdef"


SAMPLES = Samples(id="0000Na9B26EF002X", channel="smssession", state="OutToLunch", section="desk")


def described() -> set[tuple[str, str]]:
    """Method and path of everything in the description."""
    return {(m.upper(), p) for p, item in DESCRIPTION["paths"].items() for m in METHODS if m in item}


def routed() -> set[tuple[str, str]]:
    """Method and path of everything in the application's own table, and the Bayeux server."""
    table = served.table()
    found = {(method, path(pattern.pattern).template) for pattern, methods in table for method in methods}
    return found | {("POST", NOTIFICATIONS)}


def test_it_is_valid() -> None:
    validate(DESCRIPTION)
    assert DESCRIPTION["openapi"].startswith("3.1")


def test_every_route_is_described_and_everything_described_is_a_route() -> None:
    """A route without words: write them in reference/routes/ or reference/operations.toml."""
    assert described() == routed()


def test_words_are_of_routes_that_exist() -> None:
    """Words of a route that is gone would otherwise lie there for ever."""
    wanted = {f"{method} {template}" for method, template in described()}
    assert set(routes()) <= wanted
    assert {f"POST {address}" for address in operations().addresses} <= wanted


@pytest.mark.parametrize(("method", "template"), sorted(described()))
def test_what_is_described_is_served_without_a_surprise(method: str, template: str) -> None:
    """Without a login: either that is said, or the answer is there; never that there is no such place."""
    headers = {"Origin": "https://elsewhere.example"}
    answer = served.ask(method, template.format_map(SAMPLES), b"{}", headers)
    operation = DESCRIPTION["paths"][template][method.lower()]
    if operation.get("security") == []:
        assert answer.status in {int(status) for status in operation["responses"]}
    else:
        assert (answer.status, answer.json["statusCode"]) == (403, 20)


def test_every_operation_is_offered_where_it_is_posted_to() -> None:
    for entry in entries():
        for address in entry.addresses:
            body = DESCRIPTION["paths"][address]["post"]["requestBody"]["content"]["application/json"]
            assert body["schema"]["discriminator"]["propertyName"] == "operationName"
            assert entry.name in body["schema"]["discriminator"]["mapping"]
            assert body["examples"][entry.name]["value"]["operationName"] == entry.name


def test_every_operation_has_one_card_with_everything_on_it() -> None:
    cards = [card for card in _cards() if card["method"] == "POST" and card["title"] in _names()]
    assert [card["title"] for card in sorted(cards, key=lambda c: _names().index(c["title"]))] == _names()
    for card in cards:
        assert card["summary"]
        assert card["text"]
        assert card["refusals"]
        assert card["example"]
        assert card["permits"] or card["who"], card["title"]


def test_groups_are_named_in_the_order_of_explanation() -> None:
    groups = DESCRIPTION["x-groups"]
    assert set(groups) == {card["group"] for card in _cards()}
    assert groups[: len({e.words.group for e in entries()})] == list(
        dict.fromkeys(entry.words.group for entry in entries())
    )


def _cards() -> list[dict[str, Any]]:
    items = DESCRIPTION["paths"].values()
    return [card for item in items for m in METHODS if m in item for card in item[m].get("x-reference", ())]


def _names() -> list[str]:
    return [entry.name for entry in entries()]


def test_aliases_are_served_by_the_same_route() -> None:
    for pattern, _ in served.table():
        place = path(pattern.pattern)
        for spelling in (place.template, *place.aliases):
            assert pattern.fullmatch(spelling.format_map(SAMPLES)), spelling


def test_every_response_that_may_fail_says_with_which_status_code() -> None:
    for template, item in DESCRIPTION["paths"].items():
        for method in METHODS:
            for status, response in item.get(method, {}).get("responses", {}).items():
                if int(status) >= 400:
                    assert re.match(r"statusCode \d", response["description"]), (template, status)


def test_it_needs_no_login_and_names_the_configured_address() -> None:
    assert DESCRIPTION["servers"] == [{"url": "http://localhost:8080"}]
    assert "http://localhost:8080/api/v2/users/" in str(DESCRIPTION["paths"])


@pytest.mark.parametrize(
    ("pattern", "template", "aliases"),
    [
        (r"/a/b", "/a/b", ()),
        (r"/a\.json", "/a.json", ()),
        (r"/(?:me/)?(?:x|y)", "/me/x", ("/me/y", "/x", "/y")),
        (r"/x/(?P<id>[a-z]{1,4})/y", "/x/{id}/y", ()),
    ],
)
def test_patterns_are_read(pattern: str, template: str, aliases: tuple[str, ...]) -> None:
    assert path(pattern)[:2] == (template, aliases)
    assert re.compile(pattern).fullmatch(template.format(id="abc"))


def test_a_pattern_that_cannot_be_read_is_no_guess() -> None:
    with pytest.raises(ValueError, match="more of the pattern language"):
        path(r"/a/(b(c))")


def test_a_route_without_words_is_left_out_instead_of_breaking_the_rest() -> None:
    assert not openapi.described("GET", "/api/v2/nowhere")
    table: list[Route] = [(re.compile("/api/v2/nowhere"), {})]
    assert list(openapi.document(table, "http://localhost:8080")["paths"]) == [NOTIFICATIONS]

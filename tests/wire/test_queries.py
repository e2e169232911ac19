"""The query conventions of GET (C§1.7, SPEC 1.7)."""

from typing import Any

import pytest

from smsdesk.core.errors import Fault, Refused
from smsdesk.wire.queries import collection, number, pick

PEOPLE: list[dict[str, Any]] = [
    {"uri": "u/1", "id": "1", "name": "Ben", "age": 40, "enabled": True},
    {"uri": "u/2", "id": "2", "name": "Ann", "age": 7, "enabled": False},
    {"uri": "u/3", "id": "3", "name": "Cleo", "age": 40, "enabled": True},
]


def names(query: dict[str, str]) -> list[str]:
    return [p["name"] for p in collection("people", PEOPLE, {"fields": "*"} | query)["people"]]


def test_without_fields_there_are_uris_only() -> None:
    assert collection("people", PEOPLE, {}) == {"uris": ["u/1", "u/2", "u/3"]}


def test_with_fields_there_are_resources() -> None:
    assert collection("people", PEOPLE, {"fields": "*"}) == {"people": PEOPLE}
    found = collection("people", PEOPLE, {"fields": "id,name,nothing"})
    assert found["people"][0] == {"id": "1", "name": "Ben"}


def test_some_collections_are_always_full() -> None:
    assert collection("people", PEOPLE, {}, always_full=True) == {"people": PEOPLE}


def test_any_other_name_is_a_filter_and_all_must_match() -> None:
    assert names({"age": "40"}) == ["Ben", "Cleo"]
    assert names({"age": "40", "name": "Cleo"}) == ["Cleo"]
    assert names({"enabled": "true"}) == ["Ben", "Cleo"]
    assert names({"enabled": "FALSE"}) == ["Ann"]
    assert names({"shoe": "9"}) == []


def test_filters_do_not_need_fields() -> None:
    assert collection("people", PEOPLE, {"name": "Ann"}) == {"uris": ["u/2"]}


def test_sorting_and_paging() -> None:
    assert names({"sortBy": "name"}) == ["Ann", "Ben", "Cleo"]
    assert names({"sortBy": "name", "order": "Descending"}) == ["Cleo", "Ben", "Ann"]
    assert names({"sortBy": "name", "offset": "1", "limit": "1"}) == ["Ben"]
    assert names({"offset": "9"}) == []


@pytest.mark.parametrize("text", ["-1", "x", "1.5", "9" * 16, "\u0663"])
def test_a_number_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="limit") as refused:
        names({"limit": text})
    assert refused.value.fault is Fault.INVALID


def test_a_number_left_out_or_empty_has_its_default() -> None:
    assert number({}, "count", 7) == 7
    assert number({"count": ""}, "count", 7) == 7
    assert number({"count": "0"}, "count", 7) == 0


def test_pick_gives_what_was_asked_for() -> None:
    assert pick(PEOPLE[0], {}) == PEOPLE[0]
    assert pick(PEOPLE[0], {"fields": "name"}) == {"name": "Ben"}

"""Attached data: the very spelling, the order, the limits (SPEC 3, 8.7)."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.errors import Fault, Refused
from smsdesk.core.user_data import KEY_LIMIT, LIMIT, UserData, check, check_size, plain, raw, size

NUMBERS = ("1", "1.0", "1.50", "-0", "0.10", "1e5", "1E+2", "123456789012345678901234567890")
WORDS = ("true", "false", "null")
characters = st.characters(codec="utf-8", exclude_characters="\0")
keys = st.text(characters, min_size=1, max_size=20)
scalars = st.sampled_from(NUMBERS + WORDS) | st.text(characters, max_size=20).map(json.dumps)
flat = st.dictionaries(keys, scalars, max_size=3).map(
    lambda d: "{" + ",".join(f"{json.dumps(k)}:{v}" for k, v in d.items()) + "}"
)
documents = st.dictionaries(keys, scalars | flat, max_size=5)


def read(text: str) -> UserData:
    return msgspec.json.decode(text.encode(), type=UserData)


def refused(data: UserData) -> str:
    with pytest.raises(Refused) as caught:
        check(data, "userData")
    assert caught.value.fault is Fault.INVALID
    return caught.value.message


@given(documents)
def test_values_and_order_come_back_as_they_were_written(document: dict[str, str]) -> None:
    text = "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{v}" for k, v in document.items()) + "}"
    checked = check(read(text))
    assert list(checked) == list(document)
    assert [bytes(value).decode() for value in checked.values()] == list(document.values())
    assert read(msgspec.json.encode(checked).decode()) == checked


def test_numbers_keep_their_spelling_also_inside_a_list() -> None:
    text = '{"b":1.50,"a":{"z":1E+2,"y":123456789012345678901234567890},"c":-0}'
    assert msgspec.json.encode(check(read(text))) == text.encode()


def test_it_does_not_hold_on_to_the_request() -> None:
    """A value that were a view into the body would keep all of it in memory, and change with it."""
    body = bytearray(b'{"a":"first"}')
    checked = check(msgspec.json.decode(body, type=UserData))
    body[:] = b" " * len(body)
    assert plain(checked) == {"a": "first"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a":[1]}', "array under 'a'"),
        ('{"a":[]}', "array under 'a'"),
        ('{"a":{"b":{}}}', "list of lists under 'a'"),
        ('{"a":{"b":[1]}}', "list of lists under 'a'"),
        ('{"a":"x\\u0000y"}', "NUL character under 'a'"),
        ('{"a":{"b\\u0000":1}}', "NUL character under 'a'"),
        ('{"a":{"b":"\\u0000"}}', "NUL character under 'a'"),
        ('{"a\\u0000":1}', "key with a NUL"),
        ('{"":1}', "key of 0 characters"),
        ('{"' + "k" * 256 + '":1}', "key of 256 characters"),
    ],
)
def test_what_is_not_allowed_is_named(text: str, words: str) -> None:
    assert words in refused(read(text))


def test_the_longest_key_is_allowed() -> None:
    key = "é" * KEY_LIMIT
    assert plain(check(read(f'{{"{key}":""}}'))) == {key: ""}


@pytest.mark.parametrize(
    "value", [b'"\xff"', b'"\\ud800"', b"{", b"", b"nope", b"1" * 5000 + b"e", b"[" * 9999]
)
def test_a_value_that_cannot_be_read_is_refused(value: bytes) -> None:
    assert "'a'" in refused({"a": msgspec.Raw(value)})


@given(st.binary(max_size=60))
def test_no_value_makes_it_fall_over(value: bytes) -> None:
    try:
        checked = check({"a": msgspec.Raw(value)})
    except Refused:
        return
    assert bytes(checked["a"]) == value


def test_the_size_of_the_whole_is_limited() -> None:
    fits = {"a": raw("x" * (LIMIT - len('{"a":""}')))}
    assert size(fits) == LIMIT
    check_size(fits)
    with pytest.raises(Refused, match="more than 64 KiB"):
        check_size({"a": raw("x" * (LIMIT - len('{"a":""}') + 1))})


@given(
    st.dictionaries(keys, st.none() | st.booleans() | st.integers(-9, 9) | st.text(characters), max_size=4)
)
def test_plain_is_the_way_back_from_raw(values: dict[str, object]) -> None:
    assert plain({key: raw(value) for key, value in values.items()}) == values

"""One spelling of every party, and no party refused (SPEC 2.2, 5.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.numbers import INTERNATIONAL, canonical


@pytest.mark.parametrize(
    ("number", "type_of_number", "expected"),
    [
        ("+15550111", 0, "+15550111"),
        ("0015550111", 0, "+15550111"),
        ("15550111", INTERNATIONAL, "+15550111"),
        ("+1 555 0111", 0, "+15550111"),
        (" 00 49 170\t1234567\n", 0, "+491701234567"),
        ("491701234567", 0, "+491701234567"),  # ten digits and more are no short code
        ("1234567890", 0, "+1234567890"),
        ("123456789", 0, "123456789"),
        ("68849", 0, "68849"),  # a short code stays one
        ("68849", 3, "68849"),
        ("SUPPORT", 5, "SUPPORT"),
        ("My Shop", 5, "MyShop"),
        ("+SHOP", 0, "+SHOP"),
        ("٣٤٥", 0, "٣٤٥"),  # digits of another script are no telephone number
        ("+", 0, "+"),
        ("00", 0, "00"),
        ("", 0, "unknown"),
        (" \t", 1, "unknown"),
    ],
)
def test_spellings(number: str, type_of_number: int, expected: str) -> None:
    assert canonical(number, type_of_number) == expected


@given(st.text(max_size=30), st.integers(0, 6))
def test_whatever_comes_is_a_party_without_blanks(number: str, type_of_number: int) -> None:
    """Blanks would tear the identity of a conversation, which is two numbers with a blank between."""
    assert canonical(number, type_of_number)
    assert "".join(canonical(number, type_of_number).split()) == canonical(number, type_of_number)


@given(st.from_regex(r"(\+|00)?[1-9][0-9]{0,14}", fullmatch=True), st.integers(0, 6))
def test_a_spelling_once_found_is_final(number: str, type_of_number: int) -> None:
    once = canonical(number, type_of_number)
    assert canonical(once, type_of_number) == canonical(once) == once


def test_no_party_holds_what_no_store_takes() -> None:
    assert canonical("+1555\0") == "+1555\ufffd"
    assert canonical("\0") == "\ufffd"

"""One spelling of every party, and no party refused (SPEC 2.2, 5.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.numbers import INTERNATIONAL, NATIONAL, canonical, is_region


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


@pytest.mark.parametrize(
    ("number", "type_of_number", "region", "expected"),
    [
        ("030/123-4567", 0, "DE", "+49301234567"),
        ("0171 1234567", 0, "DE", "+491711234567"),
        (
            "491711234567",
            0,
            "DE",
            "+491711234567",
        ),  # as carriers write it, although 4917 is a German prefix too
        ("1711234567", NATIONAL, "DE", "+491711234567"),
        ("1711234567", INTERNATIONAL, "DE", "+1711234567"),
        ("07700 900123", 0, "GB", "+447700900123"),  # not assigned, and meant all the same
        ("(212) 555-0123", 0, "US", "+12125550123"),
        ("12125550123", 0, "US", "+12125550123"),
        ("011 49 171 1234567", 0, "US", "+491711234567"),
        ("+49 (0)30 1234567", 0, "", "+49301234567"),
        ("+39 (0)6 1234567", 0, "", "+39061234567"),  # Italy keeps its zero
        ("+1 (555) 010-0111", 0, "", "+15550100111"),
        ("68849", 0, "DE", "68849"),  # a short code is nobody's number
        ("5550111", 0, "US", "5550111"),
        ("0171 1234567", 3, "DE", "+01711234567"),  # of the network: the country is of no use
        ("()", 0, "DE", "()"),
        ("1+2", 0, "DE", "1+2"),
        ("Shop-24", 5, "DE", "Shop-24"),
    ],
)
def test_numbers_without_their_country(number: str, type_of_number: int, region: str, expected: str) -> None:
    assert canonical(number, type_of_number, region) == expected


NUMBERS = st.one_of(st.text(max_size=30), st.from_regex(r"[+0-9 ()./-]{0,20}", fullmatch=True))


@given(NUMBERS, st.integers(0, 6), st.sampled_from(["", "AT", "DE", "GB", "IT", "MX", "US"]))
def test_in_every_region_a_party_is_one_word_and_stays_it(number: str, type: int, region: str) -> None:
    once = canonical(number, type, region)
    assert once
    assert "".join(once.split()) == once
    assert canonical(once, type, region) == once


@given(st.from_regex(r"\+[0-9]{1,15}", fullmatch=True), st.sampled_from(["", "DE", "US"]))
def test_what_is_kept_already_stays_what_it_is(number: str, region: str) -> None:
    """A number with its country is never read anew, so contacts of earlier releases are found."""
    assert canonical(number, 0, region) == number


@given(st.integers(200_000_000, 999_999_999))
def test_every_spelling_of_one_number_is_one_party(subscriber: int) -> None:
    digits = f"171{subscriber}"[:11]
    spellings = (f"+49{digits}", f"0049{digits}", f"+49 (0){digits}", f"0{digits[:3]}/{digits[3:]}")
    assert {canonical(spelling, 0, "DE") for spelling in spellings} == {f"+49{digits}"}


def test_regions() -> None:
    assert is_region("DE")
    assert not is_region("XX")
    assert not is_region("de")

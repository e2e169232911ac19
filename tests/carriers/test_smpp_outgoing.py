"""A text as submit_sm PDUs: SPEC 6.1; SMPP 4.4.1, 5.2.5-5.2.9, 5.2.12, 5.2.19, 5.3.2.22-24, 5.3.2.32."""

from typing import Any

import pytest
from msgspec.structs import replace

from smsdesk.carriers import Outgoing
from smsdesk.carriers.smpp.outgoing import address, submits
from smsdesk.smpp import pdu as p
from smsdesk.smpp.codec import encode
from smsdesk.smpp.concatenation import concatenation, strip_udh
from smsdesk.smpp.text import DefaultAlphabet, decode
from tests.carriers.smpp_stage import SETTINGS, TEXT


def made(text: str, id: str = "session:1", **settings: Any) -> tuple[list[p.SubmitSm], int]:
    messages, parts = submits(replace(TEXT, text=text, id=id), replace(SETTINGS, **settings))
    for message in messages:
        encode(message)
    return messages, parts


@pytest.mark.parametrize(
    ("number", "ton", "npi", "expected"),
    [
        ("+15550100", 1, 1, (1, 1, "15550100")),
        ("+15550100", 0, 0, (0, 0, "15550100")),
        ("85858", 1, 1, (0, 1, "85858")),
        ("85858", 3, 9, (3, 9, "85858")),
        ("My Shop", 1, 1, (5, 0, "My Shop")),
        ("", 1, 1, (5, 0, "")),
    ],
)
def test_addresses(number: str, ton: int, npi: int, expected: tuple[int, int, str]) -> None:
    assert address(number, ton, npi) == expected


@pytest.mark.parametrize(("receipts", "registered"), [(True, 1), (False, 0)])
def test_receipts_are_asked_for_where_wanted(receipts: bool, registered: int) -> None:
    [message], _ = made("hi", receipts=receipts)
    assert message.registered_delivery == registered


def test_what_gsm_has_no_place_for_goes_as_ucs2() -> None:
    [message], parts = made("привет 😀")
    assert (message.data_coding, parts) == (8, 1)
    assert message.short_message.decode("utf-16-be") == "привет 😀"


@pytest.mark.parametrize(
    ("long_texts", "header", "room"),
    [("udh", b"\5\0\3", 153), ("udh16", b"\6\x08\4", 152), ("sar", b"", 153)],
)
def test_long_texts_in_parts(long_texts: str, header: bytes, room: int) -> None:
    text = "abcdefghij" * 40
    messages, parts = made(text, long_texts=long_texts)
    assert parts == len(messages) == 3
    marks = [concatenation(message) for message in messages]
    assert [(mark.number, mark.total) for mark in marks if mark] == [(1, 3), (2, 3), (3, 3)]
    assert len({mark.reference for mark in marks if mark}) == 1
    assert b"".join(map(strip_udh, messages)).decode() == text
    assert len(strip_udh(messages[0])) == room
    assert all(message.short_message.startswith(header) for message in messages)
    assert {message.esm_class for message in messages} == {0x40 if header else 0}


def test_a_long_text_in_one_piece_still_counts_its_parts() -> None:
    [message], parts = made("ы" * 200, long_texts="payload")
    assert parts == 3
    assert (message.short_message, message.data_coding) == (b"", 8)
    assert message.tlv(p.MESSAGE_PAYLOAD) == ("ы" * 200).encode("utf-16-be")


def test_a_short_text_needs_no_payload() -> None:
    [message], parts = made("hi", long_texts="payload")
    assert (message.short_message, message.tlvs, parts) == (b"hi", (), 1)


@pytest.mark.parametrize(
    ("alphabet", "text", "octets", "data_coding"),
    [
        ("gsm7", "é@€", b"\x05\x00\x1be", 0),
        ("latin1", "é@", b"\xe9@", 0),
        ("latin1", "é@€", b"\x00\xe9\x00@\x20\xac", 8),
        ("ascii", "a@", b"a@", 0),
        ("ascii", "é", b"\x00\xe9", 8),
        ("utf8", "é€", b"\xc3\xa9\xe2\x82\xac", 0),
    ],
)
def test_the_alphabet_that_the_carrier_means(
    alphabet: DefaultAlphabet, text: str, octets: bytes, data_coding: int
) -> None:
    """SMPP 5.2.19: data_coding 0 is the carrier's own default; what has no place there goes as UCS-2."""
    [message], _ = made(text, alphabet=alphabet)
    assert (message.short_message, message.data_coding) == (octets, data_coding)
    assert decode(octets, data_coding, alphabet) == text


def test_a_text_forced_into_ucs2_is_cut_for_it() -> None:
    messages, parts = made("€" + "a" * 99, alphabet="latin1")
    assert parts == len(messages) == 2
    assert all(len(message.short_message) <= 140 for message in messages)


def test_references_are_the_same_for_every_try_and_differ_between_neighbours() -> None:
    def reference(id: str) -> int:
        mark = concatenation(made("a" * 161, id)[0][0])
        assert mark is not None
        return mark.reference

    assert reference("session:7") == reference("session:7")
    assert len({reference(f"session:{number}") for number in range(10)}) == 10


@pytest.mark.parametrize(("text", "words"), [("", "no text"), ("😀" * 10_000, "304 parts, at most 255")])
def test_what_cannot_be_sent_in_parts(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        made(text)


def test_the_longest_text_fits_a_payload() -> None:
    [message], parts = made("😀" * 10_000, long_texts="payload")
    assert parts == 304
    assert len(encode(message)) < 64 * 1024


def test_a_text_is_as_the_port_has_it() -> None:
    assert Outgoing("session:1", "+15550100", "+15550111", "hello") == TEXT

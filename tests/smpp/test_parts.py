"""Parts of long texts: 3GPP TS 23.040, 9.2.3.24; SMPP 5.2.12, 5.3.2.22-24, 5.3.2.32; SPEC 6.2."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.smpp import pdu as p
from smsdesk.smpp.concatenation import Concatenation, build_udh, concatenation, sar_tlvs, strip_udh
from smsdesk.smpp.pieces import Pieces, decode_piece, join
from smsdesk.smpp.segments import split


def with_header(octets: bytes) -> p.DeliverSm:
    return p.DeliverSm(esm_class=p.HAS_HEADER, short_message=octets)


@pytest.mark.parametrize(
    ("octets", "mark", "text"),
    [
        pytest.param("050003ff0201 6869", (0xFF, 2, 1), b"hi", id="8-bit reference"),
        pytest.param("060804abcd0202 6869", (0xABCD, 2, 2), b"hi", id="16-bit reference"),
        pytest.param("0b05040b8423f00003070302 6869", (7, 3, 2), b"hi", id="behind another element"),
        pytest.param("0b000307030205040b8423f0 6869", (7, 3, 2), b"hi", id="before another element"),
        pytest.param("050003070300 6869", None, b"hi", id="number 0"),
        pytest.param("050003070304 6869", None, b"hi", id="number over the total"),
        pytest.param("050003070000 6869", None, b"hi", id="total 0"),
        pytest.param("0400020703 6869", None, b"hi", id="element too short"),
        pytest.param("0300030703 6869", None, b"\x03hi", id="element beyond the header"),
        pytest.param("00 6869", None, b"hi", id="empty header"),
        pytest.param("0100 6869", None, b"hi", id="half an element"),
        pytest.param("050003070201", (7, 2, 1), b"", id="no text"),
        pytest.param("0900030702", None, b"\x09\0\x03\x07\x02", id="longer than the data: all text"),
        pytest.param("", None, b"", id="nothing"),
    ],
)
def test_user_data_header(octets: str, mark: tuple[int, int, int] | None, text: bytes) -> None:
    message = with_header(bytes.fromhex(octets))
    expected = Concatenation(*mark) if mark else None
    assert concatenation(message) == expected
    assert strip_udh(message) == text


def test_no_header_without_the_flag() -> None:
    message = p.DeliverSm(short_message=bytes.fromhex("050003070201") + b"hi")
    assert concatenation(message) is None
    assert strip_udh(message) == message.short_message


def test_user_data_in_message_payload() -> None:
    """SMPP 5.3.2.32: the payload stands in for an empty short_message, header and all."""
    payload = bytes.fromhex("050003070201") + b"hi"
    message = p.DeliverSm(esm_class=p.HAS_HEADER, tlvs=((p.MESSAGE_PAYLOAD, payload),))
    assert concatenation(message) == Concatenation(7, 2, 1)
    assert strip_udh(message) == b"hi"


@pytest.mark.parametrize(
    ("tlvs", "mark"),
    [
        (((0x020C, b"\x01\x02"), (0x020E, b"\x03"), (0x020F, b"\x02")), Concatenation(0x0102, 3, 2)),
        (((0x020F, b"\x02"), (0x020E, b"\x03"), (0x020C, b"\x07")), Concatenation(7, 3, 2)),
        (((0x020C, b"\x01\x02"), (0x020E, b"\x03")), None),
        (((0x020C, b""), (0x020E, b"\x03"), (0x020F, b"\x01")), None),
        (((0x020C, b"\x01\x02"), (0x020E, b"\x03"), (0x020F, b"\x04")), None),
        (((0x020C, b"\x01\x02"), (0x020E, b"\x03"), (0x020F, b"\x00")), None),
        ((), None),
    ],
)
def test_sar_parameters(tlvs: p.Tlvs, mark: Concatenation | None) -> None:
    """SMPP 5.3.2.22-24."""
    assert concatenation(p.DeliverSm(tlvs=tlvs)) == mark


MARKS = st.integers(1, 255).flatmap(
    lambda total: st.builds(Concatenation, st.integers(0, 255), st.just(total), st.integers(1, total))
)


@given(MARKS, st.binary(max_size=134), st.booleans())
def test_header_round_trip(mark: Concatenation, octets: bytes, sixteen_bit: bool) -> None:
    header = build_udh(mark, sixteen_bit=sixteen_bit)
    assert len(header) == (7 if sixteen_bit else 6)
    assert concatenation(with_header(header + octets)) == mark
    assert strip_udh(with_header(header + octets)) == octets


@given(MARKS)
def test_sar_round_trip(mark: Concatenation) -> None:
    assert concatenation(p.DeliverSm(tlvs=sar_tlvs(mark))) == mark


@pytest.mark.parametrize("mark", [(256, 2, 1), (1, 256, 1), (1, 2, 3), (1, 2, 0)])
def test_marks_that_do_not_fit_are_not_built(mark: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"range|none"):
        build_udh(Concatenation(*mark))


@given(st.binary(max_size=40), st.integers(0, 255))
def test_any_user_data(octets: bytes, esm_class: int) -> None:
    """Whatever comes: a mark that makes sense or none, and the text is the end of the data."""
    message = p.DeliverSm(esm_class=esm_class, short_message=octets)
    mark = concatenation(message)
    assert mark is None or 1 <= mark.number <= mark.total
    assert octets.endswith(strip_udh(message))


# Without byte order marks, which are no text, and the code points that stand for half characters.
TEXTUAL = st.characters(codec="utf-8", max_codepoint=0x10F7FE, exclude_characters="\ufeff\ufffe")

# ---- joining ----


def test_parts_join_in_any_order_and_once() -> None:
    pieces = Pieces(3)
    for number, text in [(3, "c"), (1, "a"), (3, "other"), (1, "a")]:
        pieces = pieces.add(number, text)
        assert not pieces.complete
    pieces = pieces.add(2, "b")
    assert pieces.complete
    assert pieces.text() == "abc"


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_number_that_is_none_changes_nothing(number: int) -> None:
    pieces = Pieces(2).add(1, "a")
    assert pieces.add(number, "x") is pieces


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        ({1: "a", 3: "c"}, "a[...]c"),
        ({2: "b", 3: "c"}, "[...]bc"),
        ({1: "a"}, "a[...]"),
        ({3: "c"}, "[...]c"),
        ({2: "b"}, "[...]b[...]"),
        ({1: "a", 2: "b", 3: "c"}, "abc"),
    ],
)
def test_gaps_are_marked_once_a_run(texts: dict[int, str], shown: str) -> None:
    assert Pieces(3, texts).text("[...]") == shown


def test_an_escape_pair_cut_by_the_sender_is_made_whole() -> None:
    """23.038, 6.2.1.1: '€' is 0x1B 0x65."""
    left, right = decode_piece(b"a\x1b", 0), decode_piece(b"eb", 0)
    assert join([left, right]) == "a€b"
    assert join([left]) == "a\ufffd"
    assert join([left, ""]) == "a\ufffd"
    assert join([left, "xb"]) == "axb"  # a free place shows the character of the basic table


def test_a_surrogate_pair_cut_by_the_sender_is_made_whole() -> None:
    octets = "a😀b".encode("utf-16-be")
    left, right = decode_piece(octets[:4], 8), decode_piece(octets[4:], 8)
    assert join([left, right]) == "a😀b"
    assert join([left]) == "a\ufffd"
    assert join([right]) == "\ufffdb"
    assert join([right, left]) == "\ufffdba\ufffd"


def test_an_odd_octet_makes_no_mark() -> None:
    assert join([decode_piece(b"\xd8", 8), decode_piece(b"\xdc", 8)]) == "\ufffd\ufffd"


@given(st.text(TEXTUAL, max_size=60), st.data())
def test_ucs2_cut_anywhere_joins(text: str, data: st.DataObject) -> None:
    octets = text.encode("utf-16-be")
    at = 2 * data.draw(st.integers(0, len(octets) // 2))
    assert join([decode_piece(octets[:at], 8), decode_piece(octets[at:], 8)]) == text


@given(st.text("a€[e<\n\f", max_size=20), st.data())
def test_gsm_cut_anywhere_joins(text: str, data: st.DataObject) -> None:
    octets = b"".join(part.data for part in split(text).parts)
    at = data.draw(st.integers(0, len(octets)))
    assert join([decode_piece(octets[:at], 0), decode_piece(octets[at:], 0)]) == text


@given(st.lists(st.binary(max_size=6), max_size=5), st.sampled_from([0, 1, 3, 8]))
def test_anything_joins_and_can_be_stored(octets: list[bytes], coding: int) -> None:
    texts = [decode_piece(piece, coding) for piece in octets]
    "".join(texts).encode("utf-8")
    assert not set(join(texts)) & {chr(mark) for mark in range(0x10F7FF, 0x110000)}


@given(st.text(TEXTUAL, min_size=161, max_size=600), st.randoms(use_true_random=False))
def test_our_own_parts_join(text: str, order: random.Random) -> None:
    """What `split` cuts and `build_udh` marks comes back whole, in any order, with duplicates."""
    found = split(text)
    sent = []
    for number, part in enumerate(found.parts, 1):
        header = build_udh(Concatenation(9, len(found.parts), number))
        message = p.DeliverSm(
            esm_class=p.HAS_HEADER, data_coding=found.encoding.data_coding, short_message=header + part.data
        )
        sent += [message, message]
    order.shuffle(sent)
    pieces = Pieces(len(found.parts))
    for message in sent:
        mark = concatenation(message)
        assert mark is not None
        pieces = pieces.add(mark.number, decode_piece(strip_udh(message), message.data_coding))
    assert pieces.complete
    assert pieces.text() == text

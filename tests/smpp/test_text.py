"""Alphabets: SMPP 5.2.19; 3GPP TS 23.038, 4, 6.2.1, 6.2.1.1 and 6.2.3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.smpp import gsm_alphabet
from smsdesk.smpp.text import DefaultAlphabet, Encoding, choose, decode, encode


def test_basic_table_has_128_different_places() -> None:
    assert len(gsm_alphabet.BASIC) == 128 == len(set(gsm_alphabet.BASIC))


@pytest.mark.parametrize(
    ("septet", "character"),
    [
        (0x00, "@"), (0x01, "£"), (0x02, "$"), (0x09, "Ç"), (0x0A, "\n"), (0x0D, "\r"), (0x10, "Δ"),
        (0x11, "_"), (0x1A, "Ξ"), (0x1C, "Æ"), (0x1F, "É"), (0x24, "¤"), (0x30, "0"), (0x40, "¡"),
        (0x41, "A"), (0x5B, "Ä"), (0x5F, "§"), (0x60, "¿"), (0x61, "a"), (0x7B, "ä"), (0x7F, "à"),
    ],
)  # fmt: skip
def test_places_of_the_basic_table(septet: int, character: str) -> None:
    """23.038, 6.2.1: corners of each column."""
    assert gsm_alphabet.decode(bytes([septet])) == character
    assert gsm_alphabet.encode(character) == bytes([septet])


@pytest.mark.parametrize(
    ("septet", "character"),
    [
        (0x0A, "\f"), (0x14, "^"), (0x28, "{"), (0x29, "}"), (0x2F, "\\"),
        (0x3C, "["), (0x3D, "~"), (0x3E, "]"), (0x40, "|"), (0x65, "€"),
    ],
)  # fmt: skip
def test_extension_table(septet: int, character: str) -> None:
    """23.038, 6.2.1.1."""
    assert gsm_alphabet.encode(character) == bytes([0x1B, septet])
    assert gsm_alphabet.decode(bytes([0x1B, septet])) == character


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        pytest.param(b"\x1bA", "A", id="free place: the character of the basic table"),
        pytest.param(b"a\x1b\x1bb", "a b", id="escape to a further table: a space"),
        pytest.param(b"a\x1b", "a\ufffd", id="escape at the end"),
        pytest.param(b"a\x80\xff", "a\ufffd\ufffd", id="no septets"),
        pytest.param(b"\x1b\xe5", "\ufffd", id="escape before no septet"),
        pytest.param(b"", "", id="nothing"),
    ],
)
def test_what_the_tables_leave_open(octets: bytes, text: str) -> None:
    """23.038, 6.2.1.1, notes 1 and 3."""
    assert gsm_alphabet.decode(octets) == text


def test_characters_outside_are_refused() -> None:
    for character in "`ç\x1b\t\u00a0ы😀":
        assert not gsm_alphabet.is_gsm(character)
        with pytest.raises(ValueError, match="outside"):
            gsm_alphabet.encode("a" + character)


@given(st.text(alphabet=sorted(gsm_alphabet.BASIC.replace("\x1b", "") + "".join(gsm_alphabet.WIDE))))
def test_gsm_round_trip(text: str) -> None:
    assert choose(text) is Encoding.GSM7
    assert decode(encode(text, Encoding.GSM7), 0) == text


@given(st.text())
def test_ucs2_round_trip(text: str) -> None:
    octets = encode(text, Encoding.UCS2)
    if not text.startswith("\ufeff"):
        assert decode(octets, Encoding.UCS2.data_coding) == text


def test_half_a_surrogate_pair_travels_as_the_replacement_character() -> None:
    assert encode("a\ud83d", Encoding.UCS2) == "a\ufffd".encode("utf-16-be")


@pytest.mark.parametrize(
    ("octets", "coding", "text"),
    [
        pytest.param(b"a\xe9`", 3, "aé`", id="Latin-1"),
        pytest.param(b"a`\xe9", 1, "a`\ufffd", id="ASCII"),
        pytest.param(b"\x00\x04", 2, "\x00\x04", id="octets"),
        pytest.param(b"\x80\xfe", 4, "\x80þ", id="octets, the other number"),
        pytest.param("привет".encode("iso8859_5"), 6, "привет", id="Cyrillic"),
        pytest.param("שלום".encode("iso8859_8"), 7, "שלום", id="Hebrew"),
        pytest.param("テスト".encode("shift_jis"), 5, "テスト", id="JIS"),
        pytest.param("テスト".encode("iso2022_jp"), 10, "テスト", id="ISO-2022-JP"),
        pytest.param("안녕".encode("euc_kr"), 14, "안녕", id="KS C 5601"),
        pytest.param("ы😀".encode("utf-16-be"), 8, "ы😀", id="UCS-2"),
        pytest.param(b"\xff\xfea\0", 8, "a", id="UCS-2, little end first"),
        pytest.param(b"\xfe\xff\0a", 8, "a", id="UCS-2 with a byte order mark"),
        pytest.param(b"\0a\0", 8, "a\ufffd", id="UCS-2, an octet short"),
        pytest.param(b"\xd8\x3d\0a", 8, "\ufffda", id="UCS-2, half a pair"),
        pytest.param(b"\x1be", 0x10, "€", id="class 0, GSM-7"),
        pytest.param(b"\0a", 0x18, "a", id="class 0, UCS-2"),
        pytest.param(b"\x1be", 0xF0, "€", id="class group, GSM-7"),
        pytest.param(b"\xe9", 0xF4, "é", id="class group, octets"),
        pytest.param(b"\x1be", 0xC8, "€", id="message waiting, GSM-7"),
        pytest.param(b"\0a", 0xE0, "a", id="message waiting, UCS-2"),
        pytest.param(b"\x1be", 9, "€", id="reserved: the default alphabet"),
    ],
)
def test_data_codings(octets: bytes, coding: int, text: str) -> None:
    assert decode(octets, coding) == text


@pytest.mark.parametrize(
    ("default", "octets", "text"),
    [("gsm7", b"\x1be", "€"), ("latin1", b"\xe9", "é"), ("ascii", b"`", "`"), ("utf8", b"\xc3\xa9", "é")],
)
def test_default_alphabet_is_the_carriers(default: DefaultAlphabet, octets: bytes, text: str) -> None:
    """SMPP 5.2.19, value 0."""
    assert decode(octets, 0, default) == text


@given(st.binary(), st.integers(0, 255), st.sampled_from(["gsm7", "latin1", "ascii", "utf8"]))
def test_decoding_never_raises_and_can_be_stored(
    octets: bytes, coding: int, default: DefaultAlphabet
) -> None:
    decode(octets, coding, default).encode("utf-8")

"""Which alphabet a text takes, and the text behind a `data_coding` and its octets.

SMPP 5.2.19 and 3GPP TS 23.038, 4 and 6. Knows nothing of parts and headers.
"""

import re
from enum import Enum
from typing import Final, Literal

from smsdesk.smpp import gsm_alphabet

DefaultAlphabet = Literal["gsm7", "latin1", "ascii", "utf8"]
"""What a carrier means by `data_coding` 0, the "SMSC default alphabet": carriers differ."""

_HALF_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Encoding(Enum):
    """How the text of an outgoing message travels. The value is the name shown to people and browsers."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"

    @property
    def data_coding(self) -> int:
        """SMPP 5.2.19: 0 is the SMSC default alphabet, 8 is UCS-2."""
        return 0 if self is Encoding.GSM7 else 8


def choose(text: str) -> Encoding:
    """GSM-7 if every character has a place there, else UCS-2."""
    return Encoding.GSM7 if gsm_alphabet.is_gsm(text) else Encoding.UCS2


def encode(text: str, encoding: Encoding) -> bytes:
    """The octets of `text`; half a surrogate pair travels as U+FFFD.

    Raises ValueError when a character has no place in GSM-7.
    """
    if encoding is Encoding.GSM7:
        return gsm_alphabet.encode(text)
    try:
        return text.encode("utf-16-be")
    except UnicodeEncodeError:
        return _HALF_SURROGATE.sub("\ufffd", text).encode("utf-16-be")


# SMPP 5.2.19. Octets that are no text (2 and 4) are shown octet by octet, so that nothing is lost.
_PYTHON_CODECS: Final = {
    1: "ascii",
    2: "latin-1",
    3: "latin-1",
    4: "latin-1",
    5: "shift_jis",
    6: "iso8859_5",
    7: "iso8859_8",
    10: "iso2022_jp",
    13: "euc_jp",
    14: "euc_kr",
}

_DEFAULT_CODECS: Final[dict[DefaultAlphabet, str]] = {"latin1": "latin-1", "ascii": "ascii", "utf8": "utf-8"}


def decode(octets: bytes, data_coding: int, default: DefaultAlphabet = "gsm7") -> str:
    """The text of `octets` under `data_coding` (0-255); what cannot be read becomes U+FFFD, nothing raises.

    `default` is what the carrier means by its default alphabet.
    """
    if data_coding == 8:
        return _decode_ucs2(octets)
    codec = _PYTHON_CODECS.get(data_coding)
    if codec is not None:
        return octets.decode(codec, "replace")
    if data_coding >= 0x10:
        return _decode_gsm_scheme(octets, data_coding, default)
    return _decode_default(octets, default)


def _decode_default(octets: bytes, default: DefaultAlphabet) -> str:
    if default == "gsm7":
        return gsm_alphabet.decode(octets)
    return octets.decode(_DEFAULT_CODECS[default], "replace")


def _decode_gsm_scheme(octets: bytes, scheme: int, default: DefaultAlphabet) -> str:
    """Values that SMPP leaves to 23.038, 4: message classes, message waiting, what handsets send through."""
    group = scheme >> 4
    if group == 0xE:
        return _decode_ucs2(octets)
    if group in (0xC, 0xD):
        return _decode_default(octets, default)
    alphabet = scheme >> 2 & 3
    if alphabet == 2 and group < 8:
        return _decode_ucs2(octets)
    if alphabet == 1:
        return octets.decode("latin-1")
    return _decode_default(octets, default)


def _decode_ucs2(octets: bytes) -> str:
    """UTF-16, big end first unless a byte order mark says otherwise (23.038, 6.2.3; with surrogate pairs)."""
    if octets[:2] == b"\xff\xfe":
        return octets[2:].decode("utf-16-le", "replace")
    if octets[:2] == b"\xfe\xff":
        octets = octets[2:]
    return octets.decode("utf-16-be", "replace")

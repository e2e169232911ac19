"""The GSM 7-bit default alphabet and its extension table, one septet an octet as SMPP carries it.

3GPP TS 23.038, 6.2.1 and 6.2.1.1. Knows single characters and strings; not parts, not other alphabets.
"""

import re
from typing import Final

ESCAPE: Final = 0x1B
UNREADABLE: Final = "\ufffd"

# 23.038, 6.2.1, read column by column: the index is the septet. Septet 0x1B escapes to the extension table.
BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)

# 23.038, 6.2.1.1: what the escape plus this septet stands for.
EXTENSION: Final = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}

WIDE: Final = frozenset(EXTENSION.values())
"""Characters that cost two septets."""

_CHARACTERS: Final = frozenset(BASIC.replace("\x1b", "")) | WIDE
_FOREIGN: Final = re.compile("[^" + re.escape("".join(sorted(_CHARACTERS))) + "]")

_TO_SEPTETS: Final = {ord(character): chr(septet) for septet, character in enumerate(BASIC)} | {
    ord(character): "\x1b" + chr(septet) for septet, character in EXTENSION.items()
}

# Septets from 0x80 on do not exist; a carrier that sends them uses another alphabet than it says.
_FROM_OCTETS: Final = BASIC + UNREADABLE * 128
_WITHOUT_ESCAPES: Final = dict(enumerate(_FROM_OCTETS))


def is_gsm(text: str) -> bool:
    """Whether every character of `text` has a place in the two tables. The bare escape (U+001B) has none."""
    return _FOREIGN.search(text) is None


def foreign_characters(text: str) -> tuple[str, ...]:
    """The characters outside the two tables, each once, in order of first appearance."""
    return tuple(dict.fromkeys(_FOREIGN.findall(text)))


def encode(text: str) -> bytes:
    """The septets of `text`, one an octet. Raises ValueError when a character is in neither table."""
    if not is_gsm(text):
        raise ValueError("text has characters outside the GSM 7-bit alphabet")
    return text.translate(_TO_SEPTETS).encode("latin-1")


def decode(septets: bytes) -> str:
    """The text of unpacked septets; what is no septet becomes U+FFFD.

    An escape before a septet that the extension table leaves free shows the character of the default table,
    two escapes show a space (23.038, 6.2.1.1, notes). An escape at the very end is unreadable.
    """
    if ESCAPE not in septets:
        return septets.decode("latin-1").translate(_WITHOUT_ESCAPES)
    characters: list[str] = []
    octets = iter(septets)
    for octet in octets:
        if octet != ESCAPE:
            characters.append(_FROM_OCTETS[octet])
            continue
        escaped = next(octets, None)
        characters.append(UNREADABLE if escaped is None else _escaped(escaped))
    return "".join(characters)


def _escaped(octet: int) -> str:
    if octet == ESCAPE:
        return " "
    return EXTENSION.get(octet, _FROM_OCTETS[octet])

"""How many parts a text takes and where it is cut: the one counter of server and browser.

3GPP TS 23.040, 9.2.3.24.1 and 23.038, 6.2: 140 octets a message, of which a concatenation header takes some.
`tests/smpp/segments.json` proves this counter and the browser's. Knows nothing of PDUs.
"""

from typing import Final

import msgspec

from smsdesk.smpp import gsm_alphabet
from smsdesk.smpp.graphemes import may_cut
from smsdesk.smpp.text import Encoding, choose, encode

MAX_PARTS: Final = 255
"""23.040, 9.2.3.24.1: the count of parts is one octet. A longer text cannot be sent in parts."""

_OCTETS: Final = 140


class Part(msgspec.Struct, frozen=True, gc=False):
    """One short message: its text, the octets that carry it, and its length in units."""

    text: str
    data: bytes
    units: int


class Segments(msgspec.Struct, frozen=True):
    """A text cut into parts.

    Units are septets in GSM-7 and UTF-16 units in UCS-2. `units_left` is the room in the last part. `foreign`
    names the characters that forced UCS-2, each once. An empty text has no parts and all the room of one.
    """

    encoding: Encoding
    parts: tuple[Part, ...]
    units_left: int
    foreign: tuple[str, ...]


def capacity(encoding: Encoding, header_octets: int = 0) -> int:
    """Units that fit beside a header of so many octets: 160 and 70 without one, 153 and 67 beside 6."""
    octets = _OCTETS - header_octets
    return octets * 8 // 7 if encoding is Encoding.GSM7 else octets // 2


def split(text: str, header_octets: int = 6, encoding: Encoding | None = None) -> Segments:
    """Cut `text` into as few parts as its characters allow; the parts joined are the text.

    Never inside an escape pair or a surrogate pair, and inside a grapheme only if it is longer than a part.
    `header_octets` is the concatenation header of each part: 6 with 8-bit references, 7 with 16-bit ones.
    `encoding` forces one; ValueError when the text has no place in it.
    """
    encoding = encoding or choose(text)
    costs = _costs(text, encoding)
    units = sum(costs)
    limit = capacity(encoding)
    pieces = [text] if text else []
    if units > limit:
        limit = capacity(encoding, header_octets)
        pieces = _cut(text, costs, limit)
    parts = tuple(_part(piece, encoding) for piece in pieces)
    foreign = () if encoding is Encoding.GSM7 else gsm_alphabet.foreign_characters(text)
    return Segments(encoding, parts, limit - parts[-1].units if parts else limit, foreign)


def _costs(text: str, encoding: Encoding) -> list[int]:
    if encoding is Encoding.GSM7:
        return [2 if character in gsm_alphabet.WIDE else 1 for character in text]
    return [2 if character > "\uffff" else 1 for character in text]


def _cut(text: str, costs: list[int], limit: int) -> list[str]:
    pieces: list[str] = []
    start = 0
    while start < len(text):
        end = _fill(costs, start, limit)
        if end < len(text):
            end = _last_cut(text, start, end)
        pieces.append(text[start:end])
        start = end
    return pieces


def _fill(costs: list[int], start: int, limit: int) -> int:
    """The end of the longest run of characters from `start` that costs at most `limit`."""
    room = limit
    for index in range(start, len(costs)):
        room -= costs[index]
        if room < 0:
            return index
    return len(costs)


def _last_cut(text: str, start: int, end: int) -> int:
    """The last place up to `end` where the text may be cut; `end` itself if one grapheme fills the part."""
    for index in range(end, start, -1):
        if may_cut(text, index):
            return index
    return end


def _part(text: str, encoding: Encoding) -> Part:
    data = encode(text, encoding)
    return Part(text, data, len(data) if encoding is Encoding.GSM7 else len(data) // 2)

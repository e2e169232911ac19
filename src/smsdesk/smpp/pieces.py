"""Joining the texts of parts in any order, also where a sender cut a character in half.

Some senders cut between an escape and its character (3GPP TS 23.038, 6.2.1.1) or inside a surrogate pair.
Texts of parts are kept one by one until the last has come, so each half travels as a mark, a code point that
no text has, and `join` makes the character whole. Where pieces wait for each other is the caller's business.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from smsdesk.smpp.gsm_alphabet import BASIC, ESCAPE, EXTENSION, UNREADABLE
from smsdesk.smpp.text import DefaultAlphabet, decode

# The last code points of the last private plane: one for the escape, then one for each surrogate.
_ESCAPE_MARK: Final = "\U0010f7ff"
_SURROGATE_MARKS: Final = 0x10F800
_HIGH: Final = range(0xD8, 0xDC)
_LOW: Final = range(0xDC, 0xE0)
_AFTER_ESCAPE: Final = {BASIC[septet]: character for septet, character in EXTENSION.items()}


class Pieces(Struct, frozen=True):
    """What has come of a text of `total` parts: the texts by part number, from 1."""

    total: int
    texts: dict[int, str] = {}

    def add(self, number: int, text: str) -> "Pieces":
        """With one more part. A number that is there already, or is none of the text's, changes nothing."""
        if number in self.texts or not 1 <= number <= self.total:
            return self
        return Pieces(self.total, {**self.texts, number: text})

    @property
    def complete(self) -> bool:
        return len(self.texts) == self.total

    def text(self, gap: str = "") -> str:
        """The joined text, with `gap` for every run of parts that have not come."""
        runs: list[list[str]] = [[]]
        for number in range(1, self.total + 1):
            if number in self.texts:
                runs[-1].append(self.texts[number])
            elif number == 1 or number - 1 in self.texts:
                runs.append([])
        return gap.join(join(run) for run in runs)


def decode_piece(octets: bytes, data_coding: int, default: DefaultAlphabet = "gsm7") -> str:
    """The text of one part, as `text.decode`, with a mark for half a character at either end."""
    text = decode(octets, data_coding, default)
    units = len(octets) % 2 == 0
    if text.endswith(UNREADABLE):
        if units and octets[-2] in _HIGH:
            text = text[:-1] + _surrogate_mark(octets[-2:])
        elif octets[-1] == ESCAPE:
            text = text[:-1] + _ESCAPE_MARK
    if units and text.startswith(UNREADABLE) and octets[0] in _LOW:
        text = _surrogate_mark(octets[:2]) + text[1:]
    return text


def _surrogate_mark(octets: bytes) -> str:
    return chr(_SURROGATE_MARKS + int.from_bytes(octets, "big") - 0xD800)


def join(texts: Sequence[str]) -> str:
    """One text of the texts of all its parts in order; a half whose other half is missing becomes U+FFFD."""
    whole = list(texts)
    for index in range(1, len(whole)):
        met = _meet(whole[index - 1][-1:], whole[index][:1])
        if met:
            whole[index - 1] = whole[index - 1][:-1] + met
            whole[index] = whole[index][1:]
    return "".join(_settle(text) for text in whole)


def _meet(left: str, right: str) -> str:
    """The character that two halves make, or nothing."""
    if left == _ESCAPE_MARK and right:
        return _AFTER_ESCAPE.get(right, right)
    high, low = _surrogate(left), _surrogate(right)
    if 0xD800 <= high < 0xDC00 <= low:
        return chr(0x10000 + (high - 0xD800 << 10) + (low - 0xDC00))
    return ""


def _surrogate(mark: str) -> int:
    return ord(mark) - _SURROGATE_MARKS + 0xD800 if mark and ord(mark) >= _SURROGATE_MARKS else 0


def _settle(text: str) -> str:
    if text and text[0] >= _ESCAPE_MARK:
        text = UNREADABLE + text[1:]
    if text and text[-1] >= _ESCAPE_MARK:
        text = text[:-1] + UNREADABLE
    return text

"""Where a text may be cut without tearing what a reader sees as one character.

A small rule, made to be written again in the browser: see `may_cut`. Knows nothing of units and parts.
"""

import unicodedata
from typing import Final

ZERO_WIDTH_JOINER: Final = "\u200d"
_MARKS: Final = frozenset(("Mn", "Mc", "Me"))


def may_cut(text: str, index: int) -> bool:
    """Whether `text` may be cut before `text[index]` (0 < index < len(text)).

    Not between CR and LF; not before a mark (general category M), a zero-width joiner or non-joiner, a skin
    tone, a tag character, a half-width voicing mark, a Hangul vowel or final; not after a zero-width joiner;
    not inside a pair of regional indicators. Close to Unicode UAX 29, 3.1.1, and needs no table of its own.
    """
    before, after = text[index - 1], text[index]
    if after < "\u0300":
        return not (before == ZERO_WIDTH_JOINER or (before == "\r" and after == "\n"))
    if before == ZERO_WIDTH_JOINER or _extends(after):
        return False
    if _is_regional(before) and _is_regional(after):
        return _regionals_before(text, index) % 2 == 0
    return True


def _extends(character: str) -> bool:
    return (
        character in "\u200c\u200d\uff9e\uff9f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or "\u1160" <= character <= "\u11ff"
        or unicodedata.category(character) in _MARKS
    )


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _regionals_before(text: str, index: int) -> int:
    count = 0
    while count < index and _is_regional(text[index - 1 - count]):
        count += 1
    return count

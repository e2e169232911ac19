"""How texts become words that can be found, the same for every store: no database's own idea of a word is
used. Pure; knows no database.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

PORTION: Final = 500
"""Texts of a migration whose words are kept at once."""

# Scripts without blanks: every character is a word. All others: letters and digits that stand together, up to
# a length (PostgreSQL takes no word of more than 2046 octets): what is longer falls into several.
_ALONE: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]{{1,100}}")


def split(text: str) -> list[str]:
    """The words of a text, each once, in order, without case and accents."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(c for c in apart if not unicodedata.combining(c))
    return list(dict.fromkeys(_WORD.findall(text.lower())))


def marked(space: str, text: str) -> str:
    """The words as they are kept, with blanks between. Each begins with a sign made from its space, so that
    who looks through one space does not walk through another. No word: nothing.
    """
    sign, words = _sign(space), split(text)
    return sign + f" {sign}".join(words) if words else ""


def parted(
    texts: Iterable[tuple[str, str, int, str]],
) -> tuple[list[tuple[str, str, int, str]], list[tuple[str, str, int]]]:
    """Texts as (space, id, index, text): those that have words with them as they are kept, and those
    without.
    """
    words, unworded = [], []
    for space, id, index, text in texts:
        kept = marked(space, text)
        if kept:
            words.append((space, id, index, kept))
        else:
            unworded.append((space, id, index))
    return words, unworded


def wanted(space: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """What to look for: words as they are kept, and whether each may go on (`*` at its end). Nothing in them
    has a meaning to any database.
    """
    sign = _sign(space)
    found: dict[tuple[str, bool], None] = {}
    for given in words:
        parts = split(given)
        goes_on = given.endswith("*")
        for part in parts[:-1]:
            found[sign + part, False] = None
        for part in parts[-1:]:
            found[sign + part, goes_on] = None
    return list(found)


def fts5(wanted: Sequence[tuple[str, bool]]) -> str:
    """The same as a query of SQLite's FTS5."""
    return " AND ".join(f'"{word}"*' if goes_on else f'"{word}"' for word, goes_on in wanted)


def tsquery(wanted: Sequence[tuple[str, bool]]) -> str:
    """The same as the text of a PostgreSQL tsquery."""
    return " & ".join(f"'{word}':*" if goes_on else f"'{word}'" for word, goes_on in wanted)


@cache
def _sign(space: str) -> str:
    """A character for private use: no text's word has one in it."""
    return chr(0xE000 + zlib.crc32(space.encode()) % 6400)

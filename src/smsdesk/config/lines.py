"""On which line of a TOML text a key stands.

Knows no settings; the text has passed the real parser before.
"""

import re
import tomllib
from typing import Final

Path = tuple[str | int, ...]

_KEY: Final = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED: Final = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_STATEMENT: Final = re.compile(
    rf"[ \t]*(?:(?P<open>\[\[?)[ \t]*(?P<table>{_DOTTED})[ \t]*\]\]?|(?P<key>{_DOTTED})[ \t]*=)"
)
_PIECE: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"""'
    r"|'''.*?'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*|[\[\]{}\n]|[^\"'\#\[\]{}\n]+|.",
    re.DOTALL,
)


class Lines:
    """The line of every table and key that a TOML text spells out."""

    def __init__(self, text: str) -> None:
        self._found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        text = text.replace("\r\n", "\n")
        table: Path = ()
        pos, line = 0, 1
        while pos < len(text):
            if match := _STATEMENT.match(text, pos):
                if match["open"]:
                    table = self._enter(_split(match["table"]), match["open"] == "[[")
                    self._found.setdefault(table, line)
                else:
                    self._found.setdefault((*table, *_split(match["key"])), line)
                pos = match.end()
            end = _end_of_statement(text, pos)
            line += text.count("\n", pos, end)
            pos = end

    def __getitem__(self, path: Path) -> int:
        """The line of `path`, else of the nearest thing around it, else 1."""
        while path:
            if path in self._found:
                return self._found[path]
            path = path[:-1]
        return 1

    def _enter(self, names: Path, is_array: bool) -> Path:
        """The path of a table heading, with the index of the element it opens or stands in."""
        path: Path = ()
        for name in names[:-1]:
            path = (*path, name)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        path = (*path, names[-1])
        if is_array:
            self._counts[path] = self._counts.get(path, 0) + 1
            path = (*path, self._counts[path] - 1)
        return path


def _split(dotted: str) -> Path:
    """The names in a dotted key, unquoted by the real parser."""
    names: list[str] = []
    inner: object = tomllib.loads(f"{dotted} = 0")
    while isinstance(inner, dict):
        name, inner = next(iter(inner.items()))
        names.append(str(name))
    return tuple(names)


def _end_of_statement(text: str, pos: int) -> int:
    """Just behind the newline that ends the value or comment at `pos`, brackets and strings passed over."""
    depth = 0
    while match := _PIECE.match(text, pos):
        pos = match.end()
        piece = match[0]
        if piece in "[{":
            depth += 1
        elif piece in "]}":
            depth -= 1
        elif piece == "\n" and depth <= 0:
            break
    return pos

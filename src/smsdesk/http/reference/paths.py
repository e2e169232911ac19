"""The patterns of the route table as people and OpenAPI write them: a template, and every other spelling."""

import itertools
import re
from typing import NamedTuple

# The part of the pattern language that routes use: (?P<name>form), (?:one|two), (?:part/)?
_PIECE = re.compile(r"\(\?P<(?P<name>\w+)>(?P<form>[^()]+)\)|\(\?:(?P<choice>[^()]+)\)(?P<optional>\??)")


class Path(NamedTuple):
    """A path as `/me/smssessions/{id}`, the other spellings served by the same handler, and the regular
    expression of each variable.
    """

    template: str
    aliases: tuple[str, ...]
    variables: dict[str, str]


def path(pattern: str) -> Path:
    """What a pattern serves. The first of several alternatives is the proper one, an optional part belongs to
    it (SPEC 1.2).
    """
    pieces: list[tuple[str, ...]] = []
    variables: dict[str, str] = {}
    last = 0
    for found in _PIECE.finditer(pattern):
        pieces.append((_plain(pattern[last : found.start()]),))
        last = found.end()
        if found["name"]:
            variables[found["name"]] = found["form"]
            pieces.append((f"{{{found['name']}}}",))
        else:
            pieces.append((*found["choice"].split("|"), *([""] if found["optional"] else [])))
    pieces.append((_plain(pattern[last:]),))
    template, *aliases = ("".join(chosen) for chosen in itertools.product(*pieces))
    return Path(template, tuple(aliases), variables)


def _plain(text: str) -> str:
    """A piece without variables. Raises ValueError for what this module cannot read."""
    plain = text.replace(r"\.", ".")
    if re.search(r"[\\()|?*+\[\]]", plain):
        raise ValueError(f"a route uses more of the pattern language than the reference can read: {text}")
    return plain

"""Consent: stop, start and help words, and the ledger entry of a pair of numbers (SPEC 6.5)."""

from msgspec import Struct

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})


class Consent(Struct, frozen=True, omit_defaults=True):
    """Where a pair (service number, customer number) stands; `id` is the pair, `at` UTC milliseconds, `by`
    what decided it.
    """

    id: str
    blocked: bool
    at: int
    by: str
    v: int = 1


def keyword(text: str) -> str:
    """The text as a keyword: the whole message counts, in any case."""
    return text.strip().upper()

"""Records of the edge: credentials, HTTP sessions, answered requests (SPEC 1.6, 1.8, 8.11). Hashes, never a
password or token.
"""

from typing import Any

from msgspec import Struct


class Credential(Struct, frozen=True, omit_defaults=True):
    """A user's password as argon2id; the record's id is the user's."""

    id: str
    hash: str
    v: int = 1


class HttpSession(Struct, frozen=True, omit_defaults=True):
    """A logged-in browser or client: `id` is the SHA-256 of the cookie's value; `expires` in UTC
    milliseconds.
    """

    id: str
    user: str
    expires: int
    csrf: str
    v: int = 1


class Answered(Struct, frozen=True, omit_defaults=True):
    """What a request with an Idempotency-Key was answered; forgotten after `expires` (UTC milliseconds, SPEC
    1.6).
    """

    id: str
    answer: dict[str, Any]
    expires: int
    v: int = 1

"""Records of the edge: credentials, HTTP sessions, API keys, allowed origins, answered requests (SPEC 1.6,
1.8, 8.11). Hashes, never a password, token or key.
"""

from typing import Any

from msgspec import Struct


class Credential(Struct, frozen=True, omit_defaults=True):
    """A user's password as argon2id; the record's id is the user's."""

    id: str
    hash: str
    v: int = 1


class HttpSession(Struct, frozen=True, omit_defaults=True):
    """A logged-in browser or client: `id` is the SHA-256 of the cookie's value; `expires` and `began` in UTC
    milliseconds, `began` 0 where it was not written down.
    """

    id: str
    user: str
    expires: int
    csrf: str
    began: int = 0
    v: int = 1


class Answered(Struct, frozen=True, omit_defaults=True):
    """What a request with an Idempotency-Key was answered; forgotten after `expires` (UTC milliseconds, SPEC
    1.6).
    """

    id: str
    answer: dict[str, Any]
    expires: int
    v: int = 1


class ApiKey(Struct, frozen=True, omit_defaults=True):
    """A key by which a server application acts as a user [ext]. `hash` is the SHA-256 of the whole key;
    `made` and `used` in UTC milliseconds, `used` to the hour, 0 when it never was.
    """

    id: str
    name: str
    user: str
    hash: str
    made: int
    used: int = 0
    v: int = 1


class AllowedOrigins(Struct, frozen=True, omit_defaults=True):
    """Origins whose pages may call, kept by the contact centre itself (C§1.8); there is one such record."""

    origins: tuple[str, ...]
    v: int = 1

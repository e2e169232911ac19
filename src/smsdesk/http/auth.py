"""Who is asking: HTTP Basic on any request, or the JSESSIONID cookie (SPEC 1.8, 1.9, 8.11, C§1.8)."""

import asyncio
import base64
import binascii
import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct
from msgspec.structs import replace

from smsdesk.core.centre import User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.http.exchange import Reply, Request
from smsdesk.operations.login import Credential, HttpSession
from smsdesk.operations.perform import Performer

log = structlog.get_logger("login")
COOKIE = "JSESSIONID"
CSRF_HEADER = "X-CSRF-TOKEN"
FREE_FAILURES, LONGEST_DELAY = 5, 30.0
FORGET_FAILURES = 900_000  # milliseconds
MAX_FAILURES_KEPT = 10_000
MAX_REMEMBERED = 10_000
_UNSAFE = frozenset({"POST", "PUT", "DELETE"})


class LoginSettings(Struct, frozen=True, kw_only=True):
    """Times in milliseconds. `secure`: the cookie is for TLS only."""

    lifetime: int = 480 * 60_000
    memory: int = 300_000
    threads: int = 2
    same_site: str = "Lax"
    secure: bool = False
    csrf: bool = False


class Caller(Struct):
    """Who asks, and the HTTP session he asks in, if any. `token` is the cookie's value when the session is
    new.
    """

    user: User
    session: HttpSession | None = None
    token: str | None = None


class Auth:
    """Verifies callers. Hashing runs in a small pool; a verified credential is remembered as an HMAC under a
    key of this process.
    """

    def __init__(
        self,
        performer: Performer,
        settings: LoginSettings,
        process_key: bytes,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._performer = performer
        self._settings = settings
        self._key = process_key
        self._pool = ThreadPoolExecutor(settings.threads, "argon2")
        self._hasher = hasher or PasswordHasher()
        self._remembered: dict[bytes, tuple[int, str]] = {}
        self._failures: dict[str, tuple[int, int]] = {}
        self._dummy = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The argon2id hash of a password (takes about 0.1 s)."""
        return self._hasher.hash(password)

    async def caller(self, request: Request, exempt: bool = False) -> Caller:
        """The caller. Raises Refused LOGIN, or PASSWORD when he must change it first. `exempt`: no CSRF
        check.
        """
        header = request.header(b"authorization")
        if header is not None:
            caller = Caller(await self._basic(header, request.client))
        else:
            caller = await self._by_cookie(request)
            if self._settings.csrf and not exempt and request.method in _UNSAFE:
                self._check_csrf(request, caller)
        if caller.user.change_password:
            raise Refused(Fault.PASSWORD, "the password must be changed first")
        return caller

    async def with_session(self, request: Request) -> Caller:
        """The caller with an HTTP session: his own, or a new one (made at `/me` and at handshakes only, SPEC
        8.11).
        """
        caller = await self.caller(request, exempt=True)
        if caller.session is None:
            token = self._performer.ids.token()
            now = self._performer.clock()
            csrf = self._performer.ids.token()
            caller.session = HttpSession(_digest(token), caller.user.id, now + self._settings.lifetime, csrf)
            caller.token = token
            session = caller.session
            await self._performer.run(lambda draft: draft.put("http", session.id, session))
        return caller

    def dress(self, reply: Reply, caller: Caller) -> Reply:
        """Give the reply the cookie of a new session and the CSRF headers (C§1.8)."""
        if caller.token is not None:
            parts = [f"{COOKIE}={caller.token}", "Path=/", "HttpOnly", f"SameSite={self._settings.same_site}"]
            if self._settings.secure:
                parts.append("Secure")
            reply.headers.append((b"set-cookie", "; ".join(parts).encode()))
        if caller.session is not None and self._settings.csrf:
            reply.headers.append((b"x-csrf-header", CSRF_HEADER.encode()))
            reply.headers.append((b"x-csrf-token", caller.session.csrf.encode()))
        return reply

    async def end(self, user: str) -> None:
        """End all HTTP sessions of a user."""
        documents = await self._performer.store.tagged("http", user)
        ids = [document.id for document in documents]

        def forget(draft: Draft) -> None:
            for id in ids:
                if draft.get("http", id) is not None:
                    draft.put("http", id, None)

        if ids:
            await self._performer.run(forget)

    def close(self) -> None:
        """Give the threads back."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    # -- Basic -------------------------------------------------------------------------------------
    async def _basic(self, header: str, address: str) -> User:
        name, password = _read_basic(header)
        mark = hmac.digest(self._key, f"{name}\0{password}".encode(), "sha256")
        user = self._performer.centre.user_names.get(name.lower())
        credential = await self._performer.read("credential", user.id) if user else None
        hashed = credential.hash if isinstance(credential, Credential) else None
        now = self._performer.clock()
        until, remembered = self._remembered.get(mark, (0, ""))
        if user and user.enabled and until > now and hashed == remembered:
            return user
        await self._slow_down(name, address, now)
        if not await self._verify(hashed or self._dummy, password) or not (user and user.enabled and hashed):
            self._failed(name, address, now)
            raise Refused(Fault.LOGIN, "Access denied")
        if len(self._remembered) >= MAX_REMEMBERED:
            self._remembered.clear()
        self._remembered[mark] = (now + self._settings.memory, hashed)
        self._failures.pop(f"user {name.lower()}", None)
        return user

    async def _verify(self, hashed: str, password: str) -> bool:
        def check() -> bool:
            try:
                return self._hasher.verify(hashed, password)
            except (VerificationError, InvalidHashError):
                return False

        return await asyncio.get_running_loop().run_in_executor(self._pool, check)

    async def _slow_down(self, name: str, address: str, now: int) -> None:
        delay = 0.0
        for who in (f"user {name.lower()}", f"address {address}"):
            count, at = self._failures.get(who, (0, 0))
            if count >= FREE_FAILURES and now < at + FORGET_FAILURES:
                delay = max(delay, min(2.0 ** (count - FREE_FAILURES) / 4, LONGEST_DELAY))
        if delay:
            await asyncio.sleep(delay)

    def _failed(self, name: str, address: str, now: int) -> None:
        log.warning("login refused", user=name[:64], address=address)
        for who in (f"user {name.lower()[:255]}", f"address {address}"):
            count, at = self._failures.get(who, (0, 0))
            self._failures[who] = (count + 1 if now < at + FORGET_FAILURES else 1, now)
        while len(self._failures) > MAX_FAILURES_KEPT:
            del self._failures[next(iter(self._failures))]

    # -- cookie ------------------------------------------------------------------------------------
    async def _by_cookie(self, request: Request) -> Caller:
        token = request.cookie(COOKIE)
        session = await self._performer.read("http", _digest(token)) if token and len(token) <= 128 else None
        user = self._performer.centre.users.get(session.user) if isinstance(session, HttpSession) else None
        now = self._performer.clock()
        if not isinstance(session, HttpSession) or user is None or not user.enabled or session.expires <= now:
            raise Refused(Fault.LOGIN, "Access denied")
        if session.expires - now < self._settings.lifetime // 2:
            longer = replace(session, expires=now + self._settings.lifetime)
            await self._performer.run(lambda draft: draft.put("http", longer.id, longer))
        return Caller(user, session)

    def _check_csrf(self, request: Request, caller: Caller) -> None:
        token = request.header(CSRF_HEADER.lower().encode()) or ""
        assert caller.session is not None
        if not hmac.compare_digest(token.encode(), caller.session.csrf.encode()):
            raise Refused(Fault.FORBIDDEN, "Missing or invalid Csrf token")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _read_basic(header: str) -> tuple[str, str]:
    scheme, _, value = header.partition(" ")
    try:
        if scheme.lower() != "basic" or len(value) > 2048:
            raise ValueError
        name, colon, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise Refused(Fault.LOGIN, "Access denied") from None
    if not colon:
        raise Refused(Fault.LOGIN, "Access denied")
    return name, password

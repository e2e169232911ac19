"""Who is asking: HTTP Basic on any request, or the JSESSIONID cookie (SPEC 1.8, 1.9, 8.11, C§1.8)."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable
from functools import partial

from argon2 import PasswordHasher
from msgspec import Struct
from msgspec.structs import replace

from smsdesk.core.centre import User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.http.exchange import Reply, Request
from smsdesk.http.passwords import Passwords
from smsdesk.http.slow_down import Pause
from smsdesk.operations.login import HttpSession
from smsdesk.operations.perform import Performer, unavailable
from smsdesk.store import Document, StoreError

COOKIE = "JSESSIONID"
CSRF_HEADER = "X-CSRF-TOKEN"
NO_COOKIE = "?"  # in front of a login that nobody may come back to
MAX_TOKEN = 128
MAX_COOKIES = 4  # of our name; other programs of the same host may use it too
MAX_BASIC = 2048
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
    """Says who is asking, and keeps HTTP sessions. `pause` waits milliseconds, for what follows failed
    logins.
    """

    def __init__(
        self,
        performer: Performer,
        settings: LoginSettings,
        process_key: bytes,
        hasher: PasswordHasher | None = None,
        pause: Pause | None = None,
    ) -> None:
        self.passwords = Passwords(performer, settings.memory, settings.threads, process_key, hasher, pause)
        self._performer = performer
        self._settings = settings
        self.seen: Callable[[str], None] = lambda user: None
        """Told of every request of somebody who is logged in."""

    def hash(self, password: str) -> str:
        """The argon2id hash of a password (takes about 0.1 s)."""
        return self.passwords.hash(password)

    async def hash_apart(self, password: str) -> str:
        """The same in the pool of threads that verifies passwords."""
        return await self.passwords.hash_apart(password)

    async def caller(self, request: Request, exempt: bool = False) -> Caller:
        """The caller. Raises Refused LOGIN, or PASSWORD when he must change it first. `exempt`: no CSRF
        check.
        """
        header = request.header(b"authorization")
        if header is not None:
            name, password = _read_basic(header)
            caller = Caller(await self.passwords.user(name, password, request.client))
        else:
            caller = await self._by_cookie(request)
            if self._settings.csrf and caller.session is not None:
                self._tell_csrf(request, caller.session)
                if not exempt and request.method in _UNSAFE:
                    _check_csrf(request, caller.session)
        if caller.user.change_password:
            raise Refused(Fault.PASSWORD, "the password must be changed first")
        self.seen(caller.user.id)
        return caller

    async def with_session(self, request: Request) -> Caller:
        """The caller with an HTTP session: his own, or a new one (made at `/me` and at handshakes only, SPEC
        8.11).
        """
        return await self.begin_session(request, await self.caller(request, exempt=True))

    async def begin_session(self, request: Request, caller: Caller) -> Caller:
        """Give the caller an HTTP session unless he has one. Raises Refused UNAVAILABLE."""
        if caller.session is not None:
            return caller
        there = await self._session(request)
        if there is not None and there.user == caller.user.id:
            caller.session = there
        else:
            caller.token = self._performer.ids.token()
            expires = self._performer.clock() + self._settings.lifetime
            csrf = self._performer.ids.token()
            session = HttpSession(_digest(caller.token), caller.user.id, expires, csrf)
            caller.session = session
            await self._performer.run(lambda draft: draft.put("http", session.id, session))
        if self._settings.csrf:
            self._tell_csrf(request, caller.session)
        return caller

    def dress(self, reply: Reply, caller: Caller) -> Reply:
        """Give the reply the cookie of a new session (C§1.8)."""
        if caller.token is not None:
            parts = [f"{COOKIE}={caller.token}", "Path=/", "HttpOnly", f"SameSite={self._settings.same_site}"]
            if self._settings.secure:
                parts.append("Secure")
            reply.headers.append((b"set-cookie", "; ".join(parts).encode()))
        return reply

    async def login_of(self, request: Request, caller: Caller) -> str:
        """The word by which the clients of this login are found among those of the user: the id of the HTTP
        session; with `?` in front where it has just been made for somebody who sent no cookie, and may send
        none later; nothing where there is none. Raises Refused UNAVAILABLE.
        """
        session = caller.session
        if session is None:
            there = await self._session(request)
            session = there if there is not None and there.user == caller.user.id else None
        if session is None:
            return ""
        return session.id if caller.token is None else NO_COOKIE + session.id

    async def end_logins(self, logins: Iterable[str]) -> None:
        """End some HTTP sessions, named as by `login_of`. Raises Refused UNAVAILABLE."""
        ids = [id for login in logins if (id := login.removeprefix(NO_COOKIE))]
        if ids:
            await self._performer.run(partial(_forget, ids=ids))

    async def end(self, user: str) -> None:
        """End all HTTP sessions of a user. Raises Refused UNAVAILABLE."""
        after = ""
        while documents := await self._tagged(user, after):
            ids = [document.id for document in documents]
            after = ids[-1]
            await self._performer.run(partial(_forget, ids=ids))

    async def _tagged(self, user: str, after: str) -> list[Document]:
        try:
            return await self._performer.store.tagged("http", user, after)
        except StoreError as error:
            raise unavailable() from error

    def close(self) -> None:
        """Give the threads back."""
        self.passwords.close()

    # -- cookie ------------------------------------------------------------------------------------
    async def _by_cookie(self, request: Request) -> Caller:
        session = await self._session(request)
        user = self._performer.centre.users.get(session.user) if session else None
        if session is None or user is None or not user.enabled:
            raise Refused(Fault.LOGIN, "Access denied")
        now = self._performer.clock()
        if session.expires - now < self._settings.lifetime // 2:
            longer = replace(session, expires=now + self._settings.lifetime)
            await self._performer.run(lambda draft: _prolong(draft, longer))
        return Caller(user, session)

    async def _session(self, request: Request) -> HttpSession | None:
        """The HTTP session that the request's cookie names, if it is not over."""
        for token in request.cookies(COOKIE)[:MAX_COOKIES]:
            if 0 < len(token) <= MAX_TOKEN:
                session = await self._performer.read("http", _digest(token))
                if isinstance(session, HttpSession) and session.expires > self._performer.clock():
                    return session
        return None

    def _tell_csrf(self, request: Request, session: HttpSession) -> None:
        request.answer_headers.append((b"x-csrf-header", CSRF_HEADER.encode()))
        request.answer_headers.append((b"x-csrf-token", session.csrf.encode()))


def _check_csrf(request: Request, session: HttpSession) -> None:
    token = request.header(CSRF_HEADER.lower().encode()) or ""
    if not hmac.compare_digest(token.encode(), session.csrf.encode()):
        raise Refused(Fault.FORBIDDEN, "Missing or invalid Csrf token")


def _forget(draft: Draft, ids: list[str]) -> None:
    for id in ids:
        if draft.get("http", id) is not None:
            draft.put("http", id, None)


def _prolong(draft: Draft, session: HttpSession) -> None:
    if draft.get("http", session.id) is not None:  # else somebody has logged out meanwhile
        draft.put("http", session.id, session)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _read_basic(header: str) -> tuple[str, str]:
    scheme, _, value = header.partition(" ")
    try:
        if scheme.lower() != "basic" or len(value) > MAX_BASIC:
            raise ValueError
        name, colon, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise Refused(Fault.LOGIN, "Access denied") from None
    if not colon:
        raise Refused(Fault.LOGIN, "Access denied")
    return name, password

"""Who is asking: HTTP Basic or an API key on any request, the JSESSIONID cookie, or the operator by the admin
socket (SPEC 1.8, 1.9, 7.2, 8.11, C§1.8).
"""

import base64
import binascii
import hmac
from collections.abc import Callable

from argon2 import PasswordHasher

from smsdesk.core.errors import Fault, Refused
from smsdesk.http.caller import OPERATOR, Caller, is_local
from smsdesk.http.exchange import Reply, Request
from smsdesk.http.http_sessions import HttpSessions, LoginSettings
from smsdesk.http.keys import Keys
from smsdesk.http.login_log import LoginLog
from smsdesk.http.passwords import Passwords
from smsdesk.http.slow_down import Pause
from smsdesk.operations.login import HttpSession
from smsdesk.operations.perform import Performer

CSRF_HEADER = "X-CSRF-TOKEN"
NO_COOKIE = "?"  # in front of a login that nobody may come back to
BY_KEY = "key "  # in front of the id of an API key
MAX_CREDENTIALS = 2048
_UNSAFE = frozenset({"POST", "PUT", "DELETE"})


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
        self.log = LoginLog(performer)
        self.passwords = Passwords(
            performer, self.log, settings.memory, settings.threads, process_key, hasher, pause
        )
        self.keys = Keys(performer, self.passwords.slow_down)
        self.sessions = HttpSessions(performer, settings, self.log)
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
        caller = await self.anyone(request, exempt)
        if caller.user.change_password:
            raise must_change()
        if not caller.operator:
            self.seen(caller.user.id)
        return caller

    async def anyone(self, request: Request, exempt: bool = False) -> Caller:
        """The same, also when he must change his password first."""
        header = request.header(b"authorization")
        if header is not None:
            return await self._by_header(header, request.client)
        if is_local(request.scope):
            return Caller(OPERATOR, operator=True)
        caller = await self._by_cookie(request)
        if self._settings.csrf and caller.session is not None:
            self._tell_csrf(request, caller.session)
            if not exempt and request.method in _UNSAFE:
                _check_csrf(request, caller.session)
        return caller

    async def with_session(self, request: Request) -> Caller:
        """The caller with an HTTP session: his own, or a new one (made at `/me` and at handshakes only, SPEC
        8.11).
        """
        return await self.begin_session(request, await self.caller(request, exempt=True))

    async def begin_session(self, request: Request, caller: Caller) -> Caller:
        """Give the caller an HTTP session unless he has one, or a key that needs none. Raises Refused
        UNAVAILABLE.
        """
        if caller.session is not None or caller.key:
            return caller
        there = await self.sessions.find(request)
        if there is not None and there.user == caller.user.id:
            caller.session = there
        else:
            caller.token, caller.session = await self.sessions.begin(caller.user.id, request.client)
        if self._settings.csrf:
            self._tell_csrf(request, caller.session)
        return caller

    def dress(self, reply: Reply, caller: Caller) -> Reply:
        """Give the reply the cookie of a new session (C§1.8)."""
        return self.sessions.dress(reply, caller.token)

    async def login_of(self, request: Request, caller: Caller) -> str:
        """The word by which the clients of this login are found among those of the user: the id of the HTTP
        session; with `?` in front where it has just been made for somebody who sent no cookie, and may send
        none later; the id of an API key behind a word of its own; nothing where there is none of it. Raises
        Refused UNAVAILABLE.
        """
        if caller.key:
            return BY_KEY + caller.key
        session = caller.session
        if session is None:
            there = await self.sessions.find(request)
            session = there if there is not None and there.user == caller.user.id else None
        if session is None:
            return ""
        return session.id if caller.token is None else NO_COOKIE + session.id

    def close(self) -> None:
        """Give the threads back."""
        self.passwords.close()

    async def _by_header(self, header: str, address: str) -> Caller:
        scheme, _, value = header.partition(" ")
        value = value.strip()
        if scheme.lower() == "bearer" and len(value) <= MAX_CREDENTIALS:
            return await self.keys.caller(value, address)
        if scheme.lower() != "basic" or len(value) > MAX_CREDENTIALS:
            raise Refused(Fault.LOGIN, "Access denied")
        name, password = _read_basic(value)
        return Caller(await self.passwords.user(name, password, address))

    async def _by_cookie(self, request: Request) -> Caller:
        session = await self.sessions.find(request)
        user = self._performer.centre.users.get(session.user) if session else None
        if session is None or user is None or not user.enabled:
            raise Refused(Fault.LOGIN, "Access denied")
        await self.sessions.keep(session)
        return Caller(user, session)

    def _tell_csrf(self, request: Request, session: HttpSession) -> None:
        request.answer_headers.append((b"x-csrf-header", CSRF_HEADER.encode()))
        request.answer_headers.append((b"x-csrf-token", session.csrf.encode()))


def must_change() -> Refused:
    """A user has to change his password before anything else (statusCode 8)."""
    words = "the password must be changed first: POST /api/v2/me with the operation ChangePassword"
    return Refused(Fault.PASSWORD, words)


def _check_csrf(request: Request, session: HttpSession) -> None:
    token = request.header(CSRF_HEADER.lower().encode()) or ""
    if not hmac.compare_digest(token.encode(), session.csrf.encode()):
        raise Refused(Fault.FORBIDDEN, "Missing or invalid Csrf token")


def _read_basic(value: str) -> tuple[str, str]:
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise Refused(Fault.LOGIN, "Access denied") from None
    if not colon:
        raise Refused(Fault.LOGIN, "Access denied")
    return name, password

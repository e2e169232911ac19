"""HTTP sessions: found by the JSESSIONID cookie, begun within a bound per user, prolonged by use (SPEC 1.8,
8.11, C§1.8).
"""

import asyncio
import hashlib
from weakref import WeakValueDictionary

from msgspec import Struct
from msgspec.structs import replace

from smsdesk.http.exchange import Reply, Request
from smsdesk.http.login_log import LoginLog
from smsdesk.operations.login import HttpSession
from smsdesk.operations.perform import Performer, unavailable
from smsdesk.operations.users import http_sessions
from smsdesk.store import StoreError

COOKIE = "JSESSIONID"
MAX_TOKEN = 128
MAX_COOKIES = 4  # of our name; other programs of the same host may use it too
MAX_USED = 20_000


class LoginSettings(Struct, frozen=True, kw_only=True):
    """Times in milliseconds; `lifetime` without use, `longest` in all. `secure`: the cookie is for TLS
    only.
    """

    lifetime: int = 480 * 60_000
    longest: int = 720 * 3_600_000
    sessions: int = 50
    memory: int = 300_000
    threads: int = 2
    same_site: str = "Lax"
    secure: bool = False
    csrf: bool = False


class HttpSessions:
    """Keeps them. Whoever asks with a password again and again and throws the cookie away gets new sessions
    in place of those he never used.
    """

    def __init__(self, performer: Performer, settings: LoginSettings, log: LoginLog) -> None:
        self._performer = performer
        self._settings = settings
        self._log = log
        self._used: dict[str, None] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def begin(self, user: str, address: str) -> tuple[str, HttpSession]:
        """A new session and the value of its cookie. Raises Refused UNAVAILABLE."""
        ids, now = self._performer.ids, self._performer.clock()
        token = ids.token()
        session = HttpSession(_digest(token), user, now + self._settings.lifetime, ids.token(), now)
        written = address if self._log.is_new(user, address) else None
        turn = self._turns.setdefault(user, asyncio.Lock())
        async with turn:
            instead = self._oldest(await self.of(user))
            await self._performer.run(
                lambda draft: http_sessions.begin(draft, session, instead, written), user
            )
        return token, session

    def _oldest(self, there: list[HttpSession]) -> list[str]:
        """Those that have to go for a further one: first what nobody ever used, then what ends first."""
        surplus = len(there) + 1 - self._settings.sessions
        if surplus <= 0:
            return []
        there.sort(key=lambda session: (session.id in self._used, session.expires))
        return [session.id for session in there[:surplus]]

    async def find(self, request: Request) -> HttpSession | None:
        """The session that the request's cookie names, if it is not over."""
        for token in request.cookies(COOKIE)[:MAX_COOKIES]:
            if 0 < len(token) <= MAX_TOKEN:
                session = await self._performer.read("http", _digest(token))
                if isinstance(session, HttpSession) and session.expires > self._performer.clock():
                    self._use(session.id)
                    return session
        return None

    def _use(self, id: str) -> None:
        if id not in self._used:
            self._used[id] = None
            if len(self._used) > MAX_USED:
                del self._used[next(iter(self._used))]

    async def keep(self, session: HttpSession) -> None:
        """Prolong a session that is used; not every use is written. Raises Refused UNAVAILABLE."""
        now, settings = self._performer.clock(), self._settings
        if session.expires - now >= settings.lifetime // 2:
            return
        began = session.began or now
        longer = replace(session, expires=min(now + settings.lifetime, began + settings.longest), began=began)
        if longer.expires > session.expires:
            await self._performer.run(lambda draft: http_sessions.prolong(draft, longer))

    async def of(self, user: str) -> list[HttpSession]:
        """All sessions of a user, brought into memory. Raises Refused UNAVAILABLE."""
        found: list[HttpSession] = []
        after = ""
        while True:
            try:
                documents = await self._performer.store.tagged("http", user, after)
            except StoreError as error:
                raise unavailable() from error
            for document in documents:
                self._performer.live.loaded("http", document.id, document)
                session = await self._performer.read("http", document.id)
                if isinstance(session, HttpSession):
                    found.append(session)
            if not documents:
                return found
            after = documents[-1].id

    def dress(self, reply: Reply, token: str | None) -> Reply:
        """Give the reply the cookie of a new session (C§1.8)."""
        if token is not None:
            parts = [f"{COOKIE}={token}", "Path=/", "HttpOnly", f"SameSite={self._settings.same_site}"]
            if self._settings.secure:
                parts.append("Secure")
            reply.headers.append((b"set-cookie", "; ".join(parts).encode()))
        return reply


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

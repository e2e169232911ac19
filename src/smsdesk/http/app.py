"""The outermost ASGI function: hot paths first, then the table of routes; every mistake becomes a reply
(SPEC 1.2, 1.6).
"""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import structlog

from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.http.cors import Origins
from smsdesk.http.exchange import Endpoint, Gone, Receive, Reply, Request, Scope, Send, refusal
from smsdesk.http.pages import Pages
from smsdesk.http.simulator import in_words

log = structlog.get_logger("http")
Route = tuple[re.Pattern[str], Mapping[str, Endpoint]]  # path, method -> endpoint
WebSocketEndpoint = Callable[[Scope, Receive, Send], Awaitable[None]]
Login = Callable[[Request], Awaitable[object]]  # raises Refused unless somebody is logged in
API = "/api/v2"
NOTIFICATIONS = API + "/notifications"
SIMULATOR = "/simulator/"
INTERNAL_ERROR = 1011  # of a WebSocket
_SESSION = re.compile(r"/api/v2/(?:me/)?(?:smssessions|smsessions|smsssession)/([0-9A-Za-z]{1,64})/?")


class App:
    """Dispatches. The hot ones: `operate` is POST …/smssessions/{id}, `poll` …/notifications. `login` is
    asked first where the API has nothing (SPEC 1.6: login before path).
    """

    def __init__(
        self,
        operate: Endpoint,
        poll: Endpoint,
        websocket: WebSocketEndpoint | None,
        routes: list[Route],
        pages: Pages,
        origins: Origins,
        body_limit: int,
        login: Login | None = None,
    ) -> None:
        self.login = login
        self._operate = operate
        self._poll = poll
        self._websocket = websocket
        self._routes = routes
        self._pages = pages
        self._origins = origins
        self._limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http":
            request = Request(scope, receive, self._limit)
            try:
                reply = await self._answer(request)
            except Gone:
                return
            reply.headers += request.answer_headers
            origin = request.header(b"origin")
            if origin is not None:
                reply.headers += self._origins.headers(origin)
            await reply.send(send)
        elif scope["type"] == "websocket":
            await self._converse(scope, receive, send)

    async def _answer(self, request: Request) -> Reply:
        try:
            return await self._dispatch(request)
        except Refused as refused:
            if refused.fault is Fault.UNAVAILABLE:
                why = str(refused.__cause__ or refused)
                log.warning("not available", path=request.scope["path"], why=why)
            return _refusal(request, refused)
        except Gone:
            raise
        except Exception:
            words = f"an internal error; it is in the log as {_report(request.scope)}"
            return _refusal(request, Refused(Fault.INTERNAL, words))

    async def _dispatch(self, request: Request) -> Reply:
        path = request.scope["path"]
        method = request.method
        if method == "POST":
            found = _SESSION.fullmatch(path)
            if found is not None:
                request.parameters["id"] = found.group(1)
                return await self._operate(request)
        if method == "OPTIONS":
            return self._origins.preflight(request)
        if is_notifications(path):
            return await self._poll(request)
        return await self._route(request, path, method)

    async def _route(self, request: Request, path: str, method: str) -> Reply:
        trimmed = path.rstrip("/")
        for pattern, endpoints in self._routes:
            match = pattern.fullmatch(trimmed)
            if match is not None:
                request.parameters |= match.groupdict()
                endpoint = endpoints.get("GET" if method == "HEAD" else method)
                if endpoint is None:
                    await self._first_login(request, path)
                    raise Refused(Fault.METHOD, f"{method} is not possible here")
                return await endpoint(request)
        page = self._pages.find(path) if method in ("GET", "HEAD") else None
        if page is None:
            await self._first_login(request, path)
            raise unknown("the resource")
        return page

    async def _first_login(self, request: Request, path: str) -> None:
        if self.login is not None and path.startswith(API + "/"):
            await self.login(request)

    async def _converse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._websocket is None or not is_notifications(scope["path"]):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        with suppress(OSError):  # the peer has gone
            try:
                await self._websocket(scope, receive, send)
            except OSError:
                raise
            except Exception:
                _report(scope)
                await send({"type": "websocket.close", "code": INTERNAL_ERROR})


def is_notifications(path: str) -> bool:
    """Whether a path is the Bayeux server's: with or without `/handshake`, `/connect` and the like behind."""
    return path.startswith(NOTIFICATIONS) and path[len(NOTIFICATIONS) : len(NOTIFICATIONS) + 1] in ("", "/")


def _refusal(request: Request, refused: Refused) -> Reply:
    """In the shape of the API, or of the simulator (SPEC 1.6, 9.13)."""
    if request.scope["path"].startswith(SIMULATOR):
        return in_words(refused.message, refused.fault.http)
    return refusal(refused)


def _report(scope: Scope) -> str:
    """Log the exception at hand; the id under which it is found."""
    error_id = secrets.token_hex(8)
    log.exception("a fault of our own", error_id=error_id, path=scope["path"])
    return error_id

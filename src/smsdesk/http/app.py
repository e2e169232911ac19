"""The outermost ASGI function: hot paths first, then the table of routes; every mistake becomes a reply
(SPEC 1.2, 1.6).
"""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping

import structlog

from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.http.cors import Origins
from smsdesk.http.exchange import Endpoint, Receive, Reply, Request, Scope, Send, refusal
from smsdesk.http.pages import Pages

log = structlog.get_logger("http")
Route = tuple[re.Pattern[str], Mapping[str, Endpoint]]  # path, method -> endpoint
WebSocketEndpoint = Callable[[Scope, Receive, Send], Awaitable[None]]
API = "/api/v2"
NOTIFICATIONS = API + "/notifications"
_SESSION = re.compile(r"/api/v2/(?:me/)?(?:smssessions|smsessions|smsssession)/([0-9A-Za-z]{1,64})/?")


class App:
    """Dispatches. The hot ones: `operate` is POST …/smssessions/{id}, `poll` …/notifications."""

    def __init__(
        self,
        operate: Endpoint,
        poll: Endpoint,
        websocket: WebSocketEndpoint | None,
        routes: list[Route],
        pages: Pages,
        origins: Origins,
        body_limit: int,
    ) -> None:
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
            reply = await self._answer(request)
            origin = request.header(b"origin")
            if origin is not None:
                reply.headers += self._origins.headers(origin)
            await reply.send(send)
        elif scope["type"] == "websocket":
            if self._websocket is not None and scope["path"].startswith(NOTIFICATIONS):
                await self._websocket(scope, receive, send)
            else:
                await receive()
                await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, request: Request) -> Reply:
        try:
            return await self._dispatch(request)
        except Refused as refused:
            return refusal(refused)
        except Exception:
            error_id = secrets.token_hex(8)
            log.exception("a fault of our own", error_id=error_id, path=request.scope["path"])
            return refusal(Refused(Fault.INTERNAL, f"an internal error; it is in the log as {error_id}"))

    async def _dispatch(self, request: Request) -> Reply:
        path = request.scope["path"]
        method = request.method
        if method == "POST":
            found = _SESSION.fullmatch(path)
            if found is not None:
                request.parameters["id"] = found.group(1)
                return await self._operate(request)
            if path.startswith(NOTIFICATIONS):
                return await self._poll(request)
        if method == "OPTIONS":
            return self._origins.preflight(request)
        return await self._route(request, path, method)

    async def _route(self, request: Request, path: str, method: str) -> Reply:
        trimmed = path.rstrip("/") if len(path) > 1 else path
        for pattern, endpoints in self._routes:
            match = pattern.fullmatch(trimmed)
            if match is not None:
                request.parameters |= match.groupdict()
                endpoint = endpoints.get("GET" if method == "HEAD" else method)
                if endpoint is None:
                    raise Refused(Fault.METHOD, f"{method} is not possible here")
                return await endpoint(request)
        page = self._pages.find(path) if method in ("GET", "HEAD") else None
        if page is None:
            raise unknown("the resource")
        return page

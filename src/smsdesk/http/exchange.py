"""One HTTP request and its reply on bare ASGI: headers, a bounded body, JSON out (SPEC 1.4, 1.6, 8.10)."""

from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from smsdesk.core.errors import Fault, Refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Endpoint = Callable[["Request"], Awaitable["Reply"]]
_encode = msgspec.json.Encoder().encode
JSON = (b"content-type", b"application/json")
OK = b'{"statusCode":0}'
RETRY_AFTER = "2"


class Reply:
    """What is answered."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, body: bytes, status: int = 200, headers: Headers | None = None) -> None:
        self.body = body
        self.status = status
        self.headers: Headers = [JSON] if headers is None else headers

    async def send(self, send: Send) -> None:
        """Write it."""
        self.headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


def done(answer: dict[str, Any] | None = None) -> Reply:
    """Success: exactly `{"statusCode":0}`, or with what the answer has beside it (its statusCode wins)."""
    return Reply(_encode({"statusCode": 0} | answer)) if answer else Reply(OK)


def refusal(refused: Refused) -> Reply:
    """Failure: statusCode and statusMessage, nothing else (SPEC 1.6)."""
    body = _encode({"statusCode": refused.fault.code, "statusMessage": refused.message})
    reply = Reply(body, refused.fault.http)
    if refused.fault is Fault.UNAVAILABLE:
        reply.headers.append((b"retry-after", RETRY_AFTER.encode()))
    return reply


class Request:
    """What is asked. `parameters` are the variable pieces of the path."""

    __slots__ = ("_cookies", "_headers", "_query", "_receive", "limit", "parameters", "scope")

    def __init__(self, scope: Scope, receive: Receive, limit: int) -> None:
        self.scope = scope
        self.limit = limit
        self.parameters: dict[str, str] = {}
        self._receive = receive
        self._headers: dict[bytes, bytes] = dict(scope["headers"])
        self._query: dict[str, str] | None = None
        self._cookies: dict[str, str] | None = None

    @property
    def method(self) -> str:
        """In capitals."""
        return str(self.scope["method"])

    @property
    def client(self) -> str:
        """The peer's address."""
        peer = self.scope.get("client")
        return str(peer[0]) if peer else ""

    def header(self, name: bytes) -> str | None:
        """A header by its lower-case name."""
        value = self._headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def query(self) -> dict[str, str]:
        """The query, the last of equal names wins."""
        if self._query is None:
            text = self.scope.get("query_string", b"").decode("latin-1")
            self._query = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=50))
        return self._query

    def cookie(self, name: str) -> str | None:
        """A cookie; a header that cannot be read holds none."""
        if self._cookies is None:
            try:
                jar: SimpleCookie = SimpleCookie(self.header(b"cookie") or "")
            except CookieError:
                jar = SimpleCookie()
            self._cookies = {key: morsel.value for key, morsel in jar.items()}
        return self._cookies.get(name)

    async def body(self) -> bytes:
        """The whole body. Raises Refused TOO_LARGE; what is beyond the limit is not kept."""
        length = self._headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self.limit:
            raise self._too_large()
        message = await self._receive()
        body: bytes = message.get("body", b"")
        while message.get("more_body"):
            message = await self._receive()
            body += message.get("body", b"")
            if len(body) > self.limit:
                raise self._too_large()
        if len(body) > self.limit:
            raise self._too_large()
        return body

    def _too_large(self) -> Refused:
        return Refused(Fault.TOO_LARGE, f"the body is larger than {self.limit} bytes")

    async def gone(self) -> None:
        """Returns when the client has closed the connection."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

"""One HTTP request and its reply on bare ASGI: headers, a bounded body, JSON out (SPEC 1.4, 1.6, 8.10)."""

from collections.abc import Awaitable, Callable, MutableMapping
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
# What is said here is one person's business and no page: nobody keeps it, nobody guesses at its type.
HEADERS: Headers = [JSON, (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
RETRY_AFTER = (b"retry-after", b"2")
OK = b'{"statusCode":0}'
KEY_LIMIT = 255  # characters of an Idempotency-Key
MAX_FIELDS = 50  # of a query
MAX_DIGITS = 12  # of a content-length


class Gone(Exception):
    """The client left before it had said everything: nothing is done, nobody is answered."""


class Reply:
    """What is answered."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, body: bytes, status: int = 200, headers: Headers | None = None) -> None:
        self.body = body
        self.status = status
        self.headers: Headers = HEADERS.copy() if headers is None else headers

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
        reply.headers.append(RETRY_AFTER)
    return reply


class Request:
    """What is asked. `parameters` are the variable pieces of the path; `answer_headers` go onto the reply,
    whatever it will be.
    """

    __slots__ = ("_headers", "_query", "_receive", "answer_headers", "limit", "parameters", "scope")

    def __init__(self, scope: Scope, receive: Receive, limit: int) -> None:
        self.scope = scope
        self.limit = limit
        self.parameters: dict[str, str] = {}
        self.answer_headers: Headers = []
        self._receive = receive
        self._headers: dict[bytes, bytes] = dict(scope["headers"])
        self._query: dict[str, str] | None = None

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

    def idempotency_key(self) -> str | None:
        """The Idempotency-Key [ext] (SPEC 1.6). Raises Refused 10 for one that is empty or too long."""
        key = self.header(b"idempotency-key")
        if key is not None and not 1 <= len(key) <= KEY_LIMIT:
            words = f"Idempotency-Key has {len(key)} characters; 1 to {KEY_LIMIT} are allowed"
            raise Refused(Fault.INVALID, words)
        return key

    @property
    def query(self) -> dict[str, str]:
        """The query, the last of equal names wins. Raises Refused 10 for too many of them."""
        if self._query is None:
            text = self.scope.get("query_string", b"").decode("latin-1")
            try:
                self._query = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
            except ValueError:
                raise Refused(Fault.INVALID, f"the query has more than {MAX_FIELDS} fields") from None
        return self._query

    def cookies(self, name: str) -> list[str]:
        """The values under a name, the one for the nearest path first: other programs of the same host may
        use the name too. What is no cookie is passed over.
        """
        header = self.header(b"cookie")
        if header is None:
            return []
        pairs = (piece.partition("=") for piece in header.split(";"))
        return [value.strip().strip('"') for key, _, value in pairs if key.strip() == name]

    async def body(self) -> bytes:
        """The whole body. Raises Refused TOO_LARGE, with what is beyond the limit not kept, and Gone."""
        length = self._headers.get(b"content-length", b"0")
        if length.isdigit() and (len(length) > MAX_DIGITS or int(length) > self.limit):
            raise self._too_large()
        body, more = await self._piece()
        if more:
            whole = bytearray(body)
            while more and len(whole) <= self.limit:
                piece, more = await self._piece()
                whole += piece
            body = bytes(whole)
        if len(body) > self.limit:
            raise self._too_large()
        return body

    async def _piece(self) -> tuple[bytes, bool]:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise Gone
        return message.get("body", b""), message.get("more_body", False)

    def _too_large(self) -> Refused:
        return Refused(Fault.TOO_LARGE, f"the body is larger than {self.limit} bytes")

    async def gone(self) -> None:
        """Returns when the client has closed the connection."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

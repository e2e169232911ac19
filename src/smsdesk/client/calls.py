"""Requests to the server: credentials, patience, and the key that keeps a repeated operation from being done
twice (SPEC 1.6). It knows nothing of what it asks.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx2
import msgspec

from smsdesk.client.errors import Unreachable, refusal

Json = Any
Pause = Callable[[float], Awaitable[object]]
API = "/api/v2"
LATER = frozenset({502, 503, 504})  # the server, or the proxy before it, cannot now
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 3.0  # seconds
_BOTH = re.compile(r"/me(/channels/[^/]+)?/?")
_SESSION = re.compile(r"/(me/)?smssessions/[^/]+/?")
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Calls:
    """One user's requests. `patience`: seconds for which a request that gets no answer is repeated; `chance`
    and `pause` are for the time in between.
    """

    def __init__(
        self, http: httpx2.AsyncClient, chance: Callable[[], float], pause: Pause, patience: float
    ) -> None:
        self._http = http
        self._chance = chance
        self._pause = pause
        self._patience = patience

    async def call(self, method: str, path: str, body: Json = None) -> Json:
        """One request; `path` is below `/api/v2`, with its query. Returns the reply, whose statusCode is 0,
        or 7 for what was done in part.

        Reads and operations are repeated until they are answered; what could be done twice is not.
        Raises Refused, LoginRefused, Unreachable.
        """
        content = b"" if body is None else _encode(body)
        headers = {"Content-Type": "application/json"} if content else {}
        if method == "POST" and _SESSION.fullmatch(path):
            headers["Idempotency-Key"] = uuid4().hex
        again = method in ("GET", "PUT") or "Idempotency-Key" in headers or bool(_BOTH.fullmatch(path))
        response = await self._answered(method, path, content, headers, again)
        try:
            reply = _decode(response.content) if response.content else None
        except msgspec.DecodeError:
            reply = None
        if not isinstance(reply, dict) or reply.get("statusCode") not in (0, 7):
            raise refusal(reply, response.status_code)
        return reply

    async def _answered(
        self, method: str, path: str, content: bytes, headers: dict[str, str], again: bool
    ) -> httpx2.Response:
        """Repeat until something answers. What was refused for now (503) has not been done: that may be
        repeated whatever it is.
        """
        spent, pause, sure = 0.0, FIRST_PAUSE, True
        while True:
            try:
                response = await self._http.request(method, API + path, content=content, headers=headers)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                words, may = f"{method} {path}: no connection: {error}", True
            except (httpx2.TransportError, httpx2.TimeoutException) as error:
                words, may = f"{method} {path}: no answer: {str(error) or type(error).__name__}", again
                sure = sure and method == "GET"
            else:
                if response.status_code not in LATER:
                    return response
                words, may = (
                    f"{method} {path}: not now (HTTP {response.status_code})",
                    response.status_code == 503 or again,
                )
            wait = pause * (0.5 + 0.5 * self._chance())
            if not may or spent + wait > self._patience:
                raise Unreachable(words, sure)
            await self._pause(wait)
            spent, pause = spent + wait, min(pause * 2, LONGEST_PAUSE)

    async def post(self, path: str, body: bytes, patience: float) -> httpx2.Response:
        """One request that is not repeated; for notifications. Raises httpx2.TransportError."""
        times = httpx2.Timeout(patience, connect=min(patience, 10.0))
        headers = {"Content-Type": "application/json"}
        return await self._http.post(API + path, content=body, headers=headers, timeout=times)


def connect(
    url: str, auth: httpx2.Auth | None, headers: dict[str, str], transport: httpx2.AsyncBaseTransport | None
) -> httpx2.AsyncClient:
    """The HTTP client. Proxies of the environment count; one connection is held by notifications."""
    return httpx2.AsyncClient(
        base_url=url.rstrip("/"),
        auth=auth,
        headers=headers,
        transport=transport,
        timeout=httpx2.Timeout(20.0),
    )


async def sleep(seconds: float) -> None:
    """The pause of real programs."""
    await asyncio.sleep(seconds)

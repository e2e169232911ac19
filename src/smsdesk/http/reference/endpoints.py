"""GET openapi.json and asyncapi.json: made once, when first asked for; no login (they say nothing about
anybody).
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from smsdesk.http import openapi
from smsdesk.http.app import Route
from smsdesk.http.exchange import HEADERS, Reply, Request
from smsdesk.http.reference import asyncapi


class Reference:
    """The endpoints. `table` is the table of all routes, these included; `url` the server's address without
    `/api/v2`.
    """

    def __init__(self, table: Sequence[Route], url: str) -> None:
        self._table = table
        self._url = url
        self._made: dict[str, bytes] = {}

    async def openapi(self, request: Request) -> Reply:
        """GET /api/v2/openapi.json."""
        return self._reply("openapi", lambda: openapi.document(self._table, self._url))

    async def asyncapi(self, request: Request) -> Reply:
        """GET /api/v2/asyncapi.json."""
        return self._reply("asyncapi", lambda: asyncapi.document(self._url))

    def _reply(self, name: str, make: Callable[[], dict[str, Any]]) -> Reply:
        if name not in self._made:
            self._made[name] = msgspec.json.encode(make())
        return Reply(self._made[name], 200, HEADERS.copy())

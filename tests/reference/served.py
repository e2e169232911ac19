"""The whole demo application and its descriptions, for tests."""

import asyncio
from functools import cache
from typing import Any

import msgspec

from smsdesk.app import Application
from smsdesk.config import load
from tests.asgi import Answer, call

API = "/api/v2"


def ask(method: str, target: str, headers: dict[str, str] | None = None) -> Answer:
    """One request to an application that was not opened: only what needs no store is answered."""

    async def asked() -> Answer:
        application = Application(load(None, {}, {}), demo=True)
        try:
            return await call(application.asgi, method, target, b"", headers)
        finally:
            application.auth.close()

    return asyncio.run(asked())


@cache
def openapi() -> dict[str, Any]:
    """GET openapi.json, without a login."""
    return _described("openapi.json")


@cache
def asyncapi() -> dict[str, Any]:
    """GET asyncapi.json, without a login."""
    return _described("asyncapi.json")


def _described(name: str) -> dict[str, Any]:
    answer = ask("GET", f"{API}/{name}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    return msgspec.json.decode(answer.body, type=dict[str, Any])

"""The whole demo application and its descriptions, for tests."""

import asyncio
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from smsdesk.app import Application
from smsdesk.config import load
from smsdesk.http.app import Route
from tests.asgi import Answer, call
from tests.vectors.stage import CHEAP

API = "/api/v2"


@cache
def application() -> Application:
    """An application that is not opened: only what needs no store is answered."""
    made = Application(load(None, {}, {}), demo=True, hasher=CHEAP)
    made.auth.close()
    return made


def table() -> Sequence[Route]:
    """The routes it serves."""
    return application().routes


def ask(method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
    """One request to it."""
    return asyncio.run(call(application().asgi, method, target, body, headers))


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

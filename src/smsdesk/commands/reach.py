"""How a command reaches the contact centre: by the admin socket of the server that runs, or, where none
does, by opening the data itself (SPEC 7.2). Either way the same API answers, asked as the operator.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

from smsdesk.app import Application
from smsdesk.commands.sockets import NAME, answers, short
from smsdesk.config import Settings, load
from smsdesk.core.errors import Refused
from smsdesk.store import StoreError

SECONDS = 120.0  # for one answer: a whole contact centre may be applied by it
API = "/api/v2"
BASE = "http://localhost"


class CommandFailed(Exception):
    """A command came to nothing; the message is for who gave it."""


def settings_for(config: Path | None, data: str | None) -> Settings:
    """The settings as `serve` would read them. Raises SettingsError."""
    return load(config, os.environ, {} if data is None else {"data": data})


@asynccontextmanager
async def reach(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the contact centre of these settings, with the power of an administrator. Paths begin with
    `/api/v2`. Where no server runs the store is made if it is not there. Raises CommandFailed.
    """
    async with AsyncExitStack() as stack:
        transport = await _by_socket(stack, settings) or await _by_hand(stack, settings)
        client = httpx2.AsyncClient(transport=transport, base_url=BASE, timeout=SECONDS, trust_env=False)
        yield await stack.enter_async_context(client)


async def _by_socket(stack: AsyncExitStack, settings: Settings) -> httpx2.AsyncBaseTransport | None:
    path = Path(settings.server.data) / NAME
    if not path.parent.is_dir():
        return None
    try:
        address = stack.enter_context(short(path))
        there = answers(address)
    except PermissionError:
        raise CommandFailed(f"{path} belongs to somebody else: run this as the user of the server") from None
    except OSError as error:
        raise CommandFailed(f"{path} cannot be used: {error.strerror}") from error
    return httpx2.AsyncHTTPTransport(uds=address) if there else None


async def _by_hand(stack: AsyncExitStack, settings: Settings) -> httpx2.AsyncBaseTransport:
    """The application in this process: it answers and keeps, and does no work of its own meanwhile."""
    application = Application(settings)
    try:
        await application.open(work=False)
    except (StoreError, Refused) as error:
        raise CommandFailed(str(error)) from error
    stack.push_async_callback(application.close)
    return httpx2.ASGITransport(app=application.local)


async def ask(
    client: httpx2.AsyncClient, method: str, path: str, body: Mapping[str, Any] | bytes | None = None
) -> dict[str, Any]:
    """One request and what was answered; `path` is behind `/api/v2`, a body of octets is sent as it is.
    Raises CommandFailed with the words of a refusal.
    """
    try:
        if isinstance(body, bytes):
            response = await client.request(method, API + path, content=body)
        else:
            response = await client.request(method, API + path, json=body)
        answer: dict[str, Any] = response.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise CommandFailed(f"the server did not answer: {error}") from error
    if answer.get("statusCode") != 0:
        raise CommandFailed(str(answer.get("statusMessage", f"the server answered {response.status_code}")))
    return answer

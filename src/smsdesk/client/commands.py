"""`smsdesk desk …`: one user's desk on the command line, for scripts and for looking at what happens."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from smsdesk.client.calls import Json
from smsdesk.client.desk import Client
from smsdesk.client.errors import DeskError
from smsdesk.client.resources import ChannelsChanged, Event, Other, Snapshot

desk = App(name="desk", help="Speak to a running server as one of its users.")


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Login:
    """Where, and as whom."""

    url: Annotated[str, Parameter(env_var="DESK_URL", help="The server's address.")] = "http://localhost:8080"
    user: Annotated[str | None, Parameter(env_var="DESK_USER", help="Who signs in.")] = None
    password: Annotated[str, Parameter(env_var="DESK_PASSWORD", help="The user's password.")] = ""
    api_key: Annotated[
        str | None, Parameter(env_var="DESK_API_KEY", help="A key, instead of user and password.")
    ] = None
    patience: Annotated[
        float, Parameter(help="Seconds for which a server that does not answer is asked again.")
    ] = 10.0


NOBODY = Login()


@desk.command
def watch(*, login: Login = NOBODY) -> int:
    """Print what is told about the user's work, one JSON object a line, until the user logs out."""

    async def follow(client: Client) -> None:
        async for event in client.events():
            print(msgspec.json.encode(_plain(event)).decode(), flush=True)

    return _run(login, follow)


@desk.command
def sessions(*, login: Login = NOBODY) -> int:
    """Print the sessions on the user's desk, one JSON object a line."""

    async def show(client: Client) -> None:
        for session in client.sessions.values():
            _print(session.resource)

    return _run(login, show)


@desk.command
def say(session: str, text: str, /, *, login: Login = NOBODY) -> int:
    """Send a text to the customer of a session."""

    async def send(client: Client) -> None:
        await client.call(
            "POST", f"/me/smssessions/{session}", {"operationName": "SendMessage", "text": text}
        )

    return _run(login, send)


@desk.command
def call(method: str, path: str, body: str | None = None, /, *, login: Login = NOBODY) -> int:
    """Make any request below /api/v2, with a JSON body, and print the reply."""

    try:
        given = None if body is None else msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        print(f"the body is no JSON: {error}", file=sys.stderr)
        return 2

    async def ask(client: Client) -> None:
        _print(await client.call(method.upper(), path, given))

    return _run(login, ask)


def _run(login: Login, do: Callable[[Client], Awaitable[None]]) -> int:
    """Do it, signed in. What goes wrong is said in words: status 1, or 2 where the arguments are wrong."""
    try:
        asyncio.run(_signed_in(login, do))
    except DeskError as error:
        print(error, file=sys.stderr)
        return 1
    except ValueError as error:
        print(f"{error}; see --help", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


async def _signed_in(login: Login, do: Callable[[Client], Awaitable[None]]) -> None:
    async with Client(
        login.url, login.user, login.password, api_key=login.api_key, patience=login.patience
    ) as client:
        await do(client)


def _plain(event: Event) -> Json:
    """An event as JSON: a session by its id and its state."""
    name = type(event).__name__
    match event:
        case Snapshot():
            return {"event": name}
        case Other(topic=topic, data=data):
            return {"event": name, "topic": topic, "data": data}
        case ChannelsChanged(channels=channels):
            return {"event": name, "channels": channels}
    fields = {field: getattr(event, field) for field in event.__struct_fields__ if field != "session"}
    return {"event": name, "session": event.session.id, "state": event.session.state} | fields


def _print(value: Json) -> None:
    print(msgspec.json.encode(value).decode(), flush=True)

"""WebSockets as the `websockets` client speaks them to the real server (SPEC 4.1, 7.5, 8.10)."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.http.house import API, BAYEUX, SMS, House, basic, data, kinds
from tests.http.peers import Json, until
from tests.http.test_notifications import OFFERED
from tests.http.wire import Wire


@asynccontextmanager
async def listening(**settings: Any) -> AsyncIterator[Wire]:
    async with House(**settings) as house, Wire(house) as wire:
        yield wire


def dial(wire: Wire, headers: dict[str, str] | None = None, **more: Any) -> connect:
    """A connection to be entered. The client's own origin and proxies stay out of it."""
    url = f"ws://127.0.0.1:{wire.port}{BAYEUX}"
    return connect(url, additional_headers=basic() if headers is None else headers, proxy=None, **more)


async def hear(ws: ClientConnection) -> list[Json]:
    frame = await ws.recv()
    messages: list[Json] = msgspec.json.decode(frame)
    return messages


async def say(ws: ClientConnection, *messages: Json) -> None:
    await ws.send(msgspec.json.encode(messages).decode())


async def ready(wire: Wire, ws: ClientConnection, ack: bool = False) -> str:
    """Known, subscribed, with a connect held; the client's id."""
    hello = {"channel": "/meta/handshake", "supportedConnectionTypes": ["websocket"]}
    await say(ws, hello | ({"ext": {"ack": True}} if ack else {}))
    id: str = (await hear(ws))[0]["clientId"]
    await say(ws, {"channel": "/meta/subscribe", "clientId": id, "subscription": SMS})
    assert (await hear(ws))[0]["successful"]
    message = {"channel": "/meta/connect", "clientId": id, "connectionType": "websocket"}
    await say(ws, message)
    assert (await hear(ws))[0]["successful"]
    count = wire.house.server.held
    await say(ws, message)
    await until(lambda: wire.house.server.held > count)
    return id


async def test_messages_stream() -> None:
    async with listening() as wire, dial(wire) as ws:
        id = await wire.house.put(**OFFERED)
        await ready(wire, ws)
        await wire.house.operate(id, "Accept", nickname="Ann")
        assert kinds(await hear(ws)) == ["StatusChange", "ParticipantsUpdated", "NewMessages"]
        await wire.house.attach(id, k="ü🙂")
        (said,) = data(await hear(ws))
        assert said["smssession"]["userData"] == {"k": "ü🙂"}
        assert wire.house.server.held == 1


async def test_a_cookie_opens_it_too() -> None:
    async with listening() as wire, dial(wire, await wire.house.cookie()) as ws:
        await ready(wire, ws)


@pytest.mark.parametrize(
    "headers", [{}, basic("agent1", "wrong"), basic() | {"Origin": "https://evil.example.net"}]
)
async def test_others_stay_outside(headers: dict[str, str]) -> None:
    async with listening() as wire:
        with pytest.raises(InvalidStatus, match="403"):
            await dial(wire, headers)


async def test_the_page_of_this_very_address_may() -> None:
    async with listening(external_url="https://elsewhere.example.com", demo=True) as wire:
        origin = f"http://127.0.0.1:{wire.port}"
        async with dial(wire, basic() | {"Origin": origin}) as ws:
            await ready(wire, ws)


async def test_other_paths_speak_no_websocket() -> None:
    async with listening() as wire:
        with pytest.raises(InvalidStatus, match="403"):
            await connect(f"ws://127.0.0.1:{wire.port}{API}/me", additional_headers=basic(), proxy=None)


@pytest.mark.parametrize(
    ("frame", "code"),
    [("nonsense", 1007), (b"\xff", 1007), ("[" + " " * 300_000 + "]", 1009), (["[", "]"], 1007)],
    ids=["nonsense", "bytes", "large", "pieces"],
)
async def test_frames_that_are_none_close_it_with_the_reason(frame: Any, code: int) -> None:
    async with listening() as wire, dial(wire, compression=None) as ws:
        await ws.send(frame)
        assert await closed(ws) == code


async def test_frames_are_not_compressed_so_that_no_small_one_unpacks_to_a_large_one() -> None:
    async with listening() as wire, dial(wire) as ws:
        assert ws.protocol.extensions == []


async def test_a_message_may_come_in_many_frames() -> None:
    async with listening() as wire, dial(wire) as ws:
        whole = '[{"channel":"/meta/handshake","supportedConnectionTypes":["websocket"]}]'
        await ws.send(iter(whole))
        assert (await hear(ws))[0]["successful"]


@pytest.mark.parametrize("ack", [False, True])
async def test_a_line_that_breaks_while_a_connect_is_held_loses_nothing(ack: bool) -> None:
    async with listening() as wire:
        house = wire.house
        id = await house.put()
        async with dial(wire) as ws:
            client = await ready(wire, ws, ack)
            ws.transport.abort()
        await house.held(0)
        await house.attach(id, a=1)
        await house.attach(id, b=1)
        async with dial(wire) as ws:
            message = {"channel": "/meta/connect", "clientId": client, "connectionType": "websocket"}
            await say(ws, message | ({"ext": {"ack": 0}} if ack else {}))
            said = data(await hear(ws))
            assert [list(m["smssession"]["userData"]) for m in said] == [["a"], ["a", "b"]]


async def test_who_does_not_read_is_dropped_without_hurting_others() -> None:
    """On a real line, whose buffers take some megabytes before anybody notices."""
    async with listening(bayeux_queue_bytes=65_536) as wire:
        house = wire.house
        narrow = socket.socket()
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        narrow.setblocking(False)
        await asyncio.get_running_loop().sock_connect(narrow, ("127.0.0.1", wire.port))
        async with (
            dial(wire, sock=narrow, compression=None, max_queue=1) as deaf,
            dial(wire, compression=None) as quick,
        ):
            await ready(wire, deaf)
            await ready(wire, quick)
            user = house.application.performer.centre.user_names["agent1"].id
            told = 0
            while len(house.server._clients.of(user)) == 2:
                told += 1
                assert told < 1000, "nobody was dropped"
                house.application.notifications.publish(
                    user, SMS, b'{"n":%d,"x":"%s"}' % (told, b"x" * 60_000), told
                )
                assert data(await hear(quick))[0]["n"] == told
            heard = []
            while True:
                heard += await hear(deaf)
                if heard[-1]["channel"] == "/meta/connect":
                    break
            assert heard[-1]["advice"]["reconnect"] == "handshake"
            numbers = [item["n"] for item in data(heard)]
            assert numbers == list(range(1, len(numbers) + 1)), "what was sent is whole and in order"


async def test_a_server_that_stops_closes_it() -> None:
    async with listening() as wire, dial(wire) as ws:
        await ready(wire, ws)
        await wire.stop()
        assert await closed(ws) == 1012
        await wire.house.held(0)


async def closed(ws: ClientConnection) -> int | None:
    """The reason that the server gave when it closed."""
    try:
        while True:
            await ws.recv()
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else None

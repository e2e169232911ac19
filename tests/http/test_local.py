"""The operator of the machine (SPEC 7.2): by the admin socket alone, an administrator without a password."""

import asyncio
import os
from pathlib import Path

import pytest

from smsdesk.commands.sockets import NAME, AdminSocket
from tests.http.house import API, BAYEUX, House, basic
from tests.http.peers import Exchange, WebSocket
from tests.http.wire import Line, Wire, request

KEYS = API + "/api-keys"


async def at_the_door(
    house: House, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> Exchange:
    exchange = Exchange(house.application.local, method, target, headers or {}, "")
    exchange.say(body)
    return await exchange.end()


async def test_he_administers_without_a_password() -> None:
    async with House() as house:
        answer = await at_the_door(house, "GET", API + "/users?fields=userName")
        assert len(answer.json["users"]) == 5
        made = await at_the_door(house, "POST", KEYS, b'{"name":"a","userId":"%s"}' % _agent(house).encode())
        assert made.json["statusCode"] == 0
        (line,) = [a for a in house.application.performer.live.all("audit") if "API key" in a.action]
        assert line.actor == "operator"


async def test_what_is_a_users_own_is_not_his() -> None:
    async with House() as house:
        for method, target in (
            ("GET", API + "/me"),
            ("POST", API + "/me"),
            ("GET", API + "/me/channels/"),
            ("GET", API + "/me/smssessions"),
            ("GET", API + "/smssessions"),
            ("POST", API + "/smsessions/0000000000000000"),
            ("POST", BAYEUX),
            ("POST", BAYEUX + "/handshake"),
        ):
            answer = await at_the_door(house, method, target, b"{}")
            assert (answer.status, answer.json["statusCode"]) == (403, 5), target
        socket = WebSocket(house.application.local, BAYEUX, {})
        await socket.task
        assert (socket.accepted, socket.closed) == (False, 1008)


async def test_a_key_of_his_own_there_is_none() -> None:
    async with House() as house:
        answer = await at_the_door(house, "POST", KEYS, b'{"name":"a"}')
        assert (answer.status, answer.json["statusCode"]) == (400, 1)


async def test_who_brings_a_password_is_who_he_says() -> None:
    async with House() as house:
        answer = await at_the_door(house, "GET", API + "/users", headers=basic("agent1"))
        assert (answer.status, answer.json["statusCode"]) == (403, 5)
        answer = await at_the_door(house, "GET", API + "/users", headers=basic("agent1", "wrong"))
        assert (answer.status, answer.json["statusCode"]) == (403, 20)


@pytest.mark.parametrize(
    "header",
    [
        ("smsdesk.local", "True"),
        ("smsdesk-local", "1"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-User", "operator"),
        ("Cookie", "smsdesk.local=True"),
        ("Forwarded", "for=unix:"),
    ],
)
async def test_nobody_becomes_the_operator_by_what_he_says(header: tuple[str, str]) -> None:
    async with House() as house:
        answer = await house.ask("GET", API + "/users", headers=dict([header]), address="")
        assert (answer.status, answer.json["statusCode"]) == (403, 20)
        answer = await house.ask("GET", API + "/users?smsdesk.local=True", headers=basic("operator", ""))
        assert (answer.status, answer.json["statusCode"]) == (403, 20)


async def test_the_socket_is_his_and_the_port_is_not(tmp_path: Path) -> None:
    admin = AdminSocket(tmp_path / "sockets")
    async with House() as house, Wire(house, admin.open()) as wire:
        line = Line(*await asyncio.open_unix_connection(str(tmp_path / "sockets" / NAME)))
        for _ in range(2):  # the connection stays open
            assert (await line.ask("GET", API + "/users?fields=id", user="")).json["statusCode"] == 0
        await line.close()
        line = await wire.open()
        assert (await line.ask("GET", API + "/users", user="")).json["statusCode"] == 20
    admin.close()


async def test_a_program_of_somebody_else_is_sent_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = AdminSocket(tmp_path / "sockets")
    async with House() as house, Wire(house, admin.open()):
        monkeypatch.setattr(os, "geteuid", lambda: 4242)
        line = Line(*await asyncio.open_unix_connection(str(tmp_path / "sockets" / NAME)))
        await line.say(request("GET", API + "/users", user=""))
        answer = await line.hear()
        assert (answer.status, answer.json["statusCode"]) == (403, 5)
        assert await line.ended() == b""
        await line.close()
    admin.close()


def _agent(house: House) -> str:
    return house.application.performer.centre.user_names["agent1"].id

"""API keys of server applications [ext]: shown once, kept as a hash, acting as their user."""

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from smsdesk.http.slow_down import FREE_FAILURES
from smsdesk.operations.login import ApiKey
from tests.http.house import API, House, Listener, basic
from tests.http.peers import Exchange, turn

KEYS = API + "/api-keys"
CHANNELS = API + "/me/channels"
ADMIN = basic("admin")
HOUR = 3_600_000


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


async def make(house: House, name: str = "reports", user: str | None = "agent1") -> Any:
    body = {"name": name} | ({"userId": id_of(house, user)} if user else {})
    answer = await house.ask("POST", KEYS, body, ADMIN)
    assert answer.json["statusCode"] == 0, answer.body
    return answer.json


def id_of(house: House, user: str) -> str:
    return house.application.performer.centre.user_names[user].id


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def refused(answer: Exchange, status: int, code: int) -> bool:
    return (answer.status, answer.json["statusCode"]) == (status, code)


async def test_a_key_acts_as_its_user_everywhere_and_begins_no_http_session() -> None:
    async with House() as house:
        made = await make(house)
        assert re.fullmatch(r"smsdesk_[0-9a-f]{32}_[0-9a-f]{40}", made["secret"])
        headers = bearer(made["secret"])
        for scheme in ("Bearer", "bearer", "BEARER"):
            answer = await house.ask(
                "GET", API + "/me", headers={"Authorization": f"{scheme}  {made['secret']} "}
            )
            assert answer.json["user"]["userName"] == "agent1"
            assert answer.header("set-cookie") is None
        body = {"operationName": "StartContactCenterSession", "channels": ["sms"]}
        assert (await house.ask("POST", API + "/me", body, headers)).json == {"statusCode": 0}
        await Listener(house, headers=headers).ready()
        socket = house.connect(headers)
        socket.say({"channel": "/meta/handshake", "version": "1.0"})
        assert (await socket.reply("/meta/handshake"))["successful"]
        socket.leave()
        assert await house.store.tagged("http", id_of(house, "agent1")) == []


async def test_without_a_user_it_acts_as_who_made_it() -> None:
    async with House() as house:
        made = await make(house, user=None)
        answer = await house.ask("GET", API + "/me", headers=bearer(made["secret"]))
        assert answer.json["user"]["userName"] == "admin"


async def test_keys_are_read_without_what_opens() -> None:
    async with House() as house:
        first = await make(house)
        house.clock.jump(1)
        second = await make(house, "other", None)
        whole = await house.ask("GET", KEYS + "?fields=*", headers=ADMIN)
        assert first["secret"].rpartition("_")[2].encode() not in whole.body
        assert [key["name"] for key in whole.json["apiKeys"]] == ["reports", "other"]
        one = (await house.ask("GET", f"{KEYS}/{first['id']}", headers=ADMIN)).json["apiKey"]
        assert one == whole.json["apiKeys"][0]
        assert set(one) == {"id", "name", "userId", "userUri", "created", "uri", "path"}
        assert (await house.ask("GET", KEYS, headers=ADMIN)).json["uris"] == [first["uri"], second["uri"]]
        found = await house.ask("GET", f"{KEYS}?fields=name&userId={id_of(house, 'agent1')}", headers=ADMIN)
        assert found.json["apiKeys"] == [{"name": "reports"}]


async def test_the_last_use_is_noted_to_the_hour() -> None:
    async with House() as house:
        made = await make(house)
        seen = set()
        for _ in range(6):
            for _ in range(5):
                await house.ask("GET", CHANNELS, headers=bearer(made["secret"]))
            seen.add(
                (await house.ask("GET", f"{KEYS}/{made['id']}", headers=ADMIN)).json["apiKey"]["lastUsed"]
            )
            house.clock.jump(HOUR // 2)
        assert len(seen) == 3


async def test_a_use_that_cannot_be_noted_is_a_use_all_the_same() -> None:
    async with House() as house:
        made = await make(house)
        house.store.broken = True
        assert (await house.ask("GET", API + "/features", headers=bearer(made["secret"]))).status == 200


async def test_a_deleted_key_opens_nothing() -> None:
    async with House() as house:
        made = await make(house)
        one = f"{KEYS}/{made['id']}"
        assert (await house.ask("DELETE", one, headers=ADMIN)).json == {"statusCode": 0}
        assert refused(await house.ask("GET", CHANNELS, headers=bearer(made["secret"])), 403, 20)
        assert refused(await house.ask("DELETE", one, headers=ADMIN), 404, 6)
        assert refused(await house.ask("GET", one, headers=ADMIN), 404, 6)
        assert (await make(house))["id"] != made["id"], "the name is free again"


async def test_who_is_connected_by_a_deleted_key_is_disconnected() -> None:
    async with House() as house:
        gone, stays = await make(house), await make(house, "other")
        socket = house.connect(bearer(gone["secret"]))
        socket.say({"channel": "/meta/handshake", "version": "1.0"})
        client = (await socket.reply("/meta/handshake"))["clientId"]
        socket.say({"channel": "/meta/connect", "clientId": client, "connectionType": "websocket"})
        assert (await socket.reply("/meta/connect"))["successful"]
        other = await Listener(house, headers=bearer(stays["secret"])).ready()
        mine = await Listener(house).ready()
        assert (await house.ask("DELETE", f"{KEYS}/{gone['id']}", headers=ADMIN)).json == {"statusCode": 0}
        socket.say({"channel": "/meta/connect", "clientId": client, "connectionType": "websocket"})
        assert (await socket.reply("/meta/connect"))["advice"]["reconnect"] == "none"
        assert await other.connect() == await mine.connect() == []
        socket.say({"channel": "/meta/handshake", "version": "1.0"})
        assert not (await socket.reply("/meta/handshake"))["successful"]
        socket.leave()


async def test_a_key_of_somebody_disabled_opens_nothing() -> None:
    async with House() as house:
        made = await make(house)
        user = house.application.performer.centre.user_names["agent1"]
        off = replace(user, enabled=False)
        await house.application.performer.run(lambda draft: draft.put("user", user.id, off))
        assert refused(await house.ask("GET", CHANNELS, headers=bearer(made["secret"])), 403, 20)
        await house.application.performer.run(lambda draft: draft.put("user", user.id, None))
        assert refused(await house.ask("GET", CHANNELS, headers=bearer(made["secret"])), 403, 20)


@pytest.mark.parametrize(
    "wrong", ["", "x", "smsdesk_", "smsdesk_" + "0" * 32 + "_" + "0" * 40, "x" * 5000, "ä"]
)
async def test_what_is_no_key_opens_nothing(wrong: str) -> None:
    async with House() as house:
        assert refused(await house.ask("GET", CHANNELS, headers=bearer(wrong)), 403, 20)


async def test_another_secret_under_a_known_id_opens_nothing() -> None:
    async with House() as house:
        made = await make(house)
        for secret in (made["secret"][:-40] + "0" * 40, made["secret"].upper(), made["secret"] + "0"):
            assert refused(await house.ask("GET", CHANNELS, headers=bearer(secret)), 403, 20)


async def test_wrong_keys_slow_down_an_address_and_right_ones_do_not_wait() -> None:
    async with House() as house:
        made = await make(house)
        for number in range(FREE_FAILURES - 1):
            await house.ask("GET", CHANNELS, headers=bearer(f"x{number}"), address="10.0.0.1")
        slow = house.begin("GET", CHANNELS, bearer("wrong"), "10.0.0.1")
        slow.say(b"")
        await turn()
        assert not slow.answered
        right = await house.ask("GET", CHANNELS, headers=bearer(made["secret"]), address="10.0.0.1")
        assert right.status == 200
        await house.pass_time(250)
        assert refused(await slow.end(), 403, 20)


async def test_keys_need_no_csrf_token() -> None:
    async with House(enable_csrf_protection=True) as house:
        made = await make(house)
        body = {"operationName": "StartContactCenterSession", "channels": ["sms"]}
        assert (await house.ask("POST", API + "/me", body, bearer(made["secret"]))).status == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, 1),
        ({"name": 7}, 400, 10),
        ({"name": ""}, 400, 10),
        ({"name": "x" * 256}, 400, 10),
        ({"name": "a\0b"}, 400, 10),
        ({"name": "a", "userId": "nobody"}, 404, 6),
        ({"name": "a", "userId": ""}, 404, 6),
        ({"name": "a", "userId": 7}, 400, 10),
        ({"name": "reports"}, 403, 18),
        (b"[]", 400, 10),
        (b"{", 400, 10),
    ],
)
async def test_what_makes_no_key(body: Any, status: int, code: int) -> None:
    async with House() as house:
        await make(house)
        answer = await house.ask("POST", KEYS, body, ADMIN)
        assert refused(answer, status, code)
        assert len((await house.ask("GET", KEYS, headers=ADMIN)).json["uris"]) == 1


async def test_there_is_an_end_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsdesk.operations.api_keys.MOST_KEYS", 1)
    async with House() as house:
        await make(house)
        assert refused(await house.ask("POST", KEYS, {"name": "b"}, ADMIN), 400, 2)


async def test_only_administrators_have_to_do_with_them() -> None:
    async with House() as house:
        made = await make(house)
        one = f"{KEYS}/{made['id']}"
        for user in ("agent1", "supervisor"):
            for method, target, body in (
                ("GET", KEYS, b""),
                ("POST", KEYS, {"name": "b"}),
                ("GET", one, b""),
                ("DELETE", one, b""),
            ):
                assert refused(await house.ask(method, target, body, basic(user)), 403, 5)
                assert refused(await house.ask(method, target, body), 403, 20)


async def test_the_log_says_who_made_and_deleted_them() -> None:
    async with House() as house:
        made = await make(house)
        await house.ask("DELETE", f"{KEYS}/{made['id']}", headers=ADMIN)
        lines = [a for a in house.application.performer.live.all("audit") if "API key" in a.action]
        assert [line.action for line in lines] == ["API key made: reports", "API key deleted: reports"]
        assert {line.actor for line in lines} == {id_of(house, "admin")}
        assert {line.subject for line in lines} == {id_of(house, "agent1")}


async def test_a_key_outlives_a_restart_and_is_not_kept_in_clear(tmp_path: Path) -> None:
    async with House(tmp_path) as house:
        secret = (await make(house))["secret"]
    kept = everything(tmp_path)
    assert secret.rpartition("_")[2].encode() not in kept
    async with House(tmp_path) as house:
        assert (await house.ask("GET", CHANNELS, headers=bearer(secret))).status == 200
        (key,) = house.application.performer.live.all("apikey")
        assert isinstance(key, ApiKey)
        assert len(key.hash) == 64

"""`/settings/access-control` (C§1.8, SPEC 9.19): the contact centre's own list acts at once."""

from pathlib import Path
from typing import Any

import pytest

from tests.http.house import API, House, basic
from tests.http.peers import Exchange

HERE = API + "/settings/access-control"
ADMIN = basic("admin")
DESK, OTHER = "https://desk.example.com", "https://other.example.com"


def body(*origins: object) -> dict[str, object]:
    return {"settings": {"name": "allowedOrigins", "value": list(origins)}}


async def allowed(house: House, origin: str) -> bool:
    answer = await house.ask("GET", API + "/me", headers=basic() | {"Origin": origin})
    return answer.header("access-control-allow-origin") == origin


def refused(answer: Exchange, status: int, code: int) -> bool:
    return (answer.status, answer.json["statusCode"]) == (status, code)


async def test_the_list_acts_at_once_beside_that_of_the_file() -> None:
    async with House(allowed_origins=OTHER) as house:
        assert not await allowed(house, DESK)
        assert (await house.ask("PUT", HERE, body(DESK), ADMIN)).json == {"statusCode": 0}
        assert await allowed(house, DESK)
        assert await allowed(house, OTHER)
        answer = await house.ask("OPTIONS", API + "/me", headers={"Origin": DESK})
        assert answer.header("access-control-allow-origin") == DESK
        await house.ask("PUT", HERE, body("https://*.example.net"), ADMIN)
        assert not await allowed(house, DESK), "a PUT carries the whole array"
        assert await allowed(house, "https://a.example.net")
        assert (await house.ask("DELETE", HERE, headers=ADMIN)).json == {"statusCode": 0}
        assert not await allowed(house, "https://a.example.net")
        assert await allowed(house, OTHER)


async def test_websockets_follow_it_too() -> None:
    async with House(demo=True) as house:
        cookie = await house.cookie() | {"Origin": DESK}
        first = house.connect(cookie)
        await first.task
        assert (first.accepted, first.closed) == (False, 1008)
        await house.ask("PUT", HERE, body(DESK), ADMIN)
        second = house.connect(cookie)
        second.say({"channel": "/meta/handshake", "version": "1.0"})
        assert (await second.reply("/meta/handshake"))["successful"]
        second.leave()


async def test_it_is_read_as_it_was_written() -> None:
    async with House() as house:
        empty = {"statusCode": 0, "settings": [], "key": "name"}
        assert (await house.ask("GET", HERE, headers=ADMIN)).json == empty
        for origins in ([DESK, OTHER], [], ["http://[2001:db8::1]:8080"]):
            await house.ask("PUT", HERE, body(*origins), ADMIN)
            read = (await house.ask("GET", HERE, headers=ADMIN)).json
            assert read["settings"] == [{"name": "allowedOrigins", "value": origins}]


async def test_it_is_begun_once_and_deleted_once() -> None:
    async with House() as house:
        assert refused(await house.ask("DELETE", HERE, headers=ADMIN), 404, 6)
        assert (await house.ask("POST", HERE, body(DESK), ADMIN)).json == {"statusCode": 0}
        assert refused(await house.ask("POST", HERE, body(OTHER), ADMIN), 403, 18)
        assert await allowed(house, DESK)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (body("*"), 10),
        (body("https://*"), 10),
        (body("https://*.com"), 10),
        (body("https://*.*.com"), 10),
        (body(DESK, "desk.example.com"), 10),
        (body(DESK + "/path"), 10),
        (body(DESK + "\n"), 10),
        (body(DESK + "\0"), 10),
        (body("https://" + "a" * 5000), 10),
        (body(7), 10),
        (body(*[DESK] * 101), 10),
        ({"settings": {"name": "allowedOrigins"}}, 1),
        ({"settings": {"value": [DESK]}}, 1),
        ({"settings": {"name": "allowedMethods", "value": ["GET"]}}, 10),
        ({"settings": {"name": "allowedOrigins", "value": DESK}}, 10),
        ({"settings": [DESK]}, 10),
        ({}, 1),
        (b"[]", 10),
        (b"{", 10),
    ],
)
async def test_what_is_no_list_changes_nothing(wrong: Any, code: int) -> None:
    async with House() as house:
        await house.ask("PUT", HERE, body(DESK), ADMIN)
        for method in ("PUT", "POST"):
            assert refused(await house.ask(method, HERE, wrong, ADMIN), 400, code)
        assert await allowed(house, DESK)


async def test_only_administrators_have_to_do_with_it() -> None:
    async with House() as house:
        for method, sent in (("GET", b""), ("PUT", body(DESK)), ("POST", body(DESK)), ("DELETE", b"")):
            for user in ("agent1", "supervisor"):
                assert refused(await house.ask(method, HERE, sent, basic(user)), 403, 5)
            assert refused(await house.ask(method, HERE, sent), 403, 20)


async def test_it_outlives_a_restart_and_is_in_the_log(tmp_path: Path) -> None:
    async with House(tmp_path) as house:
        await house.ask("PUT", HERE, body(DESK), ADMIN)
        lines = [a for a in house.application.performer.live.all("audit") if "origins" in a.action]
        assert [(line.action, line.subject) for line in lines] == [("allowed origins changed", DESK)]
    async with House(tmp_path) as house:
        assert await allowed(house, DESK)

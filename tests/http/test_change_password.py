"""A user gives himself another password (SPEC 1.6, 8.11; C§2.6, C§5.1)."""

from typing import Any

import pytest
from msgspec.structs import replace

from smsdesk.core.outgoing import Audit
from smsdesk.http.slow_down import FREE_FAILURES
from tests.http.house import API, House, Listener, basic, data
from tests.http.peers import Exchange, turn

ME = API + "/me"
CHANNELS = API + "/me/channels"
NEW = "a longer one"


def words(old: object = "demo", new: object = NEW) -> dict[str, object]:
    return {"operationName": "ChangePassword", "oldPassword": old, "newPassword": new}


async def change(house: House, headers: dict[str, str], body: Any = None) -> Exchange:
    answer = await house.ask("POST", ME, body or words(), headers)
    await house.application.settle()
    return answer


async def flag(house: House, must: bool = True) -> None:
    """agent1 must change his password."""
    found = house.application.performer.centre.user_names["agent1"]
    await house.application.performer.run(
        lambda draft: draft.put("user", found.id, replace(found, change_password=must))
    )


def audited(house: House, action: str) -> list[Audit]:
    held = house.application.performer.live.all("audit")
    return [line for line in held if line.action == action]


async def test_the_new_one_opens_and_the_old_one_does_not() -> None:
    async with House() as house:
        assert (await change(house, basic())).json == {"statusCode": 0}
        assert (await house.ask("GET", CHANNELS, headers=basic("agent1", NEW))).status == 200
        answer = await house.ask("GET", CHANNELS, headers=basic())
        assert (answer.status, answer.json["statusCode"]) == (403, 20)
        (line,) = audited(house, "password changed")
        assert line.actor == line.subject == house.application.performer.centre.user_names["agent1"].id


async def test_who_must_change_it_may_do_that_and_nothing_else() -> None:
    """SPEC 1.6: 8 on everything but that, with Basic and with the cookie, at GET /me too."""
    async with House() as house:
        cookie = await house.cookie()
        await flag(house)
        for headers in (basic(), cookie):
            for method, body in (
                ("GET", b""),
                ("POST", {"operationName": "Ready"}),
                ("POST", {"operationName": "EndContactCenterSession"}),
                ("POST", b"no JSON"),
                ("POST", [1]),
                ("POST", {"operationName": 7}),
            ):
                answer = await house.ask(method, ME, body, headers)
                assert (answer.status, answer.json["statusCode"]) == (403, 8), body
                assert "ChangePassword" in answer.json["statusMessage"]
        assert (await change(house, cookie)).json == {"statusCode": 0}
        assert (await house.ask("GET", ME, headers=cookie)).status == 200
        user = (await house.ask("GET", ME, headers=basic("agent1", NEW))).json["user"]
        assert user["changePasswordOnFirstLogin"] is False


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"operationName": "ChangePassword"}, 1),
        ({"operationName": "ChangePassword", "oldPassword": "demo"}, 1),
        (words(new=7), 10),
        (words(old=None), 10),
        (words(new="short"), 10),
        (words(new="x" * 257), 10),
        (words(old="the same one", new="the same one"), 10),
        (words(old="wrong"), 3),
        (words(old=""), 3),
        (words(old="demo\0"), 3),
        (words(old="x" * 100_000), 3),
    ],
)
async def test_what_is_refused_is_refused_at_once_and_told_to_nobody(body: Any, code: int) -> None:
    async with House() as house:
        mine, staff = await Listener(house).ready("/v2/me"), await Listener(house, "admin").ready("/v2/users")
        other = await house.cookie()
        for must in (False, True):
            if must:
                await flag(house)
            answer = await change(house, basic(), body)
            assert answer.json["statusCode"] == code
        assert (await house.ask("GET", CHANNELS, headers=other)).json["statusCode"] == 8, "nothing has ended"
        await flag(house, must=False)
        assert await mine.connect() == await staff.connect() == []
        assert audited(house, "password changed") == []


async def test_the_other_logins_end_and_this_one_stays() -> None:
    async with House() as house:
        here, there, others = await house.cookie(), await house.cookie(), await house.cookie("agent2")
        assert (await change(house, here)).status == 200
        assert (await house.ask("GET", CHANNELS, headers=here)).status == 200
        assert (await house.ask("GET", CHANNELS, headers=there)).status == 403
        assert (await house.ask("GET", CHANNELS, headers=others)).status == 200


async def test_who_asks_with_basic_beside_his_cookie_keeps_it() -> None:
    async with House() as house:
        here, there = await house.cookie(), await house.cookie()
        assert (await change(house, here | basic())).status == 200
        assert (await house.ask("GET", CHANNELS, headers=here)).status == 200
        assert (await house.ask("GET", CHANNELS, headers=there)).status == 403


async def test_he_and_those_who_supervise_him_are_told() -> None:
    """C§2.6: on /v2/me to himself, on /v2/users with whose it was; to nobody else."""
    async with House() as house:
        names = ("agent1", "agent2", "supervisor", "admin")
        cookies = {name: await house.cookie(name) for name in names}
        ears = {n: await Listener(house, n, cookies[n]).ready("/v2/me", "/v2/users") for n in names}
        user = house.application.performer.centre.user_names["agent1"].id
        assert (await change(house, cookies["agent1"])).status == 200
        heard = {name: await ears[name].connect() for name in names}
        told = {
            "notificationType": "PasswordChangeSuccessful",
            "userId": user,
            "userUri": f"http://localhost:8080/api/v2/users/{user}",
        }
        (mine,) = heard["agent1"]
        assert (mine["channel"], mine["data"]) == ("/v2/me", {"notificationType": "PasswordChangeSuccessful"})
        assert mine["ext"]["replay"]["id"] > 0
        assert data(heard["supervisor"]) == data(heard["admin"]) == [told]
        assert heard["agent2"] == []


async def test_guessing_the_old_one_costs_what_guessing_at_a_login_costs() -> None:
    async with House() as house:
        cookie = await house.cookie()
        house.clock.jump(3_600_000)  # what was verified is not remembered any more
        for number in range(FREE_FAILURES):
            assert (await change(house, cookie, words(old=f"x{number}"))).json["statusCode"] == 3
        exchange = house.begin("POST", ME, cookie)
        exchange.say(b'{"operationName":"ChangePassword","oldPassword":"demo","newPassword":"a longer one"}')
        await turn()
        assert not exchange.answered
        await house.pass_time(250)
        assert (await exchange.end()).json == {"statusCode": 0}


async def test_two_changes_at_one_moment_make_one() -> None:
    async with House() as house:
        cookie = await house.cookie()
        house.store.writes.close()
        first = house.begin("POST", ME, cookie)
        first.say(b'{"operationName":"ChangePassword","oldPassword":"demo","newPassword":"the first one"}')
        second = house.begin("POST", ME, basic())
        second.say(b'{"operationName":"ChangePassword","oldPassword":"demo","newPassword":"the second one"}')
        house.store.writes.open()
        codes = {(await first.end()).json["statusCode"], (await second.end()).json["statusCode"]}
        assert codes <= {0, 3}
        assert 0 in codes
        opens = [
            (await house.ask("GET", CHANNELS, headers=basic("agent1", new))).status
            for new in ("the first one", "the second one")
        ]
        assert sorted(opens) == [200, 403]


async def test_a_store_that_is_gone_is_said_and_nothing_has_changed() -> None:
    async with House() as house:
        cookie = await house.cookie()
        house.store.broken = True
        answer = await change(house, cookie)
        assert (answer.status, answer.json["statusCode"]) == (503, 4)
        house.store.broken = False
        assert (await house.ask("GET", CHANNELS, headers=basic())).status == 200

"""Somebody who is at work begins from another client: the setting `second_login` (C§2.7, SPEC 9.19)."""

import pytest

from tests.http.house import API, CHANNELS, House, Listener, basic
from tests.http.test_websocket import ready as socket_ready

ME = API + "/me"
START = {"operationName": "StartContactCenterSession", "channels": ["smssession"]}
Headers = dict[str, str]


async def at_work(house: House, headers: Headers) -> Listener:
    """A client that listens and has begun."""
    listener = await Listener(house, headers=headers).ready(CHANNELS)
    answer = await house.ask("POST", ME, START, headers)
    assert answer.json == {"statusCode": 0}, answer.body
    await listener.connect()
    return listener


async def test_allow_both_work_and_both_are_told() -> None:
    async with House() as house:
        first = await at_work(house, await house.cookie())
        second = await at_work(house, await house.cookie())
        await house.ask("POST", ME, {"operationName": "Ready"}, second.headers)
        for listener in (first, second):
            assert len(await listener.connect()) >= 1


async def test_refuse_in_words_and_nothing_changes() -> None:
    async with House(second_login="refuse") as house:
        first = await at_work(house, await house.cookie())
        other = await house.cookie()
        refused = await house.ask("POST", ME, START, other)
        assert (refused.status, refused.json["statusCode"]) == (400, 2)
        assert "another client" in refused.json["statusMessage"]
        assert await first.connect() == []


@pytest.mark.parametrize("kind", ["cookie", "basic", "both"])
async def test_refuse_lets_the_same_client_begin_again(kind: str) -> None:
    """Also one that sends its credentials with every request, with the cookie or without."""
    async with House(second_login="refuse") as house:
        headers = {
            "cookie": await house.cookie(),
            "basic": basic(),
            "both": basic() | await house.cookie(),
        }[kind]
        await at_work(house, headers)
        assert (await house.ask("POST", ME, START, headers)).json == {"statusCode": 0}


async def test_refuse_lets_a_second_page_of_the_same_login_begin() -> None:
    async with House(second_login="refuse") as house:
        cookie = await house.cookie()
        await at_work(house, cookie)
        await at_work(house, cookie)


async def test_refuse_minds_only_those_who_are_at_work_and_alive() -> None:
    async with House(second_login="refuse") as house:
        listener = await Listener(house, headers=await house.cookie()).ready(CHANNELS)
        other = await house.cookie()
        assert (await house.ask("POST", ME, START, other)).json == {"statusCode": 0}  # it only listened
        assert (await house.ask("POST", ME, START, listener.headers)).json == {"statusCode": 0}
        await house.pass_time(60_000)  # the client that listened is forgotten
        assert (await house.ask("POST", ME, START, await house.cookie())).json == {"statusCode": 0}


async def test_refuse_knows_who_shakes_hands_with_a_password_and_goes_on_with_the_cookie() -> None:
    async with House(second_login="refuse") as house:
        hello = await house.ask("POST", API + "/notifications", [{"channel": "/meta/handshake"}], basic())
        cookie = {"Cookie": hello.cookie}
        assert (await house.ask("POST", ME, START, cookie)).json == {"statusCode": 0}
        assert (await house.ask("POST", ME, START, cookie)).json == {"statusCode": 0}
        assert (await house.ask("POST", ME, START, await house.cookie())).json["statusCode"] == 2


async def test_replace_ends_the_earlier_client_and_its_login() -> None:
    async with House(second_login="replace") as house:
        first = await at_work(house, await house.cookie())
        poll = await first.hold()
        other = await house.cookie()
        assert (await house.ask("POST", ME, START, other)).json == {"statusCode": 0}
        await poll.end()
        *told, reply = poll.json
        assert reply["advice"]["reconnect"] == "none"
        assert [message["channel"] for message in told] == [CHANNELS]
        dead = await house.ask("GET", ME, headers=first.headers)
        assert (dead.status, dead.json["statusCode"]) == (403, 20)
        assert (await house.ask("POST", ME, {"operationName": "Ready"}, other)).json == {"statusCode": 0}


async def test_replace_ends_one_on_a_socket_too() -> None:
    async with House(second_login="replace") as house:
        cookie = await house.cookie()
        desk = await socket_ready(house, headers=cookie)
        await house.ask("POST", ME, START, cookie)
        other = await house.cookie()
        assert (await house.ask("POST", ME, START, other)).json == {"statusCode": 0}
        assert (await desk.socket.reply("/meta/connect"))["advice"] == {"reconnect": "none"}
        assert (await desk.handshake())["error"] == "403::Handshake denied"
        desk.socket.leave()
        await desk.socket.task


async def test_replace_that_cannot_be_kept_ends_nobody() -> None:
    async with House(second_login="replace") as house:
        first = await at_work(house, await house.cookie())
        other = await house.cookie()
        house.store.broken = True
        refused = await house.ask("POST", ME, START, other)
        assert (refused.status, refused.json["statusCode"]) == (503, 4)
        house.store.broken = False
        assert await first.connect() == []
        assert (await house.ask("GET", ME, headers=first.headers)).status == 200


async def test_replace_leaves_the_same_client_alone() -> None:
    async with House(second_login="replace") as house:
        first = await at_work(house, await house.cookie())
        assert (await house.ask("POST", ME, START, first.headers)).json == {"statusCode": 0}
        assert len(await first.connect()) == 1

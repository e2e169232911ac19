"""CSRF protection: off, on, and forced on (C§1.8, SPEC 1.8)."""

from typing import Any

import pytest

from tests.http.house import API, BAYEUX, House, basic

ME = API + "/me"
CHANNELS = API + "/me/channels"
START = {"operationName": "StartContactCenterSession", "channels": ["sms"]}
ON = [{"enable_csrf_protection": True}, {"cookie_same_site": "None"}]


async def test_off_by_default() -> None:
    async with House() as house:
        answer = await house.ask("GET", ME, headers=basic())
        assert answer.header("x-csrf-token") is None
        assert (await house.ask("POST", ME, START, {"Cookie": answer.cookie})).status == 200


@pytest.mark.parametrize("settings", ON)
async def test_with_a_cookie_the_token_is_demanded(settings: dict[str, Any]) -> None:
    async with House(**settings) as house:
        answer = await house.ask("GET", ME, headers=basic())
        cookie = {"Cookie": answer.cookie}
        name, token = answer.header("x-csrf-header"), answer.header("x-csrf-token")
        assert name == "X-CSRF-TOKEN"
        assert token
        assert token not in answer.cookie
        other = (await house.ask("GET", ME, headers=basic("agent2"))).header("x-csrf-token")
        for wrong in (
            {},
            {name: ""},
            {name: "nonsense"},
            {name: token[:-1]},
            {name: other or ""},
            {name: "ä"},
        ):
            refused = await house.ask("POST", ME, START, cookie | wrong)
            assert refused.status == 403
            assert refused.json["statusMessage"] == "Missing or invalid Csrf token"
        assert (await house.ask("POST", ME, START, cookie | {name: token})).json == {"statusCode": 0}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_whatever_changes_something_needs_it(method: str) -> None:
    """Also where nothing is served yet: the token is part of the login, which comes first."""
    async with House(enable_csrf_protection=True) as house:
        house.application._serve.login = house.application.auth.caller
        cookie = await house.cookie()
        answer = await house.ask(method, API + "/me/nothing", {}, cookie)
        assert answer.status == 403


async def test_every_get_tells_the_token_and_it_lives_as_long_as_the_session() -> None:
    async with House(enable_csrf_protection=True) as house:
        first = await house.ask("GET", ME, headers=basic())
        cookie = {"Cookie": first.cookie}
        for target in (ME, CHANNELS, API + "/me/smssessions", API + "/features"):
            answer = await house.ask("GET", target, headers=cookie)
            assert answer.header("x-csrf-token") == first.header("x-csrf-token")
            assert answer.header("x-csrf-header") == "X-CSRF-TOKEN"


async def test_a_get_needs_none_and_basic_needs_none() -> None:
    """A browser sends no Basic by itself, since it is never asked for it: there is no challenge."""
    async with House(enable_csrf_protection=True) as house:
        cookie = await house.cookie()
        assert (await house.ask("GET", CHANNELS, headers=cookie)).status == 200
        assert (await house.ask("POST", ME, START, basic())).json == {"statusCode": 0}


async def test_notifications_are_exempt() -> None:
    async with House(enable_csrf_protection=True) as house:
        cookie = await house.cookie()
        answer = await house.ask("POST", BAYEUX, [{"channel": "/meta/handshake"}], cookie)
        assert answer.json[0]["successful"]
        assert answer.header("x-csrf-token"), "a client may learn it here as well"


async def test_a_handshake_by_basic_tells_it_with_the_cookie() -> None:
    async with House(enable_csrf_protection=True) as house:
        answer = await house.ask("POST", BAYEUX, [{"channel": "/meta/handshake"}], basic())
        headers = {"Cookie": answer.cookie, "X-CSRF-TOKEN": answer.header("x-csrf-token") or ""}
        assert (await house.ask("POST", ME, START, headers)).json == {"statusCode": 0}

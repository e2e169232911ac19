"""Bodies: how they come, how large they may be, and what is no JSON object (SPEC 1.3, 1.6, 8.10)."""

import asyncio
import io

import msgspec
import pytest

from tests.http.house import API, House, basic
from tests.http.peers import Exchange, turn

ME = API + "/me"
LIMIT = 4096
START = {"operationName": "StartContactCenterSession", "channels": ["sms"]}


def padded(size: int) -> bytes:
    """An operation of exactly so many bytes."""
    bare = len(msgspec.json.encode(START | {"more": ""}))
    return msgspec.json.encode(START | {"more": "x" * (size - bare)})


def refused(answer: Exchange, status: int, code: int) -> bool:
    assert (answer.status, answer.json["statusCode"]) == (status, code), answer.body
    assert set(answer.json) == {"statusCode", "statusMessage"}
    assert answer.header("content-type") == "application/json"
    return True


async def test_a_body_of_exactly_the_limit_is_taken() -> None:
    async with House(body_limit=LIMIT) as house:
        assert (await house.ask("POST", ME, padded(LIMIT), basic())).json == {"statusCode": 0}
        refused(await house.ask("POST", ME, padded(LIMIT + 1), basic()), 413, 10)


async def test_in_pieces_the_limit_is_the_same() -> None:
    async with House(body_limit=LIMIT) as house:
        for size, step, status in [
            (LIMIT, 1000, 200),
            (LIMIT, 1, 200),
            (LIMIT + 1, 1000, 413),
            (LIMIT + 1, 1, 413),
        ]:
            whole = padded(size)
            exchange = house.begin("POST", ME, basic())
            for start in range(0, size, step):
                exchange.say(whole[start : start + step], more=True)
            exchange.say(b"")
            assert (await exchange.end()).status == status


async def test_no_more_is_read_than_may_be_kept() -> None:
    async with House(body_limit=LIMIT) as house:
        exchange = house.begin("POST", ME, basic())
        for _ in range(5):
            exchange.say(b" " * 1000, more=True)
        refused(await exchange.end(), 413, 10)


@pytest.mark.parametrize("length", [str(LIMIT + 1), "9" * 15, "9" * 5000])
async def test_an_announced_length_is_believed_when_it_is_too_large(length: str) -> None:
    async with House(body_limit=LIMIT) as house:
        exchange = house.begin("POST", ME, basic() | {"Content-Length": length})
        refused(await exchange.end(), 413, 10)


@pytest.mark.parametrize("length", ["0", "1", "", "abc", "-1", "1e3", "²"])
async def test_an_announced_length_is_not_believed_when_it_is_small(length: str) -> None:
    async with House(body_limit=LIMIT) as house:
        exchange = house.begin("POST", ME, basic() | {"Content-Length": length})
        exchange.say(padded(LIMIT + 1))
        refused(await exchange.end(), 413, 10)


async def test_a_client_that_leaves_within_its_body_has_asked_nothing(log: io.StringIO) -> None:
    """What came so far may well be a whole object: it is not acted upon."""
    async with House() as house:
        exchange = house.begin("POST", ME, basic())
        exchange.say(msgspec.json.encode(START), more=True)
        await turn()
        exchange.leave()
        assert not (await exchange.end()).answered
        assert "fault" not in log.getvalue()
        channels = await house.ask("GET", API + "/me/channels", headers=basic())
        assert channels.json == {"statusCode": 0, "channels": []}


async def test_a_slow_body_holds_up_nobody_else() -> None:
    async with House() as house:
        slow = house.begin("POST", ME, basic())
        whole = msgspec.json.encode(START)
        for byte in whole[:-1]:
            slow.say(bytes([byte]), more=True)
            answer = await house.ask("GET", API + "/diagnostics/version")
            assert answer.status == 200
        assert not slow.answered
        slow.say(whole[-1:])
        assert (await slow.end()).json == {"statusCode": 0}


async def test_the_login_comes_before_the_body() -> None:
    """Nobody's body is read: the answer is there before it."""
    async with House() as house:
        for headers in ({}, basic("agent1", "wrong"), {"Content-Length": "999999999"}):
            refused(await house.begin("POST", ME, headers).end(), 403, 20)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"}",
        b"[]",
        b"null",
        b"0",
        b'"text"',
        b"true",
        b"{'operationName':'Ready'}",
        b'{"operationName":"Ready",}',
        b'{"operationName":"Ready"} {}',
        b'{"operationName":NaN}',
        b"\xef\xbb\xbf{}x",
        b"\xff\xfe{\x00}\x00",
        b'{"operationName":"\xff"}',
        b'{"operationName":"\xc3("}',
        b"operationName=Ready",
        b"\x00" * 100,
        b"[" * 100_000,
        b'{"a":' * 40_000,
        b'{"operationName":"Ready","a":' + b"[" * 100_000,
        b'{"operationName":"StartContactCenterSession","channels":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=lambda body: repr(body[:24]),
)
@pytest.mark.parametrize("target", [ME, API + "/me/channels/smssession", API + "/me/smssessions/{id}"])
async def test_what_is_no_json_object(body: bytes, target: str) -> None:
    async with House() as house:
        id = await house.put() if "{id}" in target else ""
        refused(await house.ask("POST", target.format(id=id), body, basic()), 400, 10)


@pytest.mark.parametrize(
    "value",
    [
        b'{"k":' + b'{"k":' * 40_000 + b"1" + b"}" * 40_000 + b"}",
        b'{"k":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"k":"\xff"}',
        b'{"\xff":1}',
        b'{"k":{"x":"\xff"}}',
        b'{"k":01}',
        b'{"k":1e400}',
        b'{"k":"a\nb"}',
        b'{"k":"\\u0000"}',
        b'{"k":nul}',
    ],
    ids=lambda value: repr(value[:24]),
)
async def test_attached_data_that_cannot_be_kept_is_refused_and_changes_nothing(value: bytes) -> None:
    async with House() as house:
        id = await house.put()
        body = b'{"operationName":"AttachUserData","userData":' + value + b"}"
        answer = await house.ask("POST", f"{API}/me/smssessions/{id}", body, basic())
        assert (answer.status, answer.json["statusCode"]) in ((400, 10), (200, 0)), answer.body
        got = await house.ask("GET", f"{API}/me/smssessions/{id}", headers=basic())
        assert got.status == 200
        if answer.status == 400:
            assert got.json["smssession"]["userData"] == {}


async def test_unknown_fields_are_passed_over_whatever_they_hold() -> None:
    async with House() as house:
        body = msgspec.json.encode(START | {"extra": {"deep": [[[{"a": None}]]]}, "": 1, "ключ": "значение"})
        assert (await house.ask("POST", ME, body, basic())).json == {"statusCode": 0}


async def test_an_operation_that_is_given_up_waiting_is_done_all_the_same() -> None:
    """The client leaves after its request was whole: what was asked for happens, nobody is answered."""
    async with House() as house:
        house.store.writes.close()
        exchange = house.begin("POST", ME, basic())
        exchange.say(msgspec.json.encode(START))
        await turn()
        exchange.leave()
        house.store.writes.open()
        await asyncio.wait_for(exchange.task, 5)
        assert not exchange.answered
        channels = await house.ask("GET", API + "/me/channels", headers=basic())
        assert len(channels.json["channels"]) == 1

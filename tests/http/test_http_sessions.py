"""The HTTP session behind the JSESSIONID cookie: its making, its life, its end (SPEC 1.8, 4.7, 8.11)."""

import asyncio
import re
from pathlib import Path

import pytest

from smsdesk.core.draft import Draft
from smsdesk.operations.login import HttpSession
from tests.clock import JumpingClock
from tests.http.house import API, BAYEUX, House, Listener, basic
from tests.http.peers import Exchange, turn, until

ME = API + "/me"
CHANNELS = API + "/me/channels"
HOUR = 3_600_000
END = {"operationName": "EndContactCenterSession"}
HANDSHAKE = [{"channel": "/meta/handshake"}]


def attributes(answer: Exchange) -> tuple[str, set[str]]:
    value, *rest = (answer.header("set-cookie") or "").split("; ")
    return value, set(rest)


async def test_the_cookie_is_long_random_and_kept_from_scripts() -> None:
    async with House() as house:
        first, second = [await house.ask("GET", ME, headers=basic()) for _ in range(2)]
        value, rest = attributes(first)
        assert re.fullmatch(r"JSESSIONID=[0-9a-f]{40}", value)
        assert rest == {"Path=/", "HttpOnly", "SameSite=Lax"}
        assert attributes(second)[0] != value


@pytest.mark.parametrize("same_site", ["Lax", "Strict", "None"])
async def test_behind_tls_the_cookie_never_leaves_it(same_site: str) -> None:
    async with House(external_url="https://desk.example.com", cookie_same_site=same_site) as house:
        _, rest = attributes(await house.ask("GET", ME, headers=basic()))
        assert rest == {"Path=/", "HttpOnly", f"SameSite={same_site}", "Secure"}


async def test_only_me_and_handshakes_make_a_session() -> None:
    async with House() as house:
        for target in (CHANNELS, API + "/me/smssessions", API + "/features"):
            assert (await house.ask("GET", target, headers=basic())).header("set-cookie") is None
        listener = await Listener(house).handshake()
        answer = await house.ask("POST", BAYEUX, [listener.connecting()], basic())
        assert answer.header("set-cookie") is None
        assert await sessions(house, "agent1") == 1
        assert (await house.ask("POST", BAYEUX, HANDSHAKE, basic())).cookie
        assert (await house.ask("HEAD", ME, headers=basic())).cookie
        assert await sessions(house, "agent1") == 3


async def test_a_handshake_with_escaped_slashes_makes_one_too() -> None:
    """Some JSON writers spell every slash with a backslash before it."""
    async with House() as house:
        answer = await house.ask("POST", BAYEUX, rb'[{"channel":"\/meta\/handshake"}]', basic())
        assert answer.json[0]["successful"]
        assert (await house.ask("GET", CHANNELS, headers={"Cookie": answer.cookie})).status == 200


async def test_a_session_ends_when_it_is_not_used() -> None:
    async with House(http_session_minutes=60) as house:
        cookie = await house.cookie()
        house.clock.jump(HOUR - 1)
        other = await house.cookie()
        assert (await house.ask("GET", CHANNELS, headers=cookie)).status == 200
        house.clock.jump(HOUR)
        for dead in (cookie, other):
            answer = await house.ask("GET", CHANNELS, headers=dead)
            assert (answer.status, answer.json["statusCode"]) == (403, 20)


async def test_use_prolongs_it_but_not_every_use_is_written() -> None:
    async with House(http_session_minutes=60) as house:
        cookie = await house.cookie()
        begun = await expiry(house)
        for _ in range(2):
            house.clock.jump(HOUR // 4)
            assert (await house.ask("GET", CHANNELS, headers=cookie)).status == 200
        assert await expiry(house) == begun, "more than half of its time is left"
        for _ in range(40):
            house.clock.jump(HOUR // 2 - 1)
            assert (await house.ask("GET", CHANNELS, headers=cookie)).status == 200
        assert await expiry(house) > house.clock() + HOUR // 2


async def test_polling_prolongs_it() -> None:
    async with House(http_session_minutes=60) as house:
        cookie = await house.cookie()
        listener = await Listener(house, headers=cookie).handshake()
        for _ in range(200):
            house.clock.jump(HOUR // 70)
            assert await listener.connect() == []


async def test_logging_out_ends_all_sessions_of_the_user_and_nobody_elses() -> None:
    async with House() as house:
        mine = [await house.cookie() for _ in range(3)]
        other = await house.cookie("agent2")
        answer = await house.ask("POST", ME, END, mine[0])
        assert answer.json == {"statusCode": 0}
        for cookie in mine:
            assert (await house.ask("GET", CHANNELS, headers=cookie)).status == 403
        assert (await house.ask("GET", CHANNELS, headers=other)).status == 200
        assert await sessions(house, "agent1") == 0


async def test_logging_out_ends_more_sessions_than_are_read_at_once() -> None:
    async with House() as house:
        user = house.application.performer.centre.user_names["agent1"].id
        expires = house.clock() + HOUR
        many = [HttpSession(f"{number:064x}", user, expires, "csrf") for number in range(1205)]

        def make(draft: Draft) -> None:
            for session in many:
                draft.put("http", session.id, session)

        await house.application.performer.run(make)
        cookie = await house.cookie()
        assert (await house.ask("POST", ME, END, cookie)).json == {"statusCode": 0}
        assert await sessions(house, "agent1") == 0


async def test_a_logout_is_not_undone_by_a_request_that_prolongs() -> None:
    """Both at the same moment: the session stays ended."""
    async with House(http_session_minutes=60) as house:
        cookie = await house.cookie()
        house.clock.jump(HOUR // 2 + 1)
        assert (await house.ask("GET", API + "/features", headers=basic())).status == 200
        house.store.writes.close()
        out = house.begin("POST", ME, basic())
        out.say(b'{"operationName":"EndContactCenterSession"}')
        await until(lambda: house.store.writes.waiting)
        late = house.begin("GET", CHANNELS, cookie)
        late.say(b"")
        await turn()
        house.store.writes.open()
        await out.end()
        await late.end()
        assert (await house.ask("GET", CHANNELS, headers=cookie)).status == 403
        assert await sessions(house, "agent1") == 0


async def test_a_session_ends_however_much_it_is_used() -> None:
    async with House(http_session_minutes=60, http_session_hours=3) as house:
        cookie = await house.cookie()
        for _ in range(3 * 60 // 20 - 1):
            house.clock.jump(HOUR // 3)
            assert (await house.ask("GET", CHANNELS, headers=cookie)).status == 200
        before = house.store.changes
        for _ in range(5):
            assert (await house.ask("GET", CHANNELS, headers=cookie)).status == 200
        assert house.store.changes == before, "what cannot last longer is not written again"
        house.clock.jump(HOUR // 3)
        assert (await house.ask("GET", CHANNELS, headers=cookie)).status == 403


async def test_a_user_has_so_many_and_the_oldest_goes() -> None:
    async with House(http_sessions_per_user=3) as house:
        cookies = []
        for _ in range(5):
            cookies.append(await house.cookie())
            assert (await house.ask("GET", CHANNELS, headers=cookies[-1])).status == 200
            house.clock.jump(1000)
        other = await house.cookie("agent2")
        status = [(await house.ask("GET", CHANNELS, headers=cookie)).status for cookie in cookies]
        assert status == [403, 403, 200, 200, 200]
        assert (await house.ask("GET", CHANNELS, headers=other)).status == 200
        assert await sessions(house, "agent1") == 3


async def test_who_throws_every_cookie_away_pushes_nobody_out() -> None:
    """A program that asks /me by Basic again and again, beside a person at his desk."""
    async with House(http_sessions_per_user=3) as house:
        person = await house.cookie()
        assert (await house.ask("GET", CHANNELS, headers=person)).status == 200
        for _ in range(20):
            house.clock.jump(1000)
            assert (await house.ask("GET", ME, headers=basic())).status == 200
        assert (await house.ask("GET", CHANNELS, headers=person)).status == 200
        assert await sessions(house, "agent1") == 3


async def test_many_logins_at_one_moment_keep_within_the_bound() -> None:
    async with House(http_sessions_per_user=5) as house:
        answers = await asyncio.gather(*(house.ask("GET", ME, headers=basic()) for _ in range(40)))
        assert {answer.status for answer in answers} == {200}
        assert await sessions(house, "agent1") == 5


async def test_what_is_over_is_swept_away() -> None:
    """SPEC 8.9, 8.10: workers/retention.py."""
    async with House(http_session_minutes=60) as house:
        await house.cookie()
        house.clock.jump(HOUR + 1)
        fresh = await house.cookie("agent2")
        await house.application.retention.sweep()
        assert await sessions(house, "agent1") == 0
        assert (await house.ask("GET", CHANNELS, headers=fresh)).status == 200
        assert (await house.ask("GET", ME, headers=basic())).status == 200


async def test_logging_out_is_one_commit() -> None:
    async with House() as house:
        cookie = await house.cookie()
        start = {"operationName": "StartContactCenterSession", "channels": ["sms"]}
        await house.ask("POST", ME, start, cookie)
        await house.application.settle()
        before = house.store.changes
        assert (await house.ask("POST", ME, END, cookie)).json == {"statusCode": 0}
        assert house.store.changes == before + 1


async def test_sessions_survive_a_restart(tmp_path: Path) -> None:
    clock = JumpingClock()
    async with House(tmp_path, clock=clock) as house:
        cookie, gone = await house.cookie("agent1"), await house.cookie("agent2")
        assert (await house.ask("POST", ME, END, gone)).status == 200
    async with House(tmp_path, clock=clock) as house:
        answer = await house.ask("GET", ME, headers=cookie)
        assert answer.json["user"]["userName"] == "agent1"
        assert (await house.ask("GET", ME, headers=gone)).status == 403
        clock.jump(9 * HOUR)
        assert (await house.ask("GET", ME, headers=cookie)).status == 403


async def test_no_token_and_no_password_is_kept_in_clear(tmp_path: Path) -> None:
    async with House(tmp_path, enable_csrf_protection=True) as house:
        token = (await house.cookie())["Cookie"].partition("=")[2]
        listener = await Listener(house).ready()
        await house.ask("GET", ME, headers=basic("agent1", "wrong-password-7"))
    kept = everything(tmp_path)
    assert b"agent1" in kept
    assert len(token) == 40
    for secret in (token, listener.id, "wrong-password-7", basic()["Authorization"].split()[1]):
        assert secret.encode() not in kept
    assert b"$argon2id$" in kept


@pytest.mark.parametrize("headers", [basic(), {"Cookie": "JSESSIONID=abc"}])
async def test_a_store_that_cannot_be_read_is_said(headers: dict[str, str], tmp_path: Path) -> None:
    async with House(tmp_path):
        pass
    async with House(tmp_path) as house:  # nothing of these is in memory now
        house.store.broken = True
        answer = await house.ask("GET", CHANNELS, headers=headers)
        assert (answer.status, answer.json["statusCode"]) == (503, 4)
        assert answer.header("retry-after")


async def test_a_logout_that_cannot_be_kept_is_said_and_ends_nothing() -> None:
    async with House() as house:
        cookie = await house.cookie()
        house.store.broken = True
        answer = await house.ask("POST", ME, END, cookie)
        assert (answer.status, answer.json["statusCode"]) == (503, 4)
        house.store.broken = False
        assert (await house.ask("GET", CHANNELS, headers=cookie)).status == 200


async def test_no_session_is_handed_out_that_was_not_kept() -> None:
    async with House() as house:
        assert (await house.ask("GET", CHANNELS, headers=basic())).status == 200
        house.store.broken = True
        answer = await house.ask("GET", ME, headers=basic())
        assert (answer.status, answer.header("set-cookie")) == (503, None)
        answer = await house.ask("POST", BAYEUX, HANDSHAKE, basic())
        assert (answer.status, answer.header("set-cookie")) == (503, None)


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


async def sessions(house: House, user: str) -> int:
    return len(await house.store.tagged("http", house.application.performer.centre.user_names[user].id))


async def expiry(house: House) -> int:
    user = house.application.performer.centre.user_names["agent1"].id
    (document,) = await house.store.tagged("http", user)
    assert document.due is not None
    return document.due

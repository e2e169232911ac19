"""Who may come in, and with what (SPEC 1.6, 1.8, 8.11; C§1.8)."""

import base64
import io

import pytest
from msgspec.structs import replace

from smsdesk.operations.login import Credential
from tests.http.house import API, BAYEUX, House, Listener, basic
from tests.http.peers import Exchange

ME = API + "/me"
CHANNELS = API + "/me/channels"
REFUSED = {"statusCode": 20, "statusMessage": "Access denied"}


def refused(answer: Exchange) -> bool:
    """Refused as documented: 20, no challenge that would open a browser's own dialogue."""
    assert answer.status == 403
    assert answer.json == REFUSED
    assert answer.header("www-authenticate") is None
    assert answer.header("set-cookie") is None
    return True


def encoded(text: str | bytes) -> dict[str, str]:
    text = text.encode() if isinstance(text, str) else text
    return {"Authorization": "Basic " + base64.b64encode(text).decode()}


async def test_basic_opens_every_request() -> None:
    async with House() as house:
        for method, target in [("GET", ME), ("GET", CHANNELS), ("GET", API + "/me/smssessions")]:
            answer = await house.ask(method, target, headers=basic())
            assert (answer.status, answer.json["statusCode"]) == (200, 0)


async def test_a_cookie_opens_every_request() -> None:
    async with House() as house:
        cookie = await house.cookie()
        answer = await house.ask("GET", ME, headers=cookie)
        assert answer.json["user"]["userName"] == "agent1"
        assert answer.header("set-cookie") is None, "there is one already"


@pytest.mark.parametrize("name", ["AGENT1", "Agent1", "agent1"])
async def test_the_case_of_a_user_name_does_not_matter(name: str) -> None:
    async with House() as house:
        answer = await house.ask("GET", ME, headers=basic(name))
        assert answer.json["user"]["userName"] == "agent1"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("agent1", "wrong"),
        basic("agent1", "Demo"),
        basic("agent1", "demo "),
        basic("agent1", ""),
        basic("nobody", "demo"),
        basic("", ""),
        basic("", "demo"),
        encoded("agent1"),
        encoded("agent1:demo\0"),
        encoded("agent1\0:demo"),
        encoded(b"agent1:\xff\xfe"),
        {"Authorization": ""},
        {"Authorization": "Basic"},
        {"Authorization": "Basic "},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic YWdlbnQxOmRlbW8"},
        {"Authorization": "Bearer " + base64.b64encode(b"agent1:demo").decode()},
        {"Authorization": "agent1:demo"},
        {"Authorization": "Basic " + "A" * 100_000},
        {"Authorization": "Basic äöü"},
        basic("a" * 1000, "demo"),
        basic("agent1", "x" * 1000),
        {"Cookie": "JSESSIONID="},
        {"Cookie": "JSESSIONID=0123456789012345678901234567890123456789"},
        {"Cookie": "JSESSIONID=" + "A" * 100_000},
        {"Cookie": "ß; =; ;;; JSESSIONID"},
        {"Cookie": ""},
    ],
)
async def test_what_does_not_open(headers: dict[str, str]) -> None:
    async with House() as house:
        refused(await house.ask("GET", ME, headers=headers))


async def test_words_for_basic_may_be_written_in_any_case_and_with_blanks() -> None:
    async with House() as house:
        value = base64.b64encode(b"agent1:demo").decode()
        for header in (f"basic {value}", f"BASIC  {value} "):
            assert (await house.ask("GET", ME, headers={"Authorization": header})).status == 200


async def test_an_empty_password_is_legal_and_is_one_of_many() -> None:
    """C§1.8: an empty password is legal; a password may hold colons."""
    async with House() as house:
        for password in ("", ":", "a:b:c", "pässwörd 🔑", "x" * 500):
            await set_password(house, "agent1", password)
            assert (await house.ask("GET", ME, headers=basic("agent1", password))).status == 200
            refused(await house.ask("GET", ME, headers=basic("agent1", password + "x")))


async def test_a_wrong_password_is_not_helped_by_a_good_cookie() -> None:
    async with House() as house:
        cookie = await house.cookie()
        refused(await house.ask("GET", ME, headers=cookie | basic("agent1", "wrong")))


async def test_basic_beside_a_cookie_of_somebody_else_wins() -> None:
    async with House() as house:
        cookie = await house.cookie("agent2")
        answer = await house.ask("GET", ME, headers=cookie | basic("agent1"))
        assert answer.json["user"]["userName"] == "agent1"
        assert answer.cookie.startswith("JSESSIONID=")
        assert answer.cookie != cookie["Cookie"]


async def test_basic_beside_the_own_cookie_makes_no_further_session() -> None:
    async with House() as house:
        both = await house.cookie() | basic()
        for _ in range(3):
            assert (await house.ask("GET", ME, headers=both)).header("set-cookie") is None
        await Listener(house, headers=both).handshake()
        user = (await house.ask("GET", ME, headers=both)).json["user"]["id"]
        assert len(await house.store.tagged("http", user)) == 1


async def test_the_cookie_is_found_among_those_of_other_programs() -> None:
    """Cookies know no ports: whatever else runs on this host sends its own along, also under our name."""
    async with House() as house:
        mine = (await house.cookie())["Cookie"]
        for others in (
            f'prefs={{"a":1,"b":[2]}}; {mine}',
            f"{mine}; path=/; expires=never",
            f"JSESSIONID=AB12; theme=dark;{mine}",
            f"a b c;;=;  {mine} ",
            mine.replace("=", '="') + '"',
        ):
            answer = await house.ask("GET", CHANNELS, headers={"Cookie": others})
            assert answer.status == 200, others
        many = "; ".join(["JSESSIONID=no"] * 50 + [mine])
        refused(await house.ask("GET", CHANNELS, headers={"Cookie": many}))


async def test_a_disabled_user_is_nobody() -> None:
    async with House() as house:
        cookie = await house.cookie()
        user = house.application.performer.centre.user_names["agent1"]
        await house.application.performer.run(
            lambda draft: draft.put("user", user.id, replace(user, enabled=False))
        )
        refused(await house.ask("GET", ME, headers=basic()))
        refused(await house.ask("GET", ME, headers=cookie))
        refused(await house.ask("POST", BAYEUX, [{"channel": "/meta/handshake"}], basic()))


async def test_a_user_without_password_cannot_log_in() -> None:
    async with House() as house:
        user = house.application.performer.centre.user_names["agent1"]
        await house.application.performer.run(lambda draft: draft.put("credential", user.id, None))
        refused(await house.ask("GET", ME, headers=basic()))
        refused(await house.ask("GET", ME, headers=basic("agent1", "nobody has this password")))


async def test_a_verified_password_is_remembered_for_its_time_and_not_hashed_again() -> None:
    async with House(login_memory_seconds=60) as house:
        for _ in range(5):
            assert (await house.ask("GET", CHANNELS, headers=basic())).status == 200
        assert house.hasher.verified == 1
        house.clock.jump(60_000)
        assert (await house.ask("GET", CHANNELS, headers=basic())).status == 200
        assert house.hasher.verified == 2
        refused(await house.ask("GET", CHANNELS, headers=basic("agent1", "wrong")))
        assert house.hasher.verified == 3


async def test_nothing_is_remembered_when_the_settings_say_so() -> None:
    async with House(login_memory_seconds=0) as house:
        for _ in range(3):
            assert (await house.ask("GET", CHANNELS, headers=basic())).status == 200
        assert house.hasher.verified == 3


async def test_a_new_password_ends_the_memory_of_the_old_one() -> None:
    async with House() as house:
        assert (await house.ask("GET", CHANNELS, headers=basic())).status == 200
        await set_password(house, "agent1", "another")
        refused(await house.ask("GET", CHANNELS, headers=basic()))
        assert (await house.ask("GET", CHANNELS, headers=basic("agent1", "another"))).status == 200


async def test_memory_of_passwords_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsdesk.http.passwords.MAX_REMEMBERED", 2)
    async with House() as house:
        for user in ("agent1", "agent2", "agent3", "agent2", "agent3"):
            assert (await house.ask("GET", CHANNELS, headers=basic(user))).status == 200
        assert house.hasher.verified == 3
        assert (await house.ask("GET", CHANNELS, headers=basic("agent1"))).status == 200
        assert house.hasher.verified == 4


async def test_whether_a_name_exists_cannot_be_told_by_the_work_it_causes() -> None:
    async with House() as house:
        refused(await house.ask("GET", ME, headers=basic("nobody")))
        assert house.hasher.verified == 1


async def test_too_many_passwords_to_verify_are_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsdesk.http.passwords.MAX_ATTEMPTS", 0)
    async with House() as house:
        answer = await house.ask("GET", ME, headers=basic())
        assert (answer.status, answer.json["statusCode"]) == (503, 4)
        assert answer.header("retry-after")


async def test_who_must_change_his_password_can_do_nothing_else() -> None:
    async with House() as house:
        cookie = await house.cookie()
        user = house.application.performer.centre.user_names["agent1"]
        await house.application.performer.run(
            lambda draft: draft.put("user", user.id, replace(user, change_password=True))
        )
        for headers in (basic(), cookie):
            for target in (CHANNELS, API + "/me/smssessions"):
                answer = await house.ask("GET", target, headers=headers)
                assert (answer.status, answer.json["statusCode"]) == (403, 8)


async def test_the_log_names_no_password_and_no_name_that_is_nobodys(log: io.StringIO) -> None:
    async with House() as house:
        for headers in (basic("agent1", "hunter2"), basic("hunter2", "hunter2"), encoded("hunter2:")):
            refused(await house.ask("GET", ME, headers=headers))
    written = log.getvalue()
    assert written.count("login refused") == 3
    assert "agent1" in written
    assert "hunter2" not in written


async def set_password(house: House, name: str, password: str) -> None:
    user = house.application.performer.centre.user_names[name]
    credential = Credential(user.id, house.application.auth.hash(password))
    await house.application.performer.run(lambda draft: draft.put("credential", user.id, credential))

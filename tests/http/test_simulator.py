"""The simulator carrier over HTTP (SPEC 7.4, 9.13, 9.18): phones, and who may hold one."""

from typing import Any

import pytest

from tests.clock import JumpingClock
from tests.http.house import API, House, basic
from tests.http.peers import Exchange, Json

MESSAGES, RECEIPTS = "/simulator/messages", "/simulator/receipts"
SCENARIO, RESET = "/simulator/scenario", "/simulator/reset"
HELLO = {"from": "+15550111", "to": "+15550100", "text": "hello"}
PHONE = MESSAGES + "?phone=%2B15550111"


def wrong(answer: Exchange, status: int) -> str:
    """Refused in words under `error`, and nothing else (SPEC 9.13)."""
    assert answer.status == status, answer.body
    assert set(answer.json) == {"error"}
    assert answer.header("content-type") == "application/json"
    words: str = answer.json["error"]
    assert words
    return words


async def phone(house: House, number: str = "%2B15550111") -> list[Json]:
    answer = await house.ask("GET", f"{MESSAGES}?phone={number}")
    assert answer.status == 200, answer.body
    messages: list[Json] = answer.json["messages"]
    return messages


# -- texts -------------------------------------------------------------------------------------------------


async def test_a_text_of_a_phone_reaches_the_desk() -> None:
    async with House() as house:
        answer = await house.ask("POST", MESSAGES, HELLO)
        assert answer.status == 202
        assert set(answer.json) == {"id"}
        await house.application.settle()
        (interaction,) = house.application.performer.live.all("interaction")
        assert interaction.queue == "Support"


async def test_a_phone_shows_what_it_sent_and_received() -> None:
    async with House(clock=JumpingClock(1_700_000_000_123)) as house:
        id = await house.put()
        sent = (await house.ask("POST", MESSAGES, HELLO | {"id": "mine"})).json["id"]
        house.clock.jump(1000)
        await house.operate(id, "SendMessage", text="x" * 200)
        first, second = await phone(house)
        assert first == {
            "direction": "in",
            "text": "hello",
            "from": "+15550111",
            "to": "+15550100",
            "at": "2023-11-14 22:13:20.123+0000",
            "id": sent,
            "parts": 1,
        }
        assert (second["direction"], second["text"], second["parts"]) == ("out", "x" * 200, 2)
        assert (second["from"], second["to"]) == ("+15550100", "+15550111")
        assert second["at"] == "2023-11-14 22:13:21.123+0000"
        assert await phone(house, "%2B15550999") == []


@pytest.mark.parametrize("spelled", ["+15550111", "%2B15550111", "%2b15550111", "%2B1555%30111"])
async def test_the_plus_of_a_number_need_not_be_escaped(spelled: str) -> None:
    async with House() as house:
        await house.ask("POST", MESSAGES, HELLO)
        assert [m["text"] for m in await phone(house, spelled)] == ["hello"]


async def test_an_id_seen_before_is_kept_once() -> None:
    async with House() as house:
        for text in ("hello", "hello", "another"):
            answer = await house.ask("POST", MESSAGES, HELLO | {"id": "carrier-7", "text": text})
            assert (answer.status, answer.json) == (202, {"id": "carrier-7"})
        assert [m["text"] for m in await phone(house)] == ["hello"]
        await house.application.settle()
        assert len(list(house.application.performer.live.all("interaction"))) == 1


async def test_without_an_id_every_text_is_a_new_one() -> None:
    async with House() as house:
        ids = {(await house.ask("POST", MESSAGES, HELLO)).json["id"] for _ in range(3)}
        assert len(ids) == 3
        assert len(await phone(house)) == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "Ünïcödé 🙂 \u202e", "from": "Bank"},
        {"text": "x" * 10_000},
        {"text": " "},
        {"text": "nul\0inside"},
        {"from": "x" * 32},
        {"id": "i" * 128},
        {"id": None},
        {"extra": [1, {"deep": None}]},
    ],
)
async def test_what_is_taken(changed: dict[str, Any]) -> None:
    async with House() as house:
        assert (await house.ask("POST", MESSAGES, HELLO | changed)).status == 202


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", ""),
        (b"{", ""),
        (b"[]", ""),
        (b"null", ""),
        (b"\xff", ""),
        (b'{"from":"\xff","to":"x","text":"x"}', ""),
        (b'{"from":"a","to":"b","text":"c","id":"\\ud800"}', ""),
        (b'{"x":' + b"[" * 100_000, "deep"),
        (HELLO | {"from": "+1555\0"}, "from"),
        (HELLO | {"id": "a\0b"}, "id"),
        ({"to": "+15550100", "text": "hello"}, "from"),
        ({"from": "+15550111", "text": "hello"}, "to"),
        ({"from": "+15550111", "to": "+15550100"}, "text"),
        (HELLO | {"from": 15550111}, "from"),
        (HELLO | {"from": ""}, "from"),
        (HELLO | {"from": "x" * 33}, "from"),
        (HELLO | {"to": ""}, "to"),
        (HELLO | {"to": None}, "to"),
        (HELLO | {"text": ""}, "text"),
        (HELLO | {"text": "x" * 10_001}, "text"),
        (HELLO | {"text": ["hello"]}, "text"),
        (HELLO | {"id": ""}, "id"),
        (HELLO | {"id": "x" * 129}, "id"),
        (HELLO | {"id": 7}, "id"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_what_is_not_taken(body: Json | bytes, named: str) -> None:
    async with House() as house:
        assert named in wrong(await house.ask("POST", MESSAGES, body), 400)
        assert await phone(house) == []


async def test_limits_and_unknown_numbers() -> None:
    async with House() as house:
        wrong(await house.ask("POST", MESSAGES, b" " * 300_000), 413)
        assert "+15559999" in wrong(await house.ask("POST", MESSAGES, HELLO | {"to": "+15559999"}), 404)
        assert "phone" in wrong(await house.ask("GET", MESSAGES), 400)
        assert "phone" in wrong(await house.ask("GET", MESSAGES + "?phone="), 400)
        wrong(await house.ask("GET", MESSAGES + "?" + "&".join(f"f{n}=" for n in range(60))), 400)


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("DELETE", MESSAGES, 405),
        ("GET", RECEIPTS, 405),
        ("GET", RESET, 405),
        ("PUT", SCENARIO, 405),
        ("GET", "/simulator/nothing", 404),
        ("POST", "/simulator/", 404),
    ],
)
async def test_other_methods_and_paths_answer_in_the_same_shape(
    method: str, target: str, status: int
) -> None:
    async with House() as house:
        wrong(await house.ask(method, target), status)


async def test_a_store_that_is_down_keeps_nothing_and_says_so() -> None:
    async with House() as house:
        house.store.broken = True
        answer = await house.ask("POST", MESSAGES, HELLO | {"id": "once"})
        wrong(answer, 503)
        assert answer.header("retry-after")
        house.store.broken = False
        assert await phone(house) == []
        assert (await house.ask("POST", MESSAGES, HELLO | {"id": "once"})).status == 202
        assert len(await phone(house)) == 1


# -- receipts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("delivered", "Delivered"),
        ("DELIVERED", "Delivered"),
        ("failed", "Failed"),
        ("undeliverable", "Failed"),
        ("rejected", "Failed"),
        ("expired", "Expired"),
        ("unknown", "Unknown"),
        ("accepted", "Sent"),
        ("enroute", "Sent"),
    ],
)
async def test_a_receipt_changes_how_far_a_text_has_got(word: str, state: str) -> None:
    async with House() as house:
        id = await house.put()
        await house.operate(id, "SendMessage", text="hello")
        (out,) = await phone(house)
        answer = await house.ask("POST", RECEIPTS, {"id": out["id"], "state": word})
        assert (answer.status, answer.json) == (202, {"id": out["id"]})
        got = await house.ask("GET", f"{API}/me/smssessions/{id}/messages", headers=basic())
        assert got.json["messages"][-1]["delivery"]["state"] == state


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", ""),
        (b"[", ""),
        ({}, "id"),
        ({"id": "x"}, "state"),
        ({"state": "delivered"}, "id"),
        ({"id": "x", "state": "eaten"}, "delivered"),
        ({"id": "x", "state": ""}, "delivered"),
        ({"id": "x", "state": None}, "state"),
        ({"id": 7, "state": "delivered"}, "id"),
        ({"id": "a\0b", "state": "delivered"}, "id"),
        ({"id": "x" * 129, "state": "delivered"}, "id"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_receipts_that_are_none(body: Json | bytes, named: str) -> None:
    async with House() as house:
        assert named in wrong(await house.ask("POST", RECEIPTS, body), 400)


# -- scenarios ---------------------------------------------------------------------------------------------


async def test_a_scenario_puts_something_on_the_desk_and_a_reset_clears_it() -> None:
    async with House() as house:
        body = {"actors": {"agent1": "Ready"}, "state": {"agent1": "Invited"}, "userData": {"k": "v"}}
        answer = await house.ask("POST", SCENARIO, body)
        assert answer.status == 201
        id = answer.json["made"]["session"]
        got = await house.ask("GET", f"{API}/me/smssessions/{id}", headers=basic())
        assert (got.json["smssession"]["state"], got.json["smssession"]["userData"]) == (
            "Invited",
            {"k": "v"},
        )
        await house.ask("POST", MESSAGES, HELLO | {"from": "+15550222"})
        assert (await house.ask("POST", RESET)).status == 200
        await house.application.settle()
        assert (await house.ask("GET", f"{API}/me/smssessions?fields=*", headers=basic())).json[
            "smssessions"
        ] == []
        assert await phone(house, "%2B15550222") == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        ({"actors": {"agent1": "Asleep"}}, 400),
        ({"state": {"agent1": "Nowhere"}}, 400),
        ({"actors": {"nobody": "Ready"}}, 404),
        (b'{"queues":{"a":' + b"[" * 100_000, 400),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_scenarios_that_make_no_sense(body: Json | bytes, status: int) -> None:
    async with House() as house:
        wrong(await house.ask("POST", SCENARIO, body), status)


async def test_only_the_demo_has_scenarios_and_only_a_simulator_has_phones() -> None:
    async with House(demo=False) as house:
        for method, target in [("POST", SCENARIO), ("POST", RESET), ("POST", MESSAGES), ("GET", PHONE)]:
            wrong(await house.ask(method, target), 404)


# -- who may -----------------------------------------------------------------------------------------------

EVERYTHING = [
    ("GET", PHONE, b"", 200),
    ("POST", MESSAGES, HELLO, 202),
    ("POST", RECEIPTS, {"id": "x", "state": "delivered"}, 202),
    ("POST", SCENARIO, {}, 201),
    ("POST", RESET, b"", 200),
]


@pytest.mark.parametrize(("method", "target", "body", "status"), EVERYTHING)
async def test_this_machine_may_and_so_may_an_administrator(
    method: str, target: str, body: Json | bytes, status: int
) -> None:
    far, hostname = "192.0.2.7", {"Host": "desk.example.com"}
    async with House() as house:
        for address in ("127.0.0.1", "::1"):
            assert (await house.ask(method, target, body, address=address)).status == status
        for own in ("http://localhost:8080", None):
            headers = {"Origin": own} if own else {}
            assert (await house.ask(method, target, body, headers)).status == status
        admin = await house.ask(method, target, body, basic("admin") | hostname, far)
        assert admin.status == status
        cookie = await house.cookie("admin")
        assert (await house.ask(method, target, body, cookie | hostname, far)).status == status


@pytest.mark.parametrize(("method", "target", "body", "status"), EVERYTHING)
@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({}, "192.0.2.7"),
        ({}, "10.0.0.1"),
        ({}, "172.17.0.1"),
        ({}, ""),
        (basic("agent1"), "192.0.2.7"),
        (basic("supervisor"), "192.0.2.7"),
        (basic("admin", "wrong"), "192.0.2.7"),
        ({"Origin": "https://evil.example.net"}, "127.0.0.1"),
        ({"Origin": "http://localhost:3000"}, "127.0.0.1"),
        ({"Origin": "null"}, "127.0.0.1"),
        ({"Origin": "ftp://localhost:8080"}, "127.0.0.1"),
        (basic("agent1") | {"Origin": "http://localhost:3000"}, "127.0.0.1"),
        ({"Origin": "http://[::1"}, "127.0.0.1"),
        ({"Host": "evil.example.net:8080"}, "127.0.0.1"),
        ({"Host": "evil.example.net:8080", "Origin": "http://evil.example.net:8080"}, "127.0.0.1"),
        ({"Host": "localhost.evil.net"}, "127.0.0.1"),
        ({"Host": ""}, "127.0.0.1"),
        ({"Host": "[::1"}, "127.0.0.1"),
        ({"X-Forwarded-For": "192.0.2.7"}, "127.0.0.1"),
        ({"Forwarded": "for=192.0.2.7"}, "127.0.0.1"),
        ({"X-Real-IP": "192.0.2.7"}, "127.0.0.1"),
        ({"Via": "1.1 proxy"}, "127.0.0.1"),
    ],
)
async def test_nobody_else_may(
    method: str, target: str, body: Json | bytes, status: int, headers: dict[str, str], address: str
) -> None:
    """Far peers, foreign pages, names made to lead here, and whoever a proxy speaks for."""
    async with House() as house:
        wrong(await house.ask(method, target, body, headers, address), 403)
        assert await phone(house) == []


async def test_a_foreign_page_cannot_use_the_administrators_cookie() -> None:
    """A page of another port of this machine is the same site: the browser sends the cookie along."""
    async with House() as house:
        cookie = await house.cookie("admin")
        wrong(await house.ask("POST", RESET, b"", cookie | {"Origin": "http://localhost:3000"}), 403)
        named = basic("admin") | {"Origin": "http://localhost:3000"}
        assert (await house.ask("POST", RESET, b"", named)).status == 200


async def test_a_browser_that_holds_an_administrators_cookie_must_show_the_token() -> None:
    async with House(enable_csrf_protection=True) as house:
        cookie = await house.cookie("admin")
        wrong(await house.ask("POST", RESET, b"", cookie, "192.0.2.7"), 403)

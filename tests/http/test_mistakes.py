"""Every mistake has its row (SPEC 1.6), and none of them says more than it should."""

import io
import re

import pytest

from smsdesk.core.centre import Policy
from tests.http.house import API, BAYEUX, House, Listener, basic
from tests.http.peers import Exchange, Json, turn, until

ME = API + "/me"
NOWHERE = "0000000000000000"


def refused(answer: Exchange, status: int, code: int) -> bool:
    assert (answer.status, answer.json["statusCode"]) == (status, code), answer.body
    assert set(answer.json) == {"statusCode", "statusMessage"}
    assert answer.json["statusMessage"]
    assert answer.header("content-type") == "application/json"
    assert (answer.header("retry-after") is not None) is (status == 503)
    return True


@pytest.mark.parametrize(
    ("user", "target", "body", "status", "code"),
    [
        ("", "/me/smssessions/{id}", {"operationName": "Accept"}, 403, 20),
        ("agent1", "/me/smssessions/{id}", b"{", 400, 10),
        ("agent1", "/me/smssessions/{id}", b" " * 262_145, 413, 10),
        ("agent1", "/me/smssessions/{id}", {}, 400, 1),
        ("agent1", "/me/smssessions/{id}", {"operationName": "SendMessage"}, 400, 1),
        ("agent1", "/me/smssessions/{id}", {"operationName": "SendMessage", "text": 7}, 400, 10),
        ("agent1", "/me/smssessions/{id}", {"operationName": "Nonsense"}, 400, 10),
        ("agent1", "/me/smssessions/{id}", {"operationName": "Accept"}, 400, 2),
        ("agent1", "/me/smssessions/" + NOWHERE, {"operationName": "Accept"}, 404, 6),
        ("agent2", "/me/smssessions/{id}", {"operationName": "Accept"}, 404, 6),
        ("agent1", "/me/channels/voice", {"operationName": "Ready"}, 404, 6),
        ("agent1", "/me/channels/smssession", {"operationName": "Nonsense"}, 400, 10),
        ("agent2", "/me/channels/smssession", {"operationName": "Ready"}, 400, 2),
        ("agent1", "/users/{agent2}/channels/smssession", {"operationName": "Ready"}, 403, 5),
        ("agent1", "/users/nobody/channels/smssession", {"operationName": "Ready"}, 404, 6),
        ("agent1", "/me", {"operationName": "StartContactCenterSession"}, 400, 1),
        ("agent1", "/me", {"operationName": "StartContactCenterSession", "channels": "sms"}, 400, 10),
        ("agent1", "/me", {"operationName": "StartContactCenterSession", "channels": ["voice"]}, 400, 10),
    ],
)
async def test_rows(user: str, target: str, body: Json, status: int, code: int) -> None:
    async with House() as house:
        id = await house.put()
        other = house.application.performer.centre.user_names["agent2"].id
        path = API + target.format(id=id, agent2=other)
        refused(await house.ask("POST", path, body, basic(user) if user else {}), status, code)


async def test_a_rule_of_the_business_forbids_it() -> None:
    async with House() as house:
        id = await house.put()
        stop = {"from": "+15550111", "to": "+15550100", "text": "STOP"}
        assert (await house.ask("POST", "/simulator/messages", stop)).status == 202
        body = {"operationName": "SendMessage", "text": "hello"}
        refused(await house.ask("POST", f"{API}/me/smssessions/{id}", body, basic()), 403, 3)


async def test_a_name_that_is_taken() -> None:
    async with House() as house:
        body = {"userName": "Agent1", "firstName": "A", "lastName": "B", "roles": ["ROLE_AGENT"]}
        body["password"] = "long enough 1"
        refused(await house.ask("POST", API + "/users", body, basic("admin")), 403, 18)
        refused(await house.ask("POST", API + "/users", body, basic()), 403, 5)


# -- the same request again --------------------------------------------------------------------------------


async def test_the_same_key_does_nothing_again_and_answers_the_same() -> None:
    async with House() as house:
        id = await house.put()
        target, key = f"{API}/me/smssessions/{id}", {"Idempotency-Key": "k-1"}
        for text in ("hello", "hello", "another"):
            body = {"operationName": "SendMessage", "text": text}
            assert (await house.ask("POST", target, body, basic() | key)).json == {"statusCode": 0}
        messages = (await house.ask("GET", target + "/messages", headers=basic())).json["messages"]
        assert [m["text"] for m in messages if "text" in m] == ["hello"]


async def test_at_the_same_moment_too() -> None:
    async with House() as house:
        id = await house.put()
        asked = [
            house.begin("POST", f"{API}/me/smssessions/{id}", basic() | {"Idempotency-Key": "k-1"})
            for _ in range(5)
        ]
        for exchange in asked:
            exchange.say(b'{"operationName":"SendMessage","text":"hello"}')
        for exchange in asked:
            assert (await exchange.end()).json == {"statusCode": 0}
        target = f"{API}/me/smssessions/{id}/messages"
        messages = (await house.ask("GET", target, headers=basic())).json["messages"]
        assert [m["text"] for m in messages if "text" in m] == ["hello"]


async def test_what_was_refused_may_be_tried_again_with_its_key() -> None:
    async with House() as house:
        id = await house.put()
        target, key = f"{API}/me/smssessions/{id}", basic() | {"Idempotency-Key": "k-1"}
        await house.ask("GET", target, headers=basic())
        body = {"operationName": "SendMessage", "text": "hello"}
        house.store.broken = True
        refused(await house.ask("POST", target, body, key), 503, 4)
        house.store.broken = False
        assert (await house.ask("POST", target, body, key)).json == {"statusCode": 0}


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_a_key_that_is_none(key: str) -> None:
    async with House() as house:
        id = await house.put()
        body = {"operationName": "SendMessage", "text": "hello"}
        answer = await house.ask(
            "POST", f"{API}/me/smssessions/{id}", body, basic() | {"Idempotency-Key": key}
        )
        refused(answer, 400, 10)


async def test_several_channels_of_which_some_are_not_there() -> None:
    async with House() as house:
        body = {"operationName": "StartContactCenterSession", "channels": ["voice", "sms"]}
        answer = await house.ask("POST", ME, body, basic())
        assert (answer.status, answer.json["statusCode"]) == (200, 7)
        assert [c["channel"] for c in answer.json["succeeded"]] == ["smssession"]
        assert [c["channel"] for c in answer.json["failed"]] == ["voice"]


@pytest.mark.parametrize(
    "target", ["/me/smssessions", "/me/smssessions/{id}", "/me/smssessions/{id}/messages"]
)
async def test_a_feature_that_is_off_is_not_there(target: str) -> None:
    async with House() as house:
        id = await house.put()
        house.application.performer.policy = Policy(features_off=frozenset({"api-multimedia"}))
        answer = await house.ask("GET", API + target.format(id=id), headers=basic())
        refused(answer, 404, 6)


async def test_a_store_that_is_down_is_said_with_when_to_come_back() -> None:
    async with House() as house:
        id = await house.put()
        await house.ask("GET", ME, headers=basic())
        house.store.broken = True
        body = {"operationName": "AttachUserData", "userData": {"k": "v"}}
        refused(await house.ask("POST", f"{API}/me/smssessions/{id}", body, basic()), 503, 4)
        house.store.broken = False
        got = await house.ask("GET", f"{API}/me/smssessions/{id}", headers=basic())
        assert got.json["smssession"]["userData"] == {}, "nothing has changed"
        assert (await house.ask("POST", f"{API}/me/smssessions/{id}", body, basic())).json == {
            "statusCode": 0
        }


async def test_too_much_waiting_is_said_too() -> None:
    """One change is on its way to the disk, one may wait: a third is sent away, and nothing of it is kept."""
    async with House(pending_limit=1) as house:
        id = await house.put()
        assert (await house.ask("GET", API + "/features", headers=basic())).status == 200
        house.store.writes.close()
        first = attaching(house, id, "first")
        await until(lambda: house.store.writes.waiting)
        second = attaching(house, id, "second")
        await turn()
        refused(await attaching(house, id, "third").end(), 503, 4)
        house.store.writes.open()
        for exchange in (first, second, attaching(house, id, "fourth")):
            assert (await exchange.end()).json == {"statusCode": 0}
        got = await house.ask("GET", f"{API}/me/smssessions/{id}", headers=basic())
        assert list(got.json["smssession"]["userData"]) == ["first", "second", "fourth"]


def attaching(house: House, id: str, key: str) -> Exchange:
    """A request that attaches a value, under way."""
    exchange = house.begin("POST", f"{API}/me/smssessions/{id}", basic())
    exchange.say(b'{"operationName":"AttachUserData","userData":{"%s":1}}' % key.encode())
    return exchange


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("POST", ME, {"operationName": "StartContactCenterSession", "channels": ["sms"]}),
        ("GET", ME, b""),
        ("POST", BAYEUX, [{"channel": "/meta/handshake"}]),
    ],
)
async def test_a_fault_of_our_own_has_an_id_that_is_in_the_log(
    method: str, target: str, body: Json, log: io.StringIO
) -> None:
    async with House() as house:
        cookie = await house.cookie()

        def broken() -> int:
            raise RuntimeError("the clock holds agent1:demo and hunter2")

        clock, house.application.performer.clock = house.application.performer.clock, broken
        answer = await house.ask(method, target, body, cookie)
        house.application.performer.clock = clock
        refused(answer, 500, 4)
        found = re.search(r"\b[0-9a-f]{16}\b", answer.json["statusMessage"])
        assert found
        written = log.getvalue()
        assert found.group() in written
        assert "Traceback" in written
        for secret in (b"Traceback", b"RuntimeError", b"hunter2", b".py", b"clock"):
            assert secret not in answer.body
        assert (await house.ask("GET", ME, headers=cookie)).status == 200, "and it goes on"


async def test_at_level_info_the_log_names_no_secret_and_no_text(log: io.StringIO) -> None:
    async with House() as house:
        cookie = await house.cookie()
        listener = await Listener(house, headers=cookie).ready()
        id = await house.put()
        await house.operate(id, "SendMessage", text="the-text-that-went-out")
        await house.attach(id, key="the-attached-value")
        sent = {"from": "+15550199", "to": "+15550100", "text": "the-text-that-came-in"}
        assert (await house.ask("POST", "/simulator/messages", sent)).status == 202
        await house.application.settle()
        await listener.connect()
        await house.ask("POST", ME, {"operationName": "EndContactCenterSession"}, cookie)
        await house.ask("GET", ME, headers=basic("agent1", "the-wrong-password"))
        await house.ask("GET", ME + "?password=the-query", headers=cookie)
        await house.ask("POST", ME, b'{"operationName":"the-body', basic())
        tokens = [cookie["Cookie"].partition("=")[2], listener.id, basic()["Authorization"].split()[1]]
    written = log.getvalue()
    assert "login refused" in written
    for secret in [*tokens, "the-", "demo:", "argon2"]:
        assert secret not in written, secret


async def test_replies_are_nobodys_to_keep_or_to_guess_at() -> None:
    async with House() as house:
        for headers in (basic(), {}):
            answer = await house.ask("GET", ME, headers=headers)
            assert answer.header("cache-control") == "no-store"
            assert answer.header("x-content-type-options") == "nosniff"
            assert answer.header("content-length") == str(len(answer.body))


async def test_a_query_of_any_length_is_no_fault_of_ours() -> None:
    async with House() as house:
        many = "&".join(f"f{n}=1" for n in range(51))
        refused(await house.ask("GET", f"{ME}?{many}", headers=basic()), 400, 10)
        for odd in ("%ff%fe", "%zz", "a=%00", "=", "&&&", "fields", "fields=%F0%9F%98%80", "x" * 10_000):
            answer = await house.ask("GET", f"{ME}?{odd}", headers=basic())
            assert answer.json["statusCode"] == 0


@pytest.mark.parametrize("wrong", ["-1", "x", "1.5", "9" * 30, "²", "%00", "0x10"])
async def test_numbers_of_a_query_are_checked(wrong: str) -> None:
    async with House() as house:
        id = await house.put()
        for field in ("limit", "offset"):
            target = f"{API}/me/smssessions?fields=*&{field}={wrong}"
            refused(await house.ask("GET", target, headers=basic()), 400, 10)
        for field in ("startIndex", "count"):
            target = f"{API}/me/smssessions/{id}/messages?{field}={wrong}"
            refused(await house.ask("GET", target, headers=basic()), 400, 10)

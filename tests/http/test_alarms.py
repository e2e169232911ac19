"""Alarms from the queue to whoever is told of them, and the webhooks that are told (SPEC 5.3)."""

import hashlib
import hmac
from typing import Any

import msgspec
import pytest

from tests.fakes.webhook_receiver import Receiver, drop, receiving, status
from tests.http.house import API, House, Listener, basic, data
from tests.http.peers import Json

ALARMS, HOOKS = f"{API}/alarms", f"{API}/webhooks"
TOPIC = "/v2/alarms"
MINUTE = 60_000
SECRET = "a secret of the receiver"


async def text(house: House, number: str = "+15550190") -> None:
    body = {"from": number, "to": "+15550100", "text": "Where is my parcel?"}
    answer = await house.ask("POST", "/simulator/messages", body, basic("admin"))
    assert answer.status == 202, answer.body
    await house.application.settle()


async def listed(house: House, query: str = "", user: str = "supervisor") -> list[Json]:
    answer = await house.ask("GET", ALARMS + query, headers=basic(user))
    assert answer.json["statusCode"] == 0, answer.body
    found: list[Json] = answer.json["alarms"]
    return found


async def refused(house: House, method: str, target: str, user: str = "admin", body: Json = None) -> int:
    answer = await house.ask(method, target, body if body is not None else b"", basic(user))
    code: int = answer.json["statusCode"]
    return code


async def states(house: House) -> list[tuple[str, str]]:
    return [(alarm["type"], alarm["state"]) for alarm in await listed(house)]


async def ready(house: House, user: str = "agent1", name: str = "Ready") -> None:
    answer = await house.ask("POST", f"{API}/me/channels/smssession", {"operationName": name}, basic(user))
    assert answer.json["statusCode"] == 0, answer.body
    await house.application.settle()


async def sign_in(house: House, user: str = "agent1") -> None:
    body = {"operationName": "StartContactCenterSession", "channels": ["smssession"]}
    answer = await house.ask("POST", f"{API}/me", body, basic(user))
    assert answer.json["statusCode"] == 0, answer.body
    await house.application.settle()


async def hook(house: House, url: str, **more: Json) -> str:
    body = {"name": "operations", "url": url, "secret": SECRET, **more}
    answer = await house.ask("POST", HOOKS, body, basic("admin"))
    assert answer.json["statusCode"] == 0, answer.body
    id: str = answer.json["id"]
    return id


async def log(house: House, hook: str, query: str = "") -> list[Json]:
    answer = await house.ask("GET", f"{HOOKS}/{hook}/deliveries{query}", headers=basic("admin"))
    found: list[Json] = answer.json["deliveries"]
    return found


# -- alarms ----------------------------------------------------------------------------------------
async def test_nobody_is_signed_in() -> None:
    async with House() as house:
        await text(house)
        await house.pass_time(MINUTE - 1)
        assert await listed(house) == []
        await house.pass_time(1)
        (alarm,) = await listed(house)
        assert alarm == {
            "id": alarm["id"],
            "type": "unattended",
            "state": "open",
            "queue": "Support",
            "queueUri": alarm["queueUri"],
            "raised": "2023-11-14 22:14:20.000+0000",
            "waitingSince": "2023-11-14 22:13:20.000+0000",
            "waiting": 1,
            "limitSeconds": 60,
            "words": "1 customer waits in Support, and for 1 minute nobody was signed in who could serve it",
            "uri": f"http://localhost:8080{ALARMS}/{alarm['id']}",
            "path": f"/alarms/{alarm['id']}",
        }
        answer = await house.ask("GET", f"{ALARMS}/{alarm['id']}", headers=basic("admin"))
        assert answer.json["alarm"] == alarm


async def test_it_ends_when_somebody_has_been_there_for_a_while() -> None:
    async with House() as house:
        await text(house)
        await house.pass_time(MINUTE)
        await sign_in(house)
        await house.pass_time(1000)
        await house.pass_time(29_999)
        assert await states(house) == [("unattended", "open")]
        await house.pass_time(1)
        assert await states(house) == [("unattended", "ended")]
        (alarm,) = await listed(house, "?state=ended")
        assert alarm["words"].startswith("somebody serves Support again, after ")
        assert await listed(house, "?state=open") == []


async def test_a_customer_waits_too_long_though_somebody_is_there() -> None:
    """Who is being rung for waits still; who was accepted does not."""
    async with House(alarm_waiting_seconds=120, vanished_logout_seconds=0) as house:
        await sign_in(house)
        await text(house)
        await house.pass_time(119_000)
        assert await listed(house) == []
        await house.pass_time(1000)
        assert await states(house) == [("overdue", "open")]
        await ready(house)
        await house.pass_time(20_000)
        assert await states(house) == [("overdue", "open")]
        answer = await house.ask("GET", f"{API}/me/smssessions?fields=*", headers=basic())
        await house.operate(answer.json["smssessions"][0]["id"], "Accept")
        await house.pass_time(1000)
        await house.pass_time(30_000)
        assert await states(house) == [("overdue", "ended")]


async def test_nobody_is_expected_outside_business_hours() -> None:
    """2023-11-14 is a Tuesday, and it is 22:13."""
    async with House() as house:
        hours = {"name": "Office", "regular": ["Mon-Fri 09:00-17:00"]}
        assert await refused(house, "POST", f"{API}/business-hours", body=hours) == 0
        queues = await house.ask("GET", f"{API}/queues?fields=id&name=Support", headers=basic("admin"))
        id = queues.json["queues"][0]["id"]
        assert await refused(house, "PUT", f"{API}/queues/{id}", body={"hours": "Office"}) == 0
        await text(house)
        await house.pass_time(60 * MINUTE)
        assert await listed(house) == []


async def test_an_open_alarm_outlives_the_program_and_is_not_raised_again(tmp_path: Any) -> None:
    async with House(tmp_path) as house:
        await text(house)
        await house.pass_time(MINUTE)
        clock = house.clock
    async with House(tmp_path, clock=clock) as house:
        await house.pass_time(5000)
        assert await states(house) == [("unattended", "open")]
        await sign_in(house)
        await house.pass_time(1000)
        await house.pass_time(30_000)
        assert await states(house) == [("unattended", "ended")]


async def test_supervisors_and_administrators_are_notified() -> None:
    async with House(alarm_unattended_seconds=30) as house:
        supervisor = await Listener(house, "supervisor").ready(TOPIC)
        everything = await Listener(house, "admin").ready("/**")
        agent = await Listener(house, "agent1").ready(TOPIC)
        await text(house)
        await house.pass_time(30_000)
        (told,) = await supervisor.connect()
        assert (told["channel"], told.get("ext")) == (TOPIC, None)
        (said,) = data([told])
        assert (said["messageType"], said["notificationType"]) == ("AlarmMessage", "AlarmChange")
        assert said["alarm"] == (await listed(house))[0]
        assert await agent.connect() == []
        assert [m for m in await everything.connect() if m["channel"] == TOPIC] == []


async def test_pages_and_who_reads() -> None:
    async with House(alarm_clear_seconds=0) as house:
        await text(house)
        leave = {"operationName": "EndContactCenterSession"}
        for _ in range(3):
            await house.pass_time(MINUTE)
            await sign_in(house)
            await house.pass_time(1000)
            assert await refused(house, "POST", f"{API}/me", "agent1", leave) == 0
            await house.application.settle()
        found = await listed(house, user="admin")
        assert len(found) == 3
        assert [alarm["raised"] for alarm in found] == sorted((a["raised"] for a in found), reverse=True)
        assert await listed(house, "?limit=1&offset=1&fields=id") == [{"id": found[1]["id"]}]
        answer = await house.ask("GET", f"{ALARMS}?limit=2", headers=basic("admin"))
        assert (len(answer.json["alarms"]), answer.json["more"]) == (2, True)
        assert await refused(house, "GET", ALARMS, "agent1") == 5
        assert await refused(house, "GET", f"{ALARMS}/{found[0]['id']}", "agent1") == 5
        assert await refused(house, "GET", f"{ALARMS}/nothing", "agent1") == 6
        assert await refused(house, "GET", f"{ALARMS}?limit=x", "supervisor") == 10
        assert await refused(house, "GET", f"{ALARMS}?from=soon", "supervisor") == 10
        assert (await house.ask("GET", ALARMS)).json["statusCode"] == 20


# -- webhooks --------------------------------------------------------------------------------------
async def test_a_webhook_is_told_of_the_beginning_and_the_end() -> None:
    async with House() as house, receiving() as receiver:
        id = await hook(house, receiver.url)
        await text(house)
        await house.pass_time(MINUTE)
        await sign_in(house)
        await house.pass_time(1000)
        await house.pass_time(30_000)
        first, last = receiver.got
        assert [_said(got.body)["alarm"]["state"] for got in (first, last)] == ["open", "ended"]
        said = _said(first.body)
        assert (said["event"], said["webhook"]) == ("alarm", "operations")
        assert first.headers["smsdesk-delivery"] == said["id"]
        signed = first.headers["smsdesk-timestamp"].encode() + b"." + first.body
        wanted = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        assert first.headers["smsdesk-signature"] == f"sha256={wanted}"
        assert [(d["state"], d["status"]) for d in await log(house, id)] == [("delivered", 204)] * 2


def _said(body: bytes) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.json.decode(body)
    return said


async def test_a_secret_is_made_and_shown_once() -> None:
    async with House() as house:
        body = {"name": "mine", "url": "https://hooks.example/x"}
        answer = await house.ask("POST", HOOKS, body, basic("admin"))
        id, secret = answer.json["id"], answer.json["secret"]
        assert len(secret) == 40
        answer = await house.ask("GET", f"{HOOKS}/{id}", headers=basic("admin"))
        assert answer.json["webhook"] == {
            "id": id,
            "name": "mine",
            "url": "https://hooks.example/x",
            "uri": f"http://localhost:8080{HOOKS}/{id}",
            "path": f"/webhooks/{id}",
        } | {"events": ["alarm"]}
        exported = await house.ask("GET", f"{API}/provisioning", headers=basic("admin"))
        assert secret not in exported.body.decode()
        kept = house.application.performer.centre.records["webhook"][id]
        assert await refused(house, "PUT", f"{HOOKS}/{id}", body={"enabled": False}) == 0
        assert house.application.performer.centre.records["webhook"][id].secret == kept.secret == secret


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 1),
        ({"name": "x"}, 1),
        ({"name": "x", "url": "ftp://a.example"}, 10),
        ({"name": "x", "url": "https://"}, 10),
        ({"name": "x", "url": "https://a:b@c.example/"}, 10),
        ({"name": "x", "url": "https://a.example:99999/"}, 10),
        ({"name": "x", "url": "https://[::1/"}, 10),
        ({"name": "x", "url": "https://a.example/ b"}, 10),
        ({"name": "x", "url": "https://a.example/\0"}, 10),
        ({"name": "x", "url": "https://a.example/" + "x" * 2000}, 10),
        ({"name": "x", "url": "https://a.example", "secret": "short"}, 10),
        ({"name": "x", "url": "https://a.example", "events": ["weather"]}, 10),
        ({"name": "x", "url": 5}, 10),
        ({"name": "operations", "url": "https://a.example"}, 18),
    ],
)
async def test_what_is_no_webhook(body: Json, code: int) -> None:
    async with House() as house:
        await hook(house, "https://hooks.example/")
        assert await refused(house, "POST", HOOKS, body=body) == code


async def test_who_has_to_do_with_webhooks() -> None:
    async with House() as house, receiving() as receiver:
        id = await hook(house, receiver.url)
        test = {"operationName": "Test"}
        for user in ("agent1", "supervisor"):
            for method, path in (("GET", ""), ("GET", f"/{id}"), ("GET", f"/{id}/deliveries")):
                assert await refused(house, method, HOOKS + path, user) == 5
            assert await refused(house, "POST", f"{HOOKS}/{id}", user, test) == 5
        assert await refused(house, "POST", f"{HOOKS}/nothing", "agent1", test) == 6
        assert await refused(house, "POST", f"{HOOKS}/{id}", "agent1", {"operationName": "Redeliver"}) == 10
        assert receiver.got == []


async def test_a_test_arrives() -> None:
    async with House() as house, receiving() as receiver:
        id = await hook(house, receiver.url)
        answer = await house.ask("POST", f"{HOOKS}/{id}", {"operationName": "Test"}, basic("admin"))
        assert answer.json["statusCode"] == 0
        await house.application.settle()
        (got,) = receiver.got
        assert got.headers["smsdesk-event"] == "test"
        assert _said(got.body) == {
            "id": answer.json["id"],
            "event": "test",
            "webhook": "operations",
            "words": "This is a test by admin.",
        }
        assert await refused(house, "PUT", f"{HOOKS}/{id}", body={"enabled": False}) == 0
        assert await refused(house, "POST", f"{HOOKS}/{id}", body={"operationName": "Test"}) == 2


async def _failed(house: House, receiver: Receiver) -> tuple[str, Json]:
    id = await hook(house, receiver.url)
    receiver.will(status(410, b"gone for good"))
    assert await refused(house, "POST", f"{HOOKS}/{id}", body={"operationName": "Test"}) == 0
    await house.application.settle()
    (one,) = await log(house, id, "?state=failed")
    return id, one


async def test_the_log_and_once_more() -> None:
    async with House() as house, receiving() as receiver:
        id, one = await _failed(house, receiver)
        words = "answered 410, which will not change: gone for good"
        assert (one["attempts"], one["status"], one["words"]) == (1, 410, words)
        place = f"{HOOKS}/{id}/deliveries/{one['id']}"
        assert await refused(house, "POST", place, body={"operationName": "Redeliver"}) == 0
        await house.application.settle()
        answer = await house.ask("GET", place, headers=basic("admin"))
        assert answer.json["delivery"]["state"] == "delivered"
        assert len({got.headers["smsdesk-delivery"] for got in receiver.got}) == 1
        receiver.will(drop)
        assert await refused(house, "POST", place, body={"operationName": "Redeliver"}) == 0
        await house.application.settle()
        (one,) = await log(house, id)
        assert (one["state"], one["status"]) == ("waiting", None)
        assert one["next"] > one["tried"]
        assert await refused(house, "POST", place, body={"operationName": "Redeliver"}) == 2


async def test_deliveries_of_others_are_not_there() -> None:
    async with House() as house, receiving() as receiver:
        _, one = await _failed(house, receiver)
        other = await hook(house, "https://hooks.example/", name="other")
        again = {"operationName": "Redeliver"}
        assert await refused(house, "POST", f"{HOOKS}/{other}/deliveries/{one['id']}", body=again) == 6
        assert await refused(house, "GET", f"{HOOKS}/{other}/deliveries/{one['id']}") == 6
        assert await refused(house, "GET", f"{HOOKS}/nothing/deliveries") == 6
        assert await log(house, other) == []


async def test_a_private_address_is_refused_unless_the_setting_allows_it() -> None:
    async with House(webhook_allow_private=False) as house:
        id = await hook(house, "http://10.255.255.1/hook")
        assert await refused(house, "POST", f"{HOOKS}/{id}", body={"operationName": "Test"}) == 0
        await house.application.settle()
        (one,) = await log(house, id)
        assert (one["state"], one["attempts"]) == ("failed", 1)
        assert one["words"].endswith("webhook_allow_private forbids that")

"""The durable log: whoever was away gets all that he missed, in order and once (SPEC 4.1, 4.5, 4.6, 9.16)."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from smsdesk.store import OutboxRow
from tests.clock import JumpingClock
from tests.http.house import API, CHANNELS, SMS, House, Listener, basic, data, kinds
from tests.http.peers import until
from tests.http.test_notifications import OFFERED, PAIR, keys

MINE = API + "/me/smssessions"


def ids(messages: list[Any]) -> list[int]:
    return [message["ext"]["replay"]["id"] for message in messages if "data" in message]


async def position(house: House, user: str = "agent1") -> dict[str, Any]:
    """Where a snapshot says that the stream stands."""
    answer = await house.ask("GET", MINE, headers=basic(user))
    replay: dict[str, Any] = answer.json["replay"]
    return replay


async def replayed(house: House, replay: Any, user: str = "agent1", topic: str = SMS) -> list[Any]:
    """What a new client hears that asks for the past."""
    listener = await Listener(house, user).handshake()
    reply = await listener.subscribe(topic, replay)
    assert reply["successful"], reply
    return await everything(house, listener)


async def everything(house: House, listener: Listener) -> list[Any]:
    """All that waits for a client, however many answers it takes."""
    messages: list[Any] = []
    while True:
        await house.application.settle()
        more = await listener.connect()
        if not more:
            return messages
        messages += more


async def test_every_message_carries_its_place_and_places_only_grow() -> None:
    async with House() as house:
        id = await house.put(**OFFERED)
        listener = await Listener(house).ready()
        await house.operate(id, "Accept", nickname="Ann")
        await house.attach(id, k=1)
        places = ids(await listener.connect())
        assert len(places) == 4
        assert places == sorted(set(places))
        assert places[-1] <= (await position(house))["id"]


async def test_the_past_comes_in_order_and_from_any_point() -> None:
    async with House() as house:
        id = await house.put(**OFFERED)
        await house.operate(id, "Accept", nickname="Ann")
        for number in range(5):
            await house.attach(id, **{f"k{number}": number})
        whole = await replayed(house, 0)
        assert (
            kinds(whole)[-8:]
            == ["StatusChange", "ParticipantsUpdated", "NewMessages"] + ["PropertiesUpdated"] * 5
        )
        places = ids(whole)
        assert places == sorted(set(places))
        for number, place in enumerate(places):
            rest = await replayed(house, place)
            assert [m["data"] for m in rest] == [m["data"] for m in whole[number + 1 :]]
            assert ids(rest) == places[number + 1 :]


async def test_it_is_the_same_as_what_was_heard_live() -> None:
    async with House() as house:
        id = await house.put(**PAIR)
        ann, ben = await Listener(house).ready(), await Listener(house, "agent2").ready()
        begin = (await position(house))["id"]
        await house.attach(id, k=1)
        await house.operate(id, "SendToAgents", text="psst")
        await house.operate(id, "SendMessage", user="agent2", text="hello")
        await house.operate(id, "Leave", user="agent2")
        await house.operate(id, "Complete")
        for listener, user in ((ann, "agent1"), (ben, "agent2")):
            live, again = await everything(house, listener), await replayed(house, begin, user)
            assert undelivered(again) == undelivered(live)


def undelivered(messages: list[Any]) -> list[Any]:
    """Without how far texts have got, which a transcript tells as it is now (SPEC 6.3)."""
    for said in data(messages):
        for message in said.get("messages", ()):
            message.pop("delivery", None)
    return messages


async def test_it_reads_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    async with House() as house:
        id = await house.put(**OFFERED)
        await house.operate(id, "Accept", nickname="Ann")
        for number in range(10):
            await house.attach(id, **{f"k{number}": number})
        whole = await replayed(house, 0)
        for size in (1, 2, 3):
            monkeypatch.setattr("smsdesk.http.replays.PAGE", size)
            for place in (0, *ids(whole)):
                assert ids(await replayed(house, place)) == [p for p in ids(whole) if p > place]


async def test_rows_that_tell_the_user_nothing_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsdesk.http.replays.PAGE", 2)
    async with House() as house:
        id = await house.put()
        begin = (await position(house))["id"]
        for number in range(6):
            await house.attach(id, **{f"k{number}": number})
        make_again = house.application.notifier.replayed

        async def silent(user: str, rows: Sequence[OutboxRow]) -> list[tuple[str, bytes, int]]:
            return [(t, d, i) for t, d, i in await make_again(user, rows) if b'"k5"' in d]

        assert house.application.notifications.make_again == make_again
        house.application.notifications.make_again = silent
        assert len(await replayed(house, begin)) == 1


async def test_it_survives_a_restart(tmp_path: Path) -> None:
    clock = JumpingClock()
    async with House(tmp_path, clock=clock) as house:
        id = await house.put(**OFFERED)
        await house.operate(id, "Accept", nickname="Ann")
        before = await position(house)
        await house.attach(id, a=1)
        await house.operate(id, "SendMessage", text="hello")
        whole = await replayed(house, before["id"])
    async with House(tmp_path, clock=clock) as house:
        after = await position(house)
        assert after["epoch"] == before["epoch"] == "first"
        assert after["id"] >= ids(whole)[-1]
        assert await replayed(house, before["id"]) == whole
        assert await replayed(house, {"id": before["id"], "epoch": "first"}) == whole
        await house.attach(id, b=2)
        (new,) = await replayed(house, after["id"])
        assert list(new["data"]["smssession"]["userData"]) == ["a", "b"]
        assert new["ext"]["replay"]["id"] > ids(whole)[-1]


@pytest.mark.parametrize("topic", ["/v2/me/*", "/v2/**", "/**", "/v2/me/smssession"])
async def test_wildcards_and_spellings_have_a_past_too(topic: str) -> None:
    async with House() as house:
        id = await house.put()
        begin = (await position(house))["id"]
        await house.attach(id, k=1)
        (said,) = await replayed(house, begin, topic=topic)
        assert said["channel"] == ("/v2/me/smssession" if topic == "/v2/me/smssession" else SMS)


async def test_each_topic_has_its_own_past() -> None:
    async with House() as house:
        id = await house.put()
        await house.operate(id, "AttachUserData", userData={"k": 1})
        body = {"operationName": "NotReady"}
        assert (await house.ask("POST", API + "/me", body, basic())).json == {"statusCode": 0}
        assert {m["channel"] for m in await replayed(house, 0)} == {SMS}
        assert {m["channel"] for m in await replayed(house, 0, topic=CHANNELS)} == {CHANNELS}
        assert {m["channel"] for m in await replayed(house, 0, topic="/v2/me/*")} == {SMS, CHANNELS}


async def test_nobody_gets_what_was_said_to_others() -> None:
    async with House() as house:
        id = await house.put(**PAIR)
        await house.operate(id, "Leave", user="agent2")
        left = len(await replayed(house, 0, "agent2"))
        await house.attach(id, later=1)
        assert len(await replayed(house, 0, "agent2")) == left, "nothing after his part ended"
        assert await replayed(house, 0, "agent3") == []


async def test_what_happens_meanwhile_comes_behind_the_past_and_once() -> None:
    async with House() as house:
        id = await house.put()
        begin = (await position(house))["id"]
        await house.attach(id, a=1)
        await house.attach(id, b=1)
        listener = await Listener(house).handshake()
        house.store.reads.close()
        await listener.subscribe(SMS, begin)
        await until(lambda: house.store.reads.waiting)
        request = house.begin("POST", f"{MINE}/{id}", basic())
        request.say(b'{"operationName":"AttachUserData","userData":{"c":1}}')
        assert (await request.end()).json == {"statusCode": 0}
        assert await listener.connect() == [], "the present waits for the past"
        house.store.reads.open()
        assert keys(await everything(house, listener)) == ["a", "a,b", "a,b,c"]


async def test_a_held_poll_is_answered_by_the_past() -> None:
    async with House() as house:
        id = await house.put()
        begin = (await position(house))["id"]
        await house.attach(id, a=1)
        listener = await Listener(house).handshake()
        await listener.connect()
        house.store.reads.close()
        await listener.subscribe(SMS, begin)
        poll = await listener.hold()
        assert not poll.answered
        house.store.reads.open()
        assert keys((await poll.end()).json) == ["a"]


async def test_a_long_past_comes_in_portions_that_fit() -> None:
    async with House(bayeux_queue_bytes=16_384) as house:
        id = await house.put()
        begin = (await position(house))["id"]
        for number in range(20):
            await house.attach(id, key=f"{number:03d}" + "x" * 1500)
        listener = await Listener(house).handshake()
        await listener.subscribe(SMS, begin)
        await house.application.settle()
        first = await listener.connect()
        assert 0 < len(first) < 20
        numbers = [
            m["data"]["smssession"]["userData"]["key"][:3] for m in first + await everything(house, listener)
        ]
        assert numbers == [f"{number:03d}" for number in range(20)]


async def test_subscribing_again_from_the_start_repeats_it() -> None:
    async with House() as house:
        id = await house.put()
        begin = (await position(house))["id"]
        await house.attach(id, a=1)
        listener = await Listener(house).ready()
        for _ in range(3):
            await listener.subscribe(SMS, begin)
            assert keys(await everything(house, listener)) == ["a"]


# -- joining a snapshot and the stream ---------------------------------------------------------------------


async def test_every_snapshot_and_every_subscription_says_where_the_stream_stands() -> None:
    async with House() as house:
        id = await house.put()
        await house.attach(id, k=1)
        place = await position(house)
        assert set(place) == {"epoch", "id"}
        assert (await house.ask("GET", API + "/me", headers=basic())).json["replay"] == place
        listener = await Listener(house).handshake()
        assert (await listener.subscribe())["ext"]["replay"] == place
        await house.attach(id, other=1)
        assert (await position(house))["id"] > place["id"]


def play(sessions: dict[str, Any], messages: list[Any]) -> dict[str, Any]:
    """What a client holds after some notifications (SPEC 4.5)."""
    now = dict(sessions)
    for said in data(messages):
        if said["messageType"] == "SMSsessionStateChangeMessage":
            shape = said["smssession"]
            now[shape["id"]] = shape
            if shape["state"] in ("Completed", "Revoked"):
                del now[shape["id"]]
    return now


async def snapshot(house: House, target: str) -> tuple[dict[str, Any], dict[str, Any]]:
    answer = await house.ask("GET", target, headers=basic())
    return sessions_of(answer.json), answer.json["replay"]


def sessions_of(reply: Any) -> dict[str, Any]:
    shapes = reply["user"]["smssessions"] if "user" in reply else reply["smssessions"]
    return {shape["id"]: shape for shape in shapes}


WORK: list[dict[str, Any]] = [
    {"operationName": "Accept", "nickname": "Ann"},
    {"operationName": "AttachUserData", "userData": {"a": 1, "b": {"c": "d"}}},
    {"operationName": "SetInFocus"},
    {"operationName": "SendMessage", "text": "hello"},
    {"operationName": "DeleteUserData", "keys": ["a"]},
    {"operationName": "SetDisposition", "disposition": "resolved"},
    {"operationName": "AddComment", "comment": "done"},
]
SNAPSHOTS = [MINE + "?fields=*", API + "/me?subresources=smssessions"]


@pytest.mark.parametrize("target", SNAPSHOTS)
async def test_a_snapshot_and_what_followed_are_the_fresh_state(target: str) -> None:
    async with House() as house:
        id = await house.put(**OFFERED)
        taken = [await snapshot(house, target)]
        for body in WORK:
            answer = await house.ask("POST", f"{MINE}/{id}", body, basic())
            assert answer.json["statusCode"] == 0, answer.body
            await house.application.settle()
            taken.append(await snapshot(house, target))
        fresh, _ = await snapshot(house, target)
        assert fresh[id]["userData"]["b"] == {"c": "d"}
        for sessions, replay in taken:
            assert play(sessions, await replayed(house, replay)) == fresh
        await house.operate(id, "Complete")
        for sessions, replay in taken:
            assert play(sessions, await replayed(house, replay)) == {}


@pytest.mark.parametrize("target", SNAPSHOTS)
async def test_a_change_while_the_snapshot_is_taken_is_not_missed(target: str, tmp_path: Path) -> None:
    """The place is taken before what is shown: what comes between is heard again, never lost."""
    async with House(tmp_path) as house:
        id = await house.put()
        await house.put(otherSessions=[{"id": "other", "state": {"agent1": "Chatting"}}])
    async with House(tmp_path) as house:
        assert (
            await house.ask("GET", f"{MINE}/{id}", headers=basic())
        ).status == 200  # in memory; the other is not
        cookie = await house.cookie()
        house.store.reads.close()
        slow = house.begin("GET", target, cookie)
        slow.say(b"")
        await until(lambda: house.store.reads.waiting)
        await house.attach(id, between=1)
        house.store.reads.open()
        answer = (await slow.end()).json
        fresh, _ = await snapshot(house, target)
        assert len(fresh) == 2
        assert play(sessions_of(answer), await replayed(house, answer["replay"])) == fresh


# -- what cannot be given ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"id": 0, "epoch": "other"}, "412::Another epoch, read again"),
        ({"id": 1, "epoch": "other"}, "412::Another epoch, read again"),
        (2**52, "412::Not reached yet, read again"),
        (-1, "400:ext.replay:Invalid parameter"),
        ("0", "400:ext.replay:Invalid parameter"),
        (1.5, "400:ext.replay:Invalid parameter"),
        (True, "400:ext.replay:Invalid parameter"),
        ([], "400:ext.replay:Invalid parameter"),
        ({}, "400:ext.replay:Invalid parameter"),
        ({"id": 0, "epoch": 5}, "400:ext.replay:Invalid parameter"),
        (2**53, "400:ext.replay:Invalid parameter"),
    ],
)
async def test_a_wish_that_cannot_be_granted_says_so_and_changes_nothing(wish: Any, error: str) -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).handshake()
        reply = await listener.subscribe(SMS, wish)
        assert (reply["successful"], reply["error"]) == (False, error)
        if error.startswith("412"):
            assert reply["ext"]["replay"] == await position(house), "from here on it can be had"
        await house.attach(id, k=1)
        assert await listener.connect() == [], "it is not subscribed either"


async def test_what_is_no_longer_kept_says_read_again(tmp_path: Path) -> None:
    async with House(tmp_path) as house:
        id = await house.put()
        old = await position(house)
        for number in range(5):
            await house.attach(id, **{f"k{number}": number})
        middle = await position(house)
        await house.attach(id, last=1)
        await house.store.trim(middle["id"] // 1024 + 1)
    async with House(tmp_path) as house:
        listener = await Listener(house).handshake()
        reply = await listener.subscribe(SMS, old["id"])
        assert reply["error"] == "412::No longer kept, read again"
        assert len(await replayed(house, middle["id"])) == 1
        assert len(await replayed(house, 0)) == 1, "everything that is kept"


async def test_a_log_that_cannot_be_read_sends_the_client_to_begin_anew(log: io.StringIO) -> None:
    async with House() as house:
        await house.put()
        listener = await Listener(house).ready()
        poll = await listener.hold()
        house.store.reads.close()
        await listener.subscribe(SMS, 0)
        await until(lambda: house.store.reads.waiting)
        house.store.broken = True
        house.store.reads.open()
        (reply,) = (await poll.end()).json
        assert reply["error"] == "402::Unknown client"
        assert reply["advice"]["reconnect"] == "handshake"
        assert "the disk is full" in log.getvalue()


async def test_a_fault_of_our_own_in_it_does_so_too_and_is_in_the_log(log: io.StringIO) -> None:
    async with House() as house:
        await house.put()

        async def broken(user: str, rows: Sequence[OutboxRow]) -> list[tuple[str, bytes, int]]:
            raise RuntimeError("cannot decode")

        house.application.notifications.make_again = broken
        listener = await Listener(house).handshake()
        await listener.subscribe(SMS, 0)
        await house.application.settle()
        (reply,) = await listener.say(listener.connecting())
        assert reply["advice"]["reconnect"] == "handshake"
        assert "Traceback" in log.getvalue()


async def test_a_client_that_leaves_while_its_past_is_read_is_no_fault(log: io.StringIO) -> None:
    async with House() as house:
        id = await house.put()
        await house.attach(id, k=1)
        listener = await Listener(house).handshake()
        house.store.reads.close()
        await listener.subscribe(SMS, 0)
        await until(lambda: house.store.reads.waiting)
        await listener.say({"channel": "/meta/disconnect", "clientId": listener.id})
        house.store.reads.open()
        await house.application.settle()
        assert "Traceback" not in log.getvalue()

"""Bayeux over long-polling: what is held, what is answered, and that nothing is lost (SPEC 4.1-4.6, 9.17)."""

import asyncio
from typing import Any

import msgspec
import pytest

from tests.http.house import API, BAYEUX, CHANNELS, SMS, House, Listener, basic, data, kinds
from tests.http.peers import turn, until

HANDSHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
END = {"operationName": "EndContactCenterSession"}
OFFERED: dict[str, Any] = {
    "actors": {"agent1": "Ready"},
    "state": {"agent1": "Invited"},
    "participants": [{"id": "c", "type": "Customer", "nickname": "Carol"}],
}
PAIR: dict[str, Any] = {
    "actors": {"agent1": "Ready", "agent2": "Ready"},
    "state": {"agent1": "Chatting", "agent2": "Chatting"},
    "participants": [
        {"id": "c", "type": "Customer", "nickname": "Carol"},
        {"id": "a", "type": "Agent", "nickname": "Ann", "user": "agent1"},
        {"id": "b", "type": "Agent", "nickname": "Ben", "user": "agent2"},
    ],
}


def keys(messages: list[Any]) -> list[str]:
    """The keys of the attached data that the notifications tell, in order."""
    return [",".join(item["smssession"]["userData"]) for item in data(messages)]


async def test_a_handshake_says_what_is_on_offer() -> None:
    async with House() as house:
        answer = await house.ask("POST", BAYEUX, [HANDSHAKE | {"id": "1"}], basic())
        assert (answer.status, answer.header("content-type")) == (200, "application/json")
        (reply,) = answer.json
        client = reply.pop("clientId")
        assert len(client) == 40
        assert reply == {
            "channel": "/meta/handshake",
            "id": "1",
            "successful": True,
            "version": "1.0",
            "minimumVersion": "1.0",
            "supportedConnectionTypes": ["websocket", "long-polling"],
            "advice": {"reconnect": "retry", "interval": 0, "timeout": 30000},
        }


async def test_websocket_can_be_switched_off() -> None:
    async with House(websocket=False) as house:
        answer = await house.ask("POST", BAYEUX, [HANDSHAKE], basic())
        assert answer.json[0]["supportedConnectionTypes"] == ["long-polling"]
        socket = house.connect(basic())
        await socket.task
        assert (socket.accepted, socket.closed) == (False, 1008)


async def test_the_first_connect_is_answered_at_once_the_next_is_held_until_there_is_news() -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).handshake()
        await listener.subscribe()
        first = await house.ask("POST", BAYEUX, [listener.connecting()], basic())
        assert first.json[0]["advice"] == {"reconnect": "retry", "interval": 0, "timeout": 30000}
        poll = await listener.hold()
        await turn()
        assert not poll.answered
        await house.attach(id, key="value")
        await poll.end()
        assert [m["channel"] for m in poll.json] == [SMS, "/meta/connect"]
        (said,) = data(poll.json)
        assert said["notificationType"] == "PropertiesUpdated"
        assert said["smssession"]["userData"] == {"key": "value"}
        assert said["referenceId"] > 0


async def test_all_notifications_of_an_operation_leave_in_one_response() -> None:
    async with House() as house:
        id = await house.put(**OFFERED)
        listener = await Listener(house).ready()
        poll = await listener.hold()
        await house.operate(id, "Accept", nickname="Ann")
        await poll.end()
        assert kinds(poll.json) == ["StatusChange", "ParticipantsUpdated", "NewMessages"]
        assert await listener.connect() == []


async def test_a_notification_never_comes_before_the_commit() -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).ready()
        poll = await listener.hold()
        house.store.writes.close()
        request = house.begin("POST", f"{API}/me/smssessions/{id}", basic())
        request.say(b'{"operationName":"AttachUserData","userData":{"k":1}}')
        await until(lambda: house.store.writes.waiting)
        await turn()
        assert not poll.answered
        assert not request.answered
        house.store.writes.open()
        assert (await request.end()).json == {"statusCode": 0}
        assert kinds((await poll.end()).json) == ["PropertiesUpdated"]


async def test_what_is_not_kept_is_not_told() -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).ready()
        house.store.broken = True
        body = {"operationName": "AttachUserData", "userData": {"k": 1}}
        assert (await house.ask("POST", f"{API}/me/smssessions/{id}", body, basic())).status == 503
        house.store.broken = False
        assert await listener.connect() == []


async def test_replies_come_in_the_order_of_the_batch() -> None:
    async with House() as house:
        listener = await Listener(house).handshake()
        batch = [
            {"channel": "/meta/subscribe", "clientId": listener.id, "subscription": SMS, "id": "a"},
            {"channel": "/meta/connect", "clientId": "unknown", "connectionType": "long-polling", "id": "b"},
            {
                "channel": "/meta/connect",
                "clientId": listener.id,
                "connectionType": "long-polling",
                "id": "c",
            },
            {"channel": "/meta/subscribe", "clientId": listener.id, "subscription": CHANNELS, "id": "d"},
            {
                "channel": "/meta/connect",
                "clientId": listener.id,
                "connectionType": "long-polling",
                "id": "e",
            },
        ]
        replies = await listener.say(*batch)
        assert [(r["id"], r["successful"]) for r in replies] == [
            ("a", True), ("b", False), ("c", True), ("d", True), ("e", True),
        ]  # fmt: skip
        assert house.server.held == 0, "a connect in company is never held"


async def test_a_single_message_without_its_array_is_taken() -> None:
    async with House() as house:
        answer = await house.ask("POST", BAYEUX, HANDSHAKE, basic())
        assert answer.json[0]["successful"]


@pytest.mark.parametrize("tail", ["", "/", "/handshake", "/handshake/", "/connect", "/anything/at/all"])
async def test_paths_may_have_the_message_appended(tail: str) -> None:
    async with House() as house:
        answer = await house.ask("POST", BAYEUX + tail, [HANDSHAKE], basic())
        assert answer.json[0]["successful"]


async def test_a_held_poll_ends_when_its_time_is_over() -> None:
    async with House(poll_timeout_ms=10_000) as house:
        listener = await Listener(house).ready()
        poll = await listener.hold()
        await house.pass_time(9_999)
        await turn()
        assert not poll.answered
        await house.pass_time(1)
        await poll.end()
        (reply,) = poll.json
        assert reply["successful"]
        assert reply["advice"] == {"reconnect": "retry", "interval": 0, "timeout": 10_000}
        short = await listener.hold(advice={"timeout": 500})
        await house.pass_time(500)
        assert (await short.end()).json[0]["successful"]


async def test_time_is_watched_without_being_asked() -> None:
    """The sooner of two ends is what is waited for, whichever came first."""
    async with House(poll_timeout_ms=10_000) as house:
        listener, other = await Listener(house).ready(), await Listener(house, "agent2").ready()
        late = await listener.hold()
        await turn()
        soon = await other.hold(advice={"timeout": 10})
        house.clock.jump(10)
        assert (await soon.end()).json[0]["successful"]
        assert not late.answered


async def test_a_clock_that_goes_back_ends_no_poll_with_nothing() -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).ready()
        poll = await listener.hold()
        house.clock.jump(30_000)
        times = iter([house.clock(), house.clock() - 5_000])
        house.application.performer.clock = lambda: next(times, house.clock() - 5_000)
        house.application.notifications.expire()
        await poll.end()
        assert [m["channel"] for m in poll.json] == ["/meta/connect"]
        house.application.performer.clock = house.clock
        await house.attach(id, after=1)
        assert keys(await listener.connect()) == ["after"]


async def test_a_poll_that_is_looked_at_without_reason_stays_held() -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).ready()
        poll = await listener.hold()
        house.application.notifications.release(listener.id)
        house.application.notifications.release("nobody")
        poll.say(b"")  # what comes behind a request is nothing that was asked
        await turn()
        assert not poll.answered
        await house.attach(id, k=1)
        assert keys((await poll.end()).json) == ["k"]


async def test_a_client_that_does_not_come_back_is_forgotten() -> None:
    async with House(max_interval_ms=5_000) as house:
        listener = await Listener(house).ready()
        await house.pass_time(4_999)
        await listener.connect()
        await house.pass_time(5_000)
        assert house.server.sessions == 0
        (reply,) = await listener.say(listener.connecting())
        assert reply["error"] == "402::Unknown client"
        assert reply["advice"] == {"reconnect": "handshake", "interval": 0}


# -- breaking off -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ack", [False, True])
async def test_a_poll_that_breaks_off_loses_nothing(ack: bool) -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).ready(ack=ack)
        poll = await listener.hold()
        poll.leave()
        await poll.end()
        assert not poll.answered
        assert house.server.held == 0
        await house.attach(id, a=1)
        await house.attach(id, b=2)
        assert keys(await listener.connect()) == ["a", "a,b"]


@pytest.mark.parametrize("ack", [False, True])
async def test_a_poll_that_breaks_off_as_it_is_answered_loses_nothing(ack: bool) -> None:
    """The news and the end of the connection come in the same turn of the loop, in any order."""
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).ready(ack=ack)
        for number in range(4):
            poll = await listener.hold()
            if number % 2:
                poll.leave()
            publish(house, id, number)
            if number % 2 == 0:
                poll.leave()
            await poll.end()
            assert not poll.answered
            assert [item["number"] for item in data(await listener.connect())] == [number]
            await listener.connect()  # acknowledges, where that is agreed


async def test_messages_that_come_back_reach_the_poll_that_is_held_meanwhile() -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).ready()
        first = await listener.hold()
        second = house.begin("POST", BAYEUX, listener.headers)
        await turn()
        second.say(msgspec.json.encode([listener.connecting()]))
        publish(house, id, 7)
        first.leave()
        house.application.notifications.release(listener.id)
        await first.end()
        assert not first.answered
        assert [item["number"] for item in data((await second.end()).json)] == [7]


async def test_with_acknowledgement_a_lost_answer_is_repeated() -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).ready(ack=True)
        poll = await listener.hold()
        await house.attach(id, a=1)
        lost = (await poll.end()).json  # written, but it never arrives: it is not acknowledged
        assert keys(lost) == ["a"]
        again = await listener.say(listener.connecting())
        assert keys(again) == ["a"]
        listener.heard(again)
        assert await listener.connect() == []


async def test_a_second_poll_of_a_client_ends_the_first() -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).ready()
        first = await listener.hold()
        second = house.begin("POST", BAYEUX, listener.headers)
        second.say(msgspec.json.encode([listener.connecting()]))
        await first.end()
        assert (first.status, first.body) == (408, b"")
        assert house.server.held == 1
        await house.attach(id, a=1)
        assert keys((await second.end()).json) == ["a"]


async def test_the_abort_of_a_poll_that_was_overtaken_does_not_end_the_newer() -> None:
    async with House() as house:
        listener = await Listener(house).ready()
        first = await listener.hold()
        second = house.begin("POST", BAYEUX, listener.headers)
        second.say(msgspec.json.encode([listener.connecting()]))
        first.leave()
        await first.end()
        assert house.server.held == 1
        await house.pass_time(30_000)
        assert (await second.end()).json[0]["successful"]


async def test_a_task_that_is_cancelled_ends_its_poll_and_answers_nothing() -> None:
    async with House() as house:
        listener = await Listener(house).ready()
        poll = await listener.hold()
        poll.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll.end()
        assert not poll.answered
        assert house.server.held == 0


# -- whose -------------------------------------------------------------------------------------------------


async def test_a_client_belongs_to_its_user() -> None:
    async with House() as house:
        mine = await Listener(house).ready()
        for message in (
            mine.connecting(),
            {"channel": "/meta/subscribe", "clientId": mine.id, "subscription": CHANNELS},
            {"channel": "/meta/unsubscribe", "clientId": mine.id, "subscription": SMS},
            {"channel": "/meta/disconnect", "clientId": mine.id},
        ):
            (reply,) = await mine.say(message, headers=basic("agent2"))
            assert reply["successful"] is False
            assert reply["error"] == "403::Forbidden client"
            assert "advice" not in reply
            assert "clientId" not in reply
        assert await mine.connect() == [], "and nothing has happened to it"


async def test_nobody_may_publish() -> None:
    async with House() as house:
        listener = await Listener(house).ready(SMS, CHANNELS)
        for topic in (SMS, "/v2/me", "/v2/ucs/interactions", "/some/thing"):
            (reply,) = await listener.say({"channel": topic, "clientId": listener.id, "data": {"x": 1}})
            assert (reply["successful"], reply["error"]) == (False, f"403:{topic}:Publish denied")
        assert await listener.connect() == []


async def test_everybody_hears_his_own_on_all_his_screens() -> None:
    async with House() as house:
        id = await house.put(**PAIR)
        screens = [await Listener(house).ready() for _ in range(3)]
        other, stranger = await Listener(house, "agent2").ready(), await Listener(house, "agent3").ready()
        await house.attach(id, k=1)
        for listener in screens:
            (said,) = data(await listener.connect())
            assert said["referenceId"]
        (said,) = data(await other.connect())
        assert "referenceId" not in said
        assert await stranger.connect() == []


@pytest.mark.parametrize(
    ("topic", "heard"),
    [
        (SMS, SMS),
        ("/v2/me/*", SMS),
        ("/v2/**", SMS),
        ("/**", SMS),
        ("/v2/me/smssession", "/v2/me/smssession"),
        ("/v2/me/smsessions", "/v2/me/smsessions"),
        ("/v2/*", None),
        (CHANNELS, None),
        ("/v2/me", None),
    ],
)
async def test_wildcards_and_spellings(topic: str, heard: str | None) -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).ready(topic)
        await house.attach(id, k=1)
        assert [m["channel"] for m in await listener.connect()] == ([heard] if heard else [])


async def test_a_message_comes_once_however_often_it_was_subscribed_to() -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).ready("/**", "/v2/**", "/v2/me/*", SMS, "/v2/me/smssession")
        await house.attach(id, k=1)
        assert [m["channel"] for m in await listener.connect()] == [SMS]


async def test_channels_are_told_there() -> None:
    async with House() as house:
        listener = await Listener(house).ready(CHANNELS)
        body = {"operationName": "StartContactCenterSession", "channels": ["sms"]}
        await house.ask("POST", API + "/me", body, basic())
        (said,) = data(await listener.connect())
        assert said["messageType"] == "ChannelStateChangeMessageV2"


# -- what is no batch --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"[", 400),
        (b"null", 400),
        (b"[1]", 400),
        (b'[{"channel":5}]', 400),
        (b'["/meta/handshake"]', 400),
        (b'[{"channel":"\xff"}]', 400),
        (b"[" * 100_000, 400),
        (b'[{"channel":"/meta/handshake","ext":' + b'{"a":' * 40_000, 400),
        (b'[{"channel":"/meta/handshake","x":' + b"[" * 100_000, 400),
        (b"[" + b",".join([b'{"channel":"/meta/handshake"}'] * 65) + b"]", 413),
        (b"[" + b" " * 262_144 + b"]", 413),
    ],
    ids=lambda value: repr(value)[:32],
)
async def test_bodies_that_are_none(body: bytes, status: int) -> None:
    async with House() as house:
        answer = await house.ask("POST", BAYEUX, body, basic())
        assert (answer.status, answer.json["statusCode"]) == (status, 10)
        assert house.server.sessions == 0


async def test_without_login_there_is_nothing() -> None:
    async with House() as house:
        for headers in ({}, basic("agent1", "wrong"), {"Cookie": "JSESSIONID=x"}):
            answer = await house.ask("POST", BAYEUX, [HANDSHAKE], headers)
            assert (answer.status, answer.json["statusCode"]) == (403, 20)


async def test_one_user_may_have_so_many_clients() -> None:
    async with House(bayeux_sessions_per_user=2) as house:
        first = await Listener(house).ready()
        for _ in range(5):
            house.clock.jump(1)
            await Listener(house).ready()
        assert house.server.sessions == 2
        (reply,) = await first.say(first.connecting())
        assert reply["error"] == "402::Unknown client"


async def test_who_does_not_fetch_his_messages_is_dropped_and_told_to_begin_anew() -> None:
    async with House(bayeux_queue_bytes=16_384) as house:
        id = await house.put()
        slow, quick = await Listener(house).ready(), await Listener(house).ready()
        for number in range(10):
            await house.attach(id, **{f"k{number}": "x" * 1000})
            assert len(await quick.connect()) == 1
        (reply,) = await slow.say(slow.connecting())
        assert reply["error"] == "402::Unknown client"
        assert reply["advice"]["reconnect"] == "handshake"


# -- ends --------------------------------------------------------------------------------------------------


async def test_logging_out_tells_everything_and_not_to_come_back() -> None:
    """All in one reply: a poll that were answered before it would come again, to a login that is gone."""
    async with House() as house:
        await house.put()
        held, idle = await Listener(house).ready(CHANNELS), await Listener(house).ready(CHANNELS)
        other = await Listener(house, "agent2").ready(CHANNELS)
        poll, theirs = await held.hold(), await other.hold()
        answer = await house.ask("POST", API + "/me", END, basic())
        assert answer.json == {"statusCode": 0}
        for messages in ((await poll.end()).json, await idle.say(idle.connecting())):
            states = [c["userState"]["state"] for m in data(messages) for c in m["channels"]]
            assert states[-1] == "LoggedOut"
            assert messages[-1]["channel"] == "/meta/connect"
            assert messages[-1]["advice"] == {"reconnect": "none"}
        assert not theirs.answered
        theirs.leave()
        await theirs.end()


async def test_a_logout_that_fails_ends_nothing() -> None:
    async with House() as house:
        id = await house.put()
        listener = await Listener(house).ready()
        poll = await listener.hold()
        house.store.broken = True
        assert (await house.ask("POST", API + "/me", END, basic())).status == 503
        house.store.broken = False
        await turn()
        assert not poll.answered
        await house.attach(id, k=1)
        assert keys((await poll.end()).json) == ["k"]
        assert (await listener.hold()).answered is False


async def test_a_client_may_leave_with_its_poll_held() -> None:
    async with House() as house:
        listener = await Listener(house).ready()
        poll = await listener.hold()
        (reply,) = await listener.say({"channel": "/meta/disconnect", "clientId": listener.id})
        assert reply["successful"]
        assert (await poll.end()).json[-1]["advice"] == {"reconnect": "none"}
        assert house.server.sessions == 0


async def test_a_server_that_stops_answers_what_it_holds_and_holds_no_more() -> None:
    async with House() as house:
        id = await house.put()
        listeners = [await Listener(house).ready() for _ in range(3)]
        polls = [await listener.hold() for listener in listeners]
        house.application.stop_taking()
        for poll in polls:
            (reply,) = (await poll.end()).json
            assert reply["successful"]
            assert reply["advice"]["interval"] > 0
        await house.attach(id, k=1)
        for listener in listeners:
            assert keys(await listener.connect()) == ["k"]
            answer = await house.ask("POST", BAYEUX, [listener.connecting()], basic())
            assert answer.json[0]["successful"], "answered at once"


def publish(house: House, session: str, number: int) -> None:
    """A notification of the plainest kind, at this very moment."""
    user = house.application.performer.centre.user_names["agent1"].id
    id = house.application.performer.position * 1024 + 1024 + number
    house.application.notifications.publish(user, SMS, b'{"number":%d}' % number, id)

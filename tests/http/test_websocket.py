"""Bayeux over WebSocket (SPEC 4.1, 8.10, 8.11): who may connect, the flows, and peers that do not read."""

import io
from typing import Any

import msgspec
import pytest

from smsdesk.http.websocket import ENOUGH
from tests.http.house import API, BAYEUX, SMS, House, Listener, basic, data, kinds
from tests.http.peers import Json, WebSocket, make_scope, turn, until
from tests.http.test_notifications import OFFERED, keys

END = {"operationName": "EndContactCenterSession"}


class Desk:
    """A Bayeux client on a WebSocket."""

    def __init__(self, house: House, socket: WebSocket) -> None:
        self.house = house
        self.socket = socket
        self.id = ""
        self.acknowledged: int | None = None

    async def handshake(self, ack: bool = False) -> Json:
        ext = {"ext": {"ack": True}} if ack else {}
        self.socket.say({"channel": "/meta/handshake", "supportedConnectionTypes": ["websocket"], **ext})
        reply = await self.socket.reply("/meta/handshake")
        self.id = reply.get("clientId", "")
        self.acknowledged = 0 if ack else None
        return reply

    async def subscribe(self, topic: str = SMS, **ext: Json) -> Json:
        self.socket.say(
            {"channel": "/meta/subscribe", "clientId": self.id, "subscription": topic, "ext": ext}
        )
        return await self.socket.reply("/meta/subscribe")

    def connect(self, **more: Json) -> None:
        message = {"channel": "/meta/connect", "clientId": self.id, "connectionType": "websocket", **more}
        if self.acknowledged is not None:
            message["ext"] = {"ack": self.acknowledged}
        self.socket.say(message)

    async def hold(self) -> None:
        """A connect that is held now."""
        count = self.house.server.held
        self.connect()
        await until(lambda: self.house.server.held > count)
        await turn()


async def ready(house: House, user: str = "agent1", ack: bool = False, headers: Any = None) -> Desk:
    """Known, subscribed, with a connect held."""
    socket = house.connect(headers or basic(user))
    desk = Desk(house, socket)
    await desk.handshake(ack)
    assert (await desk.subscribe())["successful"]
    desk.connect()
    assert (await socket.reply("/meta/connect"))["successful"]
    await desk.hold()
    return desk


# -- who may -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tail", ["", "/", "/cometd"])
async def test_who_is_logged_in_may(tail: str) -> None:
    async with House() as house:
        for headers in (basic(), await house.cookie()):
            socket = house.connect(headers, BAYEUX + tail)
            await until(lambda s=socket: s.accepted)  # type: ignore[misc]  # a lambda with a default
            socket.leave()
            await socket.task


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("agent1", "wrong"),
        {"Cookie": "JSESSIONID=nonsense"},
        basic() | {"Origin": "https://evil.example.net"},
        basic() | {"Origin": "null"},
        basic() | {"Origin": "http://[::1"},
        basic() | {"Origin": ""},
        basic() | {"Origin": "http://localhost.evil.net:8080"},
    ],
)
async def test_who_is_not_or_comes_from_a_foreign_page_may_not(headers: dict[str, str]) -> None:
    async with House() as house:
        socket = house.connect(headers)
        await socket.task
        assert (socket.accepted, socket.closed) == (False, 1008)


@pytest.mark.parametrize(
    "origin", ["http://localhost:8080", "https://desk.example.com", "https://eu.example.org"]
)
async def test_allowed_pages_and_our_own_may(origin: str) -> None:
    settings: dict[str, Any] = {
        "external_url": "https://desk.example.com",
        "allowed_origins": "https://*.example.org",
    }
    async with House(demo=False, **settings) as house:
        socket = house.connect({"Origin": origin})
        await socket.task
        assert socket.closed == 1008, "the page may, but nobody is logged in"
    async with House(demo=True, **settings) as house:
        socket = house.connect(basic() | {"Origin": origin})
        await until(lambda: socket.accepted)
        socket.leave()
        await socket.task


@pytest.mark.parametrize("target", ["/", API + "/me", BAYEUX + "x", "/api/v2/notificationsx/connect"])
async def test_nothing_else_speaks_websocket(target: str) -> None:
    async with House() as house:
        socket = house.connect(basic(), target)
        await socket.task
        assert (socket.accepted, socket.closed) == (False, 1008)


# -- flows -------------------------------------------------------------------------------------------------


async def test_messages_stream_while_the_connect_stays_open() -> None:
    async with House() as house:
        id = await house.put(**OFFERED)
        desk = await ready(house)
        await house.operate(id, "Accept", nickname="Ann")
        heard = [await desk.socket.hear() for _ in range(3)]
        assert kinds(heard) == ["StatusChange", "ParticipantsUpdated", "NewMessages"]
        assert house.server.held == 1
        before = desk.socket.frames
        await house.operate(id, "SendMessage", text="hello")
        await until(lambda: desk.socket.frames > before)
        assert house.server.held == 1
        desk.socket.leave()
        await desk.socket.task


async def test_all_notifications_of_an_operation_leave_in_one_frame() -> None:
    async with House() as house:
        id = await house.put(**OFFERED)
        desk = await ready(house)
        before = desk.socket.frames
        await house.operate(id, "Accept", nickname="Ann")
        for _ in range(3):
            await desk.socket.hear()
        assert desk.socket.frames == before + 1
        desk.socket.leave()
        await desk.socket.task


async def test_with_acknowledgement_messages_come_with_the_connect_reply() -> None:
    async with House() as house:
        id = await house.put()
        desk = await ready(house, ack=True)
        await house.attach(id, a=1)
        said, reply = await desk.socket.hear(), await desk.socket.hear()
        assert keys([said]) == ["a"]
        assert reply["channel"] == "/meta/connect"
        assert house.server.held == 0
        desk.connect()  # the reply is not acknowledged, as if it had been lost
        assert keys([await desk.socket.hear()]) == ["a"]
        desk.acknowledged = (await desk.socket.reply("/meta/connect"))["ext"]["ack"]
        await desk.hold()
        desk.socket.leave()
        await desk.socket.task


async def test_replies_come_in_the_order_of_the_frames() -> None:
    async with House() as house:
        socket = house.connect(basic())
        desk = Desk(house, socket)
        await desk.handshake()
        for number in range(50):
            socket.say(
                {"channel": "/meta/subscribe", "clientId": desk.id, "subscription": SMS, "id": str(number)}
            )
        assert [(await socket.hear())["id"] for _ in range(50)] == [str(number) for number in range(50)]
        socket.leave()
        await socket.task


async def test_frames_may_be_bytes() -> None:
    async with House() as house:
        socket = house.connect(basic())
        socket.say_raw(bytes=msgspec.json.encode([{"channel": "/meta/handshake"}]))
        assert (await socket.reply("/meta/handshake"))["successful"]
        socket.leave()
        await socket.task


async def test_the_past_streams_too() -> None:
    async with House() as house:
        id = await house.put()
        for number in range(5):
            await house.attach(id, **{f"k{number}": number})
        socket = house.connect(basic())
        desk = Desk(house, socket)
        await desk.handshake()
        desk.connect()
        await socket.reply("/meta/connect")
        await desk.hold()
        await desk.subscribe(replay=0)
        heard = [await socket.hear() for _ in range(5)]
        assert [len(m["data"]["smssession"]["userData"]) for m in heard] == [1, 2, 3, 4, 5]
        socket.leave()
        await socket.task


async def test_wildcards() -> None:
    async with House() as house:
        id = await house.put()
        desk = await ready(house)
        await desk.subscribe("/v2/**")
        await house.attach(id, a=1)
        assert (await desk.socket.hear())["channel"] == SMS
        await turn()
        assert not desk.socket.heard, "once"
        desk.socket.leave()
        await desk.socket.task


async def test_a_connect_ends_when_its_time_is_over() -> None:
    async with House() as house:
        desk = await ready(house)
        await house.pass_time(30_000)
        reply = await desk.socket.reply("/meta/connect")
        assert reply["successful"]
        assert house.server.held == 0
        desk.socket.leave()
        await desk.socket.task


async def test_a_second_connect_overtakes_the_first_in_silence() -> None:
    async with House() as house:
        id = await house.put()
        desk = await ready(house)
        desk.connect()
        await turn()
        assert house.server.held == 1
        assert not desk.socket.heard
        await house.attach(id, a=1)
        assert keys([await desk.socket.hear()]) == ["a"]
        desk.socket.leave()
        await desk.socket.task


async def test_a_client_may_move_to_long_polling_and_back() -> None:
    async with House() as house:
        id = await house.put()
        desk = await ready(house)
        listener = Listener(house)
        listener.id = desk.id
        poll = house.begin("POST", BAYEUX, basic())
        poll.say(msgspec.json.encode([listener.connecting()]))
        await turn()
        assert not house.application.notifications._sockets
        await house.attach(id, a=1)
        assert keys((await poll.end()).json) == ["a"]
        assert not desk.socket.heard
        desk.connect()
        await house.held(1)
        await house.attach(id, b=1)
        assert keys([await desk.socket.hear()]) == ["a,b"]
        desk.socket.leave()
        await desk.socket.task
        assert house.server.held == 0


async def test_several_clients_share_a_socket() -> None:
    async with House() as house:
        id = await house.put()
        first = await ready(house)
        second = Desk(house, first.socket)
        await second.handshake()
        await second.subscribe()
        second.connect()
        await first.socket.reply("/meta/connect")
        await second.hold()
        await house.attach(id, a=1)
        assert keys([await first.socket.hear(), await first.socket.hear()]) == ["a", "a"]
        first.socket.leave()
        await first.socket.task
        assert house.server.held == 0


# -- breaking off ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ack", [False, True])
async def test_a_socket_that_breaks_while_a_connect_is_held_loses_nothing_that_comes_later(ack: bool) -> None:
    async with House() as house:
        id = await house.put()
        desk = await ready(house, ack=ack)
        desk.socket.leave()
        await desk.socket.task
        assert house.server.held == 0
        await house.attach(id, a=1)
        await house.attach(id, b=1)
        desk.socket = house.connect(basic())
        desk.connect()
        assert keys([await desk.socket.hear(), await desk.socket.hear()]) == ["a", "a,b"]
        desk.socket.leave()
        await desk.socket.task


async def test_a_client_that_does_not_come_back_is_forgotten() -> None:
    async with House(max_interval_ms=5_000) as house:
        desk = await ready(house)
        desk.socket.leave()
        await desk.socket.task
        await house.pass_time(5_000)
        assert house.server.sessions == 0


async def test_clients_that_come_and_go_on_one_socket_leave_nothing_behind() -> None:
    async with House() as house:
        socket = house.connect(basic())
        notifications = house.application.notifications
        for _ in range(30):
            desk = Desk(house, socket)
            await desk.handshake()
            desk.connect()
            await socket.reply("/meta/connect")
            await desk.hold()
            socket.say({"channel": "/meta/disconnect", "clientId": desk.id})
            assert (await socket.reply("/meta/connect"))["advice"] == {"reconnect": "none"}
            assert (await socket.reply("/meta/disconnect"))["successful"]
        assert (house.server.sessions, house.server.held) == (0, 0)
        assert not notifications._sockets
        assert not notifications._polls
        socket.leave()
        await socket.task


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"text": "nonsense"}, 1007),
        ({"text": ""}, 1007),
        ({"text": "[]"}, 1007),
        ({"text": "[1]"}, 1007),
        ({"text": "[" * 100_000}, 1007),
        ({"bytes": b"\xff\xfe"}, 1007),
        ({"bytes": b'[{"channel":"\xff"}]'}, 1007),
        ({"text": "[" + " " * 262_144 + "]"}, 1009),
        ({"text": "[" + ",".join(['{"channel":"/meta/connect"}'] * 65) + "]"}, 1009),
    ],
    ids=lambda value: repr(value)[:32],
)
async def test_a_frame_that_is_no_batch_closes_the_socket_of_whoever_sent_it(
    frame: dict[str, Any], code: int
) -> None:
    async with House() as house:
        id = await house.put()
        other = await ready(house)
        socket = house.connect(basic())
        socket.say_raw(**frame)
        await socket.task
        assert (socket.accepted, socket.closed) == (True, code)
        await house.attach(id, a=1)
        assert keys([await other.socket.hear()]) == ["a"]
        other.socket.leave()
        await other.socket.task


# -- peers that do not read --------------------------------------------------------------------------------


async def test_who_does_not_read_piles_up_nothing_and_gets_it_all_when_he_reads() -> None:
    async with House(bayeux_queue_bytes=4_194_304) as house:
        id = await house.put()
        slow, quick = await ready(house), await ready(house)
        slow.socket.reads.clear()
        for number in range(60):
            await house.attach(id, key=f"{number:03d}" + "x" * 10_000)
            (said,) = data([await quick.socket.hear()])
            assert said["smssession"]["userData"]["key"].startswith(f"{number:03d}")
        (socket,) = {s for s in house.application.notifications._sockets.values() if not s.takes}
        assert socket._size < ENOUGH + 20_000  # type: ignore[attr-defined]  # what lies before a peer's door
        slow.socket.reads.set()
        heard = [await slow.socket.hear() for _ in range(60)]
        assert [m["data"]["smssession"]["userData"]["key"][:3] for m in heard] == [
            f"{n:03d}" for n in range(60)
        ]
        for desk in (slow, quick):
            desk.socket.leave()
            await desk.socket.task


async def test_who_does_not_read_for_too_long_is_dropped_and_told_to_begin_anew() -> None:
    async with House(bayeux_queue_bytes=65_536) as house:
        id = await house.put()
        slow, quick = await ready(house), await ready(house)
        slow.socket.reads.clear()
        for number in range(60):
            await house.attach(id, key=f"{number:03d}" + "x" * 10_000)
            await quick.socket.hear()
        assert house.server.held == 2
        slow.socket.reads.set()
        heard = []
        while (message := await slow.socket.hear())["channel"] != "/meta/connect":
            heard.append(message)
        assert message["error"] == "402::Unknown client"
        assert message["advice"]["reconnect"] == "handshake"
        assert [m["data"]["smssession"]["userData"]["key"][:3] for m in heard] == [
            f"{n:03d}" for n in range(len(heard))
        ]
        assert house.server.held == 1
        for desk in (slow, quick):
            desk.socket.leave()
            await desk.socket.task


async def test_who_asks_without_reading_the_answers_is_not_read_either() -> None:
    async with House() as house:
        socket = house.connect(basic())
        desk = Desk(house, socket)
        await desk.handshake()
        socket.reads.clear()
        wide = "/wide/" + "x" * 200
        batch = [
            {"channel": "/meta/subscribe", "clientId": desk.id, "subscription": [wide] * 50, "id": str(n)}
            for n in range(20)
        ]
        for _ in range(40):
            socket.say(*batch)
        await turn(200)
        left = socket._in.qsize()
        assert left > 30, "what was asked waits to be read"
        socket.reads.set()
        for _ in range(40 * 20):
            assert (await socket.hear())["successful"]
        socket.leave()
        await socket.task


async def test_a_peer_that_leaves_without_having_read_is_let_go() -> None:
    async with House() as house:
        id = await house.put()
        slow = await ready(house)
        slow.socket.reads.clear()
        for _ in range(60):
            await house.attach(id, key="x" * 10_000)
        slow.socket.leave()
        await slow.socket.task
        assert house.server.held == 0
        assert not house.application.notifications._sockets


# -- whose socket it is ------------------------------------------------------------------------------------


async def test_logging_out_ends_the_clients_and_the_socket_makes_no_new_one() -> None:
    async with House() as house:
        cookie = await house.cookie()
        desk = await ready(house, headers=cookie)
        assert (await house.ask("POST", API + "/me", END, cookie)).json == {"statusCode": 0}
        assert (await desk.socket.reply("/meta/connect"))["advice"] == {"reconnect": "none"}
        reply = await desk.handshake()
        assert (reply["successful"], reply["error"]) == (False, "403::Handshake denied")
        assert reply["advice"] == {"reconnect": "none"}
        assert house.server.sessions == 0
        desk.socket.leave()
        await desk.socket.task


async def test_a_session_that_is_over_makes_no_new_client_either() -> None:
    async with House(http_session_minutes=1) as house:
        desk = await ready(house, headers=await house.cookie())
        house.clock.jump(60_000)
        assert (await desk.handshake())["error"] == "403::Handshake denied"
        desk.socket.leave()
        await desk.socket.task


async def test_a_store_that_fails_asks_the_client_to_try_again() -> None:
    """1013, not a refused handshake: a desk that is sent away would not come back by itself (SPEC 1.6)."""
    async with House(http_session_minutes=60) as house:
        cookie = await house.cookie()
        desk = await ready(house, headers=cookie)
        house.clock.jump(31 * 60_000)  # the login has to be prolonged, which cannot be kept
        house.store.broken = True
        desk.socket.say({"channel": "/meta/handshake"})
        await desk.socket.task
        assert desk.socket.closed == 1013
        late = house.connect(cookie)
        await late.task
        assert (late.accepted, late.closed) == (False, 1013)
        house.store.broken = False
        again = await ready(house, headers=cookie)
        again.socket.leave()
        await again.socket.task


async def test_where_the_server_can_an_opening_is_answered_by_503() -> None:
    async with House() as house:
        cookie = await house.cookie()
        house.clock.jump(300 * 60_000)
        house.store.broken = True
        said: list[Any] = []
        scope = make_scope("websocket", "GET", BAYEUX, cookie)
        scope["extensions"] = {"websocket.http.response": {}}

        async def receive() -> dict[str, str]:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            said.append(message)

        await house.application.asgi(scope, receive, send)
        assert [message["type"] for message in said] == [
            "websocket.http.response.start",
            "websocket.http.response.body",
        ]
        assert said[0]["status"] == 503
        assert (b"retry-after", b"2") in said[0]["headers"]
        assert msgspec.json.decode(said[1]["body"])["statusCode"] == 4


async def test_a_client_of_somebody_else_is_not_spoken_for() -> None:
    async with House() as house:
        mine = await ready(house)
        theirs = Desk(house, house.connect(basic("agent2")))
        await theirs.handshake()
        theirs.id = mine.id
        theirs.connect()
        assert (await theirs.socket.reply("/meta/connect"))["error"] == "403::Forbidden client"
        assert house.server.held == 1
        for desk in (mine, theirs):
            desk.socket.leave()
            await desk.socket.task


async def test_a_server_that_stops_answers_what_it_holds() -> None:
    async with House() as house:
        desk = await ready(house)
        house.application.stop_taking()
        reply = await desk.socket.reply("/meta/connect")
        assert reply["advice"]["interval"] > 0
        desk.connect()
        assert (await desk.socket.reply("/meta/connect"))["successful"]
        assert house.server.held == 0
        desk.socket.leave()
        await desk.socket.task


# -- faults of our own -------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["login", "frame"])
async def test_a_fault_of_our_own_closes_the_socket_and_is_in_the_log(
    when: str, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with House() as house:
        cookie = await house.cookie()
        if when == "frame":
            socket = (await ready(house, headers=cookie)).socket
            monkeypatch.setattr(house.server, "receive", broken)
        else:
            monkeypatch.setattr(house.application.auth, "caller", broken)
            socket = house.connect(cookie)
        socket.say({"channel": "/meta/handshake"})
        await socket.task
        assert socket.closed == 1011
        assert house.server.held == 0
        assert "a fault of our own" in log.getvalue()
        assert "Traceback" in log.getvalue()


def broken(*_arguments: object, **_more: object) -> None:
    raise RuntimeError("broken")


async def test_a_peer_that_has_gone_is_no_fault(log: io.StringIO) -> None:
    async with House() as house:
        desk = await ready(house)
        desk.socket.broken = ConnectionResetError("gone")
        desk.socket.say({"channel": "/meta/handshake"})
        await desk.socket.task
        early = house.connect(basic())
        early.broken = ConnectionResetError("gone")
        await early.task
        assert house.server.held == 0
        assert "a fault of our own" not in log.getvalue()

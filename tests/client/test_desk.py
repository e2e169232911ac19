"""The desk against a whole contact centre in memory, over a network that loses what it is told to lose."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from smsdesk.client import (
    ChannelsChanged,
    Client,
    DeskError,
    Ended,
    Event,
    LoginRefused,
    NewMessages,
    Refused,
    Session,
    Snapshot,
    StatusChange,
    Unreachable,
)
from tests.http.house import API, House, basic
from tests.http.peers import Exchange, turn

URL = "http://localhost:8080"
Fate = Callable[[httpx2.Request], str]


class Network(httpx2.AsyncBaseTransport):
    """Brings requests to the house. `fate` says of each: arrives, request lost, response lost, or a number,
    the HTTP status with which a proxy answers instead.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self.fate: Fate = lambda _: "arrives"
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        fate = self.fate(request)
        self.asked.append(f"{request.method} {request.url.path} {fate}")
        if fate == "request lost":
            raise httpx2.ConnectError("nobody there")
        if fate.isdigit():
            return httpx2.Response(int(fate), content=b"<html>", request=request)
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        target = request.url.raw_path.decode()
        exchange = Exchange(self.house.application.asgi, request.method, target, headers)
        exchange.say(await request.aread())
        try:
            await exchange.end()
        except BaseException:
            exchange.leave()
            raise
        if fate == "response lost":
            raise httpx2.ReadError("the connection broke")
        return httpx2.Response(
            exchange.status, headers=exchange.headers, content=exchange.body, request=request
        )


async def at_once(seconds: float) -> None:
    """The pause of a test: none."""


@asynccontextmanager
async def at_work(
    house: House, user: str = "agent1", password: str = "demo", **more: Any
) -> AsyncIterator[tuple[Client, Network]]:
    network = Network(house)
    async with Client(URL, user, password, transport=network, pause=at_once, **more) as desk:
        yield desk, network


async def text(house: House, words: str = "hello", sender: str = "+15550111") -> None:
    body = {"from": sender, "to": "+15550100", "text": words}
    assert (await house.ask("POST", "/simulator/messages", body)).status == 202
    await house.application.settle()


async def until(desk: Client, wanted: Callable[[Event], bool]) -> Event:
    """The next event that is wanted."""
    async for event in desk.events():
        if wanted(event):
            return event
    raise AssertionError("the events have ended")


async def offered(desk: Client) -> Session:
    event = await until(desk, lambda event: isinstance(event, StatusChange) and event.state == "Invited")
    assert isinstance(event, StatusChange)
    return event.session


async def check_equals_get(house: House, desk: Client, user: str = "agent1") -> None:
    """SPEC 4.5: when everything that was committed has been told, the desk is what a GET shows."""
    await house.application.settle()
    reply = (await house.ask("GET", f"{API}/me/smssessions?fields=*", headers=basic(user))).json
    wanted = reply["replay"]["id"] // 1024
    while desk.position is not None and desk.position.id // 1024 < wanted:
        before = desk.position
        async for _ in desk.events():
            break
        if desk.position == before:
            break
    assert {s["id"]: s for s in reply["smssessions"]} == {
        id: session.resource for id, session in desk.sessions.items()
    }


def once(path: str, fate: str) -> Fate:
    """The first request to a path that ends like this meets its fate."""
    met: list[str] = []

    def decide(request: httpx2.Request) -> str:
        if request.url.path.endswith(path) and request.method == "POST" and not met:
            met.append(path)
            return fate
        return "arrives"

    return decide


async def test_the_main_job() -> None:
    """A text is offered, taken, answered, noted and completed; the desk follows (SPEC 3, 4.5)."""
    async with House() as house, at_work(house) as (desk, _):
        assert desk.user["userName"] == "agent1"
        assert await desk.start(["smssession"]) == []
        await desk.ready()
        await text(house)
        session = await offered(desk)
        assert (session.state, session.queue, session.customer_number) == ("Invited", "Support", "+15550111")
        assert desk.sessions == {session.id: session}
        await session.accept("Ann")
        event = await until(desk, lambda event: isinstance(event, NewMessages))
        assert isinstance(event, NewMessages)
        assert [m.text for m in event.messages if m.from_customer] == ["hello"]
        assert [p.nickname for p in session.participants] == ["+15550111", "Ann"]
        await session.send("good morning")
        await session.attach({"Topic": "parcel", "Mood": "bad"})
        await session.detach("Mood")
        await session.comment("a parcel")
        await session.set_disposition("resolved")
        texts = [m.text for m in await session.transcript() if m.type == "Text"]
        assert texts == ["hello", "good morning"]
        await until(desk, lambda _: session.user_data.get("DispositionCode") == "resolved")
        assert session.user_data["Topic"] == "parcel"
        assert "Mood" not in session.user_data
        await session.complete()
        await until(desk, lambda _: session.state == "Completed")
        assert desk.sessions == {}


async def test_the_first_event_is_a_snapshot_of_what_is_there() -> None:
    async with House() as house:
        id = await house.put()
        async with at_work(house) as (desk, _):
            assert isinstance(await until(desk, lambda _: True), Snapshot)
            assert desk.sessions[id].state == "Chatting"
            assert [channel["channel"] for channel in desk.channels] == ["smssession"]
            await check_equals_get(house, desk)


@pytest.mark.parametrize("fate", ["response lost", "request lost", "502", "503"])
async def test_what_was_not_answered_is_done_once(fate: str) -> None:
    """SPEC 1.6, Idempotency-Key: a text is sent once, although it was asked for twice."""
    async with House() as house:
        id = await house.put()
        async with at_work(house) as (desk, network):
            network.fate = once(f"/smssessions/{id}", fate)
            await desk.sessions[id].send("once")
            assert len([line for line in network.asked if line.startswith(f"POST {API}/me/sms")]) == 2
            assert [m.text for m in await desk.sessions[id].transcript() if m.text] == ["once"]


async def test_what_could_be_done_twice_is_not_repeated() -> None:
    async with House() as house, at_work(house, "admin") as (desk, network):
        network.fate = once("/users", "response lost")
        new = {"userName": "new", "password": "a long one", "firstName": "N", "lastName": "N"}
        with pytest.raises(Unreachable, match="may have been done") as error:
            await desk.call("POST", "/users", {**new, "roles": ["ROLE_AGENT"]})
        assert not error.value.sure


async def test_patience_has_an_end() -> None:
    async with House() as house:
        id = await house.put()
        async with at_work(house, patience=5.0, chance=lambda: 1.0) as (desk, network):
            network.fate = lambda _: "request lost"
            with pytest.raises(Unreachable, match="nobody there") as error:
                await desk.sessions[id].send("hello?")
            assert error.value.sure
            tries = [line for line in network.asked if line.startswith(f"POST {API}/me/sms")]
            assert len(tries) == 6  # 0.1 + 0.2 + 0.4 + 0.8 + 1.6 seconds of pauses; 3 more would be too much


async def test_refusals_carry_code_and_words() -> None:
    """SPEC 1.6."""
    async with House() as house:
        id = await house.put()
        async with at_work(house) as (desk, _):
            session = desk.sessions[id]
            with pytest.raises(Refused, match="Accept is not permitted") as state:
                await session.accept()
            assert (state.value.status_code, state.value.http) == (2, 400)
            with pytest.raises(Refused) as unknown:
                await session.transfer("/users/nobody")
            assert (unknown.value.status_code, unknown.value.http) == (6, 404)


async def test_a_wrong_password_is_said_at_once() -> None:
    async with House() as house:
        with pytest.raises(LoginRefused) as error:
            async with at_work(house, password="guess"):
                raise AssertionError
        assert error.value.status_code == 20


async def test_an_api_key_instead_of_a_password() -> None:
    """A server application signs in with a key [ext]; its sessions are those of the key's user."""
    async with House() as house:
        id = await house.put()
        async with at_work(house, "supervisor") as (desk, _):
            user = (await desk.call("GET", "/users?fields=*&userName=agent1"))["users"][0]["id"]
        async with at_work(house, "admin") as (desk, _):
            made = await desk.call("POST", "/api-keys", {"name": "bot", "userId": user})
        network = Network(house)
        async with Client(URL, api_key=made["secret"], transport=network, pause=at_once) as desk:
            await desk.sessions[id].send("from a program")
            event = await until(desk, lambda event: isinstance(event, NewMessages))
            assert isinstance(event, NewMessages)
            assert event.messages[0].text == "from a program"


async def test_part_of_the_channels() -> None:
    """C§3.2: what failed is told, what worked counts."""
    async with House() as house, at_work(house) as (desk, _):
        (failed,) = await desk.start(["voice", "smssession"])
        assert (failed["channel"], failed["statusCode"]) == ("voice", 4)
        event = await until(desk, lambda event: isinstance(event, ChannelsChanged))
        assert isinstance(event, ChannelsChanged)
        assert desk.channels[0]["userState"]["state"] == "NotReady"


async def test_notifications_survive_what_breaks() -> None:
    """SPEC 4.1, 9.16: polls get lost on their way, there and back; each text is told once, in order."""
    async with House() as house:
        id = await house.put()
        async with at_work(house) as (desk, network):
            await until(desk, lambda event: isinstance(event, Snapshot))
            fates = ["response lost", "arrives", "503", "response lost", "request lost", "408"]

            def fate(request: httpx2.Request) -> str:
                return fates.pop(0) if fates and request.url.path.endswith("/notifications") else "arrives"

            network.fate = fate
            told: list[str] = []
            for number in range(6):
                await house.operate(id, "SendMessage", text=f"number {number}")
                if number == 3:
                    house.clock.jump(200_000)
                    house.application.notifications.expire()
            while len(told) < 6:
                event = await until(desk, lambda event: isinstance(event, NewMessages))
                assert isinstance(event, NewMessages)
                told += [m.text for m in event.messages if m.text]
            assert told == [f"number {number}" for number in range(6)]
            assert not fates
            await check_equals_get(house, desk)


async def test_another_epoch_is_read_anew() -> None:
    """SPEC 4.1: a restored store has another epoch; the client is told to read again, and does."""
    async with House() as house:
        id = await house.put()
        async with at_work(house) as (desk, _):
            await until(desk, lambda event: isinstance(event, Snapshot))
            window = house.server.window
            assert window is not None
            house.application.performer.epoch = window.epoch = "second"
            await desk.call("GET", "/me")
            house.clock.jump(200_000)
            house.application.notifications.expire()
            await turn()
            for client in house.server.clients_of(desk.user["id"]):
                house.server.receive(
                    b'{"channel":"/meta/disconnect","clientId":"%s"}' % client.encode(),
                    desk.user["id"],
                    "long-polling",
                    house.clock(),
                )
                house.application.notifications.release(client)
            await until(desk, lambda event: isinstance(event, Snapshot))
            assert desk.position is not None
            assert desk.position.epoch == "second"
            assert desk.sessions[id].state == "Chatting"


async def test_going_home_ends_the_events() -> None:
    """C§3.3: EndContactCenterSession ends the login; no error, nothing more to come."""
    async with House() as house, at_work(house) as (desk, _):
        await desk.start()
        await desk.end()
        events = [event async for event in desk.events()]
        assert isinstance(events[0], Snapshot)
        assert [type(event) for event in events[1:]] == [ChannelsChanged, ChannelsChanged]
        assert [event async for event in desk.events()] == []


async def test_answers_that_make_no_sense_end_the_events() -> None:
    """A proxy that answers in the server's place would otherwise be asked for ever."""
    async with House() as house, at_work(house) as (desk, network):
        await until(desk, lambda event: isinstance(event, Snapshot))
        await house.put()
        network.fate = lambda request: "200"
        with pytest.raises(DeskError, match="make no sense"):
            [event async for event in desk.events()]


async def test_the_desk_is_closed_once_and_for_all() -> None:
    async with House() as house:
        async with at_work(house) as (desk, network):
            pass
        assert network.asked[-1].startswith(f"POST {API}/notifications")
        assert house.server.clients_of(desk.user["id"]) == []
        assert [type(event) async for event in desk.events()] == [Snapshot]
        assert isinstance(Ended("x"), DeskError)


def test_who_signs_in_has_to_be_said() -> None:
    with pytest.raises(ValueError, match="api_key"):
        Client(URL)
    with pytest.raises(ValueError, match="api_key"):
        Client(URL, "agent1", "demo", api_key="key")

"""A whole contact centre in memory, or over a directory, with a clock that jumps; and people who use it."""

import base64
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from argon2 import PasswordHasher

from smsdesk.app import Application
from smsdesk.config import load
from smsdesk.operations.system.situation import Situation
from smsdesk.store.sqlite import SqliteStore
from tests.clock import JumpingClock
from tests.fakes.gated_store import GatedStore
from tests.http.peers import LOCAL, Exchange, Json, WebSocket, until

API = "/api/v2"
BAYEUX = API + "/notifications"
SMS, CHANNELS = "/v2/me/smssessions", "/v2/me/channels"
PASSWORD = "demo"


class CountingHasher(PasswordHasher):
    """Cheap, and counts how often it is asked whether a password fits."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:
        self.verified += 1
        return super().verify(hash, password)


class House:
    """`settings` are those of the file; what is asked is asked in the same process."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        demo: bool = True,
        clock: JumpingClock | None = None,
        **settings: object,
    ) -> None:
        self.clock = clock or JumpingClock()
        self.hasher = CountingHasher()
        self.store = GatedStore(
            SqliteStore(folder, epoch="first", contact_center_id="centre", clock=self.clock)
        )
        words = {
            name: str(value).lower() if value in (True, False) else str(value)
            for name, value in settings.items()
        }
        self.application = Application(
            load(None, {}, words),
            demo=demo,
            store=self.store,
            clock=self.clock,
            hasher=self.hasher,
            process_key=b"k" * 32,
        )
        self.application.auth.passwords.slow_down.pause = self.application.timers.pause
        self.server = self.application.notifications.server

    async def __aenter__(self) -> Self:
        await self.application.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.application.close()

    # -- asking ----------------------------------------------------------------------------------------
    def begin(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, address: str = LOCAL
    ) -> Exchange:
        """A request whose body is still to come."""
        return Exchange(self.application.asgi, method, target, headers or {}, address)

    async def ask(
        self,
        method: str,
        target: str,
        body: Json | bytes = b"",
        headers: Mapping[str, str] | None = None,
        address: str = LOCAL,
    ) -> Exchange:
        """One request and its answer."""
        exchange = self.begin(method, target, headers, address)
        exchange.say(body if isinstance(body, bytes) else msgspec.json.encode(body))
        return await exchange.end()

    def connect(
        self, headers: Mapping[str, str] | None = None, target: str = BAYEUX, address: str = LOCAL
    ) -> WebSocket:
        """A WebSocket, without anything said on it."""
        return WebSocket(self.application.asgi, target, headers or {}, address)

    async def cookie(self, user: str = "agent1") -> dict[str, str]:
        """Log in; the headers of whoever has the cookie."""
        answer = await self.ask("GET", API + "/me", headers=basic(user))
        assert answer.status == 200, answer.body
        return {"Cookie": answer.cookie}

    # -- the desk --------------------------------------------------------------------------------------
    async def put(self, **situation: Json) -> str:
        """A situation on the desk; the id of its session. Without words: agent1 is chatting."""
        if not situation:
            situation = {
                "actors": {"agent1": "Ready"},
                "state": {"agent1": "Chatting"},
                "participants": [
                    {"id": "c", "type": "Customer", "nickname": "Carol"},
                    {"id": "a", "type": "Agent", "nickname": "Ann", "user": "agent1"},
                ],
            }
        assert self.application.scenario is not None
        given = msgspec.json.decode(msgspec.json.encode(situation), type=Situation)
        made = await self.application.scenario.make(given)
        await self.application.settle()
        return made.get("session", "")

    async def operate(self, session: str, operation: str, user: str = "agent1", **parameters: Json) -> Json:
        """An operation on a session that is not refused."""
        body = {"operationName": operation, **parameters}
        answer = await self.ask("POST", f"{API}/me/smssessions/{session}", body, basic(user))
        assert answer.json["statusCode"] == 0, answer.body
        await self.application.settle()
        return answer.json

    async def attach(self, session: str, **data: Json) -> None:
        """Attach user data: one notification."""
        await self.operate(session, "AttachUserData", userData=data)

    async def pass_time(self, milliseconds: int) -> None:
        """The clock jumps; what is due is done."""
        self.clock.jump(milliseconds)
        self.application.notifications.expire()
        await self.application.timers.fire()
        await self.application.settle()

    async def held(self, count: int) -> None:
        """Wait until so many connects are held."""
        await until(lambda: self.server.held == count)


def basic(user: str = "agent1", password: str = PASSWORD) -> dict[str, str]:
    """The header of HTTP Basic."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


class Listener:
    """A Bayeux client over long-polling."""

    def __init__(self, house: House, user: str = "agent1", headers: Mapping[str, str] | None = None) -> None:
        self.house = house
        self.headers = dict(headers) if headers is not None else basic(user)
        self.id = ""
        self.acknowledged: int | None = None

    async def say(self, *messages: Json, headers: Mapping[str, str] | None = None) -> list[Json]:
        """A batch, and the replies."""
        answer = await self.house.ask("POST", BAYEUX, messages, headers or self.headers)
        assert answer.status == 200, answer.body
        replies: list[Json] = answer.json
        return replies

    async def handshake(self, ack: bool = False) -> Self:
        """Become known."""
        message = {
            "channel": "/meta/handshake",
            "version": "1.0",
            "supportedConnectionTypes": ["long-polling"],
        }
        (reply,) = await self.say(message | ({"ext": {"ack": True}} if ack else {}))
        assert reply["successful"], reply
        self.id = reply["clientId"]
        self.acknowledged = 0 if ack else None
        return self

    async def subscribe(self, topic: str = SMS, replay: Json = None) -> Json:
        """The reply to a subscription."""
        message = {"channel": "/meta/subscribe", "clientId": self.id, "subscription": topic}
        (reply,) = await self.say(message | ({"ext": {"replay": replay}} if replay is not None else {}))
        return reply

    def connecting(self, **more: Json) -> Json:
        """The words of a connect."""
        message = {"channel": "/meta/connect", "clientId": self.id, "connectionType": "long-polling", **more}
        if self.acknowledged is not None:
            message["ext"] = {"ack": self.acknowledged}
        return message

    async def connect(self) -> list[Json]:
        """A connect that is answered at once: what waits, without the reply."""
        return self.heard(await self.say(self.connecting(advice={"timeout": 0})))

    def heard(self, replies: list[Json]) -> list[Json]:
        """The data messages of a response; the connect reply comes last and is acknowledged by the next."""
        *data, reply = replies
        assert reply["channel"] == "/meta/connect", replies
        assert reply["successful"], reply
        if self.acknowledged is not None:
            self.acknowledged = reply["ext"]["ack"]
        return data

    async def hold(self, **more: Json) -> Exchange:
        """A connect that is held now."""
        count = self.house.server.held
        exchange = self.house.begin("POST", BAYEUX, self.headers)
        exchange.say(msgspec.json.encode([self.connecting(**more)]))
        await until(lambda: self.house.server.held > count or exchange.answered)
        return exchange

    async def ready(self, *topics: str, ack: bool = False) -> Self:
        """Known, subscribed, and past the connect that is answered at once."""
        await self.handshake(ack)
        for topic in topics or (SMS,):
            assert (await self.subscribe(topic))["successful"]
        await self.connect()
        return self


def data(messages: list[Json]) -> list[Json]:
    """What notifications say, in order."""
    return [message["data"] for message in messages if "data" in message]


def kinds(messages: list[Json]) -> list[str]:
    """Their types, in order."""
    return [item["notificationType"] for item in data(messages) if "notificationType" in item]

"""A whole contact centre in memory, brought into the situation of a vector, and asked what it asks."""

import asyncio
import base64
import secrets
from typing import Any

import msgspec
from argon2 import PasswordHasher
from msgspec.structs import replace

from smsdesk.app import Application
from smsdesk.config import load
from smsdesk.core.agent import AgentState
from smsdesk.core.draft import Draft
from smsdesk.core.session import Session
from smsdesk.operations.system.situation import Situation
from smsdesk.store import Store
from smsdesk.store.sqlite import SqliteStore
from tests.asgi import Answer, call
from tests.clock import JumpingClock
from tests.fakes.failing_store import FailingStore
from tests.vectors.matching import Env

TOPICS = ("/v2/me/smssessions", "/v2/me/channels", "/v2/me", "/v2/users", "/v2/ucs/interactions")
RESIDENT = ("agent", "interaction", "timer", "outgoing", "user", "group", "queue", "number")
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
JUMPS = {"ring time over": 30_001, "idle limit over": 73 * 3_600_000, "wait in the queue over": 3_600_001}


class Stage:
    """One case's world. `env` holds what placeholders stand for."""

    def __init__(self, given: dict[str, Any], store: Store | None = None) -> None:
        self.given = given
        self.clock = JumpingClock()
        overrides = {name: str(value) for name, value in given.get("settings", {}).items()}
        memory = SqliteStore(None, epoch="test", contact_center_id="centre", clock=self.clock)
        self.store = FailingStore(store or memory)
        self.application = Application(
            load(None, {}, overrides),
            demo=True,
            store=self.store,
            clock=self.clock,
            hasher=CHEAP,
            process_key=secrets.token_bytes(32),
        )
        self.env: Env = {"base": self.application.resources.base}
        self.passwords: dict[str, str] = {}
        self._clients: dict[str, str] = {}
        self._cookies: dict[str, str] = {}

    async def open(self) -> None:
        """Bring everything into the given situation, and everybody on the line."""
        await self.application.open()
        given = self.given | {"pending": self._pending()}
        situation = msgspec.json.decode(
            msgspec.json.encode({k: v for k, v in given.items() if v is not None}), type=Situation
        )
        assert self.application.scenario is not None
        made = await self.application.scenario.make(situation)
        await self._configure()
        centre = self.application.performer.centre
        self.env |= {f"user:{user.user_name}": user.id for user in centre.users.values()}
        responses = centre.records.get("response", {}).values()
        self.env |= {f"response:{r.name}": r.id for r in responses if r.name.isalpha()}
        self.env |= {f"queue:{queue.name}": queue.id for queue in centre.queues.values()}
        self.env |= {name.removeprefix("$"): id for name, id in made.items() if name != "session"}
        if "session" in made:
            self.env["id"] = made["session"]
            session = await self.application.performer.read("session", made["session"])
            assert isinstance(session, Session)
            self.env["contact1"] = session.contact_id
        for actor in self.given["actors"]:
            if actor not in self.given.get("mustChangePassword", ()):
                await self._listen(actor)
        for actor in self.given.get("ended", ()):
            await self._end(actor)
        await self.application.settle()
        for actor in self._clients:
            await self.heard(actor)
        if "topics" in self.given:
            self.clock.jump(1000)  # what is told once a second may be told again

    def _pending(self) -> dict[str, Any] | None:
        pending = self.given.get("pending")
        if pending is None:
            return None
        name = str(pending.get("referenceId", "")).removeprefix("$")
        if name:
            self.env[name] = 900
        filled: dict[str, Any] = pending | {"referenceId": 900}
        return filled

    async def _configure(self) -> None:
        performer = self.application.performer
        off = frozenset(self.given.get("featuresOff", ()))
        performer.policy = replace(performer.policy, features_off=off)

        def configure(draft: Draft) -> None:
            for state in self.given.get("agentStates", ()):
                names = (state["operationName"], state["displayName"], state["state"])
                made = AgentState(secrets.token_hex(16), *names, reason=state["reason"])
                draft.put("agentstate", made.id, made)
            for name in self.given.get("mustChangePassword", ()):
                user = draft.centre.user_names[name]
                draft.put("user", user.id, replace(user, change_password=True))

        await performer.run(configure)

    async def ask(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> Answer:
        """One request."""
        return await call(self.application.asgi, method, target, body, headers)

    def credentials(self, actor: str, password: str | None = None) -> dict[str, str]:
        """What an actor sends to be known."""
        if actor in ("anonymous", "customer"):
            return {}
        if actor in self._cookies:
            return {"Cookie": self._cookies[actor]}
        password = self.passwords.get(actor, "demo") if password is None else password
        return {"Authorization": "Basic " + base64.b64encode(f"{actor}:{password}".encode()).decode()}

    async def happen(self, event: dict[str, Any]) -> None:
        """Only time passes."""
        await asyncio.sleep(0)  # whoever watches a time looks at the clock before it jumps
        self.clock.jump(JUMPS[event["type"]])
        await self.application.timers.fire()

    def fail(self, fault: str) -> None:
        """From now on something is broken."""
        if fault == "store unavailable":
            self.store.broken = True
        else:
            self.application.performer.clock = _broken_clock

    def heal(self) -> None:
        """Nothing is broken any more."""
        self.store.broken = False
        self.application.performer.clock = self.clock

    async def _bayeux(self, actor: str, *messages: dict[str, Any]) -> list[dict[str, Any]]:
        body = msgspec.json.encode(messages)
        answer = await self.ask("POST", "/api/v2/notifications", body, self.credentials(actor))
        assert answer.status == 200, answer.body
        replies: list[dict[str, Any]] = answer.json
        return replies

    async def _listen(self, actor: str) -> None:
        hello = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
        (reply,) = await self._bayeux(actor, hello)
        self._clients[actor] = reply["clientId"]
        subscriptions = [
            {"channel": "/meta/subscribe", "clientId": reply["clientId"], "subscription": topic}
            for topic in (*TOPICS, *self.given.get("topics", ()))
        ]
        assert all(r["successful"] for r in await self._bayeux(actor, *subscriptions))

    async def heard(self, actor: str) -> list[dict[str, Any]]:
        """What an actor received since he was last asked."""
        connect = {
            "channel": "/meta/connect",
            "clientId": self._clients[actor],
            "connectionType": "long-polling",
            "advice": {"timeout": 0},
        }
        messages: list[dict[str, Any]] = []
        while True:
            replies = await self._bayeux(actor, connect)
            data = [r for r in replies if "data" in r]
            if not data:
                return messages
            messages += [{"channel": r["channel"], "data": r["data"]} for r in data]

    async def _end(self, actor: str) -> None:
        answer = await self.ask("GET", "/api/v2/me", b"", self.credentials(actor))
        cookie = answer.headers["set-cookie"].split(";")[0]
        body = b'{"operationName":"EndContactCenterSession"}'
        await self.ask("POST", "/api/v2/me", body, self.credentials(actor))
        self._cookies[actor] = cookie
        del self._clients[actor]

    async def snapshot(self) -> list[object]:
        """Everything that an operation could have changed, as it is on disk."""
        store = self.application.store
        sessions = [self.env[name] for name in self.env if name.rstrip("0123456789") == "id"]
        live: list[object] = [await store.tagged(kind, "live") for kind in RESIDENT]
        return [*live, await store.head(), await store.get("session", sessions)]

    def listeners(self) -> list[str]:
        """Actors who are on the line."""
        return list(self._clients)

    async def texts(self, number: str) -> list[str]:
        """What a phone received."""
        answer = await self.ask("GET", f"/simulator/messages?phone={number.replace('+', '%2B')}", b"", {})
        return [m["text"] for m in answer.json["messages"] if m["direction"] == "out"]


def _broken_clock() -> int:
    raise RuntimeError("the clock is broken")

"""The test's hand on agent.js: an agent on the official client who signs in, works and is notified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tests.e2e.nodes import SECONDS, Json, NodeProgram

SESSIONS = "/v2/me/smssessions"
CHANNELS = "/v2/me/channels"
Generation = Literal[9, 3]
Transport = Literal["long-polling", "websocket"]


@dataclass(frozen=True)
class Client:
    """Which client to use: CometD 9 or 3, its transport, with the ack extension or without."""

    generation: Generation = 9
    transport: Transport = "long-polling"
    ack: bool = False
    auth: Literal["cookie", "basic"] = "cookie"
    replay: bool = False

    def __str__(self) -> str:
        return f"cometd{self.generation}-{self.transport}-{'ack' if self.ack else 'plain'}"


class Agent(NodeProgram):
    """One user of the API. `url` is the server's address without `/api/v2`."""

    script = "agent.js"

    def __init__(self, url: str, user: str, client: Client = Client(), password: str = "demo") -> None:
        self.user = user
        self.client = client
        super().__init__(
            {
                "url": url, "user": user, "password": password, "generation": client.generation,
                "transport": client.transport, "ack": client.ack, "auth": client.auth,
                "replay": client.replay,
            }
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user} on {self.client}"

    def sign_in(self, topics: Sequence[str] = (SESSIONS, CHANNELS)) -> Json:
        """GET /me with Basic, handshake, subscribe: the documented order. Returns the body of /me."""
        reply = self.call("login")
        assert reply["status"] == 200, f"{self}: GET /me answered {reply}"
        self.connect(topics)
        body: Json = reply["body"]
        return body

    def connect(self, topics: Sequence[str] = (SESSIONS, CHANNELS)) -> None:
        """Handshake and subscribe; the first /meta/connect has been answered when this returns."""
        outcome = self.call("connect")
        assert outcome["successful"], f"{self}: handshake failed: {outcome}"
        for topic in topics:
            reply = self.call("subscribe", topic=topic)
            assert reply["successful"], f"{self}: subscribing to {topic} failed: {reply}"
        self.wait_for(lambda event: event["event"] == "connected", what="the first connect")
        state = self.call("state")
        assert state["transport"] == self.client.transport, f"{self}: negotiated {state['transport']}"

    def start(self) -> None:
        """StartContactCenterSession on the SMS channel, then Ready."""
        self.do("/me", "StartContactCenterSession", channels=["smssession"])
        self.ready()

    def ready(self) -> None:
        """Ready on the SMS channel; returns when the channel notification is here."""
        self.do("/me/channels/smssession", "Ready")
        self.wait_for(
            lambda event: is_on(event, CHANNELS) and "Ready" in channel_states(event["data"]),
            what="the channel to become Ready",
        )

    def request(self, method: str, path: str, body: Json | None = None) -> Json:
        """Any request below /api/v2: {"status", "type", "body"}."""
        reply: Json = self.call("request", method=method, path=path, body=body)
        return reply

    def do(self, path: str, operation: str, **parameters: Any) -> None:
        """An operation that must succeed with exactly {"statusCode": 0}."""
        reply = self.request("POST", path, {"operationName": operation, **parameters})
        answer = (reply["status"], reply["body"])
        assert answer == (200, {"statusCode": 0}), f"{self}: {operation} answered {reply}"

    def work(self, session: str, operation: str, **parameters: Any) -> None:
        """An operation on one of the agent's sessions, by id."""
        self.do(f"/me/smssessions/{session}", operation, **parameters)

    def transcript(self, session: str) -> list[Json]:
        """The messages of a session as the agent sees them now."""
        reply = self.request("GET", f"/me/smssessions/{session}/messages")
        assert reply["status"] == 200, f"{self}: reading the transcript answered {reply}"
        messages: list[Json] = reply["body"]["messages"]
        return messages

    def sessions(self) -> list[Json]:
        """GET /me/smssessions?fields=*."""
        reply = self.request("GET", "/me/smssessions?fields=*")
        assert reply["status"] == 200, f"{self}: reading the sessions answered {reply}"
        sessions: list[Json] = reply["body"]["smssessions"]
        return sessions

    def next(self, seconds: float = SECONDS) -> Json:
        """The data of the very next notification about a session; delivery states are passed over."""
        event = self.wait_for(_about_sessions, seconds, "the next notification")
        data: Json = event["data"]
        return data

    def invitation(self, seconds: float = SECONDS) -> Json:
        """The session that is offered next."""
        data = self.next(seconds)
        session: Json = data.get("smssession", {})
        kind = (data["notificationType"], session.get("state"))
        assert kind == ("StatusChange", "Invited"), f"{self}: got {data}"
        return session

    def until_text(self, text: str, seconds: float = SECONDS) -> Json:
        """The transcript entry with this text, as soon as a notification brings it."""

        def brings(event: Json) -> bool:
            messages = event["data"].get("messages", ()) if is_on(event, SESSIONS) else ()
            return any(message.get("text") == text for message in messages)

        event = self.wait_for(brings, seconds, f"the text {text[:60]!r}")
        found: Json = next(m for m in event["data"]["messages"] if m.get("text") == text)
        return found

    def until_delivery(self, text: str, state: str, seconds: float = SECONDS) -> Json:
        """The `delivery` of a text as soon as a MessageUpdated says that it is in this state (SPEC 6.3)."""

        def deliveries(event: Json) -> list[Json]:
            updated = is_on(event, SESSIONS) and event["data"]["notificationType"] == "MessageUpdated"
            messages = event["data"]["messages"] if updated else []
            mine = [message["delivery"] for message in messages if message.get("text") == text]
            return [delivery for delivery in mine if delivery["state"] == state]

        what = f"the text {text[:60]!r} to be {state}"
        return deliveries(self.wait_for(lambda event: bool(deliveries(event)), seconds, what))[0]


def is_on(event: Json, topic: str) -> bool:
    """Whether an event is a notification on this topic, whatever subscription brought it."""
    return (event["event"], event.get("channel")) == ("message", topic)


def channel_states(data: Json) -> list[str]:
    """The states in a notification about channels (SPEC 4.7)."""
    return [channel["userState"]["state"] for channel in data["channels"]]


def _about_sessions(event: Json) -> bool:
    return is_on(event, SESSIONS) and event["data"].get("notificationType") != "MessageUpdated"

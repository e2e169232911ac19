"""A Bayeux client that hears one channel, by long-polling or by WebSocket. What it hears goes on unread."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from bench.net import Address
from bench.net.http import Http, request
from bench.net.websocket import WebSocket

Transport = Literal["long-polling", "websocket"]
Heard = Callable[[bytes], None]
Message = dict[str, Any]
_CONNECT = b'"/meta/connect"'


class Endpoint(Protocol):
    """Where and as whom a client connects."""

    @property
    def address(self) -> Address: ...
    @property
    def path(self) -> str:
        """Of the Bayeux server."""

    @property
    def cookie(self) -> str | None:
        """Of whoever is logged in."""


class Client(Protocol):
    """A client that is subscribed and listens."""

    id: str
    cookie: str | None

    @property
    def broken(self) -> str | None:
        """Why it hears nothing any more."""

    def publish(self, message: bytes) -> None:
        """Send an encoded message on the client's own connection, if that is possible without waiting."""

    def close(self) -> None:
        """Break off."""


async def listen(transport: Transport, endpoint: Endpoint, channel: str, heard: Heard) -> Client:
    """Handshake, subscribe, connect, and then listen. Raises ConnectionError."""
    kind = Polling if transport == "long-polling" else Streaming
    return await kind.listen(endpoint, channel, heard)


class Introduced(NamedTuple):
    """A client that only says something: its id, and the cookie it was given."""

    id: str
    cookie: str | None


async def introduce(endpoint: Endpoint) -> Introduced:
    """Make such a client. Raises ConnectionError."""
    client = Polling(await Http.open(endpoint.address), endpoint, _overhear)
    await client.shake_hands()
    client.close()
    return Introduced(client.id, client.cookie)


class Polling:
    """By long-polling: the next poll leaves when the last one is answered."""

    def __init__(self, http: Http, endpoint: Endpoint, heard: Heard) -> None:
        self.id = ""
        self._http = http
        self._endpoint = endpoint
        self.cookie = endpoint.cookie
        self._heard = heard
        self._poll = b""

    @classmethod
    async def listen(cls, endpoint: Endpoint, channel: str, heard: Heard) -> "Polling":
        """See `listen`."""
        client = cls(await Http.open(endpoint.address), endpoint, heard)
        await client.shake_hands()
        granted(await client._exchange(subscribe(client.id, channel)))
        granted(await client._exchange(connect(client.id, "long-polling", 0)))
        client._poll = client._request(connect(client.id, "long-polling"))
        client._http.send(client._poll, client._answered)
        return client

    async def shake_hands(self) -> None:
        """Get an id. Raises ConnectionError."""
        self.id = granted(await self._exchange(handshake("long-polling")))["clientId"]

    @property
    def broken(self) -> str | None:
        return self._http.broken

    def publish(self, message: bytes) -> None:
        raise NotImplementedError("a poll is held on this connection")

    def close(self) -> None:
        self._http.close()

    def _request(self, message: Message) -> bytes:
        body = msgspec.json.encode([message])
        return request("POST", self._endpoint.path, self._endpoint.address, body, cookie(self))

    async def _exchange(self, message: Message) -> Message:
        answer = await self._http.fetch(self._request(message))
        self.cookie = self.cookie or answer.cookie
        if answer.status != 200:
            raise ConnectionError(f"{message['channel']} got HTTP {answer.status} {answer.body[:200]!r}")
        return reply_in(answer.body, message["channel"])

    def _answered(self, status: int, body: bytes) -> None:
        if status == 200:
            self._http.send(self._poll, self._answered)
            self._heard(body)
        elif not self._http.broken:
            self._http.broken = f"a poll got HTTP {status} {body[:200]!r}"


class Streaming:
    """By WebSocket: messages come while the connect stays open."""

    def __init__(self, socket: WebSocket, heard: Heard) -> None:
        self.id = ""
        self.cookie: str | None = None
        self._socket = socket
        self._heard = heard
        self._connect = b""

    @classmethod
    async def listen(cls, endpoint: Endpoint, channel: str, heard: Heard) -> "Streaming":
        """See `listen`."""
        client = cls(await WebSocket.open(endpoint.address, endpoint.path, cookie(endpoint)), heard)
        client.id = granted(await client._exchange(handshake("websocket")))["clientId"]
        granted(await client._exchange(subscribe(client.id, channel)))
        granted(await client._exchange(connect(client.id, "websocket", 0)))
        client._connect = msgspec.json.encode([connect(client.id, "websocket")])
        client._socket.received = client._received
        client._socket.send(client._connect)
        return client

    @property
    def broken(self) -> str | None:
        return self._socket.broken

    def publish(self, message: bytes) -> None:
        self._socket.send(message)

    def close(self) -> None:
        self._socket.close()

    async def _exchange(self, message: Message) -> Message:
        return reply_in(await self._socket.ask(msgspec.json.encode([message])), message["channel"])

    def _received(self, frame: bytes) -> None:
        if _CONNECT in frame:
            self._socket.send(self._connect)
        self._heard(frame)


def _overhear(body: bytes) -> None:
    """What comes is for somebody else."""


def cookie(of: Endpoint | Client | Introduced) -> dict[str, str]:
    """The header by which somebody is known."""
    return {"Cookie": of.cookie} if of.cookie else {}


def handshake(transport: Transport) -> Message:
    """The first message of a client."""
    kinds = [transport]
    return {"channel": "/meta/handshake", "id": "1", "version": "1.0", "supportedConnectionTypes": kinds}


def subscribe(client: str, channel: str) -> Message:
    """Ask for a channel."""
    return {"channel": "/meta/subscribe", "id": "2", "clientId": client, "subscription": channel}


def connect(client: str, transport: Transport, timeout: int | None = None) -> Message:
    """Wait for messages, at most `timeout` milliseconds."""
    message: Message = {
        "channel": "/meta/connect",
        "id": "3",
        "clientId": client,
        "connectionType": transport,
    }
    return message if timeout is None else {**message, "advice": {"timeout": timeout}}


def reply_in(body: bytes, channel: str) -> Message:
    """The reply to a meta message among others. Raises ConnectionError."""
    messages: list[Message] = msgspec.json.decode(body)
    for message in messages:
        if message["channel"] == channel:
            return message
    raise ConnectionError(f"no reply to {channel} in {body[:200]!r}")


def granted(reply: Message) -> Message:
    """The reply, unless it is a refusal. Raises ConnectionError."""
    if not reply.get("successful"):
        raise ConnectionError(f"{reply['channel']} was refused: {reply}")
    return reply

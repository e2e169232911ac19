"""Who is measured: how each is started, how one logs in there, and how one publishes what others hear."""

import base64
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from bench import centre, peers, sample
from bench.loop import Publish
from bench.net import Address
from bench.net.bayeux import Client, Introduced, Transport, cookie, introduce
from bench.net.http import Answered, Http, Pool, request

Operation = Literal["update", "text"]
NOBODY = Introduced("", None)
DONE = b'{"statusCode":0}'


@dataclass(frozen=True)
class Desk:
    """One who works: where he connects, as whom, what he hears, where he asks for something, and which client
    of his does that, if it is a Bayeux client.
    """

    address: Address
    path: str
    cookie: str | None
    channel: str
    target: str
    author: Introduced = NOBODY


@dataclass(frozen=True)
class Work:
    """What the desks do, and how they hear of it."""

    operation: Operation
    transport: Transport


class Subject(Protocol):
    """A server that is measured. `ready`: see `process.Server`."""

    @property
    def name(self) -> str: ...
    @property
    def ready(self) -> str | None: ...
    def prepare(self, folder: Path, desks: int) -> None:
        """Make what has to lie in the folder. Raises peers.Missing."""

    def command(self, folder: Path, address: Address) -> list[str]:
        """What to run."""

    async def open(self, address: Address, number: int) -> Desk:
        """Log in. Raises ConnectionError."""

    def publisher(self, work: Work, desk: Desk, client: Client, pool: Pool) -> Publish:
        """How to send one message that the desk hears."""

    def accepted(self, status: int, body: bytes) -> bool:
        """Whether that is the answer to a message that was taken."""


class Smsdesk:
    """This program, as it is delivered, with login, limits and everything."""

    name = "smsdesk"
    ready = "/readyz"

    def __init__(self) -> None:
        self._sessions: list[str] = []

    def prepare(self, folder: Path, desks: int) -> None:
        self._sessions = centre.furnish(folder / "data", desks)

    def command(self, folder: Path, address: Address) -> list[str]:
        place = ["--data", str(folder / "data"), "--host", address.host, "--port", str(address.port)]
        return [sys.executable, "-m", "smsdesk", "serve", "--demo", *place]

    async def open(self, address: Address, number: int) -> Desk:
        name = f"{centre.agent_name(number)}:{centre.PASSWORD}"
        basic = f"Basic {base64.b64encode(name.encode()).decode()}"
        http = await Http.open(address)
        answer = await http.fetch(request("GET", "/api/v2/me", address, headers={"Authorization": basic}))
        http.close()
        if answer.status != 200:
            raise ConnectionError(f"login got HTTP {answer.status} {answer.body!r}")
        target = f"/api/v2/me/smssessions/{self._sessions[number]}"
        return Desk(address, "/api/v2/notifications", answer.cookie, "/v2/me/smssessions", target)

    def publisher(self, work: Work, desk: Desk, client: Client, pool: Pool) -> Publish:
        body = sample.update() if work.operation == "update" else sample.text()
        return by_http(pool, request("POST", desk.target, desk.address, body, cookie(desk)))

    def accepted(self, status: int, body: bytes) -> bool:
        return status == 200 and body == DONE


class Floor:
    """The least that could do the same work on the same server and disk: no login, no limits, no rules."""

    name = "floor"
    ready = "/readyz"

    def prepare(self, folder: Path, desks: int) -> None:
        pass

    def command(self, folder: Path, address: Address) -> list[str]:
        return [sys.executable, "-m", "bench.floor", str(folder), str(address.port)]

    async def open(self, address: Address, number: int) -> Desk:
        return Desk(address, "/bayeux", None, f"/s/{number}", f"/api/v2/me/smssessions/{number}")

    def publisher(self, work: Work, desk: Desk, client: Client, pool: Pool) -> Publish:
        return by_http(pool, request("POST", desk.target, desk.address, sample.update()))

    def accepted(self, status: int, body: bytes) -> bool:
        return status == 200 and body == DONE


class Peer:
    """Another Bayeux server, from npm; it keeps everything in memory."""

    ready = None

    def __init__(self, name: str, script: str) -> None:
        self.name = name
        self._script = script

    def prepare(self, folder: Path, desks: int) -> None:
        peers.fetch()

    def command(self, folder: Path, address: Address) -> list[str]:
        return peers.command(self._script, address.port)

    async def open(self, address: Address, number: int) -> Desk:
        author = await introduce(Desk(address, "/bayeux", None, "", ""))
        return Desk(address, "/bayeux", None, f"/s/{number}", "/bayeux", author)

    def publisher(self, work: Work, desk: Desk, client: Client, pool: Pool) -> Publish:
        data = sample.notification(desk.channel)
        message = {"channel": desk.channel, "id": "4", "clientId": desk.author.id, "data": data}
        body = msgspec.json.encode([message])
        if work.transport == "websocket":
            return by_socket(client, body)
        return by_http(pool, request("POST", desk.target, desk.address, body, cookie(desk.author)))

    def accepted(self, status: int, body: bytes) -> bool:
        return status == 200 and b'"successful":true' in body


def faye() -> Peer:
    """Faye, the best known server for Node; its memory engine."""
    return Peer("Faye", "faye.js")


def cometd() -> Peer:
    """The server of the CometD project for Node; long-polling only."""
    return Peer("cometd-nodejs-server", "cometd.js")


def by_http(pool: Pool, whole: bytes) -> Publish:
    """Publish by a request, in which the mark stands where the sample's stamp is."""
    head, tail = whole.split(sample.STAMP.encode())
    return lambda mark, answered: pool.send(head + mark + tail, answered)


def by_socket(client: Client, whole: bytes) -> Publish:
    """Publish by the client's own connection. The peer answers there too, but nobody waits for it."""
    head, tail = whole.split(sample.STAMP.encode())

    def publish(mark: bytes, answered: Answered) -> None:
        client.publish(head + mark + tail)
        answered(200, b'"successful":true')

    return publish

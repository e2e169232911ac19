"""`/api/v2/notifications`: the Bayeux server over long-polling (SPEC 4.1, 4.2). Sockets and the clock are
here, rules are not.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from math import inf
from typing import Protocol

from smsdesk.bayeux.exchange import Delivery, Held
from smsdesk.bayeux.message import BadBatch
from smsdesk.bayeux.replay import ReplayWindow
from smsdesk.bayeux.server import BayeuxServer
from smsdesk.bayeux.settings import LONG_POLLING
from smsdesk.core.errors import Fault, Refused
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Gone, Reply, Request
from smsdesk.http.replays import MakeAgain, Replays
from smsdesk.operations.perform import Performer
from smsdesk.wire.notifications import replay_id

HANDSHAKE = b"handshake"  # as it stands in a body: some clients write a slash as \\/


class Socket(Protocol):
    """A lasting connection. `held`: the connects that were left open on it, by client."""

    held: dict[str, Held]

    @property
    def takes(self) -> bool:
        """Whether more may be pushed now; `resume` is called when it may again."""

    def push(self, parts: list[bytes]) -> None:
        """Send encoded messages."""


class Notifications:
    """Joins the Bayeux server to connections. One poll or one socket per client gets what is released for
    it.
    """

    def __init__(self, server: BayeuxServer, performer: Performer, auth: Auth) -> None:
        self.server = server
        self._replays = Replays(server, performer.store, self.release)
        self._performer = performer
        self._auth = auth
        self._polls: dict[str, asyncio.Future[Delivery | None]] = {}
        self._sockets: dict[str, Socket] = {}
        self._due: set[str] = set()
        self._leaving: set[str] = set()
        self._wake = asyncio.Event()
        self._planned = inf  # when the times are looked at next

    @property
    def make_again(self) -> MakeAgain | None:
        """What makes notifications of kept rows again; replays need it."""
        return self._replays.make_again

    @make_again.setter
    def make_again(self, make_again: MakeAgain) -> None:
        self._replays.make_again = make_again

    async def open(self) -> None:
        """Learn how far the log reaches back."""
        head = await self._performer.store.head()
        oldest = replay_id(head.oldest, 0) - 1 if head.oldest > 1 else 0
        self.server.window = ReplayWindow(head.epoch, oldest, replay_id(head.position + 1, 0) - 1)

    def listens(self, user: str) -> bool:
        """Whether any client of this user is known."""
        return self.server.listens(user)

    def logins_of(self, user: str) -> dict[str, str]:
        """The clients of this user, each with the login by which it was made."""
        return self.server.logins_of(user)

    # -- publishing --------------------------------------------------------------------------------
    def publish(self, user: str, topic: str, data: bytes, id: int | None) -> None:
        """Queue a notification; what is due leaves at the end of this turn of the loop, all of one operation
        together. `id` None: it is transient, nobody can have it replayed (SPEC 4.5).
        """
        for client in self.server.publish(user, topic, data, id):
            if user not in self._leaving and client not in self._leaving:
                self._release_soon(client)

    def _release_soon(self, client: str) -> None:
        if not self._due:
            asyncio.get_running_loop().call_soon(self._release_due)
        self._due.add(client)

    def _release_due(self) -> None:
        due, self._due = self._due, set()
        for client in due:
            self.release(client)

    def release(self, client: str, now: int | None = None) -> None:
        """Give a held poll or a socket what it is due. `now`: the time by which it was found to be due."""
        poll, socket = self._polls.get(client), self._sockets.get(client)
        if (poll is not None and poll.done()) or (socket is not None and not socket.takes):
            return
        delivery = self.server.release(client, self._performer.clock() if now is None else now)
        if poll is not None and delivery.reply is not None:
            poll.set_result(delivery)
        elif socket is not None and delivery.parts:
            if delivery.reply is not None:
                self._let_go(client)
            socket.push(delivery.parts)
        self._replays.start(delivery.replays)

    @asynccontextmanager
    async def ending(self, user: str, clients: Collection[str] | None = None) -> AsyncIterator[None]:
        """While a user, or some of his clients, are logged out: what they are told of it leaves together with
        the advice not to come back.

        A poll that were answered before would come again, to a login that is gone. When the logout fails, all
        goes on as before.
        """
        leaving = {user} if clients is None else set(clients)
        self._leaving |= leaving
        try:
            yield
        except BaseException:
            for client in self.server.clients_of(user) if clients is None else clients:
                self._release_soon(client)
            raise
        else:
            dropped = self.server.drop_user(user) if clients is None else self.server.drop(clients)
            for client in dropped:
                self.release(client)
        finally:
            self._leaving -= leaving

    # -- requests ----------------------------------------------------------------------------------
    async def poll(self, request: Request) -> Reply:
        """One long-polling request: a batch of messages, of which a lone `/meta/connect` may be held."""
        caller = await self._auth.caller(request, exempt=True)
        if request.method != "POST":
            raise Refused(Fault.METHOD, "Bayeux messages come by POST")
        body = await request.body()
        login = ""
        if HANDSHAKE in body:
            caller = await self._auth.begin_session(request, caller)
            login = await self._auth.login_of(request, caller)
        parts, held = self.receive(body, caller.user.id, LONG_POLLING, login)
        reply = Reply(array(parts)) if held is None else await self._hold(request, held)
        return self._auth.dress(reply, caller)

    def receive(
        self, body: bytes, user: str | None, transport: str, login: str = ""
    ) -> tuple[list[bytes], Held | None]:
        """Hand a batch to the server and do what it says, in its order. `login`: by which login of the user
        it came, for a handshake. Raises Refused 10 for what is no batch, or too large a one.
        """
        if user is not None:
            self._auth.seen(user)
        if self.server.window is not None:
            self.server.window.current = replay_id(self._performer.position + 1, 0) - 1
        try:
            outcome = self.server.receive(body, user, transport, self._performer.clock(), login)
        except BadBatch as bad:
            fault = Fault.TOO_LARGE if bad.status == Fault.TOO_LARGE.http else Fault.INVALID
            raise Refused(fault, bad.reason) from bad
        except UnicodeDecodeError as error:
            raise Refused(Fault.INVALID, f"the body is not UTF-8: {error}") from error
        for client in outcome.displaced:
            self._let_go(client)
            poll = self._polls.pop(client, None)
            if poll is not None and not poll.done():
                poll.set_result(None)
        for client in outcome.wake:
            self.release(client)
        self._replays.start(outcome.replays)
        due = self.server.next_due()
        if due is not None and due < self._planned:
            self._wake.set()
        return outcome.replies, outcome.held

    async def _hold(self, request: Request, held: Held) -> Reply:
        poll: asyncio.Future[Delivery | None] = asyncio.get_running_loop().create_future()
        self._polls[held.client_id] = poll
        gone = asyncio.create_task(request.gone())
        gone.add_done_callback(lambda _: poll.done() or poll.cancel())
        try:
            delivery = await poll
        except asyncio.CancelledError:
            self.server.aborted(held, self._performer.clock())
            if gone.done():
                raise Gone from None
            raise
        finally:
            left = gone.done()
            gone.cancel()
            if self._polls.get(held.client_id) is poll:
                del self._polls[held.client_id]
        if delivery is None:
            return Reply(b"", 408, [])
        if left:
            self._take_back(delivery)
            raise Gone
        return Reply(array(delivery.parts))

    def _take_back(self, delivery: Delivery) -> None:
        """The connection broke when the answer was on its way to it."""
        for client in self.server.undelivered(delivery):
            self.release(client)

    # -- sockets -----------------------------------------------------------------------------------
    def attach(self, socket: Socket, held: Held) -> None:
        """A connect was left open on this socket: the client's messages leave by it."""
        self._sockets[held.client_id] = socket
        socket.held[held.client_id] = held

    def resume(self, socket: Socket) -> None:
        """The socket takes messages again."""
        for client in list(socket.held):
            self.release(client)

    def detach(self, socket: Socket) -> None:
        """The socket is gone, and with it the connects that were left open."""
        now = self._performer.clock()
        for client, held in list(socket.held.items()):
            self._let_go(client)
            self.server.aborted(held, now)

    def _let_go(self, client: str) -> None:
        socket = self._sockets.pop(client, None)
        if socket is not None:
            socket.held.pop(client, None)

    # -- time --------------------------------------------------------------------------------------
    def expire(self) -> None:
        """Answer polls whose time is up; forget clients that did not come back."""
        now = self._performer.clock()
        for client in self.server.expire(now).over:
            self.release(client, now)

    async def run(self) -> None:
        """Watch the times until cancelled."""
        while True:
            self._wake.clear()
            due = self.server.next_due()
            self._planned = inf if due is None else due
            nap = 60.0 if due is None else max(due - self._performer.clock(), 5) / 1000
            try:
                async with asyncio.timeout(nap):
                    await self._wake.wait()
            except TimeoutError:
                self.expire()

    def drain(self) -> None:
        """The program is going to stop: answer every held poll."""
        for client in self.server.drain():
            self.release(client)

    async def settle(self) -> None:
        """Wait until no log is being read."""
        await self._replays.settle()


def array(parts: list[bytes]) -> bytes:
    """Encoded messages as one JSON array."""
    return b"[" + b",".join(parts) + b"]"

"""`/api/v2/notifications`: the Bayeux server over long-polling (SPEC 4.1, 4.2). Sockets and the clock are
here, rules are not.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from smsdesk.bayeux.exchange import Delivery, Held
from smsdesk.bayeux.message import BadBatch
from smsdesk.bayeux.replay import LogMessage, ReplayRequest, ReplayWindow
from smsdesk.bayeux.server import BayeuxServer
from smsdesk.bayeux.settings import LONG_POLLING
from smsdesk.core.errors import Fault, Refused
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request
from smsdesk.operations.perform import Performer
from smsdesk.store import OutboxRow, StoreError
from smsdesk.wire.notifications import ORDINALS, replay_id

log = structlog.get_logger("notifications")
PAGE = 200  # outbox rows read at a time for a replay
HANDSHAKE = b"/meta/handshake"
Socket = Callable[[list[bytes]], None]
# Makes the notifications of kept rows for one user again: (topic, data, replay id).
MakeAgain = Callable[[str, Sequence[OutboxRow]], Awaitable[list[tuple[str, bytes, int]]]]


class Notifications:
    """Joins the Bayeux server to connections. One poll or one socket per client gets what is released for
    it.
    """

    def __init__(self, server: BayeuxServer, performer: Performer, auth: Auth) -> None:
        self.server = server
        self.make_again: MakeAgain | None = None
        self._performer = performer
        self._auth = auth
        self._polls: dict[str, asyncio.Future[Delivery | None]] = {}
        self._sockets: dict[str, Socket] = {}
        self._due: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()

    async def open(self) -> None:
        """Learn how far the log reaches back."""
        head = await self._performer.store.head()
        oldest = replay_id(head.oldest, 0) - 1 if head.oldest > 1 else 0
        self.server.window = ReplayWindow(head.epoch, oldest, replay_id(head.position + 1, 0) - 1)

    def listens(self, user: str) -> bool:
        """Whether any client of this user is known."""
        return self.server.listens(user)

    # -- publishing --------------------------------------------------------------------------------
    def publish(self, user: str, topic: str, data: bytes, id: int) -> None:
        """Queue a notification; what is due leaves at the end of this turn of the loop, all of one operation
        together.
        """
        for client in self.server.publish(user, topic, data, id):
            self._release_soon(client)

    def _release_soon(self, client: str) -> None:
        if not self._due:
            asyncio.get_running_loop().call_soon(self._release_due)
        self._due.add(client)

    def _release_due(self) -> None:
        due, self._due = self._due, set()
        for client in due:
            self.release(client)

    def release(self, client: str) -> None:
        """Give a held poll or a socket what it is due."""
        poll = self._polls.get(client)
        if poll is not None and poll.done():
            return
        delivery = self.server.release(client, self._performer.clock())
        if poll is not None:
            poll.set_result(delivery)
        elif client in self._sockets and delivery.parts:
            self._sockets[client](delivery.parts)
        self.read_log(delivery.replays)

    async def end(self, user: str) -> None:
        """The user logged out: his clients get what is queued and the advice not to come back."""
        for client in self.server.drop_user(user):
            self.release(client)

    # -- requests ----------------------------------------------------------------------------------
    async def poll(self, request: Request) -> Reply:
        """One long-polling request: a batch of messages, of which a lone `/meta/connect` may be held."""
        if request.method != "POST":
            raise Refused(Fault.METHOD, "Bayeux messages come by POST")
        caller = await self._auth.caller(request, exempt=True)
        body = await request.body()
        if HANDSHAKE in body:
            caller = await self._auth.with_session(request)
        parts, held = self.receive(body, caller.user.id, LONG_POLLING)
        reply = Reply(array(parts)) if held is None else await self._hold(request, held)
        return self._auth.dress(reply, caller)

    def receive(self, body: bytes, user: str, transport: str) -> tuple[list[bytes], Held | None]:
        """Hand a batch to the server and do what it says, in its order. Raises Refused 10 for what is no
        batch.
        """
        if self.server.window is not None:
            self.server.window.current = replay_id(self._performer.position + 1, 0) - 1
        try:
            outcome = self.server.receive(body, user, transport, self._performer.clock())
        except BadBatch as bad:
            fault = Fault.TOO_LARGE if bad.status == Fault.TOO_LARGE.http else Fault.INVALID
            raise Refused(fault, bad.reason) from bad
        for client in outcome.displaced:
            poll = self._polls.pop(client, None)
            if poll is not None and not poll.done():
                poll.set_result(None)
        for client in outcome.wake:
            self.release(client)
        self.read_log(outcome.replays)
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
            return Reply(b"")
        finally:
            gone.cancel()
            if self._polls.get(held.client_id) is poll:
                del self._polls[held.client_id]
        if delivery is None:
            return Reply(b"", 408, [])
        return Reply(array(delivery.parts))

    def attach(self, client: str, socket: Socket) -> None:
        """From now on this client's messages leave by this socket."""
        self._sockets[client] = socket

    def detach(self, client: str, socket: Socket, held: Held) -> None:
        """The socket is gone, and with it the connect that was left open."""
        if self._sockets.get(client) is socket:
            del self._sockets[client]
        self.server.aborted(held, self._performer.clock())

    # -- replay ------------------------------------------------------------------------------------
    def read_log(self, requests: list[ReplayRequest]) -> None:
        """Read the log for subscriptions that asked for it."""
        for request in requests:
            task = asyncio.get_running_loop().create_task(self._replay(request))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _replay(self, request: ReplayRequest) -> None:
        following: list[ReplayRequest] = [request]
        while following:
            request = following.pop()
            try:
                messages, done = await self._page(request)
            except StoreError as error:
                log.warning("log not readable for a replay", error=str(error))
                for client in self.server.replay_failed(request):
                    self.release(client)
                return
            due, following = self.server.replay(request, messages, done)
            for client in due:
                self.release(client)

    async def _page(self, request: ReplayRequest) -> tuple[list[LogMessage], bool]:
        assert self.make_again is not None
        after = request.after // ORDINALS - 1  # the row of that id may hold later ones
        rows = await self._performer.store.rows_of(request.user, max(after, 0), PAGE)
        made = await self.make_again(request.user, rows)
        messages = [LogMessage(t, d, id) for t, d, id in made if id > request.after]
        return messages, len(rows) < PAGE

    # -- time --------------------------------------------------------------------------------------
    def expire(self) -> None:
        """Answer polls whose time is up; forget clients that did not come back."""
        expired = self.server.expire(self._performer.clock())
        for client in expired.over:
            self.release(client)
        for client in expired.forgotten:
            self._sockets.pop(client, None)

    async def run(self) -> None:
        """Watch the times until cancelled."""
        while True:
            self._wake.clear()
            due = self.server.next_due()
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
        while self._tasks:
            await asyncio.gather(*self._tasks)


def array(parts: list[bytes]) -> bytes:
    """Encoded messages as one JSON array."""
    return b"[" + b",".join(parts) + b"]"

"""The Bayeux server over WebSocket (SPEC 4.1): the Origin is checked, frames are bounded, the order of
frames is kept.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from smsdesk.bayeux.exchange import Held
from smsdesk.bayeux.settings import WEBSOCKET
from smsdesk.core.errors import Fault, Refused
from smsdesk.http.auth import Auth
from smsdesk.http.cors import Origins
from smsdesk.http.exchange import Receive, Request, Scope, Send, refusal
from smsdesk.http.notifications import HANDSHAKE, Notifications, array

log = structlog.get_logger("notifications")
POLICY, NOT_BAYEUX, TOO_BIG, TRY_AGAIN = 1008, 1007, 1009, 1013
_CODES = {Fault.TOO_LARGE: TOO_BIG, Fault.UNAVAILABLE: TRY_AGAIN}
ENOUGH = 262_144  # bytes on their way to a peer: beyond it its frames wait, and its messages in their queue
Login = tuple[str | None, str]  # the user, and by which of his logins
LoggedIn = Callable[[], Awaitable[Login]]


class Socket:
    """One WebSocket. A client that left a connect open on it gets its messages by it. `logged_in` says whose
    it is now: a login may end before the socket does. It raises Refused UNAVAILABLE.
    """

    def __init__(
        self, notifications: Notifications, user: str, logged_in: LoggedIn, receive: Receive, send: Send
    ) -> None:
        self.held: dict[str, Held] = {}
        self._notifications = notifications
        self._user = user
        self._logged_in = logged_in
        self._receive = receive
        self._send = send
        self._out: deque[bytes] = deque()
        self._size = 0
        self._written = asyncio.Event()
        self._more = asyncio.Event()

    @property
    def takes(self) -> bool:
        """Whether the peer reads what it is sent. Where not, messages stay where they are bounded."""
        return self._size < ENOUGH

    def push(self, parts: list[bytes]) -> None:
        """Queue one frame of encoded messages."""
        frame = array(parts)
        self._out.append(frame)
        self._size += len(frame)
        self._more.set()

    async def run(self) -> None:
        """Serve the socket until it closes. Raises what is a fault of our own."""
        tasks = [asyncio.create_task(step()) for step in (self._read, self._write)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            self._notifications.detach(self)
        for end in ends:
            if isinstance(end, Exception):
                raise end

    async def _read(self) -> None:
        while (message := await self._receive())["type"] != "websocket.disconnect":
            frame = message.get("bytes") or (message.get("text") or "").encode()
            try:
                await self._take(frame)
            except Refused as refused:
                log.info("a WebSocket is closed", user=self._user, why=refused.message)
                code = _CODES.get(refused.fault, NOT_BAYEUX)
                await self._send({"type": "websocket.close", "code": code, "reason": refused.message[:100]})
                return
            while not self.takes:
                self._written.clear()
                await self._written.wait()

    async def _take(self, frame: bytes) -> None:
        user, login = await self._logged_in() if HANDSHAKE in frame else (self._user, "")
        replies, held = self._notifications.receive(frame, user, WEBSOCKET, login)
        if held is not None:
            self._notifications.attach(self, held)
        if replies:
            self.push(replies)

    async def _write(self) -> None:
        while True:
            await self._more.wait()
            while self._out:
                frame = self._out.popleft()
                await self._send({"type": "websocket.send", "text": frame.decode()})
                was_full = not self.takes
                self._size -= len(frame)
                if was_full and self.takes:
                    self._written.set()
                    self._notifications.resume(self)
            self._more.clear()


async def serve(
    notifications: Notifications,
    auth: Auth,
    origins: Origins,
    limit: int,
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Accept a WebSocket from somebody who is logged in and comes from an allowed page, and serve it. Where
    the store cannot tell now, the client is asked to try again, not sent away.
    """

    async def logged_in() -> Login:
        request = Request({**scope, "method": "GET"}, receive, limit)
        try:
            origins.check(request)
            caller = await auth.caller(request, exempt=True)
            return caller.user.id, await auth.login_of(request, caller)
        except Refused as refused:
            if refused.fault is Fault.UNAVAILABLE:
                raise
            return None, ""

    await receive()  # websocket.connect
    try:
        user, _ = await logged_in()
    except Refused as refused:
        await _not_now(scope, refused, send)
        return
    if user is None:
        await send({"type": "websocket.close", "code": POLICY})
        return
    await send({"type": "websocket.accept"})
    await Socket(notifications, user, logged_in, receive, send).run()


async def _not_now(scope: Scope, refused: Refused, send: Send) -> None:
    """Answer the opening of a WebSocket by 503 and Retry-After, where the server can."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": TRY_AGAIN})
        return
    reply = refusal(refused)
    start = {"status": reply.status, "headers": reply.headers}
    await send({"type": "websocket.http.response.start", **start})
    await send({"type": "websocket.http.response.body", "body": reply.body})

"""The Bayeux server over WebSocket (SPEC 4.1): the Origin is checked, frames are bounded, the order of
frames is kept.
"""

import asyncio

import structlog

from smsdesk.bayeux.exchange import Held
from smsdesk.bayeux.settings import WEBSOCKET
from smsdesk.core.errors import Refused
from smsdesk.http.auth import Auth
from smsdesk.http.cors import Origins
from smsdesk.http.exchange import Receive, Request, Scope, Send
from smsdesk.http.notifications import Notifications, array

log = structlog.get_logger("notifications")
POLICY = 1008
QUEUED_FRAMES = (
    4096  # beyond that the peer does not read: the socket is closed, the client comes back by a handshake
)


class Socket:
    """One WebSocket. A client that left a connect open on it gets its messages by it."""

    def __init__(self, notifications: Notifications, user: str, receive: Receive, send: Send) -> None:
        self._notifications = notifications
        self._user = user
        self._receive = receive
        self._send = send
        self._held: dict[str, Held] = {}
        self._out: asyncio.Queue[bytes] = asyncio.Queue(QUEUED_FRAMES)
        self._deaf = asyncio.Event()

    def push(self, parts: list[bytes]) -> None:
        """Queue one frame of encoded messages. A peer that does not read loses the socket, not the messages
        it acknowledges.
        """
        try:
            self._out.put_nowait(array(parts))
        except asyncio.QueueFull:
            self._deaf.set()

    async def run(self) -> None:
        """Serve the socket until it closes or stops reading."""
        tasks = [asyncio.create_task(step()) for step in (self._read, self._write, self._deaf.wait)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for client, held in self._held.items():
                self._notifications.detach(client, self.push, held)

    async def _read(self) -> None:
        while (message := await self._receive())["type"] != "websocket.disconnect":
            frame = message.get("bytes") or (message.get("text") or "").encode()
            try:
                replies, held = self._notifications.receive(frame, self._user, WEBSOCKET)
            except Refused as refused:
                log.info("a WebSocket sent no Bayeux messages", user=self._user, why=refused.message)
                await self._send({"type": "websocket.close", "code": POLICY, "reason": refused.message[:100]})
                return
            if held is not None:
                self._held[held.client_id] = held
                self._notifications.attach(held.client_id, self.push)
            if replies:
                self.push(replies)

    async def _write(self) -> None:
        while True:
            frame = await self._out.get()
            await self._send({"type": "websocket.send", "text": frame.decode()})


async def serve(
    notifications: Notifications,
    auth: Auth,
    origins: Origins,
    limit: int,
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Accept a WebSocket from somebody who is logged in and comes from an allowed page, and serve it."""
    await receive()  # websocket.connect
    request = Request({**scope, "method": "GET"}, receive, limit)
    try:
        origins.check(request)
        caller = await auth.caller(request, exempt=True)
    except Refused:
        await send({"type": "websocket.close", "code": POLICY})
        return
    await send({"type": "websocket.accept"})
    await Socket(notifications, caller.user.id, receive, send).run()

"""Reads the durable log for subscriptions that ask for what they missed (SPEC 4.1, 9.16). Knows no
connections: what is due is released by the caller.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

import structlog

from smsdesk.bayeux.replay import LogMessage, ReplayRequest
from smsdesk.bayeux.server import BayeuxServer
from smsdesk.store import OutboxRow, Store, StoreError
from smsdesk.wire.notifications import ORDINALS

log = structlog.get_logger("notifications")
PAGE = 200  # outbox rows read at a time
# Makes the notifications of kept rows for one user again: (topic, data, replay id).
MakeAgain = Callable[[str, Sequence[OutboxRow]], Awaitable[list[tuple[str, bytes, int]]]]


class Replays:
    """One task per request of the Bayeux server, page by page. `release` is told which clients are due."""

    def __init__(self, server: BayeuxServer, store: Store, release: Callable[[str], None]) -> None:
        self.make_again: MakeAgain | None = None
        self._server = server
        self._store = store
        self._release = release
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, requests: Iterable[ReplayRequest]) -> None:
        """Read the log for these."""
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
            except Exception as error:
                unforeseen = not isinstance(error, StoreError)
                log.warning("log not readable for a replay", error=str(error), exc_info=unforeseen)
                due = self._server.replay_failed(request)
            else:
                due, following = self._server.replay(request, messages, done)
            for client in due:
                self._release(client)

    async def _page(self, request: ReplayRequest) -> tuple[list[LogMessage], bool]:
        """The next messages of a log, and whether these are the last. There are some, unless they are."""
        assert self.make_again is not None
        after = max(request.after // ORDINALS - 1, 0)  # the row of that id may hold later ones
        while True:
            rows = await self._store.rows_of(request.user, after, PAGE)
            made = await self.make_again(request.user, rows)
            messages = [LogMessage(t, d, id) for t, d, id in made if id > request.after]
            if messages or len(rows) < PAGE:
                return messages, len(rows) < PAGE
            after = rows[-1].position

    async def settle(self) -> None:
        """Wait until no log is being read."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

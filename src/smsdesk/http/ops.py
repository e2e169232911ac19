"""For those who run it: version, health, readiness (SPEC 7.5)."""

from collections.abc import Callable

import msgspec
import structlog

from smsdesk.http.exchange import RETRY_AFTER, Reply, Request, done
from smsdesk.operations.perform import Performer
from smsdesk.store import StoreError

log = structlog.get_logger("ops")


class Ops:
    """`version` is the program's; `stopping` says whether the server is on its way out."""

    def __init__(self, performer: Performer, version: str, stopping: Callable[[], bool]) -> None:
        self._performer = performer
        self._version = version
        self._stopping = stopping

    async def version(self, request: Request) -> Reply:
        """GET /api/v2/diagnostics/version, no login (C§1.8)."""
        return done({"version": self._version})

    async def healthz(self, request: Request) -> Reply:
        """The process answers."""
        return Reply(b'{"status":"ok"}')

    async def readyz(self, request: Request) -> Reply:
        """Requests are welcome: the store can be read and nobody said stop."""
        try:
            await self._performer.store.head()
            why = "stopping" if self._stopping() else None
        except StoreError as error:
            log.warning("not ready: the store cannot be read", error=str(error))
            why = "the store cannot be read; the log says why"
        if why is None:
            return Reply(b'{"status":"ready"}')
        reply = Reply(msgspec.json.encode({"status": "not ready", "why": why}), 503)
        reply.headers.append(RETRY_AFTER)
        return reply

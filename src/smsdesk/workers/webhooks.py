"""Delivers to webhooks: each delivery until it is taken or given up, few at the same time, none of them in an
order that could be relied on. What came of a try is kept before the next one is made.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from heapq import heappop, heappush

import msgspec
import structlog

from smsdesk.core.errors import Refused
from smsdesk.core.webhooks import Delivery, Outcome, Webhook, headers
from smsdesk.operations.live import Made
from smsdesk.operations.perform import Performer
from smsdesk.operations.webhooks import record_try
from smsdesk.store import Change, Kept

log = structlog.get_logger("webhooks")
MOST = 8  # tries at the same time
MOST_OF_ONE = 2  # of them to the same webhook: a slow one leaves room for others
RETRY = 1000  # milliseconds until what could not be kept is tried again
Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[Outcome]]
_decode = msgspec.json.Decoder(Delivery).decode


class Webhooks:
    """Follows the records of deliveries. `wake_at` asks for a call at a time."""

    def __init__(
        self, performer: Performer, post: Post, wake_at: Callable[[int, Callable[[], None]], None]
    ) -> None:
        self._performer = performer
        self._post = post
        self._wake_at = wake_at
        self._waiting: dict[str, Delivery] = {}
        self._lines: dict[str, list[tuple[int, str]]] = {}
        self._busy: Counter[str] = Counter()
        self._in_flight: set[str] = set()
        self._unkept: dict[str, Outcome] = {}
        self._planned: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Take in what was on its way when the program last ended. Raises StoreError."""
        after = ""
        while documents := await self._performer.store.tagged("delivery", "live", after):
            for document in documents:
                self._take(_decode(document.body))
            after = documents[-1].id
        self.look()

    def kept(self, change: Change, kept: Kept) -> None:
        """Called by the committer for every change that is on disk."""
        if not isinstance(change, Made):
            return
        found = [(id, value) for kind, id, value, _ in change.values if kind == "delivery"]
        for id, value in found:
            if value is not None and value.state == "waiting":
                self._take(value)
            else:
                self._waiting.pop(id, None)
        if found:
            self.look()

    def _take(self, delivery: Delivery) -> None:
        self._waiting[delivery.id] = delivery
        self._line_up(delivery, delivery.due)

    def _line_up(self, delivery: Delivery, due: int) -> None:
        heappush(self._lines.setdefault(delivery.webhook, []), (due, delivery.id))

    def look(self) -> None:
        """Begin what is due and has room; the webhook that was served last comes last."""
        now, times = self._performer.clock(), []
        for webhook in list(self._lines):
            line = self._lines[webhook]
            while line and line[0][0] <= now and self._room(webhook):
                due, id = heappop(line)
                delivery = self._waiting.get(id)
                if delivery is not None and delivery.due <= due and id not in self._in_flight:
                    self._begin(delivery)
                    self._lines[webhook] = self._lines.pop(webhook)
            if not line:
                del self._lines[webhook]
            elif line[0][0] > now:
                times.append(line[0][0])
        self._plan(min(times, default=None), now)

    def _room(self, webhook: str) -> bool:
        return len(self._in_flight) < MOST and self._busy[webhook] < MOST_OF_ONE

    def _plan(self, at: int | None, now: int) -> None:
        if at is not None and (self._planned is None or not now < self._planned <= at):
            self._planned = at
            self._wake_at(at, self.look)

    def _begin(self, delivery: Delivery) -> None:
        self._in_flight.add(delivery.id)
        self._busy[delivery.webhook] += 1
        task = asyncio.get_running_loop().create_task(self._work(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, delivery: Delivery) -> None:
        try:
            outcome = self._unkept.pop(delivery.id, None) or await self._try(delivery)
            await self._keep(delivery, outcome)
        except Exception:
            log.exception("a delivery failed", delivery=delivery.id)
            self._line_up(delivery, self._performer.clock() + RETRY)
        finally:
            self._in_flight.discard(delivery.id)
            self._busy[delivery.webhook] -= 1
        if not self._busy[delivery.webhook]:
            del self._busy[delivery.webhook]
        self.look()

    async def _try(self, delivery: Delivery) -> Outcome:
        webhook = self._performer.centre.records.get("webhook", {}).get(delivery.webhook)
        if not isinstance(webhook, Webhook):
            return Outcome(None, "the webhook was deleted", final=True)
        if not webhook.enabled:
            return Outcome(None, "the webhook was switched off", final=True)
        sent = headers(webhook.secret, delivery, self._performer.clock())
        return await self._post(webhook.url, delivery.body.encode(), sent)

    async def _keep(self, delivery: Delivery, outcome: Outcome) -> None:
        """Write down what came of it; it is not posted again because that fails."""
        try:
            await self._performer.run(partial(record_try, id=delivery.id, outcome=outcome))
        except Refused as refused:
            log.warning("what came of a delivery is not kept yet", id=delivery.id, why=refused.message)
            self._unkept[delivery.id] = outcome
            self._line_up(delivery, self._performer.clock() + RETRY)
            return
        after = self._waiting.get(delivery.id)
        say = log.info if outcome.status is not None and 200 <= outcome.status < 300 else log.warning
        say("delivery tried", id=delivery.id, status=outcome.status, words=outcome.words, again=bool(after))
        if after is not None:  # it was lined up by the commit while it was in flight
            self._line_up(after, after.due)

    async def settle(self) -> None:
        """Wait until nothing is being delivered."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        """Leave off; what waits goes on waiting."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

"""Sends what is queued: one lane per conversation, in order, each try committed before it is made (SPEC
6.4).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import msgspec
import structlog

from smsdesk.carriers import Carrier, Outgoing, Submission
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Refused
from smsdesk.core.outgoing import OutgoingText
from smsdesk.core.session import pair
from smsdesk.operations.live import Made
from smsdesk.operations.perform import Performer
from smsdesk.operations.system.record_delivery import begin_try, give_up, record_submission
from smsdesk.store import Change, Kept

log = structlog.get_logger("sender")
FIRST_WAIT, LONGEST_WAIT = 1_000, 60_000  # milliseconds between tries: doubled each time
SETTLING = 10_000  # turns of the loop that `settle` allows a try to take
LOOK_AGAIN = 1_000  # milliseconds until a carrier that is not ready is looked at again


class Sender:
    """Follows the records of outgoing texts. `pause` waits milliseconds by the program's clock."""

    def __init__(
        self,
        performer: Performer,
        carriers: Mapping[str, Carrier],
        never_twice: frozenset[str],
        pause: Callable[[int], Awaitable[None]],
    ) -> None:
        self._performer = performer
        self._carriers = carriers
        self._never_twice = never_twice
        self._pause = pause
        self._lanes: dict[str, deque[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._known: set[str] = set()
        self._resting: set[str] = set()

    async def open(self) -> None:
        """Take in what was on its way when the program last ended, the oldest first."""
        after, found = "", list[OutgoingText]()
        while documents := await self._performer.store.tagged("outgoing", "live", after):
            found += [msgspec.json.decode(document.body, type=OutgoingText) for document in documents]
            after = documents[-1].id
        for text in sorted(found, key=lambda t: (t.queued, t.id)):
            if text.state == "trying" and text.carrier in self._never_twice:
                why = "the program ended while this was being sent"
                await self._performer.run(partial(give_up, id=text.id, error=why))
            else:
                self._take(text)

    def kept(self, change: Change, kept: Kept) -> None:
        """Called by the committer for every change that is on disk."""
        if isinstance(change, Made):
            for kind, _, value, _ in change.values:
                if kind == "outgoing" and value is not None and value.state == "queued":
                    self._take(value)

    def backlog(self) -> int:
        """Texts queued or being tried."""
        return len(self._known)

    def _take(self, text: OutgoingText) -> None:
        if text.id in self._known:
            return
        self._known.add(text.id)
        conversation = pair(text.service_number, text.customer_number)
        lane = self._lanes.get(conversation)
        if lane is None:
            lane = self._lanes[conversation] = deque()
            task = asyncio.get_running_loop().create_task(self._work(conversation, lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        lane.append(text.id)

    async def _work(self, conversation: str, lane: deque[str]) -> None:
        wait = FIRST_WAIT
        while lane:
            try:
                pause = await self._try(lane[0])
            except Refused as refused:
                log.warning("no try could be made, waiting", text_id=lane[0], why=refused.message)
                pause = 0
            except Exception:
                log.exception("sending failed", text_id=lane[0])
                pause = 0
            if pause is None:
                self._known.discard(lane.popleft())
                wait = FIRST_WAIT
            elif pause:
                await self._rest(conversation, pause)
            else:
                await self._rest(conversation, wait)
                wait = min(wait * 2, LONGEST_WAIT)
        del self._lanes[conversation]

    async def _rest(self, conversation: str, milliseconds: int) -> None:
        self._resting.add(conversation)
        await self._pause(milliseconds)
        self._resting.discard(conversation)

    async def _try(self, id: str) -> int | None:
        """One try. None: done with it; else milliseconds to wait before the next, 0 where the sender
        chooses.
        """
        queued = await self._performer.read("outgoing", id)
        if not isinstance(queued, OutgoingText):
            return None
        carrier = self._carriers.get(queued.carrier)
        if carrier is not None and not carrier.ready():
            return LOOK_AGAIN
        text = await self._performer.run(partial(begin_try, id=id))
        if text is None:
            return None
        if carrier is None:
            result = Submission("refused", error=f"there is no carrier named {text.carrier}")
        else:
            result = await carrier.send(outgoing(text))
        if result.outcome == "unanswered" and queued.carrier in self._never_twice:
            await self._record(text, partial(give_up, id=id, error=result.error or "no answer"))
            return None
        await self._record(text, partial(record_submission, id=id, result=result))
        if result.outcome in ("later", "unanswered"):
            log.info("text not accepted yet", text_id=id, attempt=text.attempt, why=result.error)
            return result.wait or 0
        return None

    async def _record(self, text: OutgoingText, step: Callable[[Draft], None]) -> None:
        """Write down what came of a try, however long the store takes: it is not made again for that."""
        wait = FIRST_WAIT
        while True:
            try:
                return await self._performer.run(step)
            except Refused as refused:
                log.warning("what came of a try is not recorded yet", text_id=text.id, why=refused.message)
            await self._rest(pair(text.service_number, text.customer_number), wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def settle(self) -> None:
        """Wait until every lane is empty or resting between two tries."""
        for _ in range(SETTLING):
            if len(self._resting) >= len(self._tasks):
                return
            await asyncio.sleep(0)

    async def stop(self) -> None:
        """Leave off; what is queued stays queued."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def outgoing(text: OutgoingText) -> Outgoing:
    """The text as the carrier port wants it."""
    return Outgoing(text.id, text.service_number, text.customer_number, text.words, text.sent_parts)

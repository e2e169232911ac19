"""From commits to pushes: every fact becomes notifications for each viewer, in commit order (SPEC 4.6,
ARCHITECTURE steps 5, 6).

Knows no transport: it hands encoded data to `publish`.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

import msgspec
import structlog

from smsdesk.core.events import Fact
from smsdesk.core.message import Message
from smsdesk.operations.live import Made
from smsdesk.store import Change, Kept, OutboxRow, Store, StoreError
from smsdesk.wire.notifications import entries_needed, notifications, replay_id
from smsdesk.wire.resources import Resources

log = structlog.get_logger("notifier")
Publish = Callable[[str, str, bytes, int], None]  # user, topic, data, replay id
_decode_fact = msgspec.json.Decoder(Fact).decode
_decode_message = msgspec.json.Decoder(Message).decode
RETRY = 1.0  # seconds until a transcript that could not be read is read again
Job = tuple[int, Fact, tuple[tuple[str, Message], ...]]


class Notifier:
    """Follows the committer. `listens(user)` says whether anybody is there to be told; who is not reads the
    log later.
    """

    def __init__(
        self, store: Store, resources: Resources, publish: Publish, listens: Callable[[str], bool]
    ) -> None:
        self._store = store
        self._resources = resources
        self._publish = publish
        self._listens = listens
        self._waiting: deque[Job] = deque()
        self._task: asyncio.Task[None] | None = None

    def kept(self, change: Change, kept: Kept) -> None:
        """Called by the committer, in commit order, before the request is answered."""
        if isinstance(change, Made):
            for position, fact in zip(kept.positions, change.facts, strict=True):
                self._take(position, fact, change.messages)

    def _take(self, position: int, fact: Fact, messages: tuple[tuple[str, Message], ...]) -> None:
        if not any(self._listens(told.user) for told in fact.audience):
            return
        at_hand = self._at_hand(fact, messages)
        if at_hand is not None and not self._waiting:
            self._push(position, fact, at_hand)
            return
        self._waiting.append((position, fact, messages))  # order is kept: what comes behind waits too
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._catch_up())

    def _at_hand(self, fact: Fact, messages: tuple[tuple[str, Message], ...]) -> list[Message] | None:
        """The entries that a fact names, when the change itself brought them all."""
        needed = entries_needed(fact)
        if needed is None or fact.session is None:
            return []
        mine = [m for session, m in messages if session == fact.session.id]
        have = {m.index for m in mine}
        return mine if all(i in have for i in range(needed[0], needed[1] + 1)) else None

    async def _catch_up(self) -> None:
        while self._waiting:
            position, fact, brought = self._waiting[0]
            try:
                at_hand = self._at_hand(fact, brought)
                messages = await self.entries(fact) if at_hand is None else at_hand
            except StoreError as error:
                log.warning("transcript not readable, trying again", error=str(error))
                await asyncio.sleep(RETRY)
                continue
            try:
                self._push(position, fact, messages)
            except Exception:  # it stays in the log; whoever is behind it must not wait for ever
                log.exception("notification not made", position=position)
            self._waiting.popleft()

    async def entries(self, fact: Fact) -> list[Message]:
        """The transcript entries that a fact names, from the store."""
        needed = entries_needed(fact)
        if needed is None or fact.session is None:
            return []
        first, last = needed
        entries = await self._store.entries(fact.session.id, first, last - first + 1)
        return [_decode_message(entry.body) for entry in entries]

    def _push(self, position: int, fact: Fact, messages: Sequence[Message]) -> None:
        for told in fact.audience:
            if self._listens(told.user):
                for ordinal, (topic, data) in enumerate(notifications(self._resources, fact, told, messages)):
                    self._publish(told.user, topic, data, replay_id(position, ordinal))

    async def replayed(self, user: str, rows: Sequence[OutboxRow]) -> list[tuple[str, bytes, int]]:
        """The notifications of kept rows for one viewer, made again: (topic, data, replay id)."""
        again = []
        for row in rows:
            fact = _decode_fact(row.body)
            for told in fact.audience:
                if told.user == user:
                    made = notifications(self._resources, fact, told, await self.entries(fact))
                    again += [(t, d, replay_id(row.position, n)) for n, (t, d) in enumerate(made)]
        return again

    async def settle(self) -> None:
        """Wait until everything taken in has been pushed."""
        if self._task is not None and not self._task.done():
            await self._task

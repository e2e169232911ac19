"""Has strategies act at their times: keeps when something is due for whoever waits, and has it done (SPEC
5.3). Everything that counts is on disk with the interactions: after a restart nothing is lost.
"""

import asyncio
import heapq
from collections.abc import Callable
from functools import partial

import structlog

from smsdesk.core.acts import next_due
from smsdesk.core.errors import Refused
from smsdesk.core.interaction import Interaction
from smsdesk.operations.kinds import CONFIGURED
from smsdesk.operations.live import Made
from smsdesk.operations.perform import Performer
from smsdesk.operations.system.strategy_acts import advance
from smsdesk.store import Change, Kept

log = structlog.get_logger("strategist")
RETRY = 1000  # milliseconds until what could not be done is tried again
TOGETHER = 100  # done at the same time


class Strategist:
    """A heap over what is due. `wake_at` asks for a call of `look`."""

    def __init__(self, performer: Performer, wake_at: Callable[[int], None]) -> None:
        self._performer = performer
        self._wake_at = wake_at
        self._there: dict[str, Interaction] = {}
        self._due: dict[str, int] = {}
        self._heap: list[tuple[int, str]] = []
        self._asked = 0
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Take in what is there at the start."""
        for interaction in self._performer.live.all("interaction"):
            self._note(interaction)
        self.look()

    def kept(self, change: Change, kept: Kept) -> None:
        """Called by the committer for every change that is on disk."""
        if not isinstance(change, Made):
            return
        if any(kind in CONFIGURED for kind, _, _, _ in change.values):
            for interaction in list(self._there.values()):
                self._note(interaction)
        for kind, id, value, _ in change.values:
            if kind == "interaction":
                if value is None:
                    self._forget(id)
                else:
                    self._note(value)
        self.look()

    def _note(self, interaction: Interaction, least: int = 0) -> None:
        """See when something is due for it, not before `least`."""
        if interaction.place not in ("waiting", "parked") or interaction.purpose is not None:
            self._forget(interaction.id)
            return
        self._there[interaction.id] = interaction
        due = next_due(self._performer.centre, interaction, self._performer.clock())
        if due is None:
            self._due.pop(interaction.id, None)
        elif self._due.get(interaction.id) != max(due, least):
            self._due[interaction.id] = max(due, least)
            heapq.heappush(self._heap, (max(due, least), interaction.id))

    def _forget(self, id: str) -> None:
        self._there.pop(id, None)
        self._due.pop(id, None)

    def _first(self) -> int | None:
        """When something is due first."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def look(self) -> None:
        """Have done what is due, soon; and ask for another call when something else is."""
        first, now = self._first(), self._performer.clock()
        if first is None:
            return
        if first <= now:
            if self._task is None or self._task.done():
                self._task = asyncio.get_running_loop().create_task(self._work())
        elif first != self._asked:
            self._asked = first
            self._wake_at(first)

    async def _work(self) -> None:
        while ids := self._taken(self._performer.clock()):
            await asyncio.gather(*(self._advance(id) for id in ids))
        self.look()

    def _taken(self, now: int) -> list[str]:
        ids: list[str] = []
        while len(ids) < TOGETHER and (first := self._first()) is not None and first <= now:
            _, id = heapq.heappop(self._heap)
            self._due.pop(id)
            ids.append(id)
        return ids

    async def _advance(self, id: str) -> None:
        try:
            done = await self._performer.run(partial(advance, interaction_id=id))
        except Refused as refused:
            log.warning("strategy not followed, trying again", session=id, why=refused.message)
            done = False
        except Exception:  # one that cannot be helped keeps nobody else from it
            log.exception("strategy failed", session=id)
            done = False
        interaction = self._there.get(id)
        if not done and interaction is not None and id not in self._due:
            self._note(interaction, self._performer.clock() + RETRY)

    async def settle(self) -> None:
        """Wait until nothing is being done."""
        while self._task is not None and not self._task.done():
            await self._task

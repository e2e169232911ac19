"""Follows the commits with a board and tallies, keeps today's counts, and tells who listens, at most once a
second. What is read is made here; who may read it is decided elsewhere.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import msgspec
import structlog

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Queue, User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Refused
from smsdesk.core.session import Session
from smsdesk.core.tallies import Day, Tallies, Tally
from smsdesk.operations.kinds import CONFIGURED
from smsdesk.operations.live import Made
from smsdesk.operations.perform import Performer
from smsdesk.routing.targets import TargetError, serves
from smsdesk.store import Change, Kept
from smsdesk.wire.statistics import Shape, of_agent, of_queue
from smsdesk.workers.counting import Counting

log = structlog.get_logger("statistics")
_decode_session = msgspec.json.Decoder(Session).decode
BATCH = 500  # sessions that are read together
PUSH = 1000  # milliseconds between two notifications at least
Tell = Callable[[list[Shape], list[tuple[User, Shape]]], None]  # queues, agents


class Statistics:
    """`wake_at` asks for a call at a time; `tell` is given the figures that have changed. `objective`: the
    service level in milliseconds; `base` ends in `/api/v2`.
    """

    def __init__(
        self,
        performer: Performer,
        day_of: Callable[[int], Day],
        objective: int,
        base: str,
        wake_at: Callable[[int, Callable[[], None]], None],
        tell: Tell,
    ) -> None:
        self._performer = performer
        self._base = base
        self._wake_at = wake_at
        self._tell = tell
        self._tallies = Tallies(day_of, objective)
        self._counting = Counting(performer.live, self._tallies, self._queues_of)
        self._board = self._counting.board
        self._unsaved: set[str] = set()
        self._planned = False
        self._told_at = 0
        self._serving: dict[str, tuple[str, ...]] = {}
        self._served: Centre | None = None
        self._saving = asyncio.Lock()

    async def open(self) -> None:
        """Take in what is there at the start: what stands now, and today's counts. Raises StoreError."""
        live = self._performer.live
        self._tallies.at(self._performer.clock())
        for tally in live.all("tally"):
            self._tallies.restore(tally)
        for interaction in live.all("interaction"):
            self._board.interaction(interaction.id, interaction)
        agents: list[Agent] = list(live.all("agent"))
        for agent in agents:
            self._board.agent(agent.id, agent)
        desks = sorted({id for agent in agents for id in agent.desk})
        for start in range(0, len(desks), BATCH):
            found = await self._performer.store.get("session", desks[start : start + BATCH])
            for id, document in found.items():
                self._board.session(id, _decode_session(document.body))

    def kept(self, change: Change, kept: Kept) -> None:
        """Called by the committer for every change that is on disk."""
        if not isinstance(change, Made):
            return
        now, counting = self._performer.clock(), self._counting
        counting.follow(change, now)
        if self._tallies.changed:
            self._unsaved |= self._tallies.changed
            self._tallies.changed.clear()
        if any(kind in CONFIGURED for kind, _, _, _ in change.values):
            counting.fresh.update(f"queue {name}" for name in self._performer.centre.queues)
        if counting.fresh and not self._planned:
            self._planned = True
            self._wake_at(max(now, self._told_at + PUSH), self.push)

    # -- reading -----------------------------------------------------------------------------------
    def queues(self, queues: Iterable[Queue] | None = None) -> list[Shape]:
        """The figures of these queues, of all when none are given."""
        wanted = list(self._performer.centre.queues.values() if queues is None else queues)
        now, tallies, serving = self._time(), self._tallies, self._all_serving()
        board = self._board.queues([q.name for q in wanted], lambda name: serving.get(name, ()))
        return [
            of_queue(q, board[q.name], tallies.of(f"queue {q.name}"), tallies.day, now, self._base)
            for q in wanted
        ]

    def agents(self, users: Iterable[User]) -> list[Shape]:
        """The figures of these users."""
        now, board, tallies = self._time(), self._board, self._tallies
        return [
            of_agent(
                user,
                board.agents.get(user.id) or Agent(user.id),
                board.desk(user.id),
                tallies.of(f"agent {user.id}"),
                tallies.day,
                now,
                self._base,
            )
            for user in users
        ]

    def _time(self) -> int:
        now = self._performer.clock()
        self._tallies.at(now)
        return now

    def _all_serving(self) -> dict[str, tuple[str, ...]]:
        """Queue -> ids of the users who serve it; made anew when the configured centre is another."""
        centre = self._performer.centre
        if self._served is not centre:
            self._serving = {queue.name: _serving(centre, queue) for queue in centre.queues.values()}
            self._served = centre
        return self._serving

    def _queues_of(self, user: str) -> list[str]:
        return [name for name, users in self._all_serving().items() if user in users]

    # -- telling -----------------------------------------------------------------------------------
    def push(self) -> None:
        """Tell what has changed since the last time."""
        self._planned = False
        untold, self._counting.fresh = self._counting.fresh, set()
        if not untold:
            return
        self._told_at = self._performer.clock()
        centre = self._performer.centre
        queues = [queue for name, queue in centre.queues.items() if f"queue {name}" in untold]
        users = [user for id, user in centre.users.items() if f"agent {id}" in untold]
        self._tell(self.queues(queues), list(zip(users, self.agents(users), strict=True)))

    def settle(self) -> None:
        """Tell now what is due to be told."""
        if self._planned and self._performer.clock() >= self._told_at + PUSH:
            self.push()

    # -- keeping -----------------------------------------------------------------------------------
    async def run(self, every: int, pause: Callable[[int], Awaitable[None]]) -> None:
        """Keep today's counts every so many milliseconds, until cancelled."""
        while True:
            await pause(every)
            await self.save()

    async def save(self) -> None:
        """Keep today's counts. What cannot be kept now is kept the next time."""
        async with self._saving:
            unsaved, self._unsaved = self._unsaved, set()
            if not unsaved:
                return
            day, counts = self._tallies.day.name, {id: dict(self._tallies.of(id)) for id in unsaved}

            def keep(draft: Draft) -> None:
                for id, found in counts.items():
                    draft.put("tally", id, Tally(id, day, found))

            try:
                await self._performer.run(keep)
            except Refused as refused:
                log.warning("today's counts not kept", why=refused.message)
                self._unsaved |= unsaved


def _serving(centre: Centre, queue: Queue) -> tuple[str, ...]:
    try:
        test = serves(centre, queue.target)
    except TargetError:  # the router complains of it
        return ()
    return tuple(user.id for user in centre.users.values() if user.enabled and test(user))

"""Watches the queues: raises an alarm when customers wait too long or nobody is there for them, and ends it
(SPEC 5.3). Looks when something has changed, at most once a second, and when a limit is reached.
"""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec
import structlog

from smsdesk.core.agent import Agent
from smsdesk.core.alarms import SECOND, Alarm, Key, Limits, Stand, judge, words
from smsdesk.core.centre import Centre, Queue
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Refused
from smsdesk.core.interaction import Interaction
from smsdesk.core.opening import opens
from smsdesk.operations.kinds import CONFIGURED
from smsdesk.operations.live import Made
from smsdesk.operations.perform import Performer
from smsdesk.operations.system.alarms import Shape, end_alarm, raise_alarm
from smsdesk.routing.targets import TargetError, serves
from smsdesk.store import Change, Kept

log = structlog.get_logger("alarms")
EVERY = 1000  # milliseconds between two looks at least, and until what could not be kept is tried again
WAITS = ("waiting", "offered")  # who is being rung for waits still
_decode = msgspec.json.Decoder(Alarm).decode


class Alarms:
    """`wake_at` asks for a call at a time. `shape` makes of an alarm what others read; `tell` is given it."""

    def __init__(
        self,
        performer: Performer,
        limits: Limits,
        wake_at: Callable[[int, Callable[[], None]], None],
        shape: Shape,
        tell: Callable[[dict[str, Any]], None],
    ) -> None:
        self._performer = performer
        self._limits = limits
        self._wake_at = wake_at
        self._shape = shape
        self._tell = tell
        self._waiting: dict[str, dict[str, Interaction]] = {}
        self._queue_of: dict[str, str] = {}
        self._agents: dict[str, Agent] = {}
        self._open: dict[Key, Alarm] = {}
        self._clearing: dict[Key, int] = {}
        self._serving: dict[str, tuple[str, ...]] = {}
        self._served: Centre | None = None
        self._planned: int | None = None
        self._looked = 0
        self._due = False
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Take in what is there at the start. Raises StoreError."""
        after = ""
        while documents := await self._performer.store.tagged("alarm", "live", after):
            for alarm in (_decode(document.body) for document in documents):
                self._open[alarm.key] = alarm
            after = documents[-1].id
        self._agents = {agent.id: agent for agent in self._performer.live.all("agent")}
        for interaction in self._performer.live.all("interaction"):
            self._place(interaction.id, interaction)
        self.look()

    def kept(self, change: Change, kept: Kept) -> None:
        """Called by the committer for every change that is on disk."""
        if not isinstance(change, Made):
            return
        touched = False
        for kind, id, value, _ in change.values:
            if kind == "interaction":
                self._place(id, value)
            elif kind == "agent" and value is not None:
                self._agents[id] = value
            elif kind == "agent":
                self._agents.pop(id, None)
            elif kind not in CONFIGURED:
                continue
            touched = True
        if touched:
            self._plan(self._looked + EVERY)

    def _place(self, id: str, interaction: Interaction | None) -> None:
        """Those that look for a further agent have an agent already."""
        queue = self._queue_of.pop(id, None)
        if queue is not None:
            self._waiting[queue].pop(id)
        if interaction is not None and interaction.place in WAITS and interaction.purpose is None:
            self._queue_of[id] = interaction.queue
            self._waiting.setdefault(interaction.queue, {})[id] = interaction

    def _plan(self, at: int) -> None:
        now = self._performer.clock()
        at = max(at, now)
        if self._planned is None or not now <= self._planned <= at:
            self._planned = at
            self._wake_at(at, self.look)

    def look(self) -> None:
        """Judge soon."""
        self._planned = None
        self._due = True
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        while self._due:
            self._due = False
            now = self._looked = self._performer.clock()
            verdict = judge(self._stands(now), self._open, self._clearing, self._limits, now)
            self._clearing = verdict.clearing
            for what in verdict.to_raise:
                await self._keep(partial(raise_alarm, what=what, shape=self._shape))
            for alarm in verdict.to_end:
                await self._keep(partial(end_alarm, alarm=alarm, shape=self._shape))
            if verdict.look is not None:
                self._plan(verdict.look)

    async def _keep(self, step: Callable[[Draft], Alarm]) -> None:
        try:
            alarm = await self._performer.run(step)
        except Refused as refused:
            log.warning("an alarm could not be kept, trying again", why=refused.message)
            self._plan(self._performer.clock() + EVERY)
            return
        except Exception:
            log.exception("an alarm failed")
            return
        if alarm.ended:
            del self._open[alarm.key]
            self._clearing.pop(alarm.key, None)
            log.info("alarm over", alarm=alarm.id, queue=alarm.queue_name, words=words(alarm))
        else:
            self._open[alarm.key] = alarm
            log.warning("alarm", alarm=alarm.id, queue=alarm.queue_name, words=words(alarm))
        self._tell(self._shape(alarm))

    # -- how queues stand --------------------------------------------------------------------------
    def _stands(self, now: int) -> Iterator[Stand]:
        """Of the open queues in which somebody waits."""
        centre = self._performer.centre
        for name, there in self._waiting.items():
            queue = centre.queues.get(name)
            if queue is None or not there or opens(centre, name, now) != now:
                continue
            since = min(interaction.began or interaction.arrived for interaction in there.values())
            objective = centre.strategy_of(queue).objective * SECOND
            yield Stand(queue.id, name, len(there), since, self._left(centre, queue), objective)

    def _left(self, centre: Centre, queue: Queue) -> int | None:
        """When the last of those who could serve a queue went; None while one of them is signed in."""
        if self._served is not centre:
            self._serving, self._served = {}, centre
        if queue.name not in self._serving:
            self._serving[queue.name] = _serving(centre, queue)
        agents = [self._agents[id] for id in self._serving[queue.name] if id in self._agents]
        if any(agent.logged_in for agent in agents):
            return None
        return max((agent.since for agent in agents), default=0)

    async def settle(self) -> None:
        """Wait until nothing is being judged."""
        while self._task is not None and not self._task.done():
            await self._task


def _serving(centre: Centre, queue: Queue) -> tuple[str, ...]:
    """Everybody whom a target of the queue's strategy names, at any time."""
    tests = []
    for target in centre.timelines[queue.name].targets() or {queue.target}:
        try:
            tests.append(serves(centre, target))
        except TargetError:  # the router complains of it
            continue
    users = (user for user in centre.users.values() if user.enabled)
    return tuple(user.id for user in users if any(test(user) for test in tests))

"""Watches whether anything is left of those who are at work: a Bayeux session, or a request lately (SPEC
9.19). What follows where nothing is, core/presence.py says.
"""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from smsdesk.core.agent import Agent
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Refused
from smsdesk.core.presence import Next, Step, next_step
from smsdesk.operations.live import Made
from smsdesk.operations.perform import Performer
from smsdesk.operations.system.vanish import vanish
from smsdesk.store import Change, Kept

log = structlog.get_logger("presence")
RETRY = 1000  # milliseconds until a step that could not be taken is tried again


class Presence:
    """`listens(user)`: whether he has a Bayeux session. `call_at` calls something at a time.

    A user at work has one call pending, at the earliest time at which something could be due. It looks
    again; so a request costs no more than noting its time, and a restart gives everybody the full grace.
    """

    def __init__(
        self,
        performer: Performer,
        listens: Callable[[str], bool],
        call_at: Callable[[int, Callable[[], None]], None],
    ) -> None:
        self._performer = performer
        self._listens = listens
        self._call_at = call_at
        self._seen: dict[str, int] = {}
        self._planned: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Everybody who was at work when the program ended has the whole time to come back."""
        now = self._performer.clock()
        for agent in list(self._performer.live.all("agent")):
            self._seen[agent.id] = now
            self._plan(agent)

    def seen(self, user: str) -> None:
        """He asks for something, or his last Bayeux session ends now."""
        self._seen[user] = self._performer.clock()

    def kept(self, change: Change, kept: Kept) -> None:
        """Called by the committer for every change that is on disk."""
        if isinstance(change, Made):
            for kind, _, value, _ in change.values:
                if kind == "agent" and value is not None and value.logged_in:
                    self._plan(value)

    def _next(self, agent: Agent) -> Next | None:
        if self._listens(agent.id):
            self._seen[agent.id] = self._performer.clock()
        gone = self._seen.setdefault(agent.id, self._performer.clock())
        return next_step(agent, gone, self._performer.policy)

    def _plan(self, agent: Agent) -> None:
        found = self._next(agent)
        if found is None:
            self._planned.pop(agent.id, None)
        elif found.due < self._planned.get(agent.id, found.due + 1):
            self._look_at(agent.id, found.due)

    def _look_at(self, user: str, due: int) -> None:
        self._planned[user] = due
        self._call_at(due, partial(self._look, user, due))

    def _look(self, user: str, due: int) -> None:
        if self._planned.get(user) != due:
            return  # an earlier look was planned meanwhile
        del self._planned[user]
        agent = self._performer.live.peek("agent", user)
        found = self._next(agent) if isinstance(agent, Agent) else None
        if found is None:
            return
        if found.due > self._performer.clock():
            self._look_at(user, found.due)
            return
        task = asyncio.get_running_loop().create_task(self._take(user))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, user: str) -> None:
        try:
            step = await self._performer.run(partial(self._step, user=user))
        except Refused as refused:
            log.warning("not done for somebody who is gone, trying again", user=user, why=refused.message)
            self._look_at(user, self._performer.clock() + RETRY)
            return
        except Exception:
            log.exception("a step for somebody who is gone failed", user=user)
            return
        if step is None:
            self._look_at(user, self._performer.clock() + RETRY)
        else:
            log.info("nothing is left of an agent", user=user, step=step)

    def _step(self, draft: Draft, user: str) -> Step | None:
        """What is due at this very moment: he may have come back."""
        agent = draft.agent(user)
        found = self._next(agent)
        if found is None or found.due > draft.now:
            return None
        vanish(draft, user, found.step)
        return found.step

    async def settle(self) -> None:
        """Wait until everything that was due has been done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

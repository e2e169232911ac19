"""Offers what waits: looks whenever an interaction waits or an agent changes, and when a rejection is
forgotten (SPEC 5.3).
"""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from smsdesk.core.agent import Agent
from smsdesk.core.errors import Refused
from smsdesk.operations.kinds import CONFIGURED
from smsdesk.operations.live import Made
from smsdesk.operations.perform import Performer
from smsdesk.operations.system.routing_steps import offer_to
from smsdesk.routing.engine import Decision, Engine
from smsdesk.store import Change, Kept

log = structlog.get_logger("router")
RETRY = 1000  # milliseconds until an offer that could not be made is thought of again


class Router:
    """Tells the engine what was committed, and makes the offers it decides. `wake_at` asks for a call of
    `look`.
    """

    def __init__(self, performer: Performer, wake_at: Callable[[int], None]) -> None:
        self._performer = performer
        self._wake_at = wake_at
        self.engine = Engine(performer.centre, performer.policy)
        self._due = False
        self._asked = 0  # when `look` will be called next; in the past: nobody was asked
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Take in what is there at the start."""
        performer = self._performer
        self.engine = Engine(performer.centre, performer.policy)
        for agent in performer.live.all("agent"):
            self.engine.agent(agent)
        for interaction in performer.live.all("interaction"):
            self.engine.interaction(interaction)
        self.look()

    def kept(self, change: Change, kept: Kept) -> None:
        """Called by the committer for every change that is on disk."""
        if not isinstance(change, Made):
            return
        configured = due = False
        for kind, id, value, _ in change.values:
            if kind == "interaction":
                self.engine.forget(id) if value is None else self.engine.interaction(value)
            elif kind == "agent":
                self.engine.agent(value or Agent(id))
            elif kind in CONFIGURED:
                configured = True
            else:
                continue
            due = True
        if configured:
            self.engine.configure(self._performer.centre, self._performer.policy)
        if due:
            self.look()

    def look(self) -> None:
        """Decide soon."""
        self._due = True
        if len(self.engine) and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        while self._due:
            self._due = False
            found = self.engine.decide(self._performer.clock())
            if found:
                await asyncio.gather(*(self._offer(decision) for decision in found))
        again, now = self.engine.next_look(), self._performer.clock()
        if again is not None and not now < self._asked <= again:
            self._asked = again
            self._wake_at(again)

    async def _offer(self, decision: Decision) -> None:
        again = 0
        try:
            done = await self._performer.run(
                partial(offer_to, interaction_id=decision.interaction, user=decision.user)
            )
            if done:
                log.info("offered", session=decision.interaction, user=decision.user)
            else:  # something in the making stood against it; when that is kept, it is known here too
                await self._performer.barrier()
                self._due = True
        except Refused as refused:
            log.warning("offer not made", session=decision.interaction, why=refused.message)
            again = self._performer.clock() + RETRY
        except Exception:  # one that cannot be offered keeps nobody else from being offered
            log.exception("offer failed", session=decision.interaction)
            again = self._performer.clock() + RETRY
        self.engine.done(decision, again)
        self._due |= again > 0

    async def settle(self) -> None:
        """Wait until nothing is being decided."""
        while self._task is not None and not self._task.done():
            await self._task

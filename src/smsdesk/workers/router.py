"""Offers what waits: looks whenever an interaction waits or an agent changes, and when a rejection is
forgotten (SPEC 5.3).
"""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from smsdesk.core.agent import Agent
from smsdesk.core.errors import Refused
from smsdesk.core.interaction import Interaction
from smsdesk.operations.kinds import CONFIGURED
from smsdesk.operations.live import Made
from smsdesk.operations.perform import Performer
from smsdesk.operations.system.routing_steps import offer_to
from smsdesk.routing.select import Decision, decide, next_look
from smsdesk.store import Change, Kept

log = structlog.get_logger("router")
RETRY = 1000  # milliseconds until an offer that could not be made is thought of again


class Router:
    """Keeps the waiting interactions and the agents at hand. `wake_at` asks for a call of `look`."""

    def __init__(self, performer: Performer, wake_at: Callable[[int], None]) -> None:
        self._performer = performer
        self._wake_at = wake_at
        self._waiting: dict[str, Interaction] = {}
        self._agents: dict[str, Agent] = {}
        self._due = False
        self._next_look = 0
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Take in what is there at the start."""
        self._agents = {agent.id: agent for agent in self._performer.live.all("agent")}
        for interaction in self._performer.live.all("interaction"):
            self._place(interaction)
        self.look()

    def kept(self, change: Change, kept: Kept) -> None:
        """Called by the committer for every change that is on disk."""
        if not isinstance(change, Made):
            return
        for kind, id, value, _ in change.values:
            if kind == "interaction" and value is not None:
                self._place(value)
                self._due = True
            elif kind == "agent" and value is not None:
                self._agents[id] = value
                self._due = True
            elif kind in CONFIGURED:
                self._due = True
        if self._due:
            self.look()

    def _place(self, interaction: Interaction) -> None:
        if interaction.place == "waiting":
            self._waiting[interaction.id] = interaction
        else:
            self._waiting.pop(interaction.id, None)

    def look(self) -> None:
        """Decide soon."""
        self._due = True
        if self._waiting and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        while self._due and self._waiting:
            self._due = False
            performer, now = self._performer, self._performer.clock()
            found = decide(self._waiting.values(), self._agents, performer.centre, performer.policy, now)
            if found:
                await asyncio.gather(*(self._offer(decision) for decision in found))
            again = next_look(self._waiting.values(), performer.policy, now)
            if again is not None and again != self._next_look:
                self._next_look = again
                self._wake_at(again)

    async def _offer(self, decision: Decision) -> None:
        try:
            done = await self._performer.run(
                partial(offer_to, interaction_id=decision.interaction, user=decision.user)
            )
        except Refused as refused:
            log.warning("offer not made", session=decision.interaction, why=refused.message)
            self._wake_at(self._performer.clock() + RETRY)
            return
        except Exception:  # one that cannot be offered keeps nobody else from being offered
            log.exception("offer failed", session=decision.interaction)
            self._wake_at(self._performer.clock() + RETRY)
            return
        if done:
            log.info("offered", session=decision.interaction, user=decision.user)

    async def settle(self) -> None:
        """Wait until nothing is being decided."""
        while self._task is not None and not self._task.done():
            await self._task

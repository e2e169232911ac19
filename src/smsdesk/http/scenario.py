"""`/simulator/scenario` and `/simulator/reset`: situations for demos and tests, on a demo server only (SPEC
7.4).
"""

from functools import partial

import msgspec

from smsdesk.core.agent import OFFLINE
from smsdesk.core.draft import Draft
from smsdesk.core.ending import complete
from smsdesk.core.errors import unknown
from smsdesk.http.exchange import Reply, Request
from smsdesk.http.simulator import Phones, SimulatorEndpoints, read
from smsdesk.operations.perform import Performer
from smsdesk.operations.system.scenario import build, configure
from smsdesk.operations.system.situation import Situation


class Scenario:
    """The endpoints."""

    def __init__(self, performer: Performer, simulator: Phones, endpoints: SimulatorEndpoints) -> None:
        self._performer = performer
        self._simulator = simulator
        self._endpoints = endpoints

    async def put(self, request: Request) -> Reply:
        """POST a situation; the answer names what was made, by label."""
        return await self._endpoints.answer(request, self._put)

    async def reset(self, request: Request) -> Reply:
        """POST: every desk is empty, everybody logged out, the phones forget."""
        return await self._endpoints.answer(request, self._reset)

    async def _put(self, request: Request) -> Reply:
        situation = read(await request.body(), Situation)
        return Reply(msgspec.json.encode({"made": await self.make(situation)}), 201)

    async def make(self, situation: Situation) -> dict[str, str]:
        """Put a situation on the desk."""
        await self._performer.run(lambda draft: configure(draft, situation))
        return await self._performer.run(lambda draft: build(draft, situation))

    async def _reset(self, request: Request) -> Reply:
        for agent in list(self._performer.live.all("agent")):
            await self._performer.run(partial(_clear, user=agent.id))
        for interaction in list(self._performer.live.all("interaction")):
            if interaction.place != "closed":
                await self._performer.run(partial(_end, id=interaction.id))
        self._simulator.forget()
        return Reply(b"{}", 200)


def _clear(draft: Draft, user: str) -> None:
    for id in draft.agent(user).desk:
        _end(draft, id)
    agent = draft.agent(user)
    draft.change(agent, readiness="LoggedOut", state=OFFLINE, watches=(), focus=None)


def _end(draft: Draft, id: str) -> None:
    session = draft.session(id)
    if session is None:
        raise unknown("the session")
    draft.close(complete(draft, session), "Reset")

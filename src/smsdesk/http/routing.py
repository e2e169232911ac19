"""`/interactions/{id}/routing`: why an interaction goes to somebody or to nobody, for supervisors and
administrators [ext].
"""

from collections.abc import Callable
from typing import Any

import msgspec

from smsdesk.core.centre import User
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.core.interaction import Interaction
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.subresources import check_staff
from smsdesk.operations.live import NotLoaded
from smsdesk.operations.perform import Performer, unavailable
from smsdesk.routing.explain import Explanation, Scene, Verdict, explain
from smsdesk.routing.words import against, happened
from smsdesk.store import StoreError
from smsdesk.wire.queries import pick
from smsdesk.wire.resources import Resources

_decode = msgspec.json.Decoder(Interaction).decode
Shape = dict[str, Any]


class RoutingEndpoints:
    """`position`: how many are in front of an interaction in its queue, None when it does not wait."""

    def __init__(
        self,
        performer: Performer,
        auth: Auth,
        resources: Resources,
        position: Callable[[str], int | None],
    ) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._position = position

    async def explained(self, request: Request) -> Reply:
        """GET the explanation; `userId` asks about somebody whom no target names. Raises Refused 6, 5."""
        caller = (await self._auth.caller(request)).user
        interaction = await self._interaction(request.parameters["id"])
        asked = request.query.get("userId")
        centre = self._performer.centre
        if asked is not None and asked not in centre.users:
            raise unknown("the user")
        check_staff(caller, "how routing decides")
        if asked is not None and not centre.watches(caller, asked):
            raise Refused(Fault.PERMISSION, "only whoever supervises this user may ask about him")
        scene = self._scene()
        found = explain(interaction, scene, asked)
        return done({"routing": pick(self._shape(found, scene, caller, asked), request.query)})

    def _scene(self) -> Scene:
        performer = self._performer
        agents = {agent.id: agent for agent in performer.live.all("agent")}
        return Scene(agents, performer.centre, performer.policy, performer.clock())

    async def _interaction(self, id: str) -> Interaction:
        """An interaction, also one that is over and not in memory any more."""
        try:
            found = self._performer.live.committed("interaction", id)
            documents = {} if found is not None else await self._performer.store.get("interaction", [id])
        except NotLoaded:
            found, documents = None, {}
        except StoreError as error:
            raise unavailable() from error
        if id in documents:
            found = _decode(documents[id].body)
        if not isinstance(found, Interaction):
            raise unknown("the interaction")
        return found

    # -- shapes ------------------------------------------------------------------------------------
    def _shape(self, found: Explanation, scene: Scene, caller: User, asked: str | None) -> Shape:
        """Agents are shown to those who may watch them; how many others there are is told."""
        render, interaction = self._resources.timestamps.render, found.interaction
        seen = [v for v in found.verdicts if scene.centre.watches(caller, v.user.id)]
        place = f"/interactions/{interaction.id}/routing"
        shape: Shape = {
            "id": interaction.id,
            "place": interaction.place,
            "queue": interaction.queue,
            "strategy": found.strategy.name if found.strategy is not None else None,
            "arrived": render(interaction.arrived),
            "priority": found.priority,
            "position": self._position(interaction.id),
            "open": found.opening is None and found.strategy is not None,
            "phase": self._phase(found),
            "nextPhase": None if found.next_phase is None else render(found.next_phase),
            "agents": [self._verdict(v, found, scene) for v in seen],
            "otherAgents": len(found.verdicts) - len(seen),
            "trace": [{"time": render(s.at), "words": happened(s, scene)} for s in interaction.trace],
            "uri": self._resources.base + place,
            "path": place,
        }
        return shape

    def _phase(self, found: Explanation) -> Shape | None:
        phase = found.phase
        if phase is None:
            return None
        return {
            "step": phase.step,
            "lastAgent": phase.last_agent,
            "targets": list(phase.targets),
            "order": phase.order,
        }

    def _verdict(self, verdict: Verdict, found: Explanation, scene: Scene) -> Shape:
        path = f"/users/{verdict.user.id}"
        return {
            "userName": verdict.user.user_name,
            "wouldBeOffered": verdict.rule == "wouldBeOffered",
            "rule": verdict.rule,
            "words": against(verdict, found, scene),
            "sessions": verdict.load,
            "capacity": verdict.room,
            "userUri": self._resources.base + path,
            "userPath": path,
        }

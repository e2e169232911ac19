"""`/settings/agent-states`: read by everybody, changed by administrators (C§3.4)."""

from typing import Any

from msgspec.structs import fields

from smsdesk.core.agent import AGENT_STATES, AgentState
from smsdesk.core.centre import User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.core.sections import read_only
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.operations.decoding import read
from smsdesk.operations.perform import Performer
from smsdesk.operations.provisioning import change
from smsdesk.operations.provisioning.agent_states import AgentStateBody
from smsdesk.operations.provisioning.kind import Surroundings, View
from smsdesk.operations.provisioning.kinds import BY_KIND, view_of
from smsdesk.wire import agent_states as wire
from smsdesk.wire.queries import collection, pick
from smsdesk.wire.resources import Resources

ROW = BY_KIND["agentstate"]
SYSTEM = frozenset(state.id for state in AGENT_STATES)


class AgentStates:
    """The endpoints of agent states, over their row of the table of provisioned kinds."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources) -> None:
        self._performer = performer
        self._auth = auth
        self._base = resources.base

    async def listing(self, request: Request) -> Reply:
        """GET all."""
        await self._auth.caller(request)
        there = [wire.setting(self._base, state) for state in self._performer.centre.agent_states.values()]
        return done(collection("settings", there, request.query, always_full=True) | {"key": wire.KEY})

    async def one(self, request: Request) -> Reply:
        """GET one, by its id or operationName."""
        await self._auth.caller(request)
        return done({"setting": pick(wire.setting(self._base, self._find(request)), request.query)})

    async def create(self, request: Request) -> Reply:
        """POST a new one."""
        caller = (await self._auth.caller(request)).user
        new = read(await request.body(), AgentStateBody)
        check_admin(caller)

        def make(draft: Draft) -> dict[str, Any]:
            shape = wire.setting(self._base, change.create(draft, view(draft), ROW, new))
            return {"id": shape["id"], "uri": shape["uri"], "path": shape["path"]}

        return done(await self._performer.once(make, caller.id, request.idempotency_key()))

    async def replace(self, request: Request) -> Reply:
        """PUT another in its place."""
        caller = (await self._auth.caller(request)).user
        body = await request.body()
        state = self._find(request)
        new = read(body, AgentStateBody)
        self._check_mine(caller, state)
        given: dict[str, Any] = {field.encode_name: getattr(new, field.name) for field in fields(new)}

        def replace(draft: Draft) -> None:
            there = view(draft)
            change.update(draft, there, ROW, change.found(there, ROW, state.id), given)

        await self._performer.run(replace, caller.id)
        return done()

    async def delete(self, request: Request) -> Reply:
        """DELETE one."""
        caller = (await self._auth.caller(request)).user
        state = self._find(request)
        self._check_mine(caller, state)

        def delete(draft: Draft) -> None:
            there = view(draft)
            change.delete(draft, there, ROW, change.found(there, ROW, state.id))

        await self._performer.run(delete, caller.id)
        return done()

    def _find(self, request: Request) -> AgentState:
        """By its id, whatever the case, or its operationName. Raises Refused 6."""
        name = request.parameters["state"]
        for state in self._performer.centre.agent_states.values():
            if state.operation == name or state.id.lower() == name.lower():
                return state
        raise unknown("the agent state")

    def _check_mine(self, caller: User, state: AgentState) -> None:
        check_admin(caller)
        if state.id in SYSTEM:
            raise read_only(state.operation)


def view(draft: Draft) -> View:
    """The configured records, for what is checked against others."""
    return view_of(draft, Surroundings())


def check_admin(caller: User) -> None:
    """Raises Refused 5 for who is no administrator."""
    if not caller.administers:
        raise Refused(Fault.PERMISSION, "only an administrator may change settings")

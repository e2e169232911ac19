"""`/settings/agent-states`: read by everybody, changed by administrators (C§3.4)."""

from smsdesk.core.centre import User
from smsdesk.core.errors import Fault, Refused
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.operations.decoding import read
from smsdesk.operations.perform import Performer
from smsdesk.operations.settings import agent_states as states
from smsdesk.wire import agent_states as wire
from smsdesk.wire.queries import collection, pick
from smsdesk.wire.resources import Resources


class AgentStates:
    """The endpoints of agent states."""

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
        state = states.find(self._performer.centre, request.parameters["state"])
        return done({"setting": pick(wire.setting(self._base, state), request.query)})

    async def create(self, request: Request) -> Reply:
        """POST a new one."""
        caller = await self._auth.caller(request)
        new = read(await request.body(), states.NewAgentState)
        check_admin(caller.user)
        made = await self._performer.run(lambda draft: states.create(draft, new), caller.user.id)
        shape = wire.setting(self._base, made)
        return done({"id": shape["id"], "uri": shape["uri"], "path": shape["path"]})

    async def replace(self, request: Request) -> Reply:
        """PUT another in its place."""
        caller = await self._auth.caller(request)
        body = await request.body()
        name = request.parameters["state"]
        states.find(self._performer.centre, name)
        new = read(body, states.NewAgentState)
        check_admin(caller.user)
        await self._performer.run(lambda draft: states.change(draft, name, new), caller.user.id)
        return done()

    async def delete(self, request: Request) -> Reply:
        """DELETE one."""
        caller = await self._auth.caller(request)
        name = request.parameters["state"]
        states.find(self._performer.centre, name)
        check_admin(caller.user)
        await self._performer.run(lambda draft: states.remove(draft, name), caller.user.id)
        return done()


def check_admin(caller: User) -> None:
    """Raises Refused 5 for who is no administrator."""
    if not caller.administers:
        raise Refused(Fault.PERMISSION, "only an administrator may change settings")

"""`/contacts`: the directory of users and queues that a session can be handed to (C§6.1, A§1.1)."""

from smsdesk.core.agent import Agent
from smsdesk.core.errors import unknown
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.operations.perform import Performer
from smsdesk.routing.select import capacity
from smsdesk.wire.directory import Directory
from smsdesk.wire.queries import pick
from smsdesk.wire.resources import Resources


class Directories:
    """The endpoints of `/contacts`."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._made: Directory | None = None

    async def listing(self, request: Request) -> Reply:
        """GET entries, all of them or those that a search finds."""
        await self._auth.caller(request)
        return done(self._directory().search(request.query, self._availability))

    async def one(self, request: Request) -> Reply:
        """GET one entry; `type` may say what it has to be."""
        await self._auth.caller(request)
        query = request.query
        entry = self._directory().one(request.parameters["entry"], query.get("type"), self._availability)
        if entry is None:
            raise unknown("the contact")
        return done({"contact": pick(entry, query)})

    def _directory(self) -> Directory:
        centre = self._performer.centre
        if self._made is None or self._made.centre is not centre:
            self._made = Directory(self._resources, centre)
        return self._made

    def _availability(self, user: str) -> tuple[Agent, bool] | None:
        """How a user stands as committed, and whether he would be offered work now; None: not logged in."""
        agent = self._performer.live.committed("agent", user)
        if not isinstance(agent, Agent) or not agent.logged_in:
            return None
        most = capacity(self._performer.centre.users[user], self._performer.policy)
        free = agent.readiness == "Ready" and not agent.do_not_disturb and len(agent.desk) < most
        return agent, free

"""`/contacts`: the directory of whom a session can be handed to, and the entries of one's own in it (C§6.1,
A§1.1).
"""

from typing import Any

from smsdesk.core.agent import Agent
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.provisioning import WRITE, Provisioning, fields_of
from smsdesk.operations.perform import Performer
from smsdesk.operations.provisioning.change import (
    changed_body,
    create,
    delete,
    found,
    read_body,
    update,
)
from smsdesk.operations.provisioning.kinds import BY_KIND, view_of
from smsdesk.wire.directory import Directory
from smsdesk.wire.queries import pick
from smsdesk.wire.resources import Resources

CUSTOM = "Custom"
KIND = BY_KIND["custom"]


class Directories:
    """The endpoints of `/contacts`."""

    def __init__(
        self, performer: Performer, auth: Auth, resources: Resources, provisioning: Provisioning
    ) -> None:
        self._provisioning = provisioning
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

    async def create(self, request: Request) -> Reply:
        """POST an entry of one's own, for administrators."""
        caller = await self._provisioning.caller(request, WRITE)
        given = _entry(fields_of(await request.body()))
        request_type = given.pop("type", CUSTOM)
        body = read_body(KIND, given)
        self._provisioning.check_admin(caller)
        if request_type != CUSTOM:
            raise not_ours()
        surroundings = self._provisioning.surroundings()

        def make(draft: Draft) -> dict[str, Any]:
            record = create(draft, view_of(draft, surroundings), KIND, body)
            place = f"/contacts/{record.id}"
            return {"id": record.id, "uri": self._resources.base + place, "path": place}

        return done(await self._performer.once(make, caller.user.id, request.idempotency_key()))

    async def change(self, request: Request) -> Reply:
        """PUT what is to be different in an entry of one's own, for administrators."""
        caller = await self._provisioning.caller(request, WRITE)
        given = _entry(fields_of(await request.body()))
        id = self._known(request)
        if id in self._performer.centre.custom:
            view = self._provisioning.view()
            changed_body(view, KIND, found(view, KIND, id), given)
        self._provisioning.check_admin(caller)
        self._check_ours(id)
        await self._provisioning.run(
            caller, lambda draft, view: update(draft, view, KIND, found(view, KIND, id), given), {}
        )
        return done()

    async def delete(self, request: Request) -> Reply:
        """DELETE an entry of one's own, for administrators."""
        caller = await self._provisioning.caller(request, WRITE)
        id = self._known(request)
        self._provisioning.check_admin(caller)
        self._check_ours(id)
        await self._provisioning.run(
            caller, lambda draft, view: delete(draft, view, KIND, found(view, KIND, id)), {}
        )
        return done()

    def _known(self, request: Request) -> str:
        id = request.parameters["entry"]
        if self._directory().one(id, None, self._availability) is None:
            raise unknown("the contact")
        return id

    def _check_ours(self, id: str) -> None:
        if id not in self._performer.centre.custom:
            raise not_ours()

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
        most = self._performer.centre.capacity(user, self._performer.policy)
        free = agent.readiness == "Ready" and not agent.do_not_disturb and len(agent.desk) < most
        return agent, free


def _entry(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of a request; `phoneNumber` is the short way to say `phoneNumbers`."""
    number = given.pop("phoneNumber", None)
    return {"phoneNumbers": [number]} | given if number is not None else given


def not_ours() -> Refused:
    """Users and queues are provisioned, not written into the directory."""
    words = "only entries of the type Custom are written here; users and queues are provisioned"
    return Refused(Fault.FORBIDDEN, words)

"""`/users`: the people of the contact centre, for supervisors and administrators (C§5.1)."""

from typing import Any

from smsdesk.core.centre import User
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.operations.perform import Performer
from smsdesk.operations.users.create_user import check_name, create_user, read_user
from smsdesk.wire.queries import collection, pick
from smsdesk.wire.resources import Resources


class Users:
    """The endpoints of `/users`."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources

    async def listing(self, request: Request) -> Reply:
        """GET the users, for supervisors and administrators (C§5.1)."""
        caller = await self._auth.caller(request)
        self._check_staff(caller.user)
        centre = self._performer.centre
        return done(collection("users", [self._shape(user) for user in centre.users.values()], request.query))

    async def one(self, request: Request) -> Reply:
        """GET one user: oneself, or for supervisors and administrators."""
        caller = await self._auth.caller(request)
        subject = self._performer.centre.users.get(request.parameters["user"])
        if subject is None:
            raise unknown("the user")
        if subject.id != caller.user.id:
            self._check_staff(caller.user)
        return done({"user": pick(self._shape(subject), request.query)})

    async def create(self, request: Request) -> Reply:
        """POST a new user, for administrators (C§5.1)."""
        caller = await self._auth.caller(request)
        new = read_user(await request.body())
        if not caller.user.administers:
            raise Refused(Fault.PERMISSION, "only an administrator may create users")
        await self._performer.run(lambda draft: check_name(draft, new.user_name))
        hashed = await self._auth.hash_apart(new.password)
        user = await self._performer.run(lambda draft: create_user(draft, new, hashed), caller.user.id)
        shape = self._shape(user)
        return done({"id": shape["id"], "uri": shape["uri"], "path": shape["path"]})

    def _shape(self, user: User) -> dict[str, Any]:
        return self._resources.user(user, self._performer.store.contact_center_id)

    def _check_staff(self, caller: User) -> None:
        if not caller.administers and "ROLE_SUPERVISOR" not in caller.roles:
            raise Refused(Fault.PERMISSION, "only supervisors and administrators may read users")

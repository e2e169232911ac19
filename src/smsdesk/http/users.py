"""`/users`: the people of the contact centre, for supervisors and administrators (C§5.1)."""

from typing import Any

from smsdesk.core.centre import User
from smsdesk.core.errors import unknown
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.features import require_feature
from smsdesk.http.subresources import Subresources, check_staff
from smsdesk.operations.perform import Performer
from smsdesk.wire.queries import Query, collection, pick
from smsdesk.wire.resources import Resources

READ, WRITE = "api-provisioning-read", "api-provisioning-write"


class Users:
    """The endpoints of `/users`."""

    def __init__(
        self, performer: Performer, auth: Auth, resources: Resources, subresources: Subresources
    ) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._subresources = subresources

    async def listing(self, request: Request) -> Reply:
        """GET the users, for supervisors and administrators (C§5.1)."""
        caller = await self._auth.caller(request)
        require_feature(caller, self._performer.policy, READ)
        check_staff(caller.user)
        users = self._performer.centre.users.values()
        return done(collection("users", [await self._whole(u, request.query) for u in users], request.query))

    async def one(self, request: Request) -> Reply:
        """GET one user: oneself, or for supervisors and administrators."""
        caller = await self._auth.caller(request)
        require_feature(caller, self._performer.policy, READ)
        subject = self._performer.centre.users.get(request.parameters["user"])
        if subject is None:
            raise unknown("the user")
        if subject.id != caller.user.id:
            check_staff(caller.user)
        return done({"user": pick(await self._whole(subject, request.query), request.query)})

    async def _whole(self, user: User, query: Query) -> dict[str, Any]:
        return self._shape(user) | await self._subresources.of_other(user, query)

    def _shape(self, user: User) -> dict[str, Any]:
        return self._resources.user(user, self._performer.store.contact_center_id)

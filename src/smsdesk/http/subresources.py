"""What can be asked for beside a user, by itself or embedded: one table (C§1.7, C§3.1)."""

from collections.abc import Awaitable, Callable
from typing import Any

from smsdesk.core.centre import User
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Endpoint, Reply, Request, done
from smsdesk.http.settings import Settings
from smsdesk.http.smssessions import SmsSessions
from smsdesk.operations.perform import Performer
from smsdesk.wire import people
from smsdesk.wire.features import features
from smsdesk.wire.queries import Query, collection, wanted
from smsdesk.wire.resources import Resources, mapping

Make = Callable[[User], Awaitable[Any]]
STAFF = ("skills", "channels", "groups")  # what supervisors and administrators see of others
WHOLE = frozenset({"channels"})  # these have no addresses of their own: full without `fields` too


class Subresources:
    """Makes them, only those that are asked for. The table stands in the order in which they are shown."""

    def __init__(
        self,
        performer: Performer,
        auth: Auth,
        resources: Resources,
        sessions: SmsSessions,
        settings: Settings,
    ) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._sessions = sessions
        self._table: dict[str, Make] = {
            "devices": _nothing,
            "skills": self._skills,
            "channels": self._channels,
            "channelStates": self._channels,
            "interactions": _nothing,
            "chats": _nothing,
            "smssessions": self._smssessions,
            "workbins": _nothing,
            "settings": settings.embedded,
            "calls": _nothing,
            "groups": self._groups,
            "features": self._features,
        }

    async def of(self, user: User, query: Query) -> dict[str, Any]:
        """Those of the caller that `subresources` names."""
        return {name: await self._table[name](user) for name in wanted(query, self._table)}

    async def of_other(self, user: User, query: Query) -> dict[str, Any]:
        """Those of somebody, for supervisors and administrators."""
        return {name: await self._table[name](user) for name in wanted(query, STAFF)}

    def mine(self, name: str) -> Endpoint:
        """GET a list of the caller's."""

        async def listing(request: Request) -> Reply:
            caller = await self._auth.caller(request)
            return await self._listing(name, caller.user, request)

        return listing

    def others(self, name: str) -> Endpoint:
        """GET a list of somebody's: oneself, or for supervisors and administrators."""

        async def listing(request: Request) -> Reply:
            caller = await self._auth.caller(request)
            subject = self._performer.centre.users.get(request.parameters["user"])
            if subject is None:
                raise unknown("the user")
            if subject.id != caller.user.id:
                check_staff(caller.user)
            return await self._listing(name, subject, request)

        return listing

    async def _listing(self, name: str, user: User, request: Request) -> Reply:
        found = await self._table[name](user)
        return done(collection(name, found, request.query, always_full=name in WHOLE))

    # -- the table -----------------------------------------------------------------------------------
    async def _skills(self, user: User) -> list[dict[str, Any]]:
        return people.skills(self._resources.base, user, self._performer.centre.skills)

    async def _channels(self, user: User) -> list[dict[str, Any]]:
        agent = await self._sessions.agent(user)
        return [self._resources.channel(agent)] if agent.logged_in else []

    async def _smssessions(self, user: User) -> list[dict[str, Any]]:
        return [mapping(shape) for shape in await self._sessions.shapes(user)]

    async def _groups(self, user: User) -> list[dict[str, Any]]:
        groups = self._performer.centre.groups_of(user.id)
        return [people.group(self._resources.base, group) for group in groups]

    async def _features(self, user: User) -> list[dict[str, Any]]:
        return features(self._resources.base, self._performer.policy.features_off)


def check_staff(caller: User, what: str = "users") -> None:
    """Raises Refused 5 for who is neither a supervisor nor an administrator."""
    if not is_staff(caller):
        raise Refused(Fault.PERMISSION, f"only supervisors and administrators may read {what}")


def is_staff(user: User) -> bool:
    """Supervisors and administrators."""
    return user.administers or "ROLE_SUPERVISOR" in user.roles


async def _nothing(user: User) -> list[Any]:
    """What the API knows and a desk for texts alone never has."""
    return []

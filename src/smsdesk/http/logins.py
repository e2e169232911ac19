"""A user's several logins: which Bayeux clients are somebody else's than the caller's, and what becomes of
them when he begins or ends his work (C§2.7, C§3.3).
"""

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from smsdesk.core.draft import Draft
from smsdesk.http.auth import BY_KEY, NO_COOKIE, Auth
from smsdesk.http.caller import Caller
from smsdesk.http.exchange import Request
from smsdesk.http.own_password import OwnPassword
from smsdesk.operations.login import ApiKey
from smsdesk.operations.me.change_password import ChangePassword
from smsdesk.operations.me.end_contact_center_session import EndContactCenterSession, log_out_everywhere
from smsdesk.operations.me.start_contact_center_session import StartContactCenterSession, check_second_login
from smsdesk.operations.perform import Performer
from smsdesk.operations.users import http_sessions
from smsdesk.wire.resources import Resources


class Clients(Protocol):
    """The Bayeux clients, as far as logins are concerned."""

    def logins_of(self, user: str) -> dict[str, str]:
        """The clients of a user, each with the login by which it was made."""

    def ending(self, user: str, clients: Collection[str] | None = None) -> AbstractAsyncContextManager[None]:
        """Frames the logout of a user, or of some of his clients."""


class Logins:
    """Begins and ends work. Both are ordinary operations; here is what they do to logins."""

    def __init__(self, performer: Performer, auth: Auth, clients: Clients, resources: Resources) -> None:
        self._performer = performer
        self._auth = auth
        self._clients = clients
        self._password = OwnPassword(performer, auth, resources)

    async def start(
        self, operation: StartContactCenterSession, request: Request, caller: Caller
    ) -> dict[str, Any] | None:
        """StartContactCenterSession, after the setting `second_login`. Raises Refused."""
        user = caller.user.id
        login = await self._auth.login_of(request, caller)
        others = {c: of for c, of in self._clients.logins_of(user).items() if not same(login, of)}

        def body(draft: Draft) -> dict[str, Any] | None:
            check_second_login(draft, user, bool(others))
            return operation.apply(draft, user)

        if not others or self._performer.policy.second_login != "replace":
            return await self._performer.run(body, user)
        ends = http_sessions_of(others.values())

        def replace(draft: Draft) -> dict[str, Any] | None:
            answer = body(draft)
            http_sessions.forget(draft, ends)
            return answer

        async with self._clients.ending(user, list(others)):
            return await self._performer.run(replace, user)

    async def end(self, operation: EndContactCenterSession, caller: Caller) -> None:
        """EndContactCenterSession: all logins of the user end with it, in one commit. Raises Refused."""
        user = caller.user.id
        ends = [session.id for session in await self._auth.sessions.of(user)]
        async with self._clients.ending(user):
            await self._performer.run(lambda draft: log_out_everywhere(draft, operation, user, ends), user)

    async def end_key(self, key: ApiKey, change: Callable[[Draft], None], actor: str) -> None:
        """A change by which an API key opens nothing any more; who is connected by it is disconnected."""
        login = BY_KEY + key.id
        clients = [client for client, of in self._clients.logins_of(key.user).items() if of == login]
        async with self._clients.ending(key.user, clients):
            await self._performer.run(change, actor)

    async def change_password(self, operation: ChangePassword, request: Request, caller: Caller) -> None:
        """ChangePassword: the other logins of the user end with it, so do their Bayeux clients. Raises
        Refused.
        """
        change = await self._password.prepare(operation, request, caller)
        login = await self._auth.login_of(request, caller)
        mine = login.removeprefix(NO_COOKIE)
        ends = [s.id for s in await self._auth.sessions.of(caller.user.id) if s.id != mine]
        ended = set(ends)
        others = [
            c
            for c, of in self._clients.logins_of(caller.user.id).items()
            if of.removeprefix(NO_COOKIE) in ended
        ]
        async with self._clients.ending(caller.user.id, others):
            await self._performer.run(lambda draft: change(draft, ends), caller.user.id)


def http_sessions_of(logins: Iterable[str]) -> list[str]:
    """The ids of the HTTP sessions that are named as by `Auth.login_of`."""
    ids = (login.removeprefix(NO_COOKIE) for login in logins if not login.startswith(BY_KEY))
    return [id for id in ids if id]


def same(caller: str, client: str) -> bool:
    """Whether a Bayeux client may be the caller's own, by their logins.

    Those who take no cookie cannot be told apart; they count as one.
    """
    if not caller:
        return not client or client.startswith(NO_COOKIE)
    return client.removeprefix(NO_COOKIE) == caller.removeprefix(NO_COOKIE)

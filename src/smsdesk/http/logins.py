"""A user's several logins: which Bayeux clients are somebody else's than the caller's, and what becomes of
them when he begins or ends his work (C§2.7, C§3.3).
"""

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from smsdesk.core.draft import Draft
from smsdesk.http.auth import NO_COOKIE, Auth, Caller
from smsdesk.http.exchange import Request
from smsdesk.operations.me.end_contact_center_session import EndContactCenterSession
from smsdesk.operations.me.start_contact_center_session import StartContactCenterSession, check_second_login
from smsdesk.operations.perform import Performer


class Clients(Protocol):
    """The Bayeux clients, as far as logins are concerned."""

    def logins_of(self, user: str) -> dict[str, str]:
        """The clients of a user, each with the login by which it was made."""

    def ending(self, user: str, clients: Collection[str] | None = None) -> AbstractAsyncContextManager[None]:
        """Frames the logout of a user, or of some of his clients."""


class Logins:
    """Begins and ends work. Both are ordinary operations; here is what they do to logins."""

    def __init__(self, performer: Performer, auth: Auth, clients: Clients) -> None:
        self._performer = performer
        self._auth = auth
        self._clients = clients

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
        async with self._clients.ending(user, list(others)):
            answer = await self._performer.run(body, user)
            await self._auth.end_logins(set(others.values()))
        return answer

    async def end(self, operation: EndContactCenterSession, caller: Caller) -> None:
        """EndContactCenterSession: all logins of the user end with it. Raises Refused."""
        user = caller.user.id
        async with self._clients.ending(user):
            await self._performer.run(lambda draft: operation.apply(draft, user), user)
            await self._auth.end(user)


def same(caller: str, client: str) -> bool:
    """Whether a Bayeux client may be the caller's own, by their logins.

    Those who take no cookie cannot be told apart; they count as one.
    """
    if not caller:
        return not client or client.startswith(NO_COOKIE)
    return client.removeprefix(NO_COOKIE) == caller.removeprefix(NO_COOKIE)

"""A user changes his own password: verified and hashed beside the loop, before anything is changed (SPEC 1.6,
8.11, C§2.6).
"""

from collections.abc import Callable, Sequence

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.http.auth import Auth
from smsdesk.http.caller import Caller
from smsdesk.http.exchange import Request
from smsdesk.operations.login import Credential
from smsdesk.operations.me.change_password import ChangePassword
from smsdesk.operations.perform import Performer
from smsdesk.operations.users.set_password import set_password
from smsdesk.wire.resources import Resources

Change = Callable[[Draft, Sequence[str]], None]  # with the HTTP sessions that end


class OwnPassword:
    """Guessing the old password here costs as much time as guessing it at a login."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources

    async def prepare(self, operation: ChangePassword, request: Request, caller: Caller) -> Change:
        """The change that is to be committed. Raises Refused 3 for a wrong old password, UNAVAILABLE when
        there are too many guesses.
        """
        user = caller.user
        credential = await self._performer.read("credential", user.id)
        await self._verify(user.user_name, operation.old_password, request.client)
        hashed = await self._auth.hash_apart(operation.new_password)
        uri = self._resources.user(user, "")["uri"]
        known = credential.hash if isinstance(credential, Credential) else None

        def change(draft: Draft, ends: Sequence[str]) -> None:
            set_password(draft, user.id, hashed, uri, must_change=False, ends=ends, instead_of=known)

        return change

    async def _verify(self, name: str, password: str, address: str) -> None:
        try:
            await self._auth.passwords.user(name, password, address)
        except Refused as refused:
            if refused.fault is not Fault.LOGIN:
                raise
            raise Refused(Fault.FORBIDDEN, "oldPassword is wrong") from refused

"""A user's password becomes another one (C§2.6, SPEC 8.11): in one commit with the end of his logins, the
audit log and what is told of it. Hashes only; who may do this was asked before.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from smsdesk.core.centre import Centre, User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.operations.login import Credential
from smsdesk.operations.users import http_sessions

ME, USERS = "/v2/me", "/v2/users"
MOST_STAFF = 500  # who are told of somebody else's password, so that no fact grows without bound
SUCCESS = {"notificationType": "PasswordChangeSuccessful"}


def set_password(
    draft: Draft,
    user: str,
    password_hash: str,
    uri: str,
    *,
    must_change: bool,
    ends: Sequence[str] = (),
    instead_of: str | None = None,
) -> None:
    """Give a user a password, and end the HTTP sessions `ends`.

    `uri`: the user's address, for those who supervise him. `must_change`: at the next login. `instead_of`:
    the hash that has to be there now. Raises Refused 6; 3 when the password is another one by now.
    """
    found = draft.get("user", user)
    if not isinstance(found, User):
        raise unknown("the user")
    credential = draft.get("credential", user)
    if instead_of is not None and (credential is None or credential.hash != instead_of):
        raise Refused(Fault.FORBIDDEN, "the password has just been changed by somebody else")
    draft.put("credential", user, Credential(user, password_hash))
    if found.change_password != must_change:
        draft.put("user", user, replace(found, change_password=must_change))
    http_sessions.forget(draft, ends)
    draft.audit("password changed", user)
    draft.tell_data(user, ME, dict(SUCCESS), "PasswordChanged")
    told = SUCCESS | {"userId": user, "userUri": uri}
    draft.tell_group(_staff(draft.centre, user), USERS, told, "PasswordChanged")


def _staff(centre: Centre, user: str) -> Iterable[str]:
    """Who may watch this user, himself left out."""
    watching = [u.id for u in centre.users.values() if u.id != user and u.enabled and centre.watches(u, user)]
    return watching[:MOST_STAFF]

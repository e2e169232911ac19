"""Who asks: a user, or the operator of this machine. Knows nothing of how he proved it."""

from msgspec import Struct

from smsdesk.core.centre import User
from smsdesk.http.exchange import Scope
from smsdesk.operations.login import HttpSession

# Set in the scope by the admin socket alone: a server makes the scopes of its connections itself, so nothing
# that comes over the network can put it there.
LOCAL = "smsdesk.local"
OPERATOR = User("operator", "operator", "Operator", roles=("ROLE_ADMIN",))


class Caller(Struct):
    """Who asks, and the HTTP session he asks in, if any. `token` is the cookie's value when the session is
    new; `key`: the id of the API key by which he came; `operator`: he is no user at all (SPEC 7.2).
    """

    user: User
    session: HttpSession | None = None
    token: str | None = None
    key: str = ""
    operator: bool = False


def is_local(scope: Scope) -> bool:
    """Whether a request came by the admin socket."""
    return scope.get(LOCAL) is True

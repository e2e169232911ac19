"""The door for the operator of this machine: the same application, asked without a password (SPEC 7.2). Who
may come through it is decided by whoever listens: the admin socket, or a command that holds the data itself.
"""

from collections.abc import Awaitable, Callable

from smsdesk.core.errors import Fault, Refused
from smsdesk.http.app import API, is_notifications
from smsdesk.http.caller import LOCAL
from smsdesk.http.exchange import Receive, Scope, Send, refusal

Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
_DESK = (API + "/me", API + "/sms")  # everything there is about a user's own work


class LocalDoor:
    """ASGI. The operator administers; he is nobody who could have a desk or be told of one."""

    def __init__(self, application: Asgi) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http" and _is_desk(scope["path"]):
            words = "the operator has no desk of his own; log in as a user for that"
            await refusal(Refused(Fault.PERMISSION, words)).send(send)
        else:
            await self._application({**scope, LOCAL: True}, receive, send)


def _is_desk(path: str) -> bool:
    return path.startswith(_DESK) or is_notifications(path)

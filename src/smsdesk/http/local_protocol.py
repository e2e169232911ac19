"""uvicorn's HTTP/1.1 for the admin socket: only programs of the server's own user are listened to (SPEC 7.2).
Knows no requests.
"""

import asyncio
import os
import socket
import struct
from http import HTTPStatus

from smsdesk.core.errors import Fault, Refused
from smsdesk.http.exchange import refusal
from smsdesk.http.protocol import HttpProtocol

_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid: what the system itself says of the peer


class LocalProtocol(HttpProtocol):
    """One connection. The mode of the socket's file keeps others out already; this holds where that does
    not.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """A program is there. Whose it is, the system says, not the program."""
        super().connection_made(transport)
        if peer(transport) != os.geteuid():
            words = "the admin socket is for the user under which the server runs"
            self.send_refusal(HTTPStatus.FORBIDDEN, refusal(Refused(Fault.PERMISSION, words)))


def peer(transport: asyncio.BaseTransport) -> int:
    """The user id of the program at the other end."""
    own = transport.get_extra_info("socket")
    with socket.socket(fileno=os.dup(own.fileno())) as connection:
        found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    uid: int = _CREDENTIALS.unpack(found)[1]
    return uid

"""A tiny SMPP client on a blocking socket, to test the SMSC itself with. It shares no code with smsdesk."""

from __future__ import annotations

import socket
import struct
from types import TracebackType
from typing import NamedTuple, Self

BIND_TRANSCEIVER, SUBMIT, DELIVER, ENQUIRE, UNBIND = 0x09, 0x04, 0x05, 0x15, 0x06
RESPONSE = 0x80000000


class Pdu(NamedTuple):
    """One PDU as it came: command id, status, sequence number, body."""

    command: int
    status: int
    sequence: int
    body: bytes


class RawClient:
    """Connects at once; every read has a time limit of ten seconds."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._sequence = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, command: int, body: bytes = b"", *, status: int = 0, sequence: int | None = None) -> int:
        """Send one PDU and return its sequence number; the next one where none is given."""
        if sequence is None:
            self._sequence += 1
            sequence = self._sequence
        self._socket.sendall(struct.pack(">IIII", 16 + len(body), command, status, sequence) + body)
        return sequence

    def receive(self) -> Pdu:
        """The next PDU; EOFError when the SMSC closed the connection."""
        length, command, status, sequence = struct.unpack(">IIII", self._exactly(16))
        return Pdu(command, status, sequence, self._exactly(length - 16))

    def bind(self, system_id: str = "smsdesk", password: str = "secret") -> Pdu:
        """Bind as a transceiver and return the response."""
        names = b"".join(part.encode() + b"\0" for part in (system_id, password, ""))
        self.send(BIND_TRANSCEIVER, names + b"\x34\1\1\0")
        return self.receive()

    def submit(self, octets: bytes, *, coding: int = 0, esm_class: int = 0, to: str = "15550111") -> int:
        """Send submit_sm and return its sequence number."""
        source, target = b"\1\x0115550100\0", b"\1\1" + to.encode() + b"\0"
        fixed = bytes([esm_class, 0, 0, 0, 0, 1, 0, coding, 0, len(octets)])
        return self.send(SUBMIT, b"\0" + source + target + fixed + octets)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            chunk = self._socket.recv(count - len(data))
            if not chunk:
                raise EOFError("the SMSC closed the connection")
            data += chunk
        return data


def short_message(deliver: Pdu) -> bytes:
    """The octets of a deliver_sm's short_message."""
    rest = deliver.body.split(b"\0", 1)[1]  # service_type
    rest = rest[2:].split(b"\0", 1)[1]  # source
    rest = rest[2:].split(b"\0", 1)[1]  # destination
    rest = rest[3:].split(b"\0", 2)[2]  # esm_class, protocol, priority; two empty times
    return rest[5 : 5 + rest[4]]

"""PDUs to bytes and back; what is not SMPP 3.4 is refused, with the status to answer.

SMPP 3.2 and 5.1. Knows no session: which PDU may come when is `connection`'s business.
"""

import hashlib
from struct import Struct as Layout
from typing import Final

from smsdesk.smpp import pdu as p
from smsdesk.smpp import status
from smsdesk.smpp.fields import HEADER_OCTETS, MAX_OCTETS, FieldFault
from smsdesk.smpp.reading import READERS
from smsdesk.smpp.writing import WRITERS

_HEADER: Final = Layout(">IIII")
_LENGTH: Final = Layout(">I")


class PduError(Exception):
    """A PDU that cannot be read: words for the log; command, sequence and status for the answer.

    `fatal`: the stream is out of step, nothing behind these bytes can be read.
    """

    def __init__(self, words: str, code: int, *, command: int = 0, sequence: int = 0, fatal: bool = False):
        super().__init__(words)
        self.words = words
        self.status = code
        self.command = command
        self.sequence = sequence
        self.fatal = fatal


def take(buffer: bytearray) -> bytes | None:
    """Take one complete PDU off the front of `buffer`; None while it is incomplete.

    Raises PduError (fatal), with `buffer` unchanged, when its length is under 16 octets or over 64 KiB.
    """
    if len(buffer) < 4:
        return None
    (length,) = _LENGTH.unpack_from(buffer)
    if not HEADER_OCTETS <= length <= MAX_OCTETS:
        words = f"command_length {length} is not {HEADER_OCTETS} to {MAX_OCTETS}"
        raise PduError(words, status.INVALID_LENGTH, fatal=True)
    if len(buffer) < length:
        return None
    frame = bytes(buffer[:length])
    del buffer[:length]
    return frame


def decode(frame: bytes) -> p.Pdu:
    """The PDU in exactly these bytes. Raises PduError."""
    if len(frame) < HEADER_OCTETS:
        raise PduError(f"{len(frame)} octets are no PDU", status.INVALID_LENGTH, fatal=True)
    length, command, code, sequence = _HEADER.unpack_from(frame)
    if length != len(frame) or length > MAX_OCTETS:
        words = f"command_length {length} does not fit {len(frame)} octets"
        raise PduError(words, status.INVALID_LENGTH, command=command, sequence=sequence, fatal=True)
    reader = READERS.get(command)
    if reader is None:
        words = f"command 0x{command:08X} is unknown"
        raise PduError(words, status.INVALID_COMMAND, command=command, sequence=sequence)
    try:
        return reader(frame, code, sequence)
    except FieldFault as fault:
        words = f"command 0x{command:08X} {fault.words}"
        raise PduError(words, fault.status, command=command, sequence=sequence) from None


def encode(pdu: p.Pdu, sequence: int | None = None) -> bytes:
    """The bytes of a PDU, under number `sequence` if given. Raises ValueError when a field does not fit."""
    body = WRITERS[pdu.command](pdu)
    length = HEADER_OCTETS + len(body)
    if length > MAX_OCTETS:
        raise ValueError(f"{pdu.name} of {length} octets is over {MAX_OCTETS}")
    number = pdu.sequence if sequence is None else sequence
    return _HEADER.pack(length, pdu.command, pdu.status, number) + body


def fingerprint(pdu: p.Pdu) -> str:
    """The same for two PDUs that differ in nothing but the sequence number (SPEC 6.2), else different."""
    return hashlib.blake2b(encode(pdu, 0), digest_size=16).hexdigest()

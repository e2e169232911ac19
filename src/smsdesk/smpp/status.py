"""Command statuses: their names, what they mean in words, and which of them ask for another try.

SMPP 5.1.3. Knows nothing of PDUs.
"""

from typing import Final

OK: Final = 0x00
INVALID_LENGTH: Final = 0x02
INVALID_COMMAND: Final = 0x03
WRONG_BIND_STATE: Final = 0x04
SYSTEM_ERROR: Final = 0x08
INVALID_DESTINATION: Final = 0x0B
QUEUE_FULL: Final = 0x14
THROTTLED: Final = 0x58
RECEIVER_TEMPORARY: Final = 0x64
INVALID_OPTIONAL_STREAM: Final = 0xC0
UNKNOWN_ERROR: Final = 0xFF

STATUSES: Final = {
    0x00: ("ESME_ROK", "no error"),
    0x01: ("ESME_RINVMSGLEN", "message length is invalid"),
    0x02: ("ESME_RINVCMDLEN", "command length is invalid"),
    0x03: ("ESME_RINVCMDID", "command is unknown"),
    0x04: ("ESME_RINVBNDSTS", "command does not fit the bind status"),
    0x05: ("ESME_RALYBND", "already bound"),
    0x06: ("ESME_RINVPRTFLG", "priority flag is invalid"),
    0x07: ("ESME_RINVREGDLVFLG", "registered delivery flag is invalid"),
    0x08: ("ESME_RSYSERR", "system error"),
    0x0A: ("ESME_RINVSRCADR", "source address is invalid"),
    0x0B: ("ESME_RINVDSTADR", "destination address is invalid"),
    0x0C: ("ESME_RINVMSGID", "message id is invalid"),
    0x0D: ("ESME_RBINDFAIL", "bind failed"),
    0x0E: ("ESME_RINVPASWD", "password is wrong"),
    0x0F: ("ESME_RINVSYSID", "system id is unknown"),
    0x11: ("ESME_RCANCELFAIL", "cancelling failed"),
    0x13: ("ESME_RREPLACEFAIL", "replacing failed"),
    0x14: ("ESME_RMSGQFUL", "message queue is full"),
    0x15: ("ESME_RINVSERTYP", "service type is invalid"),
    0x33: ("ESME_RINVNUMDESTS", "number of destinations is invalid"),
    0x34: ("ESME_RINVDLNAME", "distribution list name is invalid"),
    0x40: ("ESME_RINVDESTFLAG", "destination flag is invalid"),
    0x42: ("ESME_RINVSUBREP", "submitting with replace is not possible"),
    0x43: ("ESME_RINVESMCLASS", "esm class is invalid"),
    0x44: ("ESME_RCNTSUBDL", "distribution list is not accepted"),
    0x45: ("ESME_RSUBMITFAIL", "submitting failed"),
    0x48: ("ESME_RINVSRCTON", "source type of number is invalid"),
    0x49: ("ESME_RINVSRCNPI", "source numbering plan is invalid"),
    0x50: ("ESME_RINVDSTTON", "destination type of number is invalid"),
    0x51: ("ESME_RINVDSTNPI", "destination numbering plan is invalid"),
    0x53: ("ESME_RINVSYSTYP", "system type is invalid"),
    0x54: ("ESME_RINVREPFLAG", "replace flag is invalid"),
    0x55: ("ESME_RINVNUMMSGS", "number of messages is invalid"),
    0x58: ("ESME_RTHROTTLED", "too many messages at a time"),
    0x61: ("ESME_RINVSCHED", "scheduled delivery time is invalid"),
    0x62: ("ESME_RINVEXPIRY", "validity period is invalid"),
    0x63: ("ESME_RINVDFTMSGID", "predefined message is unknown"),
    0x64: ("ESME_RX_T_APPN", "receiver has a temporary error"),
    0x65: ("ESME_RX_P_APPN", "receiver has a permanent error"),
    0x66: ("ESME_RX_R_APPN", "receiver rejects the message"),
    0x67: ("ESME_RQUERYFAIL", "query failed"),
    0xC0: ("ESME_RINVOPTPARSTREAM", "optional parameters are malformed"),
    0xC1: ("ESME_ROPTPARNOTALLWD", "optional parameter is not allowed"),
    0xC2: ("ESME_RINVPARLEN", "parameter length is invalid"),
    0xC3: ("ESME_RMISSINGOPTPARAM", "an expected optional parameter is missing"),
    0xC4: ("ESME_RINVOPTPARAMVAL", "optional parameter has an invalid value"),
    0xFE: ("ESME_RDELIVERYFAILURE", "delivery failed"),
    0xFF: ("ESME_RUNKNOWNERR", "unknown error"),
}

_RETRYABLE: Final = frozenset((WRONG_BIND_STATE, SYSTEM_ERROR, QUEUE_FULL, THROTTLED, RECEIVER_TEMPORARY))


def words(status: int) -> str:
    """For people and logs: the meaning, the name, the number; a carrier's own status keeps its number."""
    name, meaning = STATUSES.get(status, ("no status of SMPP 3.4", "the carrier's own status"))
    return f"{meaning} ({name}, 0x{status:08X})"


def is_retryable(status: int) -> bool:
    """Whether the peer says "not now" rather than "not this": the same message may succeed later."""
    return status in _RETRYABLE

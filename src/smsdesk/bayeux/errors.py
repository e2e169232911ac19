"""Everything a Bayeux message can be refused for: code, words and advice, per transport. One table, no logic.

The codes are those of CometD, whose clients are the real ones; what each client does with the advice is in
its source: ``handshake`` in any other reply than that of a handshake or a connect does nothing by itself,
because every successful connect reply carries its own advice.
"""

from enum import Enum, unique
from typing import NamedTuple

from smsdesk.bayeux.reply import Advice
from smsdesk.bayeux.settings import LONG_POLLING, WEBSOCKET

HANDSHAKE = Advice("handshake", interval=0)
HANDSHAKE_LATER = Advice("handshake", interval=10_000)
NONE = Advice("none")


@unique
class Fault(Enum):
    """The reasons; the value is the row's name in the reference."""

    UNKNOWN_CLIENT = "unknown_client"
    NOT_YOUR_CLIENT = "not_your_client"
    NO_LOGIN = "no_login"
    TOO_MANY_SESSIONS = "too_many_sessions"
    CHANNEL_MISSING = "channel_missing"
    CHANNEL_INVALID = "channel_invalid"
    CHANNEL_UNKNOWN = "channel_unknown"
    PARAMETER_MISSING = "parameter_missing"
    PARAMETER_INVALID = "parameter_invalid"
    CONNECTION_TYPE = "connection_type"
    TOPIC_INVALID = "topic_invalid"
    SUBSCRIBE_DENIED = "subscribe_denied"
    TOO_MANY_SUBSCRIPTIONS = "too_many_subscriptions"
    PUBLISH_DENIED = "publish_denied"
    REPLAY_EPOCH = "replay_epoch"
    REPLAY_GONE = "replay_gone"
    REPLAY_AHEAD = "replay_ahead"


class Row(NamedTuple):
    """One line of the table; an advice of None means the reply carries none."""

    code: int
    text: str
    long_polling: Advice | None
    websocket: Advice | None

    def advice(self, transport: str) -> Advice | None:
        """The advice for a client on this transport."""
        return {LONG_POLLING: self.long_polling, WEBSOCKET: self.websocket}[transport]


TABLE: dict[Fault, Row] = {
    Fault.UNKNOWN_CLIENT: Row(402, "Unknown client", HANDSHAKE, HANDSHAKE),
    Fault.NOT_YOUR_CLIENT: Row(403, "Forbidden client", None, None),
    Fault.NO_LOGIN: Row(403, "Handshake denied", NONE, NONE),
    Fault.TOO_MANY_SESSIONS: Row(503, "Too many sessions", HANDSHAKE_LATER, HANDSHAKE_LATER),
    Fault.CHANNEL_MISSING: Row(400, "Channel missing", None, None),
    Fault.CHANNEL_INVALID: Row(405, "Invalid channel", None, None),
    Fault.CHANNEL_UNKNOWN: Row(404, "Unknown channel", None, None),
    Fault.PARAMETER_MISSING: Row(400, "Missing parameter", None, None),
    Fault.PARAMETER_INVALID: Row(400, "Invalid parameter", None, None),
    Fault.CONNECTION_TYPE: Row(400, "Unsupported connection type", NONE, NONE),
    Fault.TOPIC_INVALID: Row(405, "Invalid subscription", None, None),
    Fault.SUBSCRIBE_DENIED: Row(403, "Subscribe denied", None, None),
    Fault.TOO_MANY_SUBSCRIPTIONS: Row(403, "Too many subscriptions", None, None),
    Fault.PUBLISH_DENIED: Row(403, "Publish denied", None, None),
    Fault.REPLAY_EPOCH: Row(412, "Another epoch, read again", None, None),
    Fault.REPLAY_GONE: Row(412, "No longer kept, read again", None, None),
    Fault.REPLAY_AHEAD: Row(412, "Not reached yet, read again", None, None),
}

REPLAY_FAULTS = frozenset({Fault.REPLAY_EPOCH, Fault.REPLAY_GONE, Fault.REPLAY_AHEAD})


class Refused(Exception):
    """A message is refused before it changed anything. ``argument`` names a parameter or a valid topic."""

    def __init__(self, fault: Fault, argument: str = "") -> None:
        super().__init__(fault, argument)
        self.fault = fault
        self.argument = argument

    @property
    def error(self) -> str:
        """The Bayeux error text ``code:argument:words``."""
        row = TABLE[self.fault]
        return f"{row.code}:{self.argument}:{row.text}"

    def advice(self, transport: str) -> Advice | None:
        """What the refused client shall do."""
        return TABLE[self.fault].advice(transport)

"""Transcript entries and where their texts stand with the carrier (SPEC 2.4 of S§, 6.3)."""

from typing import Literal

from msgspec import Struct

from smsdesk.core.participant import Participant
from smsdesk.core.states import Visibility

MessageType = Literal[
    "Text",
    "ParticipantJoined",
    "ParticipantLeft",
    "ParticipantRejoined",
    "TypingStarted",
    "TypingStopped",
    "PushUrl",
    "Notice",
    "CustomNotice",
]
DeliveryState = Literal["Queued", "Sent", "Delivered", "Failed", "Expired", "Unknown"]
FINAL_DELIVERY: frozenset[DeliveryState] = frozenset({"Delivered", "Failed", "Expired"})


class Delivery(Struct, frozen=True, omit_defaults=True):
    """Where an outbound text stands; `updated` in UTC milliseconds, `error` in words [ext]."""

    state: DeliveryState
    parts: int
    updated: int
    error: str | None = None


class Message(Struct, frozen=True, omit_defaults=True):
    """One transcript entry; `at` in UTC milliseconds. The author is kept as he was then."""

    index: int
    type: MessageType
    author: Participant
    visibility: Visibility
    at: int
    text: str | None = None
    url: str | None = None
    notice: str | None = None
    delivery: Delivery | None = None
    carrier: str | None = None
    incomplete: bool = False

"""Notifications from facts: a pure function of an outbox row and the transcript entries it names (SPEC 4.4,
8.6).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from smsdesk.core.events import Fact, Tell, Told
from smsdesk.core.message import Message
from smsdesk.core.states import sees
from smsdesk.wire.resources import Resources

SESSIONS, CHANNELS = "/v2/me/smssessions", "/v2/me/channels"
STATE_CHANGE, LOG_UPDATED, CHANNEL_CHANGE = (
    "SMSsessionStateChangeMessage",
    "MessageLogUpdated",
    "ChannelStateChangeMessageV2",
)
_TYPES = {
    "status": "StatusChange",
    "participants": "ParticipantsUpdated",
    "properties": "PropertiesUpdated",
    "error": "Error",
    "messages": "NewMessages",
    "updated": "MessageUpdated",
}
_encode = msgspec.json.Encoder().encode
ORDINALS = 1024


def replay_id(position: int, ordinal: int) -> int:
    """The id of a notification: increasing per user, below 2^53 (SPEC 4.1)."""
    return position * ORDINALS + ordinal


def entries_needed(fact: Fact) -> tuple[int, int] | None:
    """First and last transcript index that the notifications of a fact name, if any."""
    spans = [t for told in fact.audience for t in told.tell if t.kind in ("messages", "updated")]
    return (min(t.first for t in spans), max(t.last for t in spans)) if spans else None


def notifications(
    resources: Resources, fact: Fact, told: Told, messages: Sequence[Message]
) -> Iterator[tuple[str, bytes]]:
    """(topic, data) for one viewer, in order. `messages`: at least those of `entries_needed`, by index."""
    for tell in told.tell:
        if tell.kind == "channels":
            assert fact.agent is not None
            data: dict[str, Any] = {
                "messageType": CHANNEL_CHANGE,
                "channels": [resources.channel(fact.agent)],
            }
            yield CHANNELS, _encode(data)
        elif tell.kind == "data":
            assert fact.topic is not None
            yield fact.topic, _encode(fact.data)
        elif tell.kind in ("messages", "updated"):
            yield SESSIONS, _encode(_log_updated(resources, fact, told, tell, messages))
        else:
            yield SESSIONS, _encode(_state_change(resources, fact, told, tell))


def _state_change(resources: Resources, fact: Fact, told: Told, tell: Tell) -> dict[str, Any]:
    assert fact.session is not None
    assert told.state is not None
    data: dict[str, Any] = {"messageType": STATE_CHANGE, "notificationType": _TYPES[tell.kind]}
    if tell.reference is not None:
        data["referenceId"] = tell.reference
    if tell.error is not None:
        data["errorMessage"] = tell.error
    data["smssession"] = resources.session(
        fact.session, told.sight, told.state, told.capabilities, told.in_focus, tell.bare
    )
    return data


def _log_updated(
    resources: Resources, fact: Fact, told: Told, tell: Tell, messages: Sequence[Message]
) -> dict[str, Any]:
    assert fact.session is not None
    path = f"/smssessions/{fact.session.id}"
    shown = [
        resources.message(m)
        for m in messages
        if tell.first <= m.index <= tell.last and sees(told.sight, m.visibility)
    ]
    return {
        "messageType": LOG_UPDATED,
        "notificationType": _TYPES[tell.kind],
        "messages": shown,
        "smssessionUri": resources.base + path,
        "smssessionPath": path,
    }

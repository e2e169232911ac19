"""What is on the desk, from a snapshot and notifications (SPEC 4.4, 4.5): equal to a fresh GET whenever all
of them have been taken in. Pure: it asks nobody.
"""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from smsdesk.client.bayeux import Note
from smsdesk.client.resources import (
    Changed,
    ChannelsChanged,
    Event,
    Failed,
    MessageUpdated,
    NewMessages,
    Other,
    StatusChange,
    messages,
)
from smsdesk.client.session import Session

Json = Any
OVER = frozenset({"Completed", "Revoked"})
STATES, LOG, CHANNELS = "SMSsessionStateChangeMessage", "MessageLogUpdated", "ChannelStateChangeMessageV2"
_decode = msgspec.json.Decoder().decode


class DeskState:
    """The sessions by id, and the channels. A session keeps its object for as long as it is on the desk."""

    def __init__(self, make: Callable[[dict[str, Json]], Session]) -> None:
        self.sessions: dict[str, Session] = {}
        self.channels: list[dict[str, Json]] = []
        self._make = make

    def snapshot(self, sessions: Iterable[dict[str, Json]], channels: list[dict[str, Json]]) -> None:
        """Everything as it was read."""
        before = self.sessions
        self.sessions = {}
        for resource in sessions:
            self.sessions[resource["id"]] = self._update(before.pop(resource["id"], None), resource)
        for gone in before.values():
            gone.resource = {**gone.resource, "state": "Revoked", "capabilities": []}
        self.channels = channels

    def told(self, note: Note) -> Event:
        """Take in one notification, and say what it means. What is not understood is passed on as it is."""
        data = _decode(note.data)
        kind = data.get("messageType") if isinstance(data, dict) else None
        try:
            if kind == STATES:
                return self._state(data)
            if kind == LOG:
                return self._log(data)
        except (KeyError, msgspec.ValidationError):
            return Other(note.topic, data)
        if kind == CHANNELS:
            self.channels = [c for c in data["channels"] if c["userState"]["state"] != "LoggedOut"]
            return ChannelsChanged(data["channels"])
        return Other(note.topic, data)

    def _state(self, data: dict[str, Json]) -> Event:
        resource, kind, reference = data["smssession"], data["notificationType"], data.get("referenceId")
        session = self._update(self.sessions.get(resource["id"]), resource)
        if session.state in OVER:
            self.sessions.pop(session.id, None)
        else:
            self.sessions[session.id] = session
        if kind == "StatusChange":
            return StatusChange(session, session.state, reference)
        if kind == "Error":
            return Failed(session, data.get("errorMessage", "failed"), reference)
        return Changed(session, kind, reference)

    def _log(self, data: dict[str, Json]) -> Event:
        id = data["smssessionPath"].rpartition("/")[2]
        # The last entries may come after the session has left the desk.
        session = self.sessions.get(id) or self._make({"id": id, "state": "Completed"})
        event = MessageUpdated if data["notificationType"] == "MessageUpdated" else NewMessages
        return event(session, messages(data["messages"]))

    def _update(self, session: Session | None, resource: dict[str, Json]) -> Session:
        if session is None:
            return self._make(resource)
        session.resource = resource
        return session

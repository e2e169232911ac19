"""Viewers as good clients are: each holds what he was told, and nothing else (SPEC 4.5). Our own client for
Python is held to the same.
"""

from typing import Any

import msgspec
from msgspec import Raw

from smsdesk.client.bayeux import Note
from smsdesk.client.calls import Calls
from smsdesk.client.resources import Other
from smsdesk.client.session import Session
from smsdesk.client.state import DeskState

SESSIONS, CHANNELS = "/v2/me/smssessions", "/v2/me/channels"
REPLACING = ("StatusChange", "ParticipantsUpdated", "PropertiesUpdated", "Error")
OVER = ("Completed", "Revoked")
NOT_CALLED = object.__new__(Calls)
Notification = dict[str, Any]


class Desk:
    """What one viewer holds. `answered`: the references that his notifications carried, in order."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, Any]] = {}
        self.transcripts: dict[str, dict[int, dict[str, Any]]] = {}
        self.channels: list[dict[str, Any]] = []
        self.answered: list[int] = []
        self.client = DeskState(lambda resource: Session(NOT_CALLED, resource))

    def apply(self, notification: Notification) -> None:
        """Take in one notification."""
        data = notification["data"]
        if notification["channel"] == CHANNELS:
            assert data["messageType"] == "ChannelStateChangeMessageV2"
            self.channels = [c for c in data["channels"] if c["userState"]["state"] != "LoggedOut"]
        elif data["messageType"] == "MessageLogUpdated":
            assert "referenceId" not in data  # SPEC 1.5
            self._log(data)
        else:
            assert data["messageType"] == "SMSsessionStateChangeMessage"
            self._state(data)
        event = self.client.told(Note(notification["channel"], Raw(msgspec.json.encode(data))))
        assert not isinstance(event, Other)
        assert {id: session.resource for id, session in self.client.sessions.items()} == self.sessions
        assert self.client.channels == self.channels

    def _state(self, data: dict[str, Any]) -> None:
        assert data["notificationType"] in REPLACING
        assert ("errorMessage" in data) == (data["notificationType"] == "Error")
        if "referenceId" in data:
            self.answered.append(data["referenceId"])
        session = data["smssession"]
        if session["state"] in OVER:
            self.sessions.pop(session["id"], None)
            self.transcripts.pop(session["id"], None)
        else:
            self.sessions[session["id"]] = session
            self.transcripts.setdefault(session["id"], {})

    def _log(self, data: dict[str, Any]) -> None:
        assert data["notificationType"] in ("NewMessages", "MessageUpdated")
        assert data["messages"]
        id = data["smssessionPath"].removeprefix("/smssessions/")
        if id in self.transcripts:  # of a session that is over one may still get the last entries
            self.transcripts[id] |= {message["index"]: message for message in data["messages"]}

    def states(self) -> dict[str, str]:
        """The state of each session."""
        return {id: session["state"] for id, session in self.sessions.items()}

"""What the desk holds: sessions, the entries of their transcripts, and what is told about them (SPEC 2, 4.4).
Shapes only; nothing here asks the server.
"""

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, field

if TYPE_CHECKING:
    from smsdesk.client.session import Session


class Participant(Struct, frozen=True, rename="camel"):
    """Somebody in a session; `type` is Customer, Agent or Supervisor. `path` is that of an agent's user."""

    participant_id: str = ""
    nickname: str = ""
    type: str = ""
    visibility: str = "All"
    path: str | None = None


class Delivery(Struct, frozen=True):
    """What became of a text to the customer (SPEC 6.3)."""

    state: str
    parts: int = 1
    updated: str = ""
    error: str | None = None


class Message(Struct, frozen=True, rename="camel"):
    """One entry of a transcript; `type` is Text, PushUrl, Notice, ParticipantJoined and so on."""

    index: int
    type: str
    author: Participant = field(name="from")
    visibility: str = "All"
    text: str | None = None
    url: str | None = None
    notice: str | None = None
    timestamp: str = ""
    timestamp_seconds: int = 0
    """Milliseconds since 1970, whatever the name says."""
    delivery: Delivery | None = None

    @property
    def from_customer(self) -> bool:
        """Whether it is a text that the customer wrote."""
        return self.type == "Text" and self.author.type == "Customer"


class StatusChange(Struct, frozen=True):
    """The user's part in a session is in this state now: Invited, Chatting, LeftChat, Completed, Revoked.

    In the last two it is no longer on the desk. `reference` answers the operation that caused it.
    """

    session: "Session"
    state: str
    reference: int | None = None


class Changed(Struct, frozen=True):
    """Who is in a session has changed, or its data; `kind` is ParticipantsUpdated or PropertiesUpdated."""

    session: "Session"
    kind: str
    reference: int | None = None


class NewMessages(Struct, frozen=True):
    """New entries of a transcript; after an Accept the whole transcript."""

    session: "Session"
    messages: list[Message]


class MessageUpdated(Struct, frozen=True):
    """Entries that were told before and have changed: the delivery of a text."""

    session: "Session"
    messages: list[Message]


class Failed(Struct, frozen=True):
    """What was asked could not be done in the end, such as a transfer that nobody took."""

    session: "Session"
    words: str
    reference: int | None = None


class ChannelsChanged(Struct, frozen=True):
    """The user's channels, with their readiness."""

    channels: list[dict[str, Any]]


class Snapshot(Struct, frozen=True):
    """Everything on the desk has been read: in the beginning, and whenever the notifications could not be
    followed any more (kept no longer, or a restored store). What happened before was not told one by one.
    """


class Other(Struct, frozen=True):
    """A notification that is none of these."""

    topic: str
    data: Any


Event = StatusChange | Changed | NewMessages | MessageUpdated | Failed | ChannelsChanged | Snapshot | Other


def messages(data: Any) -> list[Message]:
    """Transcript entries from JSON values. Raises msgspec.ValidationError."""
    return msgspec.convert(data, list[Message])

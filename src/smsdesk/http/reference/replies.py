"""Whole replies and notifications, as structs: only to be described. Tests hold them to what is really
answered and notified.
"""

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from smsdesk.bayeux.reply import Advice, TimeSync
from smsdesk.http.reference.objects import (
    AgentState,
    Channel,
    ChannelOutcome,
    Feature,
    Optional,
    PhoneMessage,
    Replay,
    User,
)
from smsdesk.wire.resources import MessageShape, SessionShape

Uris = list[str]


class Done(Struct, rename="camel"):
    """Success: exactly this."""

    status_code: Literal[0]


class DoneWithReference(Done, rename="camel"):
    """Success of an operation whose outcome comes later, by a notification with the same number."""

    reference_id: int


class Refusal(Struct, rename="camel"):
    """Failure: nothing has changed, nobody is told."""

    status_code: int
    status_message: str


class InWords(Struct):
    """What the simulator says about a mistake."""

    error: str


class LoggedIn(Struct, rename="camel"):
    """Success, or with statusCode 7 a partial one."""

    status_code: Literal[0, 7]
    succeeded: list[ChannelOutcome] | UnsetType = UNSET
    failed: list[ChannelOutcome] | UnsetType = UNSET


class Sessions(Done):
    """The desk: full resources with `fields`, else their addresses."""

    replay: Replay
    smssessions: list[SessionShape] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class OneSession(Done):
    """One session."""

    smssession: SessionShape


class Messages(Done):
    """A piece of the transcript."""

    messages: list[MessageShape]


class Me(Done):
    """The caller."""

    user: User
    replay: Replay


class Users(Done):
    """All users: full with `fields`, else their addresses."""

    users: list[User] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class OneUser(Done):
    """One user."""

    user: User


class Created(Done):
    """What was made."""

    id: str
    uri: str
    path: str


class Channels(Done):
    """The channels one is logged in on."""

    channels: list[Channel]


class OneChannel(Done):
    """One channel."""

    channel: Channel


class AgentStates(Done):
    """All agent states."""

    settings: list[AgentState]
    key: Literal["operationName"]


class Features(Done):
    """Features: full with `fields`, else their addresses."""

    features: list[Feature] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class Version(Done):
    """The version of the server."""

    version: str


class Health(Struct):
    """The process answers."""

    status: Literal["ok"]


class Readiness(Struct):
    """Whether requests are welcome."""

    status: Literal["ready", "not ready"]
    why: Optional = UNSET


class Kept(Struct):
    """What was handed in is kept."""

    id: str


class Made(Struct):
    """Ids of what was made, by label."""

    made: dict[str, str]


class Nothing(Struct):
    """No more than that it is done."""


class PhoneMessages(Struct):
    """All texts on a phone."""

    messages: list[PhoneMessage]


class BayeuxMessage(Struct, rename="camel"):
    """A message of a client."""

    channel: str
    client_id: Optional = UNSET
    id: str | int | UnsetType = UNSET
    version: Optional = UNSET
    connection_type: Literal["long-polling", "websocket"] | UnsetType = UNSET
    supported_connection_types: list[str] | UnsetType = UNSET
    subscription: str | list[str] | UnsetType = UNSET
    advice: dict[str, Any] | UnsetType = UNSET
    ext: dict[str, Any] | UnsetType = UNSET


class Mark(Struct):
    """Of a data message its own id; of a reply to subscribe where the stream stands."""

    id: int
    epoch: Optional = UNSET


class Extensions(Struct):
    """The extensions of a reply or a data message."""

    ack: bool | int | UnsetType = UNSET
    timesync: TimeSync | UnsetType = UNSET
    replay: Mark | UnsetType = UNSET


class BayeuxReply(Struct, rename="camel"):
    """A reply to one message of a client, or a data message."""

    channel: Optional = UNSET
    client_id: Optional = UNSET
    id: str | int | UnsetType = UNSET
    successful: bool | UnsetType = UNSET
    error: Optional = UNSET
    version: Optional = UNSET
    minimum_version: Optional = UNSET
    supported_connection_types: list[str] | UnsetType = UNSET
    subscription: str | list[str] | UnsetType = UNSET
    advice: Advice | UnsetType = UNSET
    ext: Extensions | UnsetType = UNSET
    data: dict[str, Any] | UnsetType = UNSET


class StateChange(Struct, rename="camel"):
    """What is told about a session."""

    message_type: Literal["SMSsessionStateChangeMessage"]
    notification_type: Literal["StatusChange", "ParticipantsUpdated", "PropertiesUpdated", "Error"]
    smssession: SessionShape
    reference_id: int | UnsetType = UNSET
    error_message: Optional = UNSET


class LogUpdated(Struct, rename="camel"):
    """What is told about the transcript."""

    message_type: Literal["MessageLogUpdated"]
    notification_type: Literal["NewMessages", "MessageUpdated"]
    messages: list[MessageShape]
    smssession_uri: str
    smssession_path: str


class ChannelChange(Struct, rename="camel"):
    """What is told about readiness."""

    message_type: Literal["ChannelStateChangeMessageV2"]
    channels: list[Channel]


class PasswordChange(Struct, rename="camel"):
    """What is told about a password."""

    notification_type: Literal["PasswordChangeSuccessful"]
    user_id: Optional = UNSET
    user_uri: Optional = UNSET


NOTIFICATIONS: tuple[type[Struct], ...] = (StateChange, LogUpdated, ChannelChange, PasswordChange)
REPLIES: tuple[type[Struct], ...] = (
    *(Done, DoneWithReference, LoggedIn, Refusal, InWords, Sessions, OneSession, Messages, Me, Channels),
    *(OneChannel, AgentStates, Features, Version, Health, Readiness, Kept, Made, Nothing, PhoneMessages),
    *(Users, OneUser, Created, BayeuxMessage, BayeuxReply),
)

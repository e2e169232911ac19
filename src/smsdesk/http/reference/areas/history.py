"""The history and the audit log: replies, and the answers that come over CometD."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from smsdesk.http.reference.objects import Optional
from smsdesk.http.reference.replies import Done
from smsdesk.wire.history import AuditShape, InteractionShape
from smsdesk.wire.resources import MessageShape


class History(Done):
    """A page of the history."""

    interactions: list[InteractionShape]
    more: bool


class OneInteraction(Done):
    """One interaction."""

    interaction: InteractionShape


class Transcript(Done):
    """A part of the transcript of an interaction."""

    messages: list[MessageShape]
    more: bool


class AuditLog(Done):
    """A page of the audit log."""

    audit: list[AuditShape]
    more: bool


class InteractionsHistory(Struct, rename="camel"):
    """What is told when a history was retrieved: interactions, or what went wrong."""

    message_type: Literal["GetInteractionsHistoryMessage"]
    reference_id: int
    interactions: list[InteractionShape] | UnsetType = UNSET
    truncated: bool | UnsetType = UNSET
    error_message: Optional = UNSET


class InteractionContent(Struct, rename="camel"):
    """What is told of the content of an interaction."""

    message_type: Literal["GetInteractionContentMessage"]
    reference_id: int
    interaction: InteractionShape
    messages: list[MessageShape]
    truncated: bool | UnsetType = UNSET


class UcsOperation(Struct, rename="camel"):
    """What is told when something was written into the history, or not."""

    message_type: Literal["UcsOperationResponse"]
    reference_id: int
    success: bool
    error_message: Optional = UNSET


HISTORY: tuple[type[Struct], ...] = (
    *(History, OneInteraction, Transcript, AuditLog),
    *(InteractionsHistory, InteractionContent, UcsOperation),
)

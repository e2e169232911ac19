"""Interactions of the history, and the answers that tell of them over CometD (A§1.3, A§1.4)."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

from smsdesk.core.centre import Centre
from smsdesk.core.history import ended, owner_of, state_of
from smsdesk.core.interaction import Interaction
from smsdesk.core.message import Message
from smsdesk.core.outgoing import Audit
from smsdesk.core.session import Session
from smsdesk.core.user_data import plain
from smsdesk.wire.resources import MessageShape, Resources

TOPIC: Final = "/v2/ucs/interactions"
HISTORY, CONTENT, OUTCOME = (
    "GetInteractionsHistoryMessage",
    "GetInteractionContentMessage",
    "UcsOperationResponse",
)
MEDIA: Final = "smssession"
LIMIT: Final = 512 * 1024
"""Octets of an answer over CometD: it is kept for replay, and a client has a bounded queue."""
T = TypeVar("T")


class OwnerShape(Struct, rename="camel"):
    """The agent who has it, or had it last."""

    id: str
    user_name: str | UnsetType = UNSET
    first_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET


class InteractionShape(Struct, rename="camel"):
    """A§1.3, with the [ext] fields last. `user_data` only where one interaction is asked for."""

    id: str
    uri: str
    path: str
    media_type: str
    type_id: str
    state: str
    start_date: str
    end_date: str | UnsetType = UNSET
    subject: str | UnsetType = UNSET
    contact_id: str | UnsetType = UNSET
    comment: str | UnsetType = UNSET
    owner_information: OwnerShape | UnsetType = UNSET
    custom_attributes: dict[str, Any] | UnsetType = UNSET
    user_data: dict[str, Any] | UnsetType = UNSET
    service_number: str | UnsetType = UNSET
    customer_number: str | UnsetType = UNSET
    carrier: str | UnsetType = UNSET
    queue: str | UnsetType = UNSET
    disposition: str | UnsetType = UNSET
    match: MessageShape | UnsetType = UNSET


class AuditShape(Struct):
    """A line of the audit log [ext]. Without `actor`: the server itself did it."""

    id: str
    at: str
    action: str
    subject: str
    actor: str | UnsetType = UNSET
    session: str | UnsetType = UNSET


class Histories:
    """Makes them."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def interaction(
        self,
        session: Session,
        interaction: Interaction | None,
        centre: Centre,
        *,
        custom: dict[str, Any] | None = None,
        with_data: bool = False,
        match: Message | None = None,
    ) -> InteractionShape:
        """A session as the history shows it. `match`: the entry in which the words were found."""
        path, at = f"/interactions/{session.id}", ended(session)
        return InteractionShape(
            session.id,
            self._resources.base + path,
            path,
            MEDIA,
            "Inbound",
            state_of(session, interaction),
            self._resources.timestamps.render(session.received),
            UNSET if at is None else self._resources.timestamps.render(at),
            _set(session.subject),
            _set(session.contact_id),
            _set(session.comment),
            _owner(session, centre),
            UNSET if custom is None else custom,
            plain(session.user_data) if with_data else UNSET,
            session.service_number,
            session.customer_number,
            session.carrier,
            _set(session.queue),
            _set(session.disposition),
            UNSET if match is None else self._resources.message(match),
        )

    def messages(self, messages: Iterable[Message]) -> list[MessageShape]:
        """Entries of a transcript."""
        return [self._resources.message(message) for message in messages]

    def audit(self, line: Audit) -> AuditShape:
        """A line of the audit log."""
        at = self._resources.timestamps.render(line.at)
        return AuditShape(line.id, at, line.action, line.subject, _set(line.actor), _set(line.session))


def history(reference: int, shapes: Sequence[InteractionShape], more: bool) -> dict[str, Any]:
    """The answer to the operations that retrieve a history. `truncated` [ext]: there is more than the answer
    may hold.
    """
    shown, cut = fitting(shapes, LIMIT)
    data: dict[str, Any] = {"referenceId": reference, "messageType": HISTORY, "interactions": shown}
    return data | ({"truncated": True} if more or cut else {})


def content(
    reference: int, shape: InteractionShape, messages: Sequence[MessageShape], more: bool
) -> dict[str, Any]:
    """The answer to GetInteractionContent. `truncated` [ext]: the transcript goes on."""
    data = {"referenceId": reference, "messageType": CONTENT, "interaction": shape}
    shown, cut = fitting(messages, LIMIT)
    return data | {"messages": shown} | ({"truncated": True} if more or cut else {})


def outcome(reference: int, error: str | None) -> dict[str, Any]:
    """The answer to operations that write into the history."""
    data = {"referenceId": reference, "messageType": OUTCOME, "success": error is None}
    return data if error is None else data | {"errorMessage": error}


def failure(reference: int, message_type: str, error: str) -> dict[str, Any]:
    """The answer to a retrieval that came to nothing."""
    return {"referenceId": reference, "messageType": message_type, "errorMessage": error}


def fitting(shapes: Sequence[T], limit: int) -> tuple[list[T], bool]:
    """Those from the beginning that fit into so many octets, and whether any did not."""
    room = limit
    for count, shape in enumerate(shapes):
        room -= len(msgspec.json.encode(shape)) + 1
        if room < 0:
            return list(shapes[:count]), True
    return list(shapes), False


def _owner(session: Session, centre: Centre) -> OwnerShape | UnsetType:
    id = owner_of(session)
    if id is None:
        return UNSET
    user = centre.users.get(id)
    if user is None:
        return OwnerShape(id)
    return OwnerShape(id, user.user_name, user.first_name, user.last_name)


def _set(value: str | None) -> str | UnsetType:
    return UNSET if value is None else value

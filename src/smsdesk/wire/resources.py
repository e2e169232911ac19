"""The session resource and its parts as JSON shapes (S§2.1, S§2.2, S§2.4, SPEC 2.1, 2.2)."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType, field
from msgspec.structs import fields

from smsdesk.core.agent import Agent, AgentState
from smsdesk.core.centre import User
from smsdesk.core.message import Delivery, Message
from smsdesk.core.participant import Participant
from smsdesk.core.session import Session
from smsdesk.core.states import State, Visibility, level
from smsdesk.core.user_data import UserData
from smsdesk.wire.timestamps import Timestamps


class ParticipantShape(Struct, rename="camel"):
    """S§2.2. `uri` and `path` for agents only."""

    participant_id: str
    id: str
    nickname: str
    type: str
    visibility: Visibility
    uri: str | UnsetType = UNSET
    path: str | UnsetType = UNSET


class SessionShape(Struct, rename="camel"):
    """S§2.1, with the [ext] fields of SPEC 2.2 last."""

    id: str
    uri: str
    path: str
    state: State
    capabilities: tuple[str, ...]
    participants: list[ParticipantShape]
    user_data: UserData
    received_date: str
    chat_type: str
    comment: str | UnsetType = UNSET
    contact_id: str | UnsetType = UNSET
    subject: str | UnsetType = UNSET
    service_number: str | UnsetType = UNSET
    customer_number: str | UnsetType = UNSET
    carrier: str | UnsetType = UNSET
    queue: str | UnsetType = UNSET
    disposition: str | UnsetType = UNSET
    in_focus: bool = False


class DeliveryShape(Struct):
    """SPEC 6.3 [ext]."""

    state: str
    parts: int
    updated: str
    error: str | UnsetType = UNSET


class MessageShape(Struct, rename="camel"):
    """S§2.4. `timestampSeconds` holds milliseconds, as documented."""

    index: int
    type: str
    author: ParticipantShape = field(name="from")
    visibility: Visibility
    timestamp: str
    timestamp_seconds: int
    text: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    notice_text: str | UnsetType = UNSET
    delivery: DeliveryShape | UnsetType = UNSET
    carrier: str | UnsetType = UNSET
    incomplete: bool | UnsetType = UNSET


class Resources:
    """Makes resources. `external_url` is the configured address without `/api/v2` (SPEC 1.1)."""

    def __init__(self, external_url: str, timestamps: Timestamps) -> None:
        self.base = external_url.rstrip("/") + "/api/v2"
        self.timestamps = timestamps

    def session(
        self,
        session: Session,
        sight: Visibility,
        state: State,
        capabilities: tuple[str, ...],
        in_focus: bool = False,
        bare: bool = False,
    ) -> SessionShape:
        """A session as one viewer sees it; `bare` without participants (Accept's first notification)."""
        path = f"/smssessions/{session.id}"
        return SessionShape(
            session.id,
            self.base + path,
            path,
            state,
            capabilities,
            [] if bare else [self.participant(p) for p in session.visible(sight)],
            session.user_data,
            self.timestamps.render(session.received),
            "Inbound",
            _set(session.comment),
            _set(session.contact_id),
            _set(session.subject),
            session.service_number,
            session.customer_number,
            session.carrier,
            _set(session.queue),
            _set(session.disposition),
            in_focus,
        )

    def session_of(self, session: Session, user: str, in_focus: bool) -> SessionShape | None:
        """A session as a GET by this user shows it; None when it is not his."""
        me = session.participation(user)
        if me is None:
            return None
        return self.session(session, level(me.kind), me.state, session.capabilities(user), in_focus)

    def participant(self, participant: Participant) -> ParticipantShape:
        """S§2.2."""
        shape = ParticipantShape(
            participant.id, participant.id, participant.nickname, participant.type, participant.visibility
        )
        if participant.user is not None:
            shape.path = f"/users/{participant.user}"
            shape.uri = self.base + shape.path
        return shape

    def message(self, message: Message) -> MessageShape:
        """S§2.4."""
        return MessageShape(
            message.index,
            message.type,
            self.participant(message.author),
            message.visibility,
            self.timestamps.render(message.at),
            message.at,
            _set(message.text),
            _set(message.url),
            _set(message.notice),
            self._delivery(message.delivery) if message.delivery else UNSET,
            _set(message.carrier),
            True if message.incomplete else UNSET,
        )

    def _delivery(self, delivery: Delivery) -> DeliveryShape:
        updated = self.timestamps.render(delivery.updated)
        return DeliveryShape(delivery.state, delivery.parts, updated, _set(delivery.error))

    def channel(self, agent: Agent) -> dict[str, Any]:
        """The SMS channel as in `/v2/me/channels` and `subresources=channels` (C§2.4)."""
        shape: dict[str, Any] = {"channel": "smssession", "userState": user_state(agent)}
        if agent.logged_in:
            shape["dndState"] = "On" if agent.do_not_disturb else "Off"
        return shape

    def user(self, user: User, contact_center_id: str) -> dict[str, Any]:
        """C§3.1."""
        path = f"/users/{user.id}"
        return {
            "id": user.id,
            "userName": user.user_name,
            "firstName": user.first_name,
            "lastName": user.last_name,
            "emailAddress": user.email,
            "roles": list(user.roles),
            "enabled": user.enabled,
            "changePasswordOnFirstLogin": user.change_password,
            "contactCenterId": contact_center_id,
            "uri": self.base + path,
            "path": path,
        }


def user_state(agent: Agent) -> dict[str, str]:
    """C§3.4: the state of a logged-out channel is called LoggedOut here."""
    return agent_state(agent.state) | {"state": agent.readiness}


def agent_state(state: AgentState) -> dict[str, str]:
    """The parts that an agent state and a `userState` have in common."""
    shape = {"id": state.id, "displayName": state.display_name}
    if state.work_mode:
        shape["workMode"] = state.work_mode
    if state.reason:
        shape["reason"] = state.reason
    return shape


def _set(value: str | None) -> str | UnsetType:
    return UNSET if value is None else value


def mapping(shape: Struct) -> dict[str, Any]:
    """A shape under its documented names, without what is not set; for `fields` and filters."""
    names = _NAMES.get(type(shape))
    if names is None:
        names = _NAMES[type(shape)] = [(f.name, f.encode_name) for f in fields(shape)]
    return {wire: value for name, wire in names if (value := getattr(shape, name)) is not UNSET}


_NAMES: dict[type[Struct], list[tuple[str, str]]] = {}

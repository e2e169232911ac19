"""Facts of the outbox: what happened, frozen with everything a notification needs (SPEC 8.6).

A notification is a pure function of a fact and the transcript entries it names, never of today's state.
"""

from typing import Any, Literal

from msgspec import Struct

from smsdesk.core.agent import Agent
from smsdesk.core.session import Session
from smsdesk.core.states import Kind, State, Visibility

TellKind = Literal["status", "participants", "properties", "messages", "updated", "error", "channels", "data"]


class Tell(Struct, frozen=True, omit_defaults=True, array_like=True):
    """One notification a viewer is due. `first`..`last` are transcript indices; `bare` leaves the
    participants out (Accept).
    """

    kind: TellKind
    reference: int | None = None
    first: int = 0
    last: int = 0
    bare: bool = False
    error: str | None = None


class Told(Struct, frozen=True, omit_defaults=True):
    """One viewer of a fact, as he stood right after it: level of sight, state, capabilities, and what he is
    told, in order.
    """

    user: str
    tell: tuple[Tell, ...]
    sight: Visibility = "Agents"
    state: State | None = None
    kind: Kind | None = None
    capabilities: tuple[str, ...] = ()
    in_focus: bool = False


class Fact(Struct, frozen=True, omit_defaults=True):
    """An event in the past tense with its audience. `session` or `agent` is the aggregate after the change,
    without transcript. `topic` and `data`: an answer that is neither, as it is to be notified (SPEC 4.5).
    """

    event: str
    at: int
    audience: tuple[Told, ...]
    actor: str | None = None
    session: Session | None = None
    agent: Agent | None = None
    topic: str | None = None
    data: dict[str, Any] | None = None
    v: int = 1

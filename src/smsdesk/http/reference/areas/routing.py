"""Routing, explained, as structs: only to be described."""

from msgspec import Struct

from smsdesk.core.interaction import Place
from smsdesk.core.strategy import Order
from smsdesk.http.reference.replies import Created, Done
from smsdesk.routing.explain import Rule


class RoutingPhase(Struct, rename="camel"):
    """Where a session is in the strategy of its queue."""

    step: int
    last_agent: bool
    targets: list[str]
    order: Order


class RoutingVerdict(Struct, rename="camel"):
    """Whether an agent would be offered a session, and if not, why."""

    user_name: str
    would_be_offered: bool
    rule: Rule
    words: str
    sessions: int
    capacity: int
    user_uri: str
    user_path: str


class RoutingStep(Struct):
    """Something that routing did."""

    time: str
    words: str


class Routing(Struct, rename="camel"):
    """Why a session goes to somebody or to nobody now."""

    id: str
    place: Place
    queue: str
    strategy: str | None
    arrived: str
    priority: float
    position: int | None
    open: bool
    phase: RoutingPhase | None
    next_phase: str | None
    agents: list[RoutingVerdict]
    other_agents: int
    trace: list[RoutingStep]
    uri: str
    path: str


class ExplainedRouting(Done):
    """The explanation."""

    routing: Routing


class Pulled(Created):
    """Which session was taken."""


ROUTING: tuple[type[Struct], ...] = (ExplainedRouting, Pulled)

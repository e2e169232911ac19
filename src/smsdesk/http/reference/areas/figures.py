"""Services and statistics, as structs: only to be described."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from smsdesk.http.reference.replies import Done, Uris


class Service(Struct):
    """Something that stands behind the API."""

    id: str
    name: str
    type: Literal["Provisioning", "MultiMediaState", "MultiMediaContent", "Reporting", "Carrier"]
    state: Literal["Active", "Inactive"]
    uri: str
    path: str


class Services(Done):
    """All services: full with `fields`, else their addresses."""

    services: list[Service] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class OneService(Done):
    """One service."""

    service: Service


class QueueFigures(Struct, rename="camel"):
    """A queue in numbers."""

    id: str
    name: str
    day: str
    waiting: int
    offering: int
    longest_wait: int
    estimated_wait: int | None
    in_conversation: int
    in_wrap_up: int
    agents_ready: int
    agents_not_ready: int
    entered: int
    returned: int
    offered: int
    accepted: int
    resumed: int
    rejected: int
    missed: int
    withdrawn: int
    abandoned: int
    diverted: int
    within_objective: int
    average_speed_of_accept: float | None
    longest_speed_of_accept: int
    accepted_percent: float | None
    within_objective_percent: float | None
    texts_in: int
    texts_out: int
    segments: int
    delivery_failures: int
    uri: str
    path: str


class AgentFigures(Struct, rename="camel"):
    """An agent in numbers."""

    id: str
    user_name: str
    first_name: str
    last_name: str
    day: str
    state: Literal["Ready", "NotReady", "LoggedOut"]
    state_name: str
    do_not_disturb: bool
    time_in_state: int | None
    sessions: int
    invited: int
    chatting: int
    in_wrap_up: int
    offered: int
    accepted: int
    rejected: int
    missed: int
    withdrawn: int
    handled: int
    handle_time: int
    average_handle_time: float | None
    time_in_states: dict[str, int]
    texts_out: int
    segments: int
    delivery_failures: int
    uri: str
    path: str


class QueueStatistics(Done):
    """Queues: full with `fields`, else their addresses."""

    queues: list[QueueFigures] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class OneQueueStatistics(Done):
    """One queue."""

    queue: QueueFigures


class AgentStatistics(Done):
    """Agents: full with `fields`, else their addresses."""

    agents: list[AgentFigures] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET


class OneAgentStatistics(Done):
    """One agent."""

    agent: AgentFigures


class OlderStatistic(Struct):
    """A figure at a moment, in milliseconds since 1970."""

    statistic: str
    value: float
    time: int


class OlderStatistics(Done, rename="camel"):
    """Figures in the older shape."""

    object_id: str
    statistics: list[OlderStatistic]


class ServiceStateChange(Struct, rename="camel"):
    """What is told about services."""

    message_type: Literal["ServiceStateChangeMessage"]
    notification_type: Literal["ServiceStateChange"]
    services: list[Service]


class StatisticsChange(Struct, rename="camel"):
    """What is told about figures."""

    message_type: Literal["StatisticsMessage"]
    notification_type: Literal["StatisticsUpdated"]
    queues: list[QueueFigures]
    agents: list[AgentFigures]


FIGURES: tuple[type[Struct], ...] = (
    *(Services, OneService, QueueStatistics, OneQueueStatistics, AgentStatistics, OneAgentStatistics),
    *(OlderStatistics, ServiceStateChange, StatisticsChange),
)

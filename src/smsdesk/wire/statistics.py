"""Figures of queues and agents as they are read and notified [ext]: what stands now and what was counted
today in one flat object (A§5.3). Knows no clock; the definitions are in docs/reference/statistics.md.
"""

from collections.abc import Mapping
from typing import Any

from smsdesk.core.agent import Agent
from smsdesk.core.board import QueueNow
from smsdesk.core.centre import Queue, User
from smsdesk.core.states import State
from smsdesk.core.tallies import TIME_IN, Counts, Day

TOPIC = "/v2/statistics"
MESSAGE_TYPE, NOTIFICATION_TYPE = "StatisticsMessage", "StatisticsUpdated"
PATH = "/statistics"
_OF_QUEUE = ("entered", "returned", "offered", "accepted", "resumed", "rejected", "missed", "withdrawn")
_OF_QUEUE_TOO = ("abandoned", "diverted", "withinObjective")
_OF_AGENT = ("offered", "accepted", "rejected", "missed", "withdrawn", "handled")
_TEXTS = ("textsOut", "segments", "deliveryFailures")
# Names of the older statistics API (C§6.2) and of Stat Server (A§5.2) -> ours.
OLDER = {
    "numAnsweredCalls": "accepted",
    "AverageHandlingTime": "averageHandleTime",
    "CurrNumberWaitingCalls": "waiting",
    "CurrMaxCallWaitingTime": "longestWait",
}
Shape = dict[str, Any]


def of_queue(queue: Queue, how: QueueNow, counts: Counts, day: Day, now: int, base: str) -> Shape:
    """The figures of one queue; times in seconds. What cannot be divided is null."""
    path = f"{PATH}/queues/{queue.id}"
    entered, accepted = counts.get("entered", 0), counts.get("accepted", 0)
    within = counts.get("withinObjective", 0)
    return {
        "id": queue.id,
        "name": queue.name,
        "day": day.name,
        "waiting": how.waiting,
        "offering": how.offered,
        "longestWait": seconds(now - how.oldest) if how.oldest is not None else 0,
        "estimatedWait": _estimate(how, counts),
        "inConversation": how.in_conversation,
        "inWrapUp": how.in_wrap_up,
        "agentsReady": how.ready,
        "agentsNotReady": how.not_ready,
        **{name: counts.get(name, 0) for name in (*_OF_QUEUE, *_OF_QUEUE_TOO)},
        "averageSpeedOfAccept": _average(counts.get("acceptTime", 0), accepted),
        "longestSpeedOfAccept": seconds(counts.get("longestAccept", 0)),
        "acceptedPercent": _percent(accepted, entered),
        "withinObjectivePercent": _percent(within, entered),
        "textsIn": counts.get("textsIn", 0),
        **{name: counts.get(name, 0) for name in _TEXTS},
        "uri": base + path,
        "path": path,
    }


def of_agent(
    user: User,
    agent: Agent,
    desk: Mapping[State, int],
    counts: Counts,
    day: Day,
    now: int,
    base: str,
) -> Shape:
    """The figures of one agent; times in seconds. `timeInStates` counts the state that goes on up to now."""
    path = f"{PATH}/agents/{user.id}"
    spent = {name.removeprefix(TIME_IN): n for name, n in counts.items() if name.startswith(TIME_IN)}
    if agent.logged_in:
        state = agent.state.operation
        spent[state] = spent.get(state, 0) + max(now - max(agent.since, day.begin), 0)
    return {
        "id": user.id,
        "userName": user.user_name,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "day": day.name,
        "state": agent.readiness,
        "stateName": agent.state.display_name,
        "doNotDisturb": agent.do_not_disturb,
        "timeInState": seconds(now - agent.since) if agent.since else None,
        "sessions": sum(desk.values()),
        "invited": desk.get("Invited", 0),
        "chatting": desk.get("Chatting", 0),
        "inWrapUp": desk.get("LeftChat", 0),
        **{name: counts.get(name, 0) for name in _OF_AGENT},
        "handleTime": seconds(counts.get("handleTime", 0)),
        "averageHandleTime": _average(counts.get("handleTime", 0), counts.get("handled", 0)),
        "timeInStates": {name: seconds(spent[name]) for name in sorted(spent)},
        **{name: counts.get(name, 0) for name in _TEXTS},
        "uri": base + path,
        "path": path,
    }


def updated(queues: list[Shape], agents: list[Shape]) -> Shape:
    """The notification: the figures of what has changed, whole."""
    return {
        "messageType": MESSAGE_TYPE,
        "notificationType": NOTIFICATION_TYPE,
        "queues": queues,
        "agents": agents,
    }


def older(figures: Shape, now: int, name: str | None = None) -> list[Shape]:
    """The shape of the older statistics API (C§6.2): every figure that is a number, or the one of this name;
    none when there is no such figure. `now` in UTC milliseconds.
    """
    numbers = {key: value for key, value in figures.items() if type(value) in (int, float)}
    if name is not None:
        value = numbers.get(OLDER.get(name, name))
        numbers = {} if value is None else {name: value}
    return [{"statistic": key, "value": value, "time": now} for key, value in numbers.items()]


def _estimate(how: QueueNow, counts: Counts) -> int | None:
    """How long somebody will wait who comes now: nobody in front and somebody ready, no time; else as many
    intervals between accepts as wait with him. None before there is such an interval.
    """
    if how.ready and not how.waiting:
        return 0
    interval = counts.get("acceptInterval")
    return None if interval is None else seconds((how.waiting + 1) * interval)


def seconds(milliseconds: int) -> int:
    """Whole seconds that have passed."""
    return max(milliseconds, 0) // 1000


def _average(milliseconds: int, count: int) -> float | None:
    return round(milliseconds / count / 1000, 1) if count else None


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None

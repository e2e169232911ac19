"""Alarms are raised and ended (SPEC 5.3): each with what webhooks are told, in the same commit."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from smsdesk.core.alarms import Alarm, Raise
from smsdesk.core.draft import Draft
from smsdesk.core.lists import ALARMS
from smsdesk.operations.webhooks import tell

Shape = Callable[[Alarm], dict[str, Any]]


def raise_alarm(draft: Draft, what: Raise, shape: Shape) -> Alarm:
    """Keep a new alarm. `shape`: as others are told of it."""
    stand = what.stand
    since = stand.since if stand.since is not None else draft.now
    alarm = Alarm(
        draft.ids.interaction(),
        what.kind,
        stand.queue,
        stand.name,
        draft.now,
        since,
        stand.waiting,
        what.limit,
    )
    draft.list(ALARMS, draft.now, alarm.id)
    return _keep(draft, alarm, shape)


def end_alarm(draft: Draft, alarm: Alarm, shape: Shape) -> Alarm:
    """An alarm is over."""
    return _keep(draft, replace(alarm, ended=draft.now), shape)


def _keep(draft: Draft, alarm: Alarm, shape: Shape) -> Alarm:
    draft.put("alarm", alarm.id, alarm)
    tell(draft, "alarm", {"alarm": shape(alarm)})
    return alarm

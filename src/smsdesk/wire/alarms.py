"""Alarms, webhooks' deliveries and what is told of both, as others read them [ext]. Knows no clock."""

from typing import Any

from smsdesk.core.alarms import SECOND, Alarm, words
from smsdesk.core.webhooks import Delivery
from smsdesk.wire.resources import Resources

TOPIC = "/v2/alarms"
MESSAGE_TYPE, NOTIFICATION_TYPE = "AlarmMessage", "AlarmChange"
Shape = dict[str, Any]


def shape(alarm: Alarm, resources: Resources) -> Shape:
    """As it is read."""
    render, base = resources.timestamps.render, resources.base
    path = f"/alarms/{alarm.id}"
    shown: Shape = {
        "id": alarm.id,
        "type": alarm.kind,
        "state": "ended" if alarm.ended else "open",
        "queue": alarm.queue_name,
        "queueUri": f"{base}/queues/{alarm.queue}",
        "raised": render(alarm.raised),
        "waitingSince": render(alarm.since),
        "waiting": alarm.waiting,
        "limitSeconds": alarm.limit // SECOND,
        "words": words(alarm),
        "uri": base + path,
        "path": path,
    }
    return shown | ({"ended": render(alarm.ended)} if alarm.ended else {})


def changed(alarm: Shape) -> Shape:
    """The notification: an alarm was raised or is over."""
    return {"messageType": MESSAGE_TYPE, "notificationType": NOTIFICATION_TYPE, "alarm": alarm}


def delivery(one: Delivery, resources: Resources) -> Shape:
    """A delivery as it is read."""
    render = resources.timestamps.render
    path = f"/webhooks/{one.webhook}/deliveries/{one.id}"
    shown: Shape = {
        "id": one.id,
        "event": one.event,
        "state": one.state,
        "made": render(one.made),
        "attempts": one.attempts,
        "status": one.status,
        "words": one.words,
        "body": one.body,
        "uri": resources.base + path,
        "path": path,
    }
    if one.tried:
        shown["tried"] = render(one.tried)
    if one.state == "waiting":
        shown["next"] = render(one.due)
    return shown

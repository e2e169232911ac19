"""Alarms and webhooks, as structs: only to be described."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from smsdesk.core.alarms import AlarmKind
from smsdesk.core.webhooks import DeliveryState, EventName
from smsdesk.http.reference.areas.provisioning import Collection
from smsdesk.http.reference.replies import Created, Done
from smsdesk.operations.provisioning.webhooks import WebhookBody
from smsdesk.operations.webhooks import Redeliver, Test

Optional = str | UnsetType


class Alarm(Struct, rename="camel"):
    """Something that is, or was, wrong in a queue."""

    id: str
    type: AlarmKind
    state: Literal["open", "ended"]
    queue: str
    queue_uri: str
    raised: str
    waiting_since: str
    waiting: int
    limit_seconds: int
    words: str
    uri: str
    path: str
    ended: Optional = UNSET


class Alarms(Done):
    """A page of alarms."""

    alarms: list[Alarm]
    more: bool


class OneAlarm(Done):
    """One alarm."""

    alarm: Alarm


class AlarmChange(Struct, rename="camel"):
    """What is told about an alarm."""

    message_type: Literal["AlarmMessage"]
    notification_type: Literal["AlarmChange"]
    alarm: Alarm


class Webhook(Struct):
    """An address that is told of events. Fields that have their defaults are left out."""

    id: str
    name: str
    url: str
    uri: str
    path: str
    events: list[EventName] | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class AllWebhooks(Collection):
    """Webhooks: full with `fields`, else their addresses."""

    webhooks: list[Webhook] | UnsetType = UNSET


class OneWebhook(Done):
    """One webhook."""

    webhook: Webhook


class CreatedWebhook(Created):
    """Where the webhook is, and its secret where none was given."""

    secret: Optional = UNSET


class CreatedDelivery(Created):
    """Where the delivery is."""


class WebhookDelivery(Struct):
    """A message to a webhook, and what became of it."""

    id: str
    event: str
    state: DeliveryState
    made: str
    attempts: int
    status: int | None
    words: str
    body: str
    uri: str
    path: str
    tried: Optional = UNSET
    next: Optional = UNSET


class Deliveries(Done):
    """A page of deliveries."""

    deliveries: list[WebhookDelivery]
    more: bool


class OneDelivery(Done):
    """One delivery."""

    delivery: WebhookDelivery


ALARMS: tuple[type[Struct], ...] = (
    *(Alarms, OneAlarm, AlarmChange, AllWebhooks, OneWebhook, CreatedWebhook),
    *(CreatedDelivery, Deliveries, OneDelivery, WebhookBody, Test, Redeliver),
)

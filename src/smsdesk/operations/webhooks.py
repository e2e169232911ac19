"""Deliveries to webhooks [ext]: made in the commit of what they tell, and what becomes of them."""

from typing import Any

import msgspec
from msgspec.structs import replace

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.core.webhooks import Delivery, Outcome, Webhook, after, webhook_list
from smsdesk.operations.base import Operation


class Test(Operation, frozen=True, tag="Test"):
    """Send something without a meaning, to see whether it arrives."""


class Redeliver(Operation, frozen=True, tag="Redeliver"):
    """Send a delivery that is over once more, under the id it had."""


def webhook_of(draft: Draft, id: str) -> Webhook:
    """A webhook. Raises Refused 6."""
    found = draft.centre.records.get("webhook", {}).get(id)
    if not isinstance(found, Webhook):
        raise unknown("the webhook")
    return found


def tell(draft: Draft, event: str, what: dict[str, Any]) -> None:
    """Have every webhook that wants to know of an event told of it."""
    for webhook in draft.centre.records.get("webhook", {}).values():
        if webhook.enabled and event in webhook.events:
            deliver(draft, webhook, event, what)


def deliver(draft: Draft, webhook: Webhook, event: str, what: dict[str, Any]) -> Delivery:
    """Make a delivery. `what`: the body beside its id, event and time."""
    id = draft.ids.interaction()
    body = msgspec.json.encode({"id": id, "event": event, "webhook": webhook.name} | what).decode()
    made = Delivery(id, webhook.id, event, body, draft.now, draft.now)
    draft.put("delivery", id, made)
    draft.list(webhook_list(webhook.id), draft.now, id)
    return made


def test_webhook(draft: Draft, id: str, what: dict[str, Any]) -> Delivery:
    """Make a delivery that only tests. Raises Refused 6, and 2 for a webhook that is switched off."""
    return deliver(draft, _enabled(webhook_of(draft, id)), "test", what)


def redeliver(draft: Draft, webhook: str, id: str) -> None:
    """Begin a delivery anew. Raises Refused 6, and 2 for one that is on its way, or a webhook that is off."""
    of = webhook_of(draft, webhook)
    delivery = draft.get("delivery", id)
    if not isinstance(delivery, Delivery) or delivery.webhook != webhook:
        raise unknown("the delivery")
    if delivery.state == "waiting":
        raise Refused(Fault.STATE, "the delivery is on its way already")
    _enabled(of)
    draft.put("delivery", id, replace(delivery, state="waiting", attempts=0, due=draft.now))


def record_try(draft: Draft, id: str, outcome: Outcome) -> None:
    """Write down what came of a try."""
    delivery = draft.get("delivery", id)
    if isinstance(delivery, Delivery) and delivery.state == "waiting":
        draft.put("delivery", id, after(delivery, outcome, draft.now))


def _enabled(webhook: Webhook) -> Webhook:
    if not webhook.enabled:
        raise Refused(Fault.STATE, f"the webhook {webhook.name!r} is switched off: set enabled to true first")
    return webhook

"""Webhooks: addresses that are told of alarms [ext]."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from smsdesk.core.errors import invalid
from smsdesk.core.webhooks import EventName, Webhook
from smsdesk.operations.base import check_text
from smsdesk.operations.provisioning.kind import Body, ProvisionedKind, View, check_name

LONGEST_URL = 2000
_SHAPE = "has to be an http or https URL such as https://example.com/alarms"
SHORTEST_SECRET, LONGEST_SECRET = 16, 256


class WebhookBody(Body, frozen=True):
    """A webhook. `secret` is written only; where it is left out one is made."""

    name: str
    url: str
    secret: str | None = None
    events: tuple[EventName, ...] = ("alarm",)
    enabled: bool = True

    def check(self) -> None:
        check_name("name", self.name)
        check_text("url", self.url, LONGEST_URL)
        check_url(self.url)
        check_text("secret", self.secret, LONGEST_SECRET, SHORTEST_SECRET)


def check_url(url: str) -> None:
    """Raises Refused 10 for what is no http or https URL with a host, or holds a name and password."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise invalid("url", _SHAPE) from None
    if not fine or not url.isascii() or not url.isprintable() or " " in url:
        raise invalid("url", _SHAPE)
    if "@" in parts.netloc:
        raise invalid("url", "may not hold a name and password; what arrives is proved by its signature")


class Webhooks(ProvisionedKind[Webhook, WebhookBody]):
    """The row of webhooks."""

    plural: ClassVar[str] = "webhooks"
    singular: ClassVar[str] = "webhook"
    kind: ClassVar[str] = "webhook"
    administered: ClassVar[bool] = True
    body = WebhookBody

    def show(self, record: Webhook, view: View) -> WebhookBody:
        return WebhookBody(record.name, record.url, None, record.events, record.enabled)

    def make(self, body: WebhookBody, id: str, old: Webhook | None, view: View) -> Webhook:
        kept = old.secret if old is not None else view.surroundings.new_secret()
        events = tuple(dict.fromkeys(body.events))
        return Webhook(id, body.name, body.url, body.secret or kept, events, body.enabled)

    def told_once(self, record: Webhook, body: WebhookBody) -> dict[str, Any]:
        return {} if body.secret is not None else {"secret": record.secret}

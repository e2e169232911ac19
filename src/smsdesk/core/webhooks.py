"""Webhooks: addresses of others that are told of what happened, and the deliveries on their way there [ext].
Pure rules: what is signed, what an answer means, when the next try is due.
"""

import hmac
from typing import Literal

import msgspec
from msgspec import Struct

EventName = Literal["alarm"]
DeliveryState = Literal["waiting", "delivered", "failed"]
SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000  # milliseconds
# Milliseconds from each try to the next: ten tries within a day.
WAITS = (
    *(10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE),
    *(HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR),
)
MOST_TRIES = len(WAITS) + 1
TRY_AGAIN = frozenset({408, 429})  # though they are 4xx
LONGEST_WORDS = 200


class Webhook(Struct, frozen=True, omit_defaults=True):
    """Where to tell what. The secret is for whoever has to know that it was us."""

    id: str
    name: str
    url: str
    secret: str
    events: tuple[EventName, ...] = ("alarm",)
    enabled: bool = True
    v: int = 1


class Delivery(Struct, frozen=True, omit_defaults=True):
    """A message to one webhook; `id` is the same in every try. `made`, `tried`, `due` in UTC milliseconds;
    `due`: when it is tried next, and when it is over the time from which on it may be forgotten. `status`:
    what was answered last, None when nothing was.
    """

    id: str
    webhook: str
    event: str
    body: str
    made: int
    due: int
    state: DeliveryState = "waiting"
    attempts: int = 0
    tried: int = 0
    status: int | None = None
    words: str = ""
    v: int = 1


class Outcome(Struct, frozen=True):
    """What came of a try. `status`: the answer's, None when there was none; `final`: trying again makes no
    sense.
    """

    status: int | None
    words: str
    final: bool = False


def webhook_list(webhook: str) -> str:
    """The list of a webhook's deliveries."""
    return f"webhook {webhook}"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `timestamp.body`, in hexadecimal digits."""
    return hmac.digest(secret.encode(), timestamp.encode() + b"." + body, "sha256").hex()


def headers(secret: str, delivery: Delivery, now: int) -> dict[str, str]:
    """What is sent beside the body. `now` in UTC milliseconds; the timestamp is in seconds."""
    timestamp = str(now // SECOND)
    return {
        "Content-Type": "application/json",
        "Smsdesk-Event": delivery.event,
        "Smsdesk-Delivery": delivery.id,
        "Smsdesk-Timestamp": timestamp,
        "Smsdesk-Signature": "sha256=" + signature(secret, timestamp, delivery.body.encode()),
    }


def answered(status: int, reason: str = "") -> Outcome:
    """What the status of an answer means: 2xx is done, most of 4xx will never be anything else."""
    if 300 <= status < 400:
        return Outcome(status, f"answered {status}; redirects are not followed")
    if 400 <= status < 500 and status not in TRY_AGAIN:
        return Outcome(status, f"answered {status}, which will not change: {reason}".rstrip(": "), final=True)
    return Outcome(status, f"answered {status} {reason}".rstrip())


def after(delivery: Delivery, outcome: Outcome, now: int) -> Delivery:
    """The delivery after one more try. `now` in UTC milliseconds."""
    attempts = delivery.attempts + 1
    state: DeliveryState = "waiting"
    due = now
    if outcome.status is not None and 200 <= outcome.status < 300:
        state = "delivered"
    elif outcome.final or attempts >= MOST_TRIES:
        state = "failed"
    else:
        due = now + WAITS[attempts - 1]
    return msgspec.structs.replace(
        delivery,
        state=state,
        attempts=attempts,
        tried=now,
        due=due,
        status=outcome.status,
        words=outcome.words[:LONGEST_WORDS],
    )

"""Records beside the aggregates: texts on their way, timers, what was seen, the audit log (SPEC 6.4, 8.3)."""

from typing import Literal

from msgspec import Struct

from smsdesk.core.message import Message


class OutgoingText(Struct, frozen=True, omit_defaults=True):
    """A text to be sent; `id` is session:index, `entry` its transcript entry as it stands.

    `attempt` counts tries begun, each committed before it is made (SPEC 6.4). `queued` in UTC milliseconds.
    """

    id: str
    session: str
    entry: Message
    carrier: str
    service_number: str
    customer_number: str
    queued: int
    state: Literal["queued", "trying", "sent", "failed"] = "queued"
    attempt: int = 0
    sent_parts: int = 0
    parts: int = 1
    carrier_ids: tuple[str, ...] = ()
    receipts: dict[str, str] = {}
    v: int = 1

    @property
    def words(self) -> str:
        """What the customer reads."""
        return self.entry.text or self.entry.url or ""


class SentText(Struct, frozen=True, omit_defaults=True):
    """Which text a carrier's id belongs to, for receipts; `id` is carrier and carrier id."""

    id: str
    text: str
    at: int
    v: int = 1


class Timer(Struct, frozen=True, omit_defaults=True):
    """Something that happens at `due` unless withdrawn. `session` names what it is about (for parts: those
    of a text), `user` for whom it rings.
    """

    id: str
    kind: Literal["ring", "idle", "wait", "parts", "handling"]
    session: str
    due: int
    user: str | None = None
    v: int = 1


class Part(Struct, frozen=True, omit_defaults=True):
    """Pieces of a long inbound text until all are there (SPEC 6.2); `texts` maps part number to text."""

    id: str
    carrier: str
    service_number: str
    customer_number: str
    reference: int
    parts: int
    texts: dict[str, str]
    first_at: int
    v: int = 1


class Seen(Struct, frozen=True, omit_defaults=True):
    """An inbound delivery that was kept, under its carrier and key, so that it is kept once (SPEC 6.2).

    `unproven`: it only guards an acknowledgement that may not have arrived. `text` is the id the text was
    given.
    """

    id: str
    carrier: str
    at: int
    text: str
    unproven: bool = False
    v: int = 1


class Audit(Struct, frozen=True, omit_defaults=True):
    """One line of the audit log; `at` in UTC milliseconds, `actor` None for the system. `address` of the
    peer, of logins; `count`: of that many that are alike and were written as one.
    """

    id: str
    at: int
    actor: str | None
    action: str
    subject: str
    session: str | None = None
    address: str | None = None
    count: int = 1
    v: int = 1

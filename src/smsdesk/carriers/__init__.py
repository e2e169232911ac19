"""The carrier port: how texts come in and go out. A carrier returns facts and never touches the store.

Adapters are one file per kind (`simulator`, `smpp`); they do not know each other, nor sessions or agents.
"""

from typing import Protocol

from msgspec import Struct


class TextReceived(Struct, frozen=True):
    """A text, or one part of one, came in. Numbers are as the carrier gave them ('+' and digits, or any
    sender id).

    `key` is what makes it this very delivery, unique per carrier (the carrier's message id, or a
    fingerprint with the bind and
    sequence number, SPEC 6.2); one seen before is dropped. `keep_key`: True for carriers that number
    their messages (kept for
    days), False where the key only guards an unproven acknowledgement (see `Gateway.proven`). `part` of
    `parts` with
    `reference` for a piece of a long text (1-based), else 1 of 1. `data_coding` and `sequence` feed the
    attached data.
    """

    carrier: str
    service_number: str
    customer_number: str
    text: str
    key: str
    keep_key: bool = True
    reference: int | None = None
    part: int = 1
    parts: int = 1
    data_coding: int = 0
    sequence: int = 0
    source_ton: int = 0
    source_npi: int = 0
    destination_ton: int = 0
    destination_npi: int = 0


class ReceiptReceived(Struct, frozen=True):
    """A delivery receipt for one part. `state`: Delivered, Failed, Expired, Unknown, Sent or Queued (SPEC
    6.3); `error` in words.
    """

    carrier: str
    carrier_id: str
    state: str
    error: str | None = None


class Outgoing(Struct, frozen=True):
    """A text to be sent. `id` is ours and stays the same when it is tried again; `sent_parts` were
    accepted in an earlier try.
    """

    id: str
    service_number: str
    customer_number: str
    text: str
    sent_parts: int = 0


class Submission(Struct, frozen=True):
    """What came of one try. `outcome`: "sent" (every part accepted), "later" (try again, nobody's fault),
    "refused" (for good),
    "unanswered" (whether the carrier has it is not known: the carrier's setting decides, SPEC 6.4).

    `carrier_ids` are the ids of the parts accepted in this try, in order. `error` says why not, in words.
    `wait` is how many
    milliseconds to leave the carrier alone where it said so (throttling).
    """

    outcome: str
    carrier_ids: tuple[str, ...] = ()
    parts: int = 1
    error: str | None = None
    wait: int | None = None


class NotAccepted(Exception):
    """The gateway could not keep the fact now (store down): tell the carrier to bring it again. Nothing
    was kept.
    """


class UnknownNumber(Exception):
    """No service number of ours; the fact is refused for good. The message names the number."""


class Gateway(Protocol):
    """What a carrier may ask of the house. Every call returns only after the commit."""

    async def received(self, fact: TextReceived) -> str:
        """Keep an inbound text; returns its id. Raises NotAccepted, UnknownNumber. A key seen before is
        kept once.
        """

    async def receipt(self, fact: ReceiptReceived) -> None:
        """Keep a receipt. Raises NotAccepted."""

    async def unproven(self, carrier: str) -> frozenset[str]:
        """Keys of inbound texts of this carrier that were kept but whose acknowledgement is not proven to
        have arrived.
        """

    async def proven(self, carrier: str, keys: tuple[str, ...]) -> None:
        """These acknowledgements have arrived (or were repeated): their keys need no longer be remembered."""


class Carrier(Protocol):
    """One connection to the world of phones."""

    name: str

    async def run(self, gateway: Gateway) -> None:
        """Connect, keep connected, hand facts to the gateway; runs until cancelled and never raises for a
        carrier's fault.
        """

    async def send(self, text: Outgoing) -> Submission:
        """Try once. Never raises for a carrier's fault; may take as long as the carrier's time limit."""

    @property
    def connected(self) -> bool:
        """Whether the carrier can be reached now, as far as one knows without a try (C§1.11)."""

    def ready(self) -> bool:
        """Whether a try makes sense now (bound, not told to wait)."""

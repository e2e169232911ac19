"""The simulator carrier: phones in memory, for demos and tests (SPEC 7.4). It accepts every text at once."""

import asyncio
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from smsdesk.carriers import Gateway, Outgoing, ReceiptReceived, Submission, TextReceived, UnknownNumber
from smsdesk.smpp.segments import split

KEEP = 10_000  # texts remembered per phone at most, over all phones
STATES = {
    "delivered": "Delivered",
    "failed": "Failed",
    "undeliverable": "Failed",
    "rejected": "Failed",
    "expired": "Expired",
    "unknown": "Unknown",
    "accepted": "Sent",
    "enroute": "Sent",
}


class PhoneMessage(Struct):
    """A text as the phone shows it; `in` is from the phone to us (SPEC 9.18). `at` in UTC milliseconds."""

    direction: Literal["in", "out"]
    text: str
    sender: str
    to: str
    at: int
    id: str
    parts: int


class Simulator:
    """A carrier without a network. Not kept over a restart: phones forget, the contact centre does not."""

    def __init__(self, name: str, clock: Callable[[], int], new_id: Callable[[], str]) -> None:
        self.name = name
        self._clock = clock
        self._new_id = new_id
        self._gateway: Gateway | None = None
        self._messages: dict[str, PhoneMessage] = {}

    async def run(self, gateway: Gateway) -> None:
        """Nothing to connect; stays until cancelled."""
        self.attach(gateway)
        await asyncio.Event().wait()

    def attach(self, gateway: Gateway) -> None:
        """Where texts from the phones go."""
        self._gateway = gateway

    @property
    def receipt_states(self) -> tuple[str, ...]:
        """The words that a receipt may say."""
        return tuple(STATES)

    @property
    def connected(self) -> bool:
        """Always: there is no network."""
        return True

    def ready(self) -> bool:
        """Always."""
        return True

    async def send(self, text: Outgoing) -> Submission:
        """The phone has it at once; the same text again changes nothing."""
        parts = len(split(text.text).parts)
        self._keep(
            PhoneMessage(
                "out", text.text, text.service_number, text.customer_number, self._clock(), text.id, parts
            )
        )
        return Submission("sent", (text.id,), parts)

    async def text(self, sender: str, to: str, words: str, id: str | None) -> str:
        """A phone sends a text. Returns its id. Raises UnknownNumber, NotAccepted."""
        if self._gateway is None:
            raise UnknownNumber("the simulator is not running")
        key = id or self._new_id()
        kept = await self._gateway.received(TextReceived(self.name, to, sender, words, key))
        if kept not in self._messages:
            parts = len(split(words).parts)
            self._keep(PhoneMessage("in", words, sender, to, self._clock(), kept, parts))
        return kept

    async def receipt(self, id: str, state: str) -> None:
        """A receipt for a text that was sent. Raises KeyError for an unknown state, NotAccepted."""
        if self._gateway is not None:
            await self._gateway.receipt(ReceiptReceived(self.name, id, STATES[state.lower()]))

    def messages(self, phone: str) -> list[PhoneMessage]:
        """What a phone sent and received, oldest first."""
        return [m for m in self._messages.values() if phone in (m.sender, m.to)]

    def forget(self) -> None:
        """Empty all phones."""
        self._messages.clear()

    def _keep(self, message: PhoneMessage) -> None:
        self._messages.setdefault(message.id, message)
        if len(self._messages) > KEEP:
            del self._messages[next(iter(self._messages))]

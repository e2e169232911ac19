"""What a session tells its owner: facts in the past tense, in the order they happened. Knows no bytes."""

from msgspec import Struct

from smsdesk.smpp.pdu import DeliverSm


class Bound(Struct, frozen=True):
    """The peer accepted the bind. `version`: its interface version, 0x34, where it tells (SMPP 5.3.2.25)."""

    system_id: str
    version: int | None


class BindRefused(Struct, frozen=True):
    """The peer refused the bind; `Closed` follows."""

    status: int
    words: str


class Submitted(Struct, frozen=True):
    """The peer took the message that `submit` numbered `sequence`, under an id of its own."""

    sequence: int
    message_id: str


class SubmitRefused(Struct, frozen=True):
    """The peer did not take it. `retryable`: the same message may succeed later."""

    sequence: int
    status: int
    words: str
    retryable: bool


class SubmitUnanswered(Struct, frozen=True):
    """Later submits were answered, this one was not in time: whether the peer took it, nobody knows."""

    sequence: int


class Delivered(Struct, frozen=True):
    """The peer hands over a message. It waits for `answer_delivery(number)`; the number is our own."""

    number: int
    pdu: DeliverSm


class DeliveryThrottled(Struct, frozen=True):
    """Too many deliveries wait for their answers; this one was told to come again (ESME_RTHROTTLED)."""

    sequence: int


class Proven(Struct, frozen=True):
    """The peer has received our answers to these deliveries; it will not hand them over again.

    Proof is an answer of the peer to a request that we sent after them: TCP keeps the order (SPEC 6.2).
    """

    numbers: tuple[int, ...]


class PeerUnbound(Struct, frozen=True):
    """The peer ended the session in good order; `Closed` follows."""


class ProtocolFault(Struct, frozen=True):
    """The peer sent what it must not, or kept silent. `fatal`: `Closed` follows; else the session goes on."""

    words: str
    fatal: bool


class Closed(Struct, frozen=True):
    """The last event of every session. `unanswered`: submits of which nobody knows what became."""

    words: str
    unanswered: tuple[int, ...]


Event = (
    Bound
    | BindRefused
    | Submitted
    | SubmitRefused
    | SubmitUnanswered
    | Delivered
    | DeliveryThrottled
    | Proven
    | PeerUnbound
    | ProtocolFault
    | Closed
)

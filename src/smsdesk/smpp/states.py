"""What a peer may ask in which state of a session, and what answers it: the machine's only tables.

SMPP 2.2 and 2.3. Absent means refused.
"""

from enum import Enum
from typing import Final

from smsdesk.smpp import pdu as p
from smsdesk.smpp.settings import Mode, SessionSettings


class State(Enum):
    """Where the session stands (SMPP 2.2). BOUND is any of the three binds: which, the settings say."""

    OPEN = "open"
    BINDING = "binding"
    BOUND = "bound"
    UNBINDING = "unbinding"
    CLOSED = "closed"


_ALWAYS: Final = frozenset((p.EnquireLink.command, p.Unbind.command))
_DELIVERS: Final = _ALWAYS | {p.DeliverSm.command}

REQUESTS: Final[dict[State, frozenset[int]]] = {
    State.OPEN: _ALWAYS,
    State.BINDING: _ALWAYS,
    State.BOUND: _DELIVERS,
    State.UNBINDING: _DELIVERS,
    State.CLOSED: frozenset(),
}
"""The requests a peer may make (SMPP 2.3); what is absent is refused. Answers may come when we asked."""

BINDS: Final[dict[Mode, type[p.Bind]]] = {
    "transceiver": p.BindTransceiver,
    "transmitter": p.BindTransmitter,
    "receiver": p.BindReceiver,
}

ANSWERS: Final[dict[int, type[p.Pdu]]] = {
    p.EnquireLink.command: p.EnquireLinkResponse,
    p.Unbind.command: p.UnbindResponse,
    p.DeliverSm.command: p.DeliverSmResponse,
}
"""What answers a request of the peer, also to refuse it; generic_nack answers every other (SMPP 4.3)."""


def bind_request(settings: SessionSettings) -> p.Bind:
    """The bind that these settings ask for (SMPP 4.1)."""
    return BINDS[settings.mode](
        system_id=settings.system_id,
        password=settings.password,
        system_type=settings.system_type,
        addr_ton=settings.address_ton,
        addr_npi=settings.address_npi,
        address_range=settings.address_range,
    )

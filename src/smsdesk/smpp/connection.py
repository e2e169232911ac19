"""One SMPP 3.4 session from the ESME's side: bytes and times in, events and bytes out.

SMPP 2.2-2.9. Does no I/O, has no clock, knows no texts. After every call that may have changed something,
send what `data_to_send` returns; call `tick` at `next_due`.
"""

from typing import Final

from msgspec import Struct

from smsdesk.smpp import events as e
from smsdesk.smpp import pdu as p
from smsdesk.smpp import status
from smsdesk.smpp.codec import PduError, decode, encode, take
from smsdesk.smpp.proofs import Proofs
from smsdesk.smpp.settings import SessionSettings
from smsdesk.smpp.states import ANSWERS, REQUESTS, State, bind_request

_LAST_SEQUENCE: Final = 0x7FFFFFFF


class NotBound(Exception):
    """The call does not fit the state of the session; nothing has changed."""


class _Asked(Struct, frozen=True, gc=False):
    """A request of ours without an answer yet: what, when, and what its answer will prove."""

    command: int
    name: str
    at: int
    mark: int


class Connection:
    """One session over one TCP connection, from connect to close."""

    def __init__(self, settings: SessionSettings) -> None:
        self.state = State.OPEN
        self._settings = settings
        self._received = bytearray()
        self._out: list[bytes] = []
        self._events: list[e.Event] = []
        self._sequence = 0
        self._asked: dict[int, _Asked] = {}
        self._submits = 0
        self._enquiring = False
        self._heard = 0
        self._submit_heard = 0
        self._deliveries: dict[int, int] = {}
        self._delivery = 0
        self._proofs = Proofs()

    # ---- what the owner does ----

    def bind(self, now: int) -> None:
        """Ask for the bind; `Bound` or `BindRefused` answers. Raises NotBound unless the session is fresh."""
        if self.state is not State.OPEN:
            raise NotBound(f"cannot bind: the session is {self.state.value}")
        self._ask(bind_request(self._settings), now)
        self.state = State.BINDING

    def submit(self, message: p.SubmitSm, now: int) -> int | None:
        """Send a message; its sequence number, or None while the window is full.

        `Submitted`, `SubmitRefused`, `SubmitUnanswered` or `Closed` will name the number.
        Raises NotBound, and ValueError when a field does not fit; nothing has changed then.
        """
        if self.state is not State.BOUND or self._settings.mode == "receiver":
            raise NotBound(f"cannot submit: the session is {self.state.value} as {self._settings.mode}")
        if self._submits >= self._settings.window:
            return None
        sequence = self._ask(message, now)
        self._submits += 1
        return sequence

    def answer_delivery(self, number: int, now: int, code: int = status.OK) -> bool:
        """Answer a `Delivered`; with OK only after it is safe. False: too late, the peer will deliver again.

        Raises LookupError for a number that is not waiting.
        """
        if self.state is State.CLOSED:
            return False
        sequence = self._deliveries.pop(number)
        self._answer(p.DeliverSmResponse(sequence=sequence, status=code))
        if code == status.OK:
            self._proofs.sent(number, now)
        return True

    def unbind(self, now: int) -> None:
        """End the session in good order; `Closed` follows. Raises NotBound unless bound."""
        if self.state is not State.BOUND:
            raise NotBound(f"cannot unbind: the session is {self.state.value}")
        self._ask(p.Unbind(), now)
        self.state = State.UNBINDING

    def data_to_send(self) -> bytes:
        """The bytes to write to the peer now; each is returned once."""
        data = b"".join(self._out)
        self._out.clear()
        return data

    @property
    def room(self) -> int:
        """How many submits fit into the window now."""
        return self._settings.window - self._submits if self.state is State.BOUND else 0

    # ---- what the world does ----

    def receive_data(self, data: bytes, now: int) -> list[e.Event]:
        """Bytes came from the peer. Never raises for what they are; after `Closed` they are ignored."""
        if self.state is not State.CLOSED:
            self._received += data
            self._heard = now
        while self.state is not State.CLOSED:
            try:
                frame = take(self._received)
                if frame is None:
                    break
                self._handle(decode(frame), now)
            except PduError as error:
                self._refuse(error)
        return self._told()

    def receive_eof(self) -> list[e.Event]:
        """The peer, or the network, ended the connection."""
        if self.state is not State.CLOSED:
            self._close("the connection ended" + (" inside a PDU" if self._received else ""))
        return self._told()

    def next_due(self) -> int | None:
        """When `tick` has something to do; None: nothing before another call changes something."""
        first = next(iter(self._asked.values()), None)  # all have the same time limit
        due = [] if first is None else [first.at + self._settings.answer_within]
        if self._may_enquire():
            due.append(self._enquire_due())
        return min(due, default=None)

    def tick(self, now: int) -> list[e.Event]:
        """Time has come to `now`: give up on what stayed unanswered, ask whether the peer is there."""
        limit = now - self._settings.answer_within
        for sequence in [number for number, asked in self._asked.items() if asked.at <= limit]:
            self._give_up(sequence)
        if self._may_enquire() and self._enquire_due() <= now:
            self._ask(p.EnquireLink(), now)
            self._enquiring = True
        return self._told()

    def _may_enquire(self) -> bool:
        return self.state is State.BOUND and not self._enquiring

    def _enquire_due(self) -> int:
        silent = self._heard + self._settings.enquire_after
        since = self._proofs.since
        return silent if since is None else min(silent, since + self._settings.prove_after)

    # ---- what follows from it ----

    def _told(self) -> list[e.Event]:
        events, self._events = self._events, []
        return events

    def _ask(self, request: p.Pdu, now: int) -> int:
        sequence = self._sequence % _LAST_SEQUENCE + 1
        self._out.append(encode(request, sequence))
        self._sequence = sequence
        self._asked[sequence] = _Asked(request.command, request.name, now, self._proofs.mark)
        return sequence

    def _answer(self, answer: p.Pdu) -> None:
        self._out.append(encode(answer))

    def _handle(self, pdu: p.Pdu, now: int) -> None:
        if pdu.command & p.RESPONSE:
            self._answered(pdu, now)
        elif pdu.command in REQUESTS[self.state]:
            self._asked_by_peer(pdu)
        else:
            known = pdu.command in ANSWERS
            code = status.WRONG_BIND_STATE if known else status.INVALID_COMMAND
            words = f"{pdu.name} does not fit a session that is {self.state.value}"
            self._refuse(PduError(words, code, command=pdu.command, sequence=pdu.sequence))

    def _refuse(self, error: PduError) -> None:
        """Say no to what cannot be read or may not come; answers are never answered (SMPP 4.3)."""
        if error.fatal or not error.command & p.RESPONSE:
            kind = p.GenericNack if error.fatal else ANSWERS.get(error.command, p.GenericNack)
            self._answer(kind(status=error.status, sequence=error.sequence))
        self._events.append(e.ProtocolFault(error.words, error.fatal))
        if error.fatal:
            self._close(error.words)

    def _asked_by_peer(self, pdu: p.Pdu) -> None:
        if isinstance(pdu, p.DeliverSm):
            self._deliver(pdu)
            return
        self._answer(ANSWERS[pdu.command](sequence=pdu.sequence))
        if pdu.command == p.Unbind.command:
            self._events.append(e.PeerUnbound())
            self._close("the peer unbound")

    def _deliver(self, pdu: p.DeliverSm) -> None:
        if self._settings.mode == "transmitter":
            words = "deliver_sm does not fit a session bound as transmitter"
            self._refuse(PduError(words, status.WRONG_BIND_STATE, command=pdu.command, sequence=pdu.sequence))
        elif len(self._deliveries) >= self._settings.inbound_window:
            self._answer(p.DeliverSmResponse(status=status.THROTTLED, sequence=pdu.sequence))
            self._events.append(e.DeliveryThrottled(pdu.sequence))
        else:
            self._delivery += 1
            self._deliveries[self._delivery] = pdu.sequence
            self._events.append(e.Delivered(self._delivery, pdu))

    def _answered(self, pdu: p.Pdu, now: int) -> None:
        asked = self._asked.get(pdu.sequence)
        nack = pdu.command == p.GenericNack.command
        if asked is None or not (nack or pdu.command == asked.command | p.RESPONSE):
            words = f"{pdu.name} {pdu.sequence} answers nothing that was asked: {status.words(pdu.status)}"
            self._events.append(e.ProtocolFault(words, False))
            return
        del self._asked[pdu.sequence]
        proven = self._proofs.prove(asked.mark, now)
        if proven:
            self._events.append(e.Proven(proven))
        if asked.command == p.SubmitSm.command:
            self._submit_heard = now
            self._submit_answered(pdu)
        elif asked.command == p.EnquireLink.command:
            self._enquiring = False  # a nack, too, is a sign of life
        elif asked.command == p.Unbind.command:
            self._close("unbound")
        else:
            self._bind_answered(pdu)

    def _submit_answered(self, pdu: p.Pdu) -> None:
        self._submits -= 1
        if isinstance(pdu, p.SubmitSmResponse) and pdu.status == status.OK:
            self._events.append(e.Submitted(pdu.sequence, pdu.message_id))
            return
        code = pdu.status or status.UNKNOWN_ERROR
        refused = e.SubmitRefused(pdu.sequence, code, status.words(code), status.is_retryable(code))
        self._events.append(refused)

    def _bind_answered(self, pdu: p.Pdu) -> None:
        if isinstance(pdu, p.BindResponse) and pdu.status == status.OK:
            self.state = State.BOUND
            version = pdu.tlv(p.SC_INTERFACE_VERSION)
            self._events.append(e.Bound(pdu.system_id, version[0] if version else None))
            return
        words = status.words(pdu.status or status.UNKNOWN_ERROR)
        self._events.append(e.BindRefused(pdu.status or status.UNKNOWN_ERROR, words))
        self._close(f"bind refused: {words}")

    def _give_up(self, sequence: int) -> None:
        """No answer in time: the peer is gone, unless it answers later submits; then this one is in doubt."""
        asked = self._asked.get(sequence)
        if asked is None:
            return
        if asked.command == p.SubmitSm.command and self._submit_heard > asked.at:
            del self._asked[sequence]
            self._submits -= 1
            self._events.append(e.SubmitUnanswered(sequence))
            return
        words = f"no answer to {asked.name} within {self._settings.answer_within} ms"
        self._events.append(e.ProtocolFault(words, True))
        self._close(words)

    def _close(self, words: str) -> None:
        submit = p.SubmitSm.command
        unanswered = tuple(number for number, asked in self._asked.items() if asked.command == submit)
        self.state = State.CLOSED
        self._asked.clear()
        self._deliveries.clear()
        self._received.clear()
        self._submits = 0
        self._events.append(e.Closed(words, unanswered))

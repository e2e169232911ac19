"""One TCP connection with an SMPP session on it: the asyncio shell of `smpp.connection`, which decides.

Knows nothing of texts and gateways.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, cast

from smsdesk.smpp import events as e
from smsdesk.smpp import pdu as p
from smsdesk.smpp.connection import Connection
from smsdesk.smpp.settings import SessionSettings
from smsdesk.smpp.states import State

Outcome = e.Submitted | e.SubmitRefused | None
"""What became of a submit; None: nobody knows."""

_LINGER: Final = 1.0  # seconds that the last bytes have to leave before the connection is cut


class Link(asyncio.Protocol):
    """Binds when connected. `on_event` is told all but what became of submits; `closed` says why it ended."""

    def __init__(self, settings: SessionSettings, on_event: Callable[[e.Event], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._session = Connection(settings)
        self._on_event = on_event
        self._transport: asyncio.Transport | None = None
        self._outcomes: dict[int, asyncio.Future[Outcome]] = {}
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._settling = False
        self.closed: asyncio.Future[str] = self._loop.create_future()

    @property
    def bound(self) -> bool:
        return self._session.state is State.BOUND

    # ---- what the owner does ----

    async def submit(self, message: p.SubmitSm) -> Outcome:
        """Send a message as soon as the window has room; returns when its outcome is known, or never will be.

        Raises NotBound (nothing was sent), and ValueError when a field does not fit.
        """
        while (sequence := self._session.submit(message, self._now())) is None:
            await self._room()
        outcome: asyncio.Future[Outcome] = self._loop.create_future()
        self._outcomes[sequence] = outcome
        self._settle_soon()
        return await outcome

    def answer(self, number: int, status: int) -> bool:
        """Answer a delivery; False: too late, the peer will deliver it again."""
        answered = self._session.answer_delivery(number, self._now(), status)
        self._settle_soon()
        return answered

    async def leave(self, within: int) -> None:
        """End the session in good order, or cut it after `within` milliseconds."""
        if self.bound:
            self._session.unbind(self._now())
            self._settle()
            await asyncio.wait({self.closed}, timeout=within / 1000)
        if self._transport is not None:
            self._transport.abort()

    # ---- what the network does ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._session.bind(self._now())
        self._settle()

    def data_received(self, data: bytes) -> None:
        self._tell(self._session.receive_data(data, self._now()))

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._tell(self._session.receive_eof())

    def pause_writing(self) -> None:
        """A peer that does not read our answers gets no more of its requests read."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    # ---- what follows from it ----

    def _now(self) -> int:
        """Milliseconds that no clock change moves."""
        return int(self._loop.time() * 1000)

    def _tell(self, events: list[e.Event]) -> None:
        for event in events:
            if isinstance(event, e.Submitted | e.SubmitRefused):
                self._resolve(event.sequence, event)
            elif isinstance(event, e.SubmitUnanswered):
                self._resolve(event.sequence, None)
            elif isinstance(event, e.Closed):
                self._end(event)
            else:
                self._on_event(event)
        self._wake(self._session.room)
        self._settle()

    def _resolve(self, sequence: int, outcome: Outcome) -> None:
        future = self._outcomes.pop(sequence, None)
        if future is not None and not future.done():
            future.set_result(outcome)

    def _end(self, event: e.Closed) -> None:
        for sequence in event.unanswered:
            self._resolve(sequence, None)
        self._wake(len(self._waiting))
        if self._timer is not None:
            self._timer.cancel()
        self.closed.set_result(event.words)

    async def _room(self) -> None:
        waiter: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            self._wake(1)  # the room was for somebody
            raise

    def _wake(self, count: int) -> None:
        while count > 0 and self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                count -= 1

    def _settle_soon(self) -> None:
        """What many do in one turn of the loop leaves in one write."""
        if not self._settling:
            self._settling = True
            self._loop.call_soon(self._settle)

    def _settle(self) -> None:
        self._settling = False
        data = self._session.data_to_send()
        if self._transport is None or self._transport.is_closing():
            return
        if data:
            self._transport.write(data)
        if self.closed.done():
            self._transport.close()
            self._loop.call_later(_LINGER, self._transport.abort)
        else:
            self._arm()

    def _arm(self) -> None:
        """A timer that rings too early finds nothing to do; only an earlier time needs a new one."""
        due = self._session.next_due()
        if due is None or (self._timer is not None and self._timer.when() * 1000 <= due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(due / 1000, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._tell(self._session.tick(self._now()))

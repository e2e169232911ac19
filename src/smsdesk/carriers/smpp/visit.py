"""One stay with a carrier: connect, bind, take what is delivered, until the connection ends or we leave.

Knows nothing of reconnecting and of sending.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable

import structlog

from smsdesk.carriers import Gateway
from smsdesk.carriers.smpp.deliveries import Deliveries
from smsdesk.carriers.smpp.link import Link
from smsdesk.carriers.smpp.settings import SmppCarrierSettings
from smsdesk.smpp import events as e


class Visit:
    """See `Deliveries` for `recorded`, `bind` and `unproven`."""

    def __init__(
        self,
        settings: SmppCarrierSettings,
        gateway: Gateway,
        recorded: Callable[[str], Awaitable[None]],
        bind: str,
        unproven: Iterable[str],
    ) -> None:
        self._settings = settings
        self._log = structlog.get_logger("smpp").bind(carrier=settings.name)
        self.link = Link(settings.session, self._on_event)
        self._deliveries = Deliveries(settings, gateway, self.link.answer, recorded, bind, unproven)
        self._bound_at: float | None = None
        self._repeats_over: asyncio.TimerHandle | None = None

    async def stay(self) -> float:
        """From connect to close; returns for how many seconds it was bound.

        Never raises for the carrier's fault. Cancelled, it finishes what was taken and unbinds first.
        """
        loop = asyncio.get_running_loop()
        if not await self._connect(loop):
            return 0.0
        try:
            await asyncio.wait({self.link.closed})
            self._log.warning("connection ended", reason=self.link.closed.result())
            await self._deliveries.drain()
        except asyncio.CancelledError:
            await self._leave()
            raise
        finally:
            if self._repeats_over is not None:
                self._repeats_over.cancel()
        return 0.0 if self._bound_at is None else loop.time() - self._bound_at

    async def _connect(self, loop: asyncio.AbstractEventLoop) -> bool:
        s = self._settings
        try:
            async with asyncio.timeout(s.connect_within / 1000):
                await loop.create_connection(lambda: self.link, s.host, s.port)
        except TimeoutError:
            self._log.warning("cannot connect", reason=f"no connection within {s.connect_within} ms")
            return False
        except OSError as fault:
            self._log.warning("cannot connect", reason=in_words(fault))
            return False
        return True

    async def _leave(self) -> None:
        self._deliveries.refuse_more()
        await self._deliveries.drain(self._settings.leave_within / 1000)
        await self.link.leave(self._settings.leave_within)
        self._log.info("left the carrier")

    def _on_event(self, event: e.Event) -> None:
        match event:
            case e.Delivered():
                self._deliveries.take(event)
            case e.Proven():
                self._deliveries.proven(event.numbers)
            case e.Bound():
                self._bound(event)
            case e.BindRefused():
                self._log.warning("bind refused", reason=event.words)
            case e.DeliveryThrottled():
                self._log.warning("delivery throttled: too many wait for the store", sequence=event.sequence)
            case e.PeerUnbound():
                self._log.info("the carrier ends the bind")
            case e.ProtocolFault():
                self._log.warning("carrier breaks the protocol", reason=event.words, fatal=event.fatal)

    def _bound(self, event: e.Bound) -> None:
        self._log.info("bound", system_id=event.system_id, version=event.version)
        loop = asyncio.get_running_loop()
        self._bound_at = loop.time()
        seconds = self._settings.repeats_within / 1000
        self._repeats_over = loop.call_later(seconds, self._deliveries.forget_earlier)


def in_words(fault: OSError) -> str:
    """What the system says; of several addresses that were tried, all of it."""
    return os.strerror(fault.errno) if fault.errno and fault.errno > 0 else str(fault)

"""What one bind delivers: each delivery is handed to the gateway and answered after the commit (SPEC 6.2).

Knows no sockets: answers go through a function.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import structlog

from smsdesk.carriers import Gateway, NotAccepted, UnknownNumber
from smsdesk.carriers.smpp.incoming import receipt_fact, text_fact
from smsdesk.carriers.smpp.settings import SmppCarrierSettings
from smsdesk.smpp import events as e
from smsdesk.smpp import pdu as p
from smsdesk.smpp import status
from smsdesk.smpp.codec import fingerprint
from smsdesk.smpp.receipts import is_receipt

Answer = Callable[[int, int], bool]
"""Answer delivery number n with a status; False: too late."""

_SEPARATOR: Final = ":"


class Deliveries:
    """From bind to close. `bind` names this bind among all ever; `unproven` are the keys of earlier ones.

    A text's key is its fingerprint, the bind and its number in the bind: unique, so that two equal texts of
    one bind are two. After a reconnect a delivery with the fingerprint of a key that is still unproven is its
    repetition: it is answered and dropped, once for each such key.
    """

    def __init__(
        self,
        settings: SmppCarrierSettings,
        gateway: Gateway,
        answer: Answer,
        recorded: Callable[[str], Awaitable[None]],
        bind: str,
        unproven: Iterable[str],
    ) -> None:
        self._settings = settings
        self._gateway = gateway
        self._answer = answer
        self._recorded = recorded
        self._bind = bind
        self._earlier: dict[str, list[str]] = {}
        for key in sorted(unproven):
            self._earlier.setdefault(key.partition(_SEPARATOR)[0], []).append(key)
        self._keys: dict[int, str] = {}
        self._lanes: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._leaving = False
        self._log = structlog.get_logger("smpp").bind(carrier=settings.name)

    def take(self, event: e.Delivered) -> None:
        """A delivery came. Those of one pair of numbers are kept one after the other, others beside them."""
        if self._leaving:
            self._answer(event.number, status.RECEIVER_TEMPORARY)
            return
        lane = (event.pdu.source, event.pdu.destination)
        task = self._run(self._keep(event, self._lanes.get(lane)))
        self._lanes[lane] = task
        task.add_done_callback(lambda done: self._leave_lane(lane, done))

    def proven(self, numbers: tuple[int, ...]) -> None:
        """The carrier has received these answers."""
        keys = tuple(self._keys.pop(number) for number in numbers if number in self._keys)
        if keys:
            self._run(self._forget(keys))

    def forget_earlier(self) -> None:
        """What has not been repeated by now will not be: an equal text that still comes is a new one."""
        keys = tuple(key for keys in self._earlier.values() for key in keys)
        self._earlier.clear()
        if keys:
            self._run(self._forget(keys))

    def refuse_more(self) -> None:
        """What comes from now on is to be delivered again to the next bind."""
        self._leaving = True

    async def drain(self, within: float | None = None) -> None:
        """Wait until everything taken is kept or refused, at most `within` seconds."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=within)

    def _run(self, step: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(step)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _leave_lane(self, lane: tuple[str, str], task: asyncio.Task[None]) -> None:
        if self._lanes.get(lane) is task:
            del self._lanes[lane]

    async def _keep(self, event: e.Delivered, before: asyncio.Task[None] | None) -> None:
        if before is not None and not before.done():
            await asyncio.wait({before})
        code = await self._kept(event)
        if not self._answer(event.number, code):
            self._log.info("the bind ended before a delivery could be answered")

    async def _kept(self, event: e.Delivered) -> int:
        """Hand the delivery over; the status to answer, once the fact is safe or is known not to be."""
        try:
            if is_receipt(event.pdu):
                await self._receipt(event.pdu)
            else:
                await self._text(event)
        except NotAccepted as fault:
            self._log.warning(
                "delivery not accepted now, the carrier is to bring it again", reason=str(fault)
            )
            return status.RECEIVER_TEMPORARY
        except UnknownNumber as fault:
            self._log.warning("delivery refused", reason=str(fault))
            return status.INVALID_DESTINATION
        except Exception:
            self._log.exception("delivery failed, the carrier is to bring it again")
            return status.SYSTEM_ERROR
        return status.OK

    async def _text(self, event: e.Delivered) -> None:
        mark = fingerprint(event.pdu)
        earlier = self._earlier.get(mark)
        if earlier:
            self._keys[event.number] = earlier.pop()
            self._log.info("repeated delivery dropped")
            return
        key = _SEPARATOR.join((mark, self._bind, str(event.number)))
        await self._gateway.received(text_fact(event.pdu, key, self._settings))
        self._keys[event.number] = key

    async def _receipt(self, message: p.DeliverSm) -> None:
        fact = receipt_fact(message, self._settings)
        if fact is None:
            self._log.warning("receipt without an id or a state dropped")
            return
        await self._recorded(fact.carrier_id)
        await self._gateway.receipt(fact)

    async def _forget(self, keys: tuple[str, ...]) -> None:
        try:
            await self._gateway.proven(self._settings.name, keys)
        except NotAccepted as fault:
            # They stay unproven in the store: harmless but for an equal text right after the next bind.
            self._log.warning("proof of acknowledgement not kept", reason=str(fault), count=len(keys))

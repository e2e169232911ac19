"""The SMPP carrier: connects, binds as transceiver, stays bound, sends texts (SPEC 6.2-6.4).

What is delivered is the business of `visit` and `deliveries`.
"""

import asyncio
import math
from collections.abc import Callable

import structlog

from smsdesk.carriers import Gateway, NotAccepted, Outgoing, Submission
from smsdesk.carriers.smpp.link import Link
from smsdesk.carriers.smpp.outgoing import submits
from smsdesk.carriers.smpp.pace import Pace, Patience
from smsdesk.carriers.smpp.settings import SmppCarrierSettings
from smsdesk.carriers.smpp.visit import Visit
from smsdesk.smpp import events as e
from smsdesk.smpp import status
from smsdesk.smpp.codec import encode
from smsdesk.smpp.connection import NotBound
from smsdesk.smpp.receipts import normal_id
from smsdesk.smpp.states import bind_request


class SmppCarrier:
    """One bind, made again whenever it ends.

    `new_id` gives names that no bind ever had; `chance` gives numbers from 0 to 1, for the jitter of pauses.
    Raises ValueError when the settings of the bind do not fit SMPP.
    """

    def __init__(
        self, settings: SmppCarrierSettings, new_id: Callable[[], str], chance: Callable[[], float]
    ) -> None:
        encode(bind_request(settings.session), 1)
        self.name = settings.name
        self._settings = settings
        self._new_id = new_id
        self._link: Link | None = None
        self._pace = Pace(settings.rate)
        self._reconnect = Patience(settings.reconnect_first, settings.reconnect_last, chance)
        self._throttled = Patience(settings.throttled_first, settings.throttled_last, chance)
        self._rest_until = 0.0
        self._sending: dict[str, asyncio.Future[None]] = {}
        self._log = structlog.get_logger("smpp").bind(carrier=settings.name)

    # ---- the port ----

    @property
    def connected(self) -> bool:
        """Bound."""
        return self._link is not None and self._link.bound

    def ready(self) -> bool:
        """Bound, and not told to wait."""
        return self.connected and asyncio.get_running_loop().time() >= self._rest_until

    async def run(self, gateway: Gateway) -> None:
        """Stay connected until cancelled; then answer what was taken, unbind, and leave."""
        while True:
            try:
                bound_for = await self._visit(gateway)
            except Exception:
                self._log.exception("connection failed by our own fault")
                bound_for = 0.0
            if bound_for * 1000 >= self._settings.reconnect_last:
                self._reconnect.reset()
            pause = self._reconnect.next()
            self._log.info("connecting again after a pause", milliseconds=pause)
            await asyncio.sleep(pause / 1000)

    async def _visit(self, gateway: Gateway) -> float:
        """One stay with the carrier; for how many seconds it was bound."""
        try:
            unproven = await gateway.unproven(self.name)
        except NotAccepted as fault:
            self._log.warning("not connecting: the store is not available", reason=str(fault))
            return 0.0
        visit = Visit(self._settings, gateway, self._recorded, self._new_id(), unproven)
        self._link = visit.link
        return await visit.stay()

    async def send(self, text: Outgoing) -> Submission:
        """One try: the parts one after the other, up to the first that is not accepted."""
        try:
            messages, parts = submits(text, self._settings)
        except ValueError as fault:
            return Submission("refused", error=str(fault))
        accepted: list[str] = []
        recorded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        try:
            for number, message in enumerate(messages[text.sent_parts :], text.sent_parts + 1):
                await self._pace.turn()
                if self._link is None:
                    return Submission("later", tuple(accepted), parts, "not bound to the carrier")
                outcome = await self._link.submit(message)
                if not isinstance(outcome, e.Submitted):
                    return self._not_accepted(outcome, tuple(accepted), parts)
                self._throttled.reset()
                id = normal_id(outcome.message_id, self._settings.answer_ids) or f"{text.id}/{number}"
                accepted.append(id)
                self._sending[id] = recorded
        except NotBound as fault:
            return Submission("later", tuple(accepted), parts, str(fault))
        except ValueError as fault:
            return Submission("refused", tuple(accepted), parts, str(fault))
        finally:
            for id in accepted:
                self._sending.pop(id, None)
            recorded.set_result(None)
        return Submission("sent", tuple(accepted), parts)

    def _not_accepted(
        self, outcome: e.SubmitRefused | None, accepted: tuple[str, ...], parts: int
    ) -> Submission:
        if outcome is None:
            words = "the carrier did not answer: whether it has this part is not known"
            return Submission("unanswered", accepted, parts, words)
        if not outcome.retryable:
            return Submission("refused", accepted, parts, outcome.words)
        wait = self._rest() if outcome.status == status.THROTTLED else None
        return Submission("later", accepted, parts, outcome.words, wait)

    def _rest(self) -> int:
        """Leave the carrier alone; milliseconds. All that are throttled at a time count as once."""
        now = asyncio.get_running_loop().time()
        if now >= self._rest_until:
            self._rest_until = now + self._throttled.next() / 1000
        return math.ceil((self._rest_until - now) * 1000)

    async def _recorded(self, id: str) -> None:
        """Return when the text with this part has been reported as sent: its receipt must not come before."""
        sending = self._sending.get(id)
        if sending is not None:
            await asyncio.wait({sending})

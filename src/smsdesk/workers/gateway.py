"""Facts from carriers become changes: texts, parts of texts, receipts (SPEC 6.2, 6.3). Returns only after
the commit.
"""

from functools import partial

import structlog

from smsdesk.carriers import NotAccepted, ReceiptReceived, TextReceived
from smsdesk.core.errors import Refused
from smsdesk.operations.perform import Performer
from smsdesk.operations.system.receive_part import forget_seen, receive_part
from smsdesk.operations.system.receive_text import receive_text
from smsdesk.operations.system.record_delivery import record_receipt
from smsdesk.store import StoreError

log = structlog.get_logger("gateway")


class House:
    """The gateway that carriers speak to."""

    def __init__(self, performer: Performer) -> None:
        self._performer = performer

    async def received(self, fact: TextReceived) -> str:
        """See `carriers.Gateway`."""
        step = receive_text if fact.parts == 1 else receive_part
        text_id = fact.key if fact.keep_key else self._performer.ids.interaction()
        try:
            return await self._performer.run(partial(step, fact=fact, text_id=text_id))
        except Refused as refused:
            raise NotAccepted(refused.message) from refused

    async def receipt(self, fact: ReceiptReceived) -> None:
        """See `carriers.Gateway`."""
        try:
            if not await self._performer.run(partial(record_receipt, fact=fact)):
                log.warning("receipt for an unknown text", carrier=fact.carrier, carrier_id=fact.carrier_id)
        except Refused as refused:
            raise NotAccepted(refused.message) from refused

    async def unproven(self, carrier: str) -> frozenset[str]:
        """See `carriers.Gateway`."""
        prefix = f"{carrier} "
        keys: set[str] = set()
        after = ""
        try:
            while found := await self._performer.store.tagged("seen", f"unproven {carrier}", after):
                keys.update(document.id.removeprefix(prefix) for document in found)
                after = found[-1].id
        except StoreError as error:
            raise NotAccepted(str(error)) from error
        return frozenset(keys)

    async def proven(self, carrier: str, keys: tuple[str, ...]) -> None:
        """See `carriers.Gateway`."""
        try:
            await self._performer.run(partial(forget_seen, carrier=carrier, keys=keys))
        except Refused as refused:
            raise NotAccepted(refused.message) from refused

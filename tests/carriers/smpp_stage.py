"""What tests of the SMPP carrier share: a carrier between a desk and an SMSC, with times that suit a test."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from smsdesk.carriers import Outgoing
from smsdesk.carriers.smpp import SmppCarrier, SmppCarrierSettings
from smsdesk.smpp import pdu as p
from smsdesk.smpp.settings import SessionSettings
from tests.fakes.desk import Desk
from tests.fakes.smsc import PATIENCE, Smsc

OURS, THEIRS = "15550100", "15550111"
SESSION = SessionSettings(system_id="desk", password="secret", window=2, inbound_window=4, prove_after=10_000)
SETTINGS = SmppCarrierSettings(
    name="carrier1",
    host="127.0.0.1",
    session=SESSION,
    reconnect_first=1,
    reconnect_last=20,
    throttled_first=1,
    throttled_last=20,
    leave_within=5_000,
)
TEXT = Outgoing("session:1", "+15550100", "+15550111", "hello")


class Stage(Struct):
    desk: Desk
    smsc: Smsc
    carrier: SmppCarrier
    running: asyncio.Task[None]

    async def bound(self) -> None:
        """Return when the carrier may be used."""
        await self.smsc.got(p.BindTransceiver)
        await until(self.carrier.ready)

    async def leave(self) -> None:
        self.running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.running


@contextlib.asynccontextmanager
async def stage(session: dict[str, Any] | None = None, **settings: Any) -> AsyncIterator[Stage]:
    """A running carrier, an SMSC for it and a desk behind it."""
    binds = itertools.count(1)
    async with Smsc() as smsc:
        here = {"session": replace(SESSION, **session or {}), "port": smsc.port}
        mine = replace(SETTINGS, **here | settings)
        carrier = SmppCarrier(mine, lambda: f"bind{next(binds)}", lambda: 0.0)
        desk = Desk(OURS)
        this = Stage(desk, smsc, carrier, asyncio.create_task(carrier.run(desk)))
        try:
            yield this
        finally:
            await this.leave()


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until something holds."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(PATIENCE):
        while not condition():
            turned: asyncio.Future[None] = loop.create_future()
            loop.call_soon(turned.set_result, None)
            await turned


ADDRESSED = p.DeliverSm(
    source=THEIRS, source_ton=1, source_npi=1, destination=OURS, destination_ton=1, destination_npi=1
)


def deliver(text: bytes = b"hello", **fields: Any) -> p.DeliverSm:
    """A text from the customer's phone."""
    return replace(ADDRESSED, short_message=text, **fields)

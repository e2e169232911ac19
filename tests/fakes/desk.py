"""A gateway in memory that keeps the port's promises: a fact is kept once for its key."""

import asyncio

from smsdesk.carriers import NotAccepted, ReceiptReceived, TextReceived, UnknownNumber


class Desk:
    """What a carrier hands over, in order. `door` closed: nothing is committed yet; `down`: the store is."""

    def __init__(self, *numbers: str) -> None:
        self.numbers = numbers
        self.texts: list[TextReceived] = []
        self.receipts: list[ReceiptReceived] = []
        self.keys: dict[str, set[str]] = {}
        self.knocks: asyncio.Queue[TextReceived | ReceiptReceived] = asyncio.Queue()
        self.proofs: asyncio.Queue[tuple[str, ...]] = asyncio.Queue()
        self.door = asyncio.Event()
        self.door.set()
        self.down = False
        self.broken = False

    async def received(self, fact: TextReceived) -> str:
        await self._enter(fact)
        if fact.service_number not in self.numbers:
            raise UnknownNumber(f"{fact.service_number} is no service number")
        keys = self.keys.setdefault(fact.carrier, set())
        if fact.key not in keys:
            keys.add(fact.key)
            self.texts.append(fact)
        return fact.key

    async def receipt(self, fact: ReceiptReceived) -> None:
        await self._enter(fact)
        self.receipts.append(fact)

    async def unproven(self, carrier: str) -> frozenset[str]:
        if self.broken:
            raise RuntimeError("a fault of our own")
        if self.down:
            raise NotAccepted("the store is down")
        return frozenset(self.keys.get(carrier, ()))

    async def proven(self, carrier: str, keys: tuple[str, ...]) -> None:
        if self.down:
            raise NotAccepted("the store is down")
        self.keys[carrier] -= set(keys)
        self.proofs.put_nowait(keys)

    async def _enter(self, fact: TextReceived | ReceiptReceived) -> None:
        self.knocks.put_nowait(fact)
        await self.door.wait()
        if self.broken:
            raise RuntimeError("a fault of our own")
        if self.down:
            raise NotAccepted("the store is down")

"""A contact centre with its workers, and carriers that answer as told."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from smsdesk.carriers import Gateway, Outgoing, Submission
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.send_message import SendMessage
from smsdesk.workers.gateway import House
from smsdesk.workers.router import Router
from smsdesk.workers.sender import Sender
from smsdesk.workers.strategist import Strategist
from smsdesk.workers.timers import Timers
from tests.operations.world import WatchedStore, World
from tests.workers.jumping import LoopClock

Answer = Submission | Exception


class ScriptedCarrier:
    """Gives the answers it was told to, one to each try, then accepts. `tries` has time and text of each.

    `before` is called when a try begins; `waits` not ready: no try makes sense.
    """

    def __init__(self, name: str, clock: Callable[[], int], *answers: Answer) -> None:
        self.name = name
        self.tries: list[tuple[int, Outgoing]] = []
        self.answers = deque(answers)
        self.before: Callable[[Outgoing], None] = lambda text: None
        self.waits = False
        self.gate = asyncio.Event()
        self.gate.set()
        self._clock = clock

    @property
    def words(self) -> list[str]:
        """The text of each try."""
        return [text.text for _, text in self.tries]

    @property
    def times(self) -> list[int]:
        """When each try was made, from the first on."""
        return [at - self.tries[0][0] for at, _ in self.tries]

    async def run(self, gateway: Gateway) -> None:
        await asyncio.Event().wait()

    async def send(self, text: Outgoing) -> Submission:
        self.tries.append((self._clock(), text))
        self.before(text)
        await self.gate.wait()
        answer = self.answers.popleft() if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer or Submission("sent", (f"{self.name}-{len(self.tries)}",))

    @property
    def connected(self) -> bool:
        return not self.waits

    def ready(self) -> bool:
        return not self.waits


class Shop(World):
    """A World with timers, router and sender at work. Its carriers are called as the service numbers say."""

    def __init__(self, store: WatchedStore | None = None, **parts: Any) -> None:
        never_twice = parts.pop("never_twice", ())
        carriers = parts.pop("carriers", None)
        super().__init__(store, **parts)
        self.carrier = ScriptedCarrier("simulator", self.clock)
        self.carriers = {"simulator": self.carrier} if carriers is None else carriers
        self.timers = Timers(self.performer)
        self.router = Router(self.performer, lambda due: self.timers.call_at(due, self.router.look))
        self.strategist = Strategist(
            self.performer, lambda due: self.timers.call_at(due, self.strategist.look)
        )
        self.sender = Sender(self.performer, self.carriers, frozenset(never_twice), self.timers.pause)
        self.house = House(self.performer)
        for worker in (self.strategist, self.router, self.timers, self.sender):
            self.commits.on_kept(worker.kept)
        self._running: asyncio.Task[None] | None = None

    async def open(self) -> "Shop":
        """Everything at work but the clock; see `keep_time` and `pass_time`."""
        await super().open()
        self.timers.open()
        self.strategist.open()
        self.router.open()
        await self.sender.open()
        return self

    def next_life(self, **parts: Any) -> "Shop":
        """The program after it ended: the store is the same, all else is new."""
        policy = self.performer.policy
        return Shop(self.store, seed=2, policy=policy, clock=self.clock, **parts)

    def keep_time(self) -> None:
        """Serve timers by the loop's time from now on."""
        self._running = asyncio.ensure_future(self.timers.run())

    async def stop(self) -> None:
        """End the workers; what waits stays on disk."""
        if self._running is not None:
            self._running.cancel()
        await self.sender.stop()
        await self.commits.drain()

    async def pass_time(self, milliseconds: int = 0) -> None:
        """Let time pass on a clock that jumps, and all that follows from it happen."""
        self.clock.jump(milliseconds)
        for _ in range(3):
            await self.timers.fire()
            await self.strategist.settle()
            await self.router.settle()
            await self.sender.settle()
            await self.commits.drain()

    async def send(self, session: str, *texts: str) -> None:
        """agent1 writes to the customer."""
        for words in texts:
            await self.do("agent1", session, SendMessage(words))

    async def deliveries(self, session: str) -> list[str]:
        """The state of each text that went out."""
        return [m.delivery.state for m in await self.transcript(session) if m.delivery]


async def working(**parts: Any) -> tuple[Shop, str]:
    """A shop with time of its own, and a session that agent1 has accepted."""
    shop = await Shop(clock=LoopClock(), **parts).open()
    await shop.ready("agent1")
    return shop, await accepted(shop)


async def accepted(shop: Shop, customer: str = "+15550111") -> str:
    """The router offers, agent1 accepts."""
    await shop.text("hello", customer=customer)
    await shop.router.settle()
    id = (await shop.sessions())[-1].id
    await shop.do("agent1", id, Accept())
    return id

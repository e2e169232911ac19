"""Runs the cases in which something is published and heard."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

from bench.cases import Pushes
from bench.loop import Ear, Group, Meter
from bench.net.bayeux import Client, listen
from bench.net.http import Pool
from bench.process import Server
from bench.sampling import STALLED, Sample, Stalled, Watch
from bench.subjects import Desk, Subject

T = TypeVar("T")
AT_ONCE = 64
"""Clients that connect at the same time."""
PUBLISHERS = 64
"""Connections to publish by; more would not be more, since a desk publishes one message at a time."""
TICK = 0.002


async def push(case: Pushes, subject: Subject, server: Server, warm: float, seconds: float) -> Sample:
    """One measurement. Raises Stalled, ConnectionError."""
    meter = Meter()
    watch = Watch(case.name, subject.name, server, meter)
    load = Load(case, subject, meter)
    try:
        await load.connect(server)
        await asyncio.sleep(1.0)
        watch.all_there()
        load.start()
        sample = await watch.measure(warm, seconds, case.desks * case.screens)
        await load.finish()
        return sample
    finally:
        load.stop()


class Load:
    """All desks with their screens."""

    def __init__(self, case: Pushes, subject: Subject, meter: Meter) -> None:
        self._case = case
        self._subject = subject
        self._meter = meter
        self._groups: list[Group] = []
        self._clients: list[Client] = []
        self._idle: list[Group] = []
        self._pool = Pool([])
        self._pacing: asyncio.Task[None] | None = None
        self._running = False

    async def connect(self, server: Server) -> None:
        """Everybody logs in and listens. Raises ConnectionError."""
        self._pool = await Pool.open(server.address, min(self._case.desks, PUBLISHERS))
        open_desk, numbers = self._subject.open, range(self._case.desks)
        desks = await few_at_once(open_desk(server.address, number) for number in numbers)
        self._groups = await few_at_once(self._seat(desk) for desk in desks)

    async def _seat(self, desk: Desk) -> Group:
        group = Group(self._meter, self._subject.accepted, self._over)
        clients = [
            await listen(self._case.work.transport, desk, desk.channel, Ear(group).heard)
            for _ in range(self._case.screens)
        ]
        group.publish = self._subject.publisher(self._case.work, desk, clients[0], self._pool)
        self._clients += clients
        return group

    def start(self) -> None:
        """Let it run."""
        self._running = True
        if self._case.pace:
            self._idle = list(self._groups)
            self._pacing = asyncio.create_task(self._pace())
        else:
            for group in self._groups:
                group.go()

    async def _pace(self) -> None:
        loop = asyncio.get_running_loop()
        began, sent = loop.time(), 0
        while self._running:
            due = int((loop.time() - began) * self._case.pace) - sent
            for group in self._idle[:due]:
                group.go()
            del self._idle[:due]
            sent += due
            await asyncio.sleep(TICK)

    def _over(self, group: Group) -> None:
        if self._case.pace:
            self._idle.append(group)
        elif self._running:
            group.go()

    async def finish(self) -> None:
        """Publish no more, and wait until everything has been heard. Raises Stalled when something is not."""
        self._running = False
        loop = asyncio.get_running_loop()
        until = loop.time() + STALLED
        while any(group.busy for group in self._groups):
            if loop.time() > until:
                raise Stalled(self._lost())
            await asyncio.sleep(0.01)

    def _lost(self) -> str:
        lost = sum(group.busy for group in self._groups)
        why = next((client.broken for client in self._clients if client.broken), "all connections are there")
        return f"{lost} messages were not heard by everybody: {why}"

    def stop(self) -> None:
        """Break off."""
        self._running = False
        for client in self._clients:
            client.close()
        self._pool.close()
        if self._pacing is not None:
            self._pacing.cancel()


async def few_at_once(steps: Iterable[Awaitable[T]]) -> list[T]:
    """The results of many steps, `AT_ONCE` of them under way."""
    room = asyncio.Semaphore(AT_ONCE)

    async def step(awaited: Awaitable[T]) -> T:
        async with room:
            return await awaited

    return list(await asyncio.gather(*map(step, steps)))

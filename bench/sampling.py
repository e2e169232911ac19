"""One measurement of one server: what was counted while the load ran, and what it cost."""

import asyncio
import gc
import os
from collections.abc import Sequence

from msgspec import Struct

from bench.loop import Meter
from bench.machine import Usage, usage
from bench.process import Server

STALLED = 5.0
"""Seconds without anything happening after which a measurement is given up."""


class Sample(Struct):
    """What one measurement found. Rates are per second, latencies milliseconds, `cpu` microseconds of the
    server for one message heard, shares parts of one core, memory KiB.
    """

    case: str
    subject: str
    rate: float
    published: float
    p50: float
    p99: float
    reply_p50: float
    reply_p99: float
    cpu: float
    server_share: float
    load_share: float
    size: int
    start: float
    memory_rest: float
    memory_each: float
    memory_load: float
    faults: dict[str, int]


class Stalled(RuntimeError):
    """Nothing comes any more."""


class Watch:
    """Measures while the load runs. `rest` and `connected`: usage before anybody came, and with all there."""

    def __init__(self, case: str, subject: str, server: Server, meter: Meter) -> None:
        self.rest = server.usage()
        self.connected = self.rest
        self._names = case, subject
        self._server = server
        self._meter = meter

    def all_there(self) -> None:
        """Everybody is connected, nothing happens yet."""
        self.connected = self._server.usage()

    async def measure(self, warm: float, seconds: float, each: int) -> Sample:
        """Let the load run, first unmeasured. `each`: how many clients share the memory. Raises Stalled."""
        meter = self._meter
        meter.begin()
        await self._wait(warm)
        gc.collect()
        gc.freeze()
        before, mine, began = self._server.usage(), usage(os.getpid()), asyncio.get_running_loop().time()
        meter.on = True
        await self._wait(seconds)
        meter.on = False
        taken = asyncio.get_running_loop().time() - began
        after, mine_after = self._server.usage(), usage(os.getpid())
        gc.unfreeze()
        heard = len(meter.deliveries)
        if not heard:
            raise Stalled("nothing came")
        cpu = after.cpu - before.cpu
        return Sample(
            *self._names, rate=heard / taken, published=meter.published / taken,
            p50=percentile(meter.deliveries, 0.5), p99=percentile(meter.deliveries, 0.99),
            reply_p50=percentile(meter.replies, 0.5), reply_p99=percentile(meter.replies, 0.99),
            cpu=cpu / heard * 1e6, server_share=cpu / taken,
            load_share=(mine_after.cpu - mine.cpu) / taken, size=meter.bytes // heard,
            start=self._server.started, memory_rest=self.rest.memory / 1024,
            memory_each=self._growth(self.connected, each), memory_load=self._growth(after, each),
            faults=dict(meter.faults),
        )  # fmt: skip

    def _growth(self, then: Usage, each: int) -> float:
        return (then.memory - self.rest.memory) / 1024 / each

    async def _wait(self, seconds: float) -> None:
        loop, meter = asyncio.get_running_loop(), self._meter
        until = loop.time() + seconds
        while loop.time() < until:
            await asyncio.sleep(min(0.25, max(until - loop.time(), 0)))
            if meter.faults:
                raise Stalled(f"refused: {dict(meter.faults.most_common(3))}")
            if meter.silent() > STALLED:
                raise Stalled(f"nothing came for {STALLED:.0f} s")


def percentile(values: Sequence[int], part: float) -> float:
    """In milliseconds, from nanoseconds; 0 when there are none."""
    if not values:
        return 0.0
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] / 1e6

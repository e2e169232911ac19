"""Runs the case in which texts come in from a carrier."""

import asyncio
import sys
from pathlib import Path
from typing import Literal

from bench import centre
from bench.cases import Texts
from bench.loop import Meter
from bench.net import Address
from bench.process import HOST, Server
from bench.sampling import Sample, Watch
from bench.smsc import Smsc

BIND_SECONDS = 10.0
Who = Literal["smsdesk", "floor"]
WHO: tuple[Who, ...] = ("smsdesk", "floor")
CONFIG = """
[[carrier]]
name = "bench"
kind = "smpp"
host = "{host}"
port = {port}
system_id = "bench"
window = 1000
reconnect_max_seconds = 1

[[service_number]]
number = "+15550100"
queue = "{queue}"
carrier = "bench"
"""


def command(who: Who, folder: Path, address: Address, carrier: Address) -> list[str]:
    """What to run; makes what has to lie in the folder."""
    if who == "floor":
        return [sys.executable, "-m", "bench.floor", str(folder), str(address.port), str(carrier.port)]
    centre.furnish(folder / "data", 0)
    config = folder / "smsdesk.toml"
    config.write_text(CONFIG.format(host=HOST, port=carrier.port, queue=centre.QUEUE))
    place = ["--data", str(folder / "data"), "--host", address.host, "--port", str(address.port)]
    return [sys.executable, "-m", "smsdesk", "serve", "--config", str(config), *place]


class Carrier:
    """Listens; the first bind becomes the one that is measured."""

    def __init__(self, case: Texts, meter: Meter) -> None:
        self._case = case
        self._meter = meter
        self._bound: asyncio.Future[Smsc] = asyncio.get_running_loop().create_future()
        self._listener: asyncio.Server | None = None

    async def bind(self, address: Address) -> None:
        """Return when somebody has bound. Raises TimeoutError."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._protocol, address.host, address.port)
        async with asyncio.timeout(BIND_SECONDS):
            await self._bound

    def start(self) -> None:
        """Text."""
        smsc = self._bound.result()
        smsc.running = True
        smsc.fill()

    def close(self) -> None:
        """Leave off."""
        if self._listener is not None:
            self._listener.close()
        if self._bound.done() and not self._bound.cancelled():
            self._bound.result().close()

    def _protocol(self) -> Smsc:
        return Smsc(self._meter, self._case.phones, self._case.window, self._take)

    def _take(self, smsc: Smsc) -> None:
        if not self._bound.done():
            self._bound.set_result(smsc)


async def text(
    case: Texts, who: Who, address: Address, server: Server, warm: float, seconds: float
) -> Sample:
    """One measurement. Raises Stalled, TimeoutError when nobody binds."""
    meter = Meter()
    watch = Watch(case.name, who, server, meter)
    carrier = Carrier(case, meter)
    try:
        await carrier.bind(address)
        watch.all_there()
        carrier.start()
        return await watch.measure(warm, seconds, 1)
    finally:
        carrier.close()

"""The benchmark against running servers: a few messages each, so that it works on the day it is needed."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bench import texting
from bench.cases import CASES, Pushes, Texts
from bench.loop import Meter
from bench.net import Address
from bench.process import Server, free_address
from bench.pushing import Load
from bench.subjects import Floor, Smsdesk, Subject

PATIENCE = 20.0
ENOUGH = 3
PUSHES = [replace(case, desks=2, screens=2) for case in CASES if isinstance(case, Pushes)]
TEXTS = replace(next(case for case in CASES if isinstance(case, Texts)), phones=2, window=2)


class Bell(Meter):
    """Counts, and rings when something went wrong or enough was answered."""

    def __init__(self) -> None:
        super().__init__()
        self.on = True
        self.rung = asyncio.Event()

    def answered(self, began: int) -> None:
        super().answered(began)
        if self.published >= ENOUGH:
            self.rung.set()

    def fault(self, words: str) -> None:
        super().fault(words)
        self.rung.set()


def core() -> int:
    return min(os.sched_getaffinity(0))


async def hear(case: Pushes, subject: Subject, server: Server) -> None:
    bell = Bell()
    load = Load(case, subject, bell)
    async with asyncio.timeout(PATIENCE):
        await load.connect(server)
        load.start()
        await bell.rung.wait()
        await load.finish()
    load.stop()
    assert not bell.faults, case.name
    assert len(bell.deliveries) >= ENOUGH, case.name


@pytest.mark.parametrize("subject", [Smsdesk(), Floor()], ids=lambda subject: str(subject.name))
def test_every_case_is_heard_by_everybody(subject: Subject, tmp_path: Path) -> None:
    address = free_address()
    subject.prepare(tmp_path, 2)
    cases = [case for case in PUSHES if subject.name in [other.name for other in case.subjects]]
    with Server(
        subject.command(tmp_path, address), core(), address, subject.ready, tmp_path / "log"
    ) as server:
        for case in cases:
            asyncio.run(hear(case, subject, server))
        assert server.usage().memory > server.usage().cpu > 0
    assert len(cases) > 2


async def take(address: Address) -> None:
    bell = Bell()
    carrier = texting.Carrier(TEXTS, bell)
    await carrier.bind(address)
    carrier.start()
    async with asyncio.timeout(PATIENCE):
        await bell.rung.wait()
    carrier.close()
    assert not bell.faults


@pytest.mark.parametrize("who", texting.WHO)
def test_texts_are_acknowledged(who: texting.Who, tmp_path: Path) -> None:
    address, carrier = free_address(), free_address()
    command = texting.command(who, tmp_path, address, carrier)
    with Server(command, core(), address, "/readyz", tmp_path / "log"):
        asyncio.run(take(carrier))

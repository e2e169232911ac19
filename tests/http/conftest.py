"""Tests are coroutines, run on the loop that the server runs on, each within a time that no test needs."""

import asyncio
import inspect
import io
import logging
from collections.abc import Iterator

import pytest
import structlog
import uvloop

from smsdesk.logs import setup

SECONDS = 20


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    test = pyfuncitem.obj
    if not inspect.iscoroutinefunction(test):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(test).parameters}

    async def run() -> None:
        async with asyncio.timeout(SECONDS):
            await test(**arguments)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
    return True


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the program logs at level info, as it would be written."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    setup("info", "json", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()

"""Async tests of operations run on asyncio; no store outlives its test."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.operations.world import World, close_all


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    asyncio.run(close_all())


@pytest.fixture
async def world() -> World:
    """The demo's contact centre with three agents at work."""
    made = await World().open()
    await made.ready("agent1", "agent2", "agent3")
    return made

"""Async tests of workers run on asyncio; no store outlives its test."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.operations.world import close_all


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    asyncio.run(close_all())

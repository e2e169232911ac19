"""The contract on SQLite in memory."""

import pytest

from tests.store.contract import Contract
from tests.store.places import MemoryPlace


@pytest.fixture
def place() -> MemoryPlace:
    return MemoryPlace()


class TestSqliteMemory(Contract):
    pass

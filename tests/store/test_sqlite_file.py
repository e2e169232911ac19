"""The contract on SQLite in a data directory."""

from pathlib import Path

import pytest

from tests.store.contract import LastingContract
from tests.store.places import FilePlace


@pytest.fixture
def place(tmp_path: Path) -> FilePlace:
    return FilePlace(tmp_path / "data")


class TestSqliteFile(LastingContract):
    pass

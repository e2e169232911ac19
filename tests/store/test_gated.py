"""The contract on the gated store that other tests lean on."""

import pytest

from tests.store.contract import Contract
from tests.store.gated import GatedPlace


@pytest.fixture
def place() -> GatedPlace:
    return GatedPlace()


class TestGated(Contract):
    pass

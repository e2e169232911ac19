"""The fixtures that every place of the contract suite shares."""

from collections.abc import AsyncIterator

import pytest

from smsdesk.store import Store
from tests.store.places import Place


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that the server runs on."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Store]:
    """A new store, open."""
    opened = place.store()
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def companion(place: Place, store: Store) -> AsyncIterator[Store]:
    """A store that writes beside the first one; the same where one must do it all."""
    opened = await place.companion(store)
    yield opened
    await opened.close()

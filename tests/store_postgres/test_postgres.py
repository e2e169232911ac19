"""The contract on PostgreSQL."""

import psycopg
import pytest

from smsdesk.store import Store
from smsdesk.store.postgres import PostgresStore
from tests.store.contract import LastingContract
from tests.store.places import CENTRE


class PostgresPlace:
    """A database."""

    def __init__(self, url: str) -> None:
        self.url = url

    def store(self, epoch: str = "first", centre: str = CENTRE) -> Store:
        return PostgresStore(self.url, epoch=epoch, contact_center_id=centre)

    async def companion(self, first: Store) -> Store:
        opened = self.store()
        await opened.open()
        return opened

    def arguments(self) -> list[str]:
        return ["postgres", self.url]

    async def mark(self, schema: int, oldest: int) -> None:
        async with await psycopg.AsyncConnection.connect(self.url) as connection:
            await connection.execute("UPDATE meta SET schema = %s, oldest = %s", (schema, oldest))


@pytest.fixture
def place(database: str) -> PostgresPlace:
    return PostgresPlace(database)


class TestPostgres(LastingContract):
    pass

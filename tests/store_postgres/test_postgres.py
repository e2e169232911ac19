"""The contract on PostgreSQL."""

from collections.abc import Sequence

import psycopg
import pytest

from smsdesk.store import Entry, Put, Store
from smsdesk.store.postgres import PostgresStore
from smsdesk.store.statements import migrations
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

    async def begin(self, documents: Sequence[Put], entries: Sequence[Entry]) -> None:
        async with await psycopg.AsyncConnection.connect(self.url) as connection:
            await connection.execute(migrations("postgres")[0].sql.encode())
            await connection.execute(
                "INSERT INTO meta (one, schema, oldest, epoch, contact_center_id) VALUES (1, 1, 1, 'e', 'c')"
            )
            cursor = connection.cursor()
            await cursor.executemany(
                "INSERT INTO document (kind, id, version, body) VALUES (%s, %s, 1, %s)",
                [(each.kind, each.id, each.body) for each in documents],
            )
            await cursor.executemany(
                "INSERT INTO entry (session, idx, body) VALUES (%s, %s, %s)",
                [(each.session, each.index, each.body) for each in entries],
            )


@pytest.fixture
def place(database: str) -> PostgresPlace:
    return PostgresPlace(database)


class TestPostgres(LastingContract):
    pass

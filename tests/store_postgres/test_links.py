"""What only PostgreSQL has to do: several nodes at once, connections that break."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from smsdesk.store import Kept, Store, StoreError
from smsdesk.store.postgres import PostgresStore
from tests.store.making import keep, put, puts, row, rows, versions
from tests.store_postgres import server
from tests.store_postgres.cutting import Proxy

pytestmark = pytest.mark.anyio


@pytest.fixture
async def proxy(socket: Path, database: str) -> AsyncIterator[Proxy]:
    async with Proxy(socket / ".s.PGSQL.5432") as running:
        yield running


@pytest.fixture
async def store(proxy: Proxy, database: str) -> AsyncIterator[PostgresStore]:
    """A store behind the proxy."""
    opened = node(f"postgresql://{server.USER}@127.0.0.1:{proxy.port}{urlsplit(database).path}")
    await opened.open()
    yield opened
    await opened.close()


def node(url: str, epoch: str = "first", patience: float = 30.0) -> PostgresStore:
    return PostgresStore(url, epoch=epoch, contact_center_id=f"centre of {epoch}", patience=patience)


async def test_nodes_that_begin_at_once_make_one_store(database: str) -> None:
    nodes = [node(database, str(n)) for n in range(4)]
    await asyncio.gather(*(each.open() for each in nodes))
    heads = [await each.head() for each in nodes]
    assert len({head.epoch for head in heads}) == 1
    assert {each.contact_center_id for each in nodes} == {f"centre of {heads[0].epoch}"}
    await asyncio.gather(*(each.close() for each in nodes))


async def test_says_when_there_is_no_server(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot do it now") as fault:
        await node(f"postgresql://somebody:secret@/x?host={tmp_path}").open()
    assert "secret" not in str(fault.value)


async def test_connects_again_when_the_server_hung_up(database: str, store: Store) -> None:
    woken = asyncio.Event()
    store.on_wake(woken.set)
    await keep(store, puts(put("a")))
    assert await versions(store, "a") == [1]
    with psycopg.connect(database) as other:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        other.execute(f"{ended} AND pid <> pg_backend_pid()".encode())
    with pytest.raises(StoreError):
        await keep(store, puts(put("a", 2)))
    with pytest.raises(StoreError):
        await store.head()
    await keep(store, puts(put("a", 2)))
    assert await versions(store, "a") == [2]
    for _ in range(3):
        woken.clear()
        await keep(store, rows(row("u")))
        async with asyncio.timeout(20):
            await woken.wait()


async def test_a_commit_whose_answer_is_lost_was_kept_all_the_same(proxy: Proxy, store: Store) -> None:
    proxy.cut_answer_to(b"COMMIT\x00")
    kept = (await store.commit([puts(put("a")), rows(row("u"))]))[1]
    assert proxy.cuts == 1
    assert isinstance(kept, Kept)
    assert [each.position for each in await store.rows_of("u", 0)] == list(kept.positions)
    assert await versions(store, "a") == [1]


async def test_a_commit_that_never_arrived_was_not_kept(proxy: Proxy, store: Store) -> None:
    proxy.cut_before(b"COMMIT\x00")
    with pytest.raises(StoreError, match="cannot do it now"):
        await store.commit([puts(put("a"))])
    assert proxy.cuts == 1
    assert await versions(store, "a") == [0]
    await keep(store, puts(put("a")))


async def test_says_when_nobody_knows_whether_it_was_kept(proxy: Proxy, store: Store) -> None:
    proxy.cut_answer_to(b"COMMIT\x00")
    proxy.refuse_others = True
    with pytest.raises(StoreError, match="whether it was kept is not known"):
        await store.commit([puts(put("a"))])
    proxy.refuse_others = False
    assert await versions(store, "a") == [1]


async def test_trimming_leaves_nothing_behind(database: str, store: Store) -> None:
    positions = await keep(store, rows(row("u", "v"), row("v"), row("v", "w")))
    await store.trim(positions[2])
    with psycopg.connect(database) as other:
        found = other.execute("SELECT user_id, position FROM audience ORDER BY user_id").fetchall()
    assert found == [("v", positions[2]), ("w", positions[2])]


async def test_does_not_wait_for_ever(proxy: Proxy, database: str) -> None:
    impatient = node(
        f"postgresql://{server.USER}@127.0.0.1:{proxy.port}{urlsplit(database).path}", patience=0.5
    )
    await impatient.open()
    proxy.silent = True
    with pytest.raises(StoreError, match="cannot do it now"):
        await impatient.commit([puts(put("a"))])
    proxy.silent = False
    await keep(impatient, puts(put("b")))
    assert await versions(impatient, "b") == [1]
    await impatient.close()


async def test_a_transaction_that_is_lost_midway_leaves_nothing(proxy: Proxy, store: Store) -> None:
    proxy.cut_before(b"INSERT INTO document")
    with pytest.raises(StoreError):
        await store.commit([puts(put("a", key="k"))])
    await keep(store, puts(put("b", key="k")))
    assert await versions(store, "a", "b") == [0, 1]

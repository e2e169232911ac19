"""What only SQLite has to do: the data lock, faults of the file, the bounded log."""

import asyncio
import os
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from smsdesk.store import Kept, StoreError, StoreInUse, StoreTooNew
from smsdesk.store.sqlite import SqliteStore
from smsdesk.store.sqlite_files import DATABASE
from tests.store.making import keep, put, puts, row, rows, versions
from tests.store.places import FilePlace

pytestmark = pytest.mark.anyio


@pytest.fixture
def place(tmp_path: Path) -> FilePlace:
    return FilePlace(tmp_path / "some" / "data")


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A store whose log may hardly grow."""
    opened = SqliteStore(
        tmp_path, epoch="e", contact_center_id="c", clock=lambda: 0, checkpoint_pages=8, wal_limit=1 << 17
    )
    await opened.open()
    yield opened
    await opened.close()


async def test_a_data_directory_has_one_process(place: FilePlace, store: SqliteStore) -> None:
    second = place.store()
    with pytest.raises(StoreInUse, match=f"in use by process {os.getpid()}:"):
        await second.open()
    await keep(store, puts(put("a")))
    await store.close()
    await second.open()
    assert await versions(second, "a") == [1]
    await second.close()


async def test_its_directory_is_for_its_owner_only(place: FilePlace, store: SqliteStore) -> None:
    assert place.directory.stat().st_mode & 0o077 == 0


async def test_a_store_that_cannot_be_opened_frees_the_directory(
    place: FilePlace, store: SqliteStore
) -> None:
    await store.close()
    await place.mark(schema=1002, oldest=1002)
    for _ in range(2):
        with pytest.raises(StoreTooNew):
            await place.store().open()
    await place.mark(schema=2, oldest=2)
    again = place.store()
    await again.open()
    await again.close()


async def test_says_when_the_file_is_no_database(place: FilePlace, store: SqliteStore) -> None:
    await store.close()
    (place.directory / DATABASE).write_bytes(b"something else entirely, long enough to look at" * 100)
    with pytest.raises(StoreError, match="the file is not a database"):
        await place.store().open()


async def test_says_when_the_directory_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be used: Not a directory"):
        await FilePlace(tmp_path / "file" / "data").store().open()


async def test_leases_of_the_dead_are_free(place: FilePlace, store: SqliteStore) -> None:
    """Whoever has the data lock knows that nobody else lives."""
    first = await store.acquire("sender", "a", 60_000)
    await store.close()
    again = place.store()
    await again.open()
    second = await again.acquire("sender", "b", 60_000)
    assert first is not None
    assert second is not None
    assert second.fence > first.fence
    await again.close()


async def test_a_lock_of_somebody_else_is_a_fault_that_passes(place: FilePlace, store: SqliteStore) -> None:
    with closing(sqlite3.connect(place.directory / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program holds the database locked"):
            await keep(store, puts(put("a")))
        assert await versions(store, "a") == [0]
        other.execute("ROLLBACK")
    await keep(store, puts(put("a")))
    assert await versions(store, "a") == [1]


@contextmanager
def disk_full_at(size: int) -> Iterator[None]:
    """No file of this process can grow beyond so many octets."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_disk_that_cannot_take_more_is_a_fault_that_passes(
    place: FilePlace, store: SqliteStore
) -> None:
    """It shows at COMMIT, when the log is written: all of the batch is undone, positions too."""
    before = await keep(store, rows(row("u")))
    size = (place.directory / f"{DATABASE}-wal").stat().st_size
    with disk_full_at(size):
        for _ in range(2):
            with pytest.raises(StoreError, match="disk"):
                await store.commit([puts(put("a", body=b"x" * size)), rows(row("u"))])
        assert await versions(store, "a") == [0]
        assert (await store.head()).position == before[-1]
    positions = await keep(store, puts(put("a")), rows(row("u")))
    assert [each.position for each in await store.rows_of("u", 0)] == before + positions


async def test_trimming_leaves_nothing_behind(place: FilePlace, store: SqliteStore) -> None:
    positions = await keep(store, rows(row("u", "v"), row("v"), row("v", "w")))
    await store.trim(positions[2])
    with closing(sqlite3.connect(place.directory / DATABASE)) as other:
        found = other.execute("SELECT user_id, position FROM audience ORDER BY user_id").fetchall()
    assert found == [("v", positions[2]), ("w", positions[2])]


async def test_cancelling_a_commit_does_not_break_it(place: FilePlace, store: SqliteStore) -> None:
    """The statements are done and the disk is at work: it is kept, and nobody writes before it is."""
    committing = asyncio.create_task(store.commit([puts(put("a"))]))
    await asyncio.sleep(0)
    committing.cancel()
    assert await store.commit([puts(put("a", 2))]) == [Kept()]
    assert committing.cancelled()
    assert await versions(store, "a") == [2]


async def test_the_log_does_not_grow_for_ever(small: SqliteStore, tmp_path: Path) -> None:
    """Beyond its limit it is emptied into the database (SPEC 8.10)."""
    sizes = [0]
    for n in range(1, 2000):
        await keep(small, puts(put("a", n, b"x" * 5000)))
        sizes.append((tmp_path / f"{DATABASE}-wal").stat().st_size)
        if sizes[-1] < sizes[-2]:
            break
    assert sizes[-1] < sizes[-2]
    assert max(sizes) > 1 << 17
    assert await versions(small, "a") == [len(sizes) - 1]

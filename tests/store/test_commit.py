"""Group commit (SPEC 8.4, 8.10): what forms a batch, who is told what, what a loss or a fault takes along."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

import pytest

from smsdesk.store import Change, Kept, StoreError
from smsdesk.store.commit import Busy, Conflicted, GroupCommit
from tests.store.gated import GatedStore
from tests.store.making import keep, put, puts, row, versions

pytestmark = pytest.mark.anyio
T = TypeVar("T")


@pytest.fixture
async def gated() -> AsyncIterator[GatedStore]:
    opened = GatedStore()
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def commits(gated: GatedStore) -> GroupCommit:
    return GroupCommit(gated, limit=10)


async def in_flight(gated: GatedStore, commits: GroupCommit, *changes: Change) -> "list[asyncio.Task[Kept]]":
    """Submit changes and return when they have reached the shut gate of the store."""
    gated.gate.clear()
    gated.arrived.clear()
    tasks = [asyncio.create_task(commits.submit(change)) for change in changes]
    await gated.arrived.wait()
    return tasks


async def waiting(commits: GroupCommit, *changes: Change) -> "list[asyncio.Task[Kept]]":
    """Submit changes behind those in flight."""
    tasks = [asyncio.create_task(commits.submit(change)) for change in changes]
    await asyncio.sleep(0)
    return tasks


async def outcomes(*tasks: Awaitable[Kept]) -> list[str]:
    """How each submit ended."""
    async with asyncio.timeout(20):
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    return ["kept" if isinstance(each, Kept) else f"{type(each).__name__} {each}" for each in ended]


async def test_a_change_alone_is_a_batch(commits: GroupCommit, gated: GatedStore) -> None:
    kept = await commits.submit(Change((put("a"),), (), (row("u"), row("v"))))
    assert list(kept.positions) == [each.position for each in await gated.rows(0)]
    assert await commits.submit(puts(put("a", 2))) == Kept()
    assert gated.batches == [1, 1]


async def test_what_is_submitted_in_one_turn_of_the_loop_is_one_batch(
    commits: GroupCommit, gated: GatedStore
) -> None:
    await asyncio.gather(*(commits.submit(puts(put(str(n)))) for n in range(7)))
    assert gated.batches == [7]


async def test_what_arrives_while_one_is_in_flight_is_the_next_batch(
    commits: GroupCommit, gated: GatedStore
) -> None:
    tasks = await in_flight(gated, commits, puts(put("a")))
    for n in range(3):
        tasks += await waiting(commits, puts(put(f"{n}")), puts(put(f"{n}+")))
    assert gated.batches == []
    gated.gate.set()
    assert await outcomes(*tasks) == ["kept"] * 7
    assert gated.batches == [1, 6]


async def test_a_conflict_concerns_only_its_change(commits: GroupCommit, gated: GatedStore) -> None:
    await keep(gated, puts(put("a")))
    changes = [puts(put("b")), puts(put("a", 1)), puts(put("c"))]
    assert await outcomes(*(commits.submit(change) for change in changes)) == [
        "kept",
        "Conflicted (('thing', 'a'),)",
        "kept",
    ]
    with pytest.raises(Conflicted) as conflict:
        await commits.submit(puts(put("a", 1)))
    assert conflict.value.lost == (("thing", "a"),)


async def test_a_loss_takes_along_what_waits_upon_it(commits: GroupCommit, gated: GatedStore) -> None:
    await keep(gated, puts(put("a"), put("b")))
    gated.batches.clear()
    flying = await in_flight(gated, commits, puts(put("a", 7), put("b", 2)), puts(put("x")))
    stacked = await waiting(
        commits,
        puts(put("y")),
        puts(put("b", 3), put("c")),  # upon b, which never became 2
        puts(put("c", 2)),  # upon c, which never became 1
        puts(put("x", 2)),  # upon one that was kept
    )
    gated.gate.set()
    assert await outcomes(*flying, *stacked) == [
        "Conflicted (('thing', 'a'),)",
        "kept",
        "kept",
        "Conflicted (('thing', 'b'),)",
        "Conflicted (('thing', 'c'),)",
        "kept",
    ]
    assert gated.batches == [2, 2]
    assert await versions(gated, "a", "b", "c", "x", "y") == [1, 1, 0, 2, 1]


async def test_a_fault_takes_along_everything(commits: GroupCommit, gated: GatedStore) -> None:
    flying = await in_flight(gated, commits, puts(put("a")), puts(put("b")))
    behind = await waiting(commits, puts(put("c")))
    gated.fault = StoreError("the disk is full")
    gated.gate.set()
    assert await outcomes(*flying, *behind) == ["StoreError the disk is full"] * 3
    assert gated.batches == [2]
    assert await commits.submit(puts(put("a"))) == Kept()
    assert await versions(gated, "a", "b", "c") == [1, 0, 0]


async def test_what_a_store_should_not_raise_is_reported(commits: GroupCommit, gated: GatedStore) -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))
    gated.fault = ZeroDivisionError("odd")
    assert await outcomes(commits.submit(puts(put("a")))) == [
        "StoreError the store failed: ZeroDivisionError('odd')"
    ]
    assert [str(error) for error in reported] == ["odd"]
    assert await commits.submit(puts(put("a"))) == Kept()


async def test_no_more_than_the_limit_may_wait(commits: GroupCommit, gated: GatedStore) -> None:
    tasks = await in_flight(gated, commits, *(puts(put(f"f{n}")) for n in range(10)))
    tasks += await waiting(commits, *(puts(put(f"w{n}")) for n in range(10)))
    with pytest.raises(Busy, match="10 changes are waiting"):
        await commits.submit(puts(put("too much")))
    gated.gate.set()
    assert await outcomes(*tasks) == ["kept"] * 20
    assert await commits.submit(puts(put("later"))) == Kept()
    assert await versions(gated, "too much") == [0]


async def test_listeners_hear_of_kept_changes_in_order_before_anybody_goes_on(
    commits: GroupCommit, gated: GatedStore
) -> None:
    heard: list[str] = []
    commits.on_kept(lambda change, kept: heard.append(f"{change.puts[0].id} at {kept.positions[0]}"))

    async def submit(id: str) -> None:
        await commits.submit(Change((put(id),), (), (row("u"),)))
        heard.append(f"{id} goes on")

    await asyncio.gather(*(submit(id) for id in "abc"))
    first = (await gated.head()).oldest
    assert heard[:3] == [f"a at {first}", f"b at {first + 1}", f"c at {first + 2}"]
    assert sorted(heard[3:]) == ["a goes on", "b goes on", "c goes on"]


async def test_listeners_hear_of_undone_changes_newest_first_before_anybody_goes_on(
    commits: GroupCommit, gated: GatedStore
) -> None:
    heard: list[str] = []
    commits.on_kept(lambda change, _: heard.append(f"{change.puts[0].id} kept"))
    commits.on_undone(lambda change, error: heard.append(f"{change.puts[0].id} {type(error).__name__}"))

    async def submit(id: str, *versions: int) -> None:
        for version in versions:
            try:
                await commits.submit(puts(put(id, version)))
            except (Conflicted, StoreError):
                heard.append(f"{id} goes on")

    await asyncio.gather(submit("a", 7), submit("b", 1), submit("a", 8))
    assert heard == ["b kept", "a Conflicted", "a Conflicted", "a goes on", "a goes on"]
    heard.clear()
    gated.fault = StoreError("gone")
    await asyncio.gather(submit("c", 1), submit("d", 1))
    assert heard == ["d StoreError", "c StoreError", "c goes on", "d goes on"]


async def test_a_failing_listener_disturbs_nobody(commits: GroupCommit, gated: GatedStore) -> None:
    reported: list[object] = []
    heard: list[Change] = []

    def fail(_change: Change, _what: object) -> None:
        raise ValueError("listener")

    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))
    commits.on_kept(fail)
    commits.on_kept(lambda change, _: heard.append(change))
    commits.on_undone(fail)
    assert await outcomes(commits.submit(puts(put("a"))), commits.submit(puts(put("a")))) == [
        "kept",
        "Conflicted (('thing', 'a'),)",
    ]
    assert [str(error) for error in reported] == ["listener", "listener"]
    assert len(heard) == 1


async def test_a_caller_who_goes_away_takes_nothing_back(commits: GroupCommit, gated: GatedStore) -> None:
    heard: list[str] = []
    commits.on_kept(lambda change, _: heard.append(change.puts[0].id))
    flying = await in_flight(gated, commits, puts(put("a")), puts(put("b")))
    behind = await waiting(commits, puts(put("c")), puts(put("d")))
    flying[0].cancel()
    behind[0].cancel()
    gated.gate.set()
    assert await outcomes(flying[1], behind[1]) == ["kept", "kept"]
    assert flying[0].cancelled()
    assert behind[0].cancelled()
    assert heard == ["a", "b", "c", "d"]
    assert await versions(gated, "a", "b", "c", "d") == [1, 1, 1, 1]


async def test_drain_waits_until_nothing_is_left(commits: GroupCommit, gated: GatedStore) -> None:
    await commits.drain()
    tasks = await in_flight(gated, commits, puts(put("a")))
    tasks += await waiting(commits, puts(put("b")))
    draining = asyncio.create_task(commits.drain())
    await asyncio.sleep(0)
    assert not draining.done()
    gated.gate.set()
    await draining
    assert gated.batches == [1, 1]
    assert await outcomes(*tasks) == ["kept", "kept"]


async def test_callers_in_flight_are_told_when_the_program_stops(
    commits: GroupCommit, gated: GatedStore
) -> None:
    flying = await in_flight(gated, commits, puts(put("a")))
    behind = await waiting(commits, puts(put("b")))
    sender = next(task for task in asyncio.all_tasks() if task.get_name() == "group commit")
    sender.cancel()
    assert await outcomes(*flying, *behind) == ["StoreError the program is stopping"] * 2

"""The contract of every store: transcripts, the outbox and its order, wake-ups, leases."""

import asyncio
import contextlib

import pytest

from smsdesk.store import Change, Entry, Fence, Head, Kept, OutboxRow, Store, StoreError
from smsdesk.store.commit import Conflicted, GroupCommit
from tests.store.making import bodies, entry, keep, outcomes, put, puts, row, rows, versions
from tests.store.places import CENTRE


@pytest.mark.anyio
class Transcripts:
    async def test_is_read_by_range(self, store: Store) -> None:
        await keep(store, Change(entries=tuple(entry(n, b"%d" % n) for n in (3, 1, 2, 10))))
        await keep(store, Change(entries=(entry(1, b"other", "other"),)))
        assert await store.entries("s", 0, 0) == [Entry("s", n, b"%d" % n) for n in (1, 2, 3, 10)]
        assert bodies(await store.entries("s", 2, 2)) == [b"2", b"3"]
        assert bodies(await store.entries("s", 4, 0)) == [b"10"]
        assert await store.entries("s", 11, 0) == await store.entries("nobody", 0, 0) == []

    async def test_an_entry_written_again_replaces_the_earlier_one(self, store: Store) -> None:
        await keep(store, Change(entries=(entry(1, b"queued"), entry(2, b"two"))))
        await keep(store, Change(entries=(entry(1, b"sent"),)), Change(entries=(entry(1, b"delivered"),)))
        assert bodies(await store.entries("s", 0, 0)) == [b"delivered", b"two"]


@pytest.mark.anyio
class Outbox:
    async def test_begins_empty(self, store: Store) -> None:
        assert await store.head() == Head("first", 1, 0)
        assert await store.rows(0) == await store.rows_of("u", 0) == []

    async def test_gives_positions_in_order(self, store: Store) -> None:
        first = await keep(store, rows(row("u", at=7, body=b"a"), row(body=b"b")), Change(), rows(row("v")))
        second = await keep(store, rows(row("u", body=b"d")))
        assert first + second == sorted({*first, *second})
        assert await store.rows(0) == [
            OutboxRow(first[0], 7, b"a"),
            OutboxRow(first[1], 1, b"b"),
            OutboxRow(first[2], 1, b"{}"),
            OutboxRow(second[0], 1, b"d"),
        ]
        assert await store.head() == Head("first", first[0], second[0])

    async def test_each_change_is_told_its_own_positions(self, store: Store) -> None:
        batch = [rows(row(body=b"0"), row(body=b"1")), Change(), rows(row(body=b"2"))]
        kept = [outcome for outcome in await store.commit(batch) if isinstance(outcome, Kept)]
        assert [len(outcome.positions) for outcome in kept] == [2, 0, 1]
        told = [position for outcome in kept for position in outcome.positions]
        assert [(each.position, each.body) for each in await store.rows(0)] == [
            (position, b"%d" % n) for n, position in enumerate(told)
        ]

    async def test_is_read_in_portions(self, store: Store) -> None:
        positions = await keep(store, *(rows(row("u" if n % 2 else "v", body=b"%d" % n)) for n in range(10)))
        assert [each.position for each in await store.rows(positions[3], 4)] == positions[4:8]
        assert [each.position for each in await store.rows_of("u", 0)] == positions[1::2]
        assert [each.position for each in await store.rows_of("u", positions[3], 2)] == positions[5:9:2]
        assert await store.rows(positions[-1]) == await store.rows_of("u", positions[-1]) == []

    async def test_a_row_concerns_each_of_its_viewers_once(self, store: Store) -> None:
        await keep(store, rows(row("u", "v", "u")))
        assert len(await store.rows_of("u", 0)) == len(await store.rows_of("v", 0)) == 1
        assert await store.rows_of("w", 0) == []

    async def test_a_loser_leaves_no_row(self, store: Store) -> None:
        await keep(store, puts(put("a")))
        losing = Change((put("a"),), (), (row("u", body=b"never"),))
        first, _, last = await store.commit([rows(row("u", body=b"1")), losing, rows(row("u", body=b"2"))])
        assert isinstance(first, Kept)
        assert isinstance(last, Kept)
        assert [each.body for each in await store.rows_of("u", 0)] == [b"1", b"2"]
        assert [each.position for each in await store.rows(0)] == [*first.positions, *last.positions]

    async def test_is_trimmed_from_below_in_portions(self, store: Store) -> None:
        positions = await keep(store, rows(*(row("u", "v") for _ in range(6))))
        assert await store.trim(positions[0]) == 0
        assert await store.trim(positions[4], limit=3) == 3
        assert await store.head() == Head("first", positions[3], positions[5])
        assert await store.trim(positions[4], limit=3) == 1
        for found in (await store.rows(0), await store.rows_of("u", 0), await store.rows_of("v", 0)):
            assert [each.position for each in found] == positions[4:]

    async def test_never_gives_a_position_again(self, store: Store) -> None:
        positions = await keep(store, rows(row("u"), row("u")))
        assert await store.trim(positions[-1] + 1) == 2
        head = await store.head()
        assert (head.oldest, head.position) == (positions[-1] + 1, positions[-1])
        assert await keep(store, rows(row("u"))) > positions[-1:]
        assert len(await store.rows_of("u", 0)) == 1

    async def test_becomes_visible_in_order_while_writers_race(self, store: Store, companion: Store) -> None:
        """House rule 6: whoever has read up to a position never finds a row below it afterwards."""
        commits = [
            GroupCommit(each, 1000) for each in {id(each): each for each in (store, companion)}.values()
        ]
        seen: list[int] = []
        told: list[int] = []

        async def write(writer: int) -> None:
            for n in range(25):
                mine = tuple(row(body=b"%d" % writer) for _ in range(1 + (writer + n) % 3))
                kept = await commits[writer % len(commits)].submit(Change((put(f"{writer} {n}"),), (), mine))
                told.extend(kept.positions)

        async def follow() -> None:
            seen.extend(each.position for each in await store.rows(seen[-1] if seen else 0))

        writing = [asyncio.create_task(write(n)) for n in range(8)]
        while not all(task.done() for task in writing):
            await follow()
            await asyncio.sleep(0)
        await asyncio.gather(*writing)
        await follow()
        assert seen == sorted(told) == [each.position for each in await store.rows(0)]

    async def test_of_racing_writers_one_wins(self, store: Store, companion: Store) -> None:
        commits = [
            GroupCommit(each, 1000) for each in {id(each): each for each in (store, companion)}.values()
        ]
        won: list[int] = []

        async def count(commit: GroupCommit, mine: Store) -> None:
            while (version := (await versions(mine, "a"))[0]) < 40:
                with contextlib.suppress(Conflicted):
                    await commit.submit(Change((put("a", version + 1),), (), (row("u"),)))
                    won.append(version + 1)

        await keep(store, puts(put("a")))
        await asyncio.gather(*(count(commits[n % len(commits)], (store, companion)[n % 2]) for n in range(4)))
        assert sorted(won) == list(range(2, 2 + len(won)))
        assert (await versions(store, "a"))[0] == 1 + len(won) == 1 + len(await store.rows_of("u", 0))


@pytest.mark.anyio
class WakeUps:
    async def test_tells_of_commits_wherever_they_are_made(self, store: Store, companion: Store) -> None:
        woken, awaited = asyncio.Event(), asyncio.Event()

        async def wake() -> None:
            awaited.set()

        store.on_wake(woken.set)
        store.on_wake(wake)
        for _ in range(3):  # more than once: a first wake-up may come of itself
            woken.clear()
            awaited.clear()
            await keep(companion, rows(row("u")))
            async with asyncio.timeout(20):
                await woken.wait()
                await awaited.wait()

    async def test_a_failing_callback_disturbs_nobody(self, store: Store) -> None:
        reported: list[str] = []
        woken = asyncio.Event()

        def fail() -> None:
            raise ValueError("callback")

        async def fail_later() -> None:
            raise ValueError("awaited")

        def report(_loop: object, context: dict[str, object]) -> None:
            reported.append(str(context["exception"]))
            if {"callback", "awaited"} <= set(reported):
                woken.set()

        asyncio.get_running_loop().set_exception_handler(report)
        store.on_wake(fail)
        store.on_wake(fail_later)
        await keep(store, rows(row("u")))
        async with asyncio.timeout(20):
            await woken.wait()


@pytest.mark.anyio
class Leases:
    """A lease of 0 milliseconds has run out at once: nobody has to wait for a clock."""

    async def test_has_one_holder(self, store: Store, companion: Store) -> None:
        lease = await store.acquire("sender", "a", 60_000)
        assert lease is not None
        assert (lease.name, lease.owner) == ("sender", "a")
        assert await companion.acquire("sender", "b", 60_000) is None
        assert await companion.acquire("router", "b", 60_000) is not None

    async def test_is_prolonged_by_its_holder(self, store: Store) -> None:
        short = await store.acquire("sender", "a", 1_000)
        long = await store.acquire("sender", "a", 60_000)
        assert short is not None
        assert long is not None
        assert long.fence == short.fence
        assert long.until > short.until

    async def test_goes_to_another_when_it_ran_out(self, store: Store, companion: Store) -> None:
        first = await store.acquire("sender", "a", 0)
        second = await companion.acquire("sender", "b", 60_000)
        assert first is not None
        assert second is not None
        assert second.fence > first.fence
        assert await store.acquire("sender", "a", 60_000) is None

    async def test_is_given_back(self, store: Store, companion: Store) -> None:
        first = await store.acquire("sender", "a", 60_000)
        assert first is not None
        await store.release(first)
        second = await companion.acquire("sender", "b", 60_000)
        assert second is not None
        assert second.fence > first.fence
        await store.release(first)  # no longer held
        assert await store.acquire("sender", "a", 60_000) is None

    async def test_its_fence_guards_changes(self, store: Store, companion: Store) -> None:
        old = await store.acquire("sender", "a", 0)
        assert old is not None
        fenced = Fence("sender", old.fence)
        assert await outcomes(store, Change((put("a"),), fence=fenced)) == ["kept"]
        new = await companion.acquire("sender", "b", 60_000)
        assert new is not None
        assert await outcomes(
            store,
            Change((put("a", 2),), (entry(1),), (row("u"),), fenced),
            puts(put("a", 2)),
            Change((put("b"),), fence=Fence("sender", new.fence)),
            Change(fence=fenced),
        ) == ["lease sender", "thing a", "kept", "lease sender"]
        assert await versions(store, "a", "b") == [1, 1]
        assert await store.rows(0) == []
        assert await store.entries("s", 0, 0) == []

    async def test_a_new_holder_sees_all_that_the_old_one_did(self, store: Store, companion: Store) -> None:
        """The fence is checked in the transaction of the effect: nothing old comes afterwards."""
        await keep(store, puts(put("a")))

        async def work(fence: Fence) -> None:
            version, ended = (await versions(store, "a"))[0], False
            while not ended:
                version += 1
                await asyncio.sleep(0)
                ended = await outcomes(store, Change((put("a", version),), fence=fence)) != ["kept"]

        for n in range(30):
            lease = await store.acquire("sender", f"old {n}", 0)
            assert lease is not None
            working = asyncio.create_task(work(Fence("sender", lease.fence)))
            for _ in range(n):
                await asyncio.sleep(0)
            assert await companion.acquire("sender", f"new {n}", 0) is not None
            seen = await versions(companion, "a")
            await working
            assert await versions(store, "a") == seen


@pytest.mark.anyio
class Closing:
    async def test_a_closed_store_says_so(self, store: Store) -> None:
        await store.close()
        await store.close()
        with pytest.raises(StoreError, match="closed"):
            await store.commit([Change()])
        with pytest.raises(StoreError, match="closed"):
            await store.head()
        with pytest.raises(StoreError, match="closed"):
            await store.acquire("sender", "a", 1)
        with pytest.raises(StoreError, match="closed"):
            await store.trim(1)

    async def test_knows_its_contact_centre(self, store: Store) -> None:
        assert store.contact_center_id == CENTRE

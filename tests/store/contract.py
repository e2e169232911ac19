"""One suite for every store (house rule 7): no exceptions, and nothing asks which adapter it is.

`Contract` is for every store, `LastingContract` also for those whose content outlives the process. A test
module gives its `place`; the fixtures `store` and `companion` (tests/store/fixtures.py) come from that.
"""

import asyncio
import sys

import pytest

from smsdesk.store import Change, Head, Listing, Store, StoreTooNew, Words
from tests.store.contract_documents import Documents
from tests.store.contract_model import Modelled
from tests.store.contract_outbox import Closing, Leases, Outbox, Transcripts, WakeUps
from tests.store.contract_texts import EVER, Finding, Forgetting, Lists, found, listed
from tests.store.first_schema import DOCUMENTS, ENTRIES
from tests.store.making import entry, keep, put, puts, row, rows, versions
from tests.store.places import CENTRE, LastingPlace


class Contract(
    Documents, Transcripts, Lists, Finding, Forgetting, Outbox, WakeUps, Leases, Closing, Modelled
):
    """What every store does."""


@pytest.mark.anyio
class LastingContract(Contract):
    """What a store on disk does besides."""

    async def test_is_all_there_when_opened_again(self, place: LastingPlace, store: Store) -> None:
        change = Change(
            (put("a", key="k", tag="t", due=5, body=b"1"),),
            (entry(1, b"2"),),
            (row("u", body=b"3"),),
            listings=(Listing("l", 1, "a"),),
            words=(Words("transcript", "s", 1, "hello"),),
        )
        await keep(store, change)
        await store.acquire("sender", "a", 0)
        before = await everything(store)
        await store.close()
        again = place.store()
        await again.open()
        assert await everything(again) == before
        lease = await again.acquire("sender", "b", 60_000)
        assert lease is not None
        assert lease.fence == 2
        await again.close()

    async def test_keeps_the_names_of_its_first_day(self, place: LastingPlace, store: Store) -> None:
        await store.close()
        again = place.store("second", "another centre")
        await again.open()
        assert (await again.head()).epoch == "first"
        assert again.contact_center_id == CENTRE
        await again.close()

    async def test_positions_go_on_after_a_restart(self, place: LastingPlace, store: Store) -> None:
        positions = await keep(store, rows(row("u"), row("u")))
        assert await store.trim(positions[-1] + 1) == 2
        await store.close()
        again = place.store()
        await again.open()
        assert await again.head() == Head("first", positions[-1] + 1, positions[-1])
        assert await keep(again, rows(row("u"))) == [positions[-1] + 1]
        await again.close()

    async def test_refuses_what_a_newer_program_wrote(self, place: LastingPlace, store: Store) -> None:
        await store.close()
        await place.mark(schema=1002, oldest=1001)
        again = place.store()
        with pytest.raises(StoreTooNew) as refusal:
            await again.open()
        words = str(refusal.value)
        assert "schema 1002" in words
        assert "1001 or later" in words
        assert "this program knows schema 2" in words
        assert "Start the newer program again" in words

    async def test_opens_what_a_newer_program_wrote_for_older_ones_too(
        self, place: LastingPlace, store: Store
    ) -> None:
        await keep(store, puts(put("a")))
        await store.close()
        await place.mark(schema=1002, oldest=2)
        again = place.store()
        await again.open()
        assert await versions(again, "a") == [1]
        await again.close()

    async def test_takes_over_what_the_first_program_kept(self, place: LastingPlace) -> None:
        """Sessions and audit stand in their lists, contacts and texts are found."""
        await place.begin(DOCUMENTS, ENTRIES)
        store = place.store()
        await store.open()
        assert await listed(store, "interactions") == [(100, "first"), (200, "second")]
        assert await listed(store, "contact carol") == [(100, "first"), (200, "second")]
        assert await listed(store, "agent ann") == [(100, "first"), (200, "second")]
        assert await listed(store, "agent ben") == [(100, "first")]
        assert await listed(store, "agent only-offered") == await listed(store, "agent supervisor") == []
        assert await listed(store, "audit") == [(150, "entered")]
        assert await listed(store, "contacts") == [(0, "dave"), (90, "carol")]
        assert await found(store, "hello") == [("second", 2), ("first", 3), ("first", 2)]
        assert await found(store, "zoe") == [("second", 2)]
        assert await found(store, "joined") == []
        assert await found(store, "carol", "15550111", space="contact") == [("carol", 0)]
        assert await found(store, "+1555*", space="contact") == [("carol", 0)]
        await keep(store, Change((put("first", 2, kind="session"),), erased=("first",)))
        assert await found(store, "hello") == [("second", 2)]
        await store.close()
        again = place.store()
        await again.open()
        assert await listed(again, "interactions") == [(200, "second")]
        await again.close()

    async def test_survives_the_death_of_its_process(self, place: LastingPlace, store: Store) -> None:
        """The victim says how far it came after every commit, and is killed in the middle of its work."""
        await store.close()
        victim = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.store.victim", *place.arguments(), stdout=asyncio.subprocess.PIPE
        )
        assert victim.stdout is not None
        for _ in range(20):
            await victim.stdout.readline()
        victim.kill()
        last = [20, *(int(line) for line in (await victim.stdout.read()).splitlines())][-1]
        await victim.wait()
        again = place.store()
        await again.open()
        assert await survived(again) >= last
        await keep(again, puts(put("after")))
        await again.close()


async def everything(store: Store) -> object:
    """Whatever can be read."""
    found = await store.find("thing", "k"), await store.tagged("thing", "t"), await store.due("thing", 5)
    return (
        found,
        await store.entries("s", 0, 0),
        await store.listed("l", 0, EVER, limit=9),
        await store.find_words("transcript", ["hello"], 9),
        await store.rows(0),
        await store.rows_of("u", 0),
        await store.head(),
    )


async def survived(store: Store) -> int:
    """How many of the victim's changes are there; each of them whole."""
    version = (await versions(store, "victim"))[0]
    assert len(await store.entries("victim", 0, 0)) == version
    assert [each.body for each in await store.rows_of("u", 0)] == [b"%d" % n for n in range(1, version + 1)]
    return version

"""The contract of every store: documents, their versions, keys, tags and due times."""

import pytest

from smsdesk.store import Change, Document, Kept, Lost, Store, StoreError
from tests.store.making import entry, keep, outcomes, put, puts, row, versions

BODIES = [
    b"",
    b'{"b":1,"a":1.0,"big":12345678901234567890,"e":1E2}',
    '{"name":"Zoë 👩\u200d👩\u200d👧"}'.encode(),
    b"a\x00b",
    b"\xff\xfe\x00'\"\\",
    b"x" * 300_000,
]


@pytest.mark.anyio
class Documents:
    async def test_finds_what_was_put(self, store: Store) -> None:
        await keep(store, puts(put("a", key="k", tag="t", due=5, body=b'{"n":1}')))
        expected = Document("thing", "a", 1, b'{"n":1}', "k", "t", 5)
        assert await store.get("thing", ["a", "missing"]) == {"a": expected}
        assert await store.find("thing", "k") == expected
        assert await store.tagged("thing", "t") == [expected]
        assert await store.due("thing", 5) == [expected]

    async def test_finds_nothing_where_nothing_is(self, store: Store) -> None:
        await keep(store, puts(put("a", key="k", tag="t", due=5)))
        assert await store.get("thing", []) == {}
        assert await store.get("other", ["a"]) == {}
        assert await store.find("other", "k") is None
        assert await store.find("thing", "a") is None
        assert await store.tagged("other", "t") == []
        assert await store.due("other", 5) == []
        assert await store.due("thing", 4) == []

    @pytest.mark.parametrize("body", BODIES, ids=["empty", "numbers", "emoji", "nul", "binary", "large"])
    async def test_keeps_bodies_byte_for_byte(self, store: Store, body: bytes) -> None:
        await keep(store, Change((put("a", body=body),), (entry(1, body),), (row("u", body=body),)))
        assert (await store.get("thing", ["a"]))["a"].body == body
        assert (await store.entries("s", 0, 0))[0].body == body
        assert (await store.rows_of("u", 0))[0].body == body

    async def test_replaces_only_the_version_before(self, store: Store) -> None:
        await keep(store, puts(put("a")))
        await keep(store, puts(put("a", 2, b"2")))
        for version in (1, 2, 4):
            assert await outcomes(store, puts(put("a", version, b"x"))) == ["thing a"]
        assert await outcomes(store, puts(put("b", 2))) == ["thing b"]
        assert await store.get("thing", ["a", "b"]) == {"a": Document("thing", "a", 2, b"2")}

    async def test_every_put_replaces_key_tag_and_due(self, store: Store) -> None:
        await keep(store, puts(put("a", key="k", tag="t", due=5)))
        await keep(store, puts(put("a", 2, key="k2", tag="t2", due=6)))
        assert await store.find("thing", "k") is None
        assert await store.tagged("thing", "t") == []
        assert await store.due("thing", 5) == []
        assert await store.find("thing", "k2") == (await store.tagged("thing", "t2"))[0]
        await keep(store, puts(put("a", 3)))
        assert await store.find("thing", "k2") is None
        assert await store.tagged("thing", "t2") == await store.due("thing", 9) == []

    async def test_deletes_only_the_version_before(self, store: Store) -> None:
        await keep(store, puts(put("a"), put("b")))
        assert await outcomes(store, puts(put("a", 3, None))) == ["thing a"]
        assert await outcomes(store, puts(put("c", 2, None))) == ["thing c"]
        await keep(store, puts(put("a", 2, None)))
        assert await versions(store, "a", "b", "c") == [0, 1, 0]

    async def test_a_deleted_document_begins_anew(self, store: Store) -> None:
        await keep(store, puts(put("a")), puts(put("a", 2)))
        await keep(store, puts(put("a", 3, None)))
        assert await outcomes(store, puts(put("a", 4))) == ["thing a"]
        await keep(store, puts(put("a", 1, b"anew")))
        await keep(store, puts(put("a", 2, None), put("a", 1, b"in one change", key="k")))
        await keep(
            store, puts(put("a", 2, None)), puts(put("a", 1)), puts(put("a", 2)), puts(put("a", 3, b"3"))
        )
        assert await store.get("thing", ["a"]) == {"a": Document("thing", "a", 3, b"3")}

    async def test_one_made_anew_does_not_hide_another_that_lost(self, store: Store) -> None:
        await keep(store, puts(put("a"), put("b")))
        assert await outcomes(store, puts(put("a", 2, None), put("a"), put("b", 5))) == ["thing b"]

    async def test_created_and_deleted_in_one_batch(self, store: Store) -> None:
        await keep(store, puts(put("a")), puts(put("b")), puts(put("a", 2, None)))
        assert await versions(store, "a", "b") == [0, 1]
        assert await outcomes(store, puts(put("b")), puts(put("b", 2, None))) == ["thing b", "thing b"]
        assert await versions(store, "b") == [1]

    async def test_version_1_without_a_body_wants_nothing_there(self, store: Store) -> None:
        await keep(store, puts(put("a")))
        assert await outcomes(store, puts(put("a", 1, None)), puts(put("b", 1, None))) == ["thing a", "kept"]

    async def test_a_key_is_unique_within_its_kind(self, store: Store) -> None:
        await keep(store, puts(put("a", key="k"), put("a", key="k", kind="other")))
        assert await outcomes(store, puts(put("b", key="k"))) == ["thing a, thing b"]
        await keep(store, puts(put("c", key="k2")))
        assert await outcomes(store, puts(put("c", 2, key="k"))) == ["thing a, thing c"]
        assert await outcomes(store, puts(put("d", key="new"), put("e", key="new"))) == ["thing d, thing e"]
        assert await versions(store, "a", "b", "c", "d", "e") == [1, 0, 1, 0, 0]

    async def test_within_a_batch_the_first_gets_the_key(self, store: Store) -> None:
        created = [puts(put(id, key="k")) for id in "abc"]
        assert await outcomes(store, *created) == ["kept", "thing a, thing b", "thing a, thing c"]

    async def test_a_freed_key_can_be_taken(self, store: Store) -> None:
        await keep(store, puts(put("a", key="k"), put("b", key="l")))
        await keep(store, puts(put("c", key="k"), put("a", 2)))
        await keep(store, puts(put("b", 2, None)), puts(put("d", key="l")))
        await keep(store, puts(put("c", 2, key="l"), put("d", 2, key="k")))
        found = [await store.find("thing", key) for key in "kl"]
        assert [document.id for document in found if document] == ["d", "c"]

    @pytest.mark.parametrize("ids", ["ab", "ba"])
    async def test_a_key_moves_between_documents(self, store: Store, ids: str) -> None:
        await keep(store, puts(put("a", key="k"), put("b", key="l")))
        swapped = {"a": put("a", 2, key="l"), "b": put("b", 2, key="k")}
        await keep(store, puts(*(swapped[id] for id in ids)))
        moved = {"a": put("a", 3, key="k"), "b": put("b", 3)}
        await keep(store, puts(*(moved[id] for id in ids)))
        found = await store.find("thing", "k")
        assert found is not None
        assert (found.id, await store.find("thing", "l")) == ("a", None)

    async def test_changes_stack_within_a_batch(self, store: Store) -> None:
        await keep(store, puts(put("a", body=b"0")))
        stacked = [puts(put("a", n, str(n).encode(), tag=str(n)), put(f"x{n}")) for n in range(2, 6)]
        await keep(store, *stacked)
        assert await store.get("thing", ["a"]) == {"a": Document("thing", "a", 5, b"5", None, "5")}
        assert [each.id for each in await store.tagged("thing", "5")] == ["a"]
        assert await versions(store, "x2", "x5") == [1, 1]

    async def test_a_loser_takes_along_what_was_stacked_on_it(self, store: Store) -> None:
        await keep(store, puts(put("a"), put("b"), put("z")))
        assert await outcomes(
            store,
            puts(put("z", 2)),
            puts(put("a", 7), put("b", 2)),  # loses over a
            puts(put("z", 3)),
            puts(put("b", 3), put("c")),  # over b, which never became 2
            puts(put("b", 2)),
            puts(put("c", 2)),  # over c, which never became 1
            puts(put("d")),
        ) == ["kept", "thing a", "kept", "thing b", "thing b", "thing c", "kept"]
        assert await versions(store, "a", "b", "c", "d", "z") == [1, 1, 0, 1, 3]

    async def test_a_change_is_kept_whole_or_not_at_all(self, store: Store) -> None:
        await keep(store, puts(put("a")))
        losing = Change((put("b"), put("a", 1), put("c", key="k")), (entry(1),), (row("u"),))
        kept, lost = await store.commit([Change((put("d"),), (entry(2),), (row("v"),)), losing])
        assert isinstance(kept, Kept)
        assert lost == Lost((("thing", "a"),))
        assert await versions(store, "a", "b", "c", "d") == [1, 0, 0, 1]
        assert await store.find("thing", "k") is None
        assert [each.index for each in await store.entries("s", 0, 0)] == [2]
        assert [each.position for each in await store.rows(0)] == list(kept.positions)
        assert await store.rows_of("u", 0) == []

    async def test_a_change_that_contradicts_itself_loses(self, store: Store) -> None:
        twice = puts(put("a"), put("a"))
        assert await outcomes(store, twice, puts(put("b"))) == ["thing a", "kept"]
        assert await versions(store, "a", "b") == [0, 1]

    async def test_empty_batches_and_changes_are_kept(self, store: Store) -> None:
        assert await store.commit([]) == []
        assert await store.commit([Change(), Change()]) == [Kept(), Kept()]

    async def test_tagged_goes_by_id_in_portions(self, store: Store) -> None:
        ids = ["Z", "_", "a", "b", "é", "😀"]
        await keep(store, puts(*(put(id, tag="t") for id in reversed(ids)), put("other", tag="u")))
        assert [each.id for each in await store.tagged("thing", "t")] == ids
        assert [each.id for each in await store.tagged("thing", "t", limit=2)] == ids[:2]
        assert [each.id for each in await store.tagged("thing", "t", "_", 3)] == ids[2:5]
        assert await store.tagged("thing", "t", ids[-1]) == []

    async def test_due_goes_by_time_then_id(self, store: Store) -> None:
        times = {"d": 1, "b": 2, "c": 2, "a": 3, "never": None}
        await keep(store, puts(*(put(id, due=due) for id, due in times.items())))
        assert [each.id for each in await store.due("thing", 2)] == ["d", "b", "c"]
        assert [each.id for each in await store.due("thing", 2, 2)] == ["d", "b"]
        assert [each.id for each in await store.due("thing", 9)] == ["d", "b", "c", "a"]

    async def test_expires_what_was_due_before(self, store: Store) -> None:
        times = {"a": 3, "b": 1, "c": 2, "d": 4, "never": None}
        await keep(
            store, puts(*(put(id, due=due) for id, due in times.items()), put("x", kind="other", due=1))
        )
        assert await store.expire("thing", 3, limit=1) == 1
        assert await versions(store, *times) == [1, 0, 1, 1, 1]
        assert await store.expire("thing", 3) == 1
        assert await store.expire("thing", 3) == 0
        assert await versions(store, *times) == [1, 0, 0, 1, 1]
        assert await versions(store, "x", kind="other") == [1]

    @pytest.mark.parametrize("strange", ["a\x00b", "\ud800"], ids=["nul", "lone surrogate"])
    async def test_what_cannot_be_a_name_hurts_nobody(self, store: Store, strange: str) -> None:
        """Refused at the edge (SPEC 8.7). One that comes all the same is kept as it is, or nothing is."""
        try:
            await keep(store, puts(put("before"), put(strange, key=strange, tag=strange)))
        except StoreError:
            assert await versions(store, "before") == [0]
        else:
            assert [each.id for each in await store.tagged("thing", strange)] == [strange]
        await keep(store, puts(put("after")))
        assert await versions(store, "after") == [1]

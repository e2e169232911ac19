"""The contract of every store: ordered lists, texts found by their words, and forgetting both."""

import asyncio

import pytest

from smsdesk.store import Change, Hit, Listing, Store, Words
from smsdesk.store.commit import Conflicted, GroupCommit
from tests.store.making import bodies, entry, keep, outcomes, put

EVER = 1 << 62


def places(*several: tuple[str, int, str]) -> Change:
    """A change that does nothing but list."""
    return Change(listings=tuple(Listing(*each) for each in several))


def text(words: str, id: str = "s", index: int = 1, space: str = "transcript") -> Change:
    """A change that does nothing but have a text found."""
    return Change(words=(Words(space, id, index, words),))


async def listed(store: Store, name: str) -> list[tuple[int, str]]:
    """All of a list, the oldest first."""
    found = await store.listed(name, 0, EVER, descending=False, limit=100)
    assert {each.name for each in found} <= {name}
    return [(each.at, each.id) for each in found]


async def found(store: Store, *words: str, space: str = "transcript") -> list[tuple[str, int]]:
    """What all these words find."""
    return [(hit.id, hit.index) for hit in await store.find_words(space, words, 100)]


@pytest.mark.anyio
class Lists:
    async def test_go_by_time_then_by_id(self, store: Store) -> None:
        await keep(store, places(("l", 2, "a"), ("l", 1, "b")), places(("l", 2, "B"), ("other", 1, "x")))
        assert await listed(store, "l") == [(1, "b"), (2, "B"), (2, "a")]
        assert await store.listed("l", 0, EVER, limit=10) == [
            Listing("l", 2, "a"),
            Listing("l", 2, "B"),
            Listing("l", 1, "b"),
        ]
        assert await listed(store, "nothing") == []

    async def test_are_read_from_a_time_to_before_another(self, store: Store) -> None:
        await keep(store, places(*(("l", at, "x") for at in (1, 2, 3, 4))))
        assert [each.at for each in await store.listed("l", 2, 4, limit=10)] == [3, 2]
        assert [each.at for each in await store.listed("l", 2, 4, descending=False, limit=10)] == [2, 3]
        assert await store.listed("l", 4, 2, limit=10) == []

    async def test_are_read_in_portions(self, store: Store) -> None:
        await keep(store, places(*(("l", at, "x") for at in range(10))))
        assert [each.at for each in await store.listed("l", 0, EVER, limit=3, offset=2)] == [7, 6, 5]
        read = await store.listed("l", 0, EVER, descending=False, limit=3, offset=8)
        assert [each.at for each in read] == [8, 9]
        assert await store.listed("l", 0, EVER, limit=3, offset=10) == []

    async def test_the_same_place_again_is_the_same(self, store: Store) -> None:
        await keep(store, places(("l", 1, "a"), ("l", 1, "a")), places(("l", 1, "a")))
        await keep(store, places(("l", 1, "a")))
        await keep(store, places(("l", 2, "a")))
        assert await listed(store, "l") == [(1, "a"), (2, "a")]

    async def test_forget_what_expires(self, store: Store) -> None:
        """A list does not grow by what is gone."""
        entered = Change(
            (put("a", due=1), put("b", due=2)), listings=places(("l", 1, "a"), ("l", 2, "b")).listings
        )
        await keep(store, entered)
        assert await store.expire("other", 9) == 0
        assert await store.expire("thing", 2) == 1
        assert await listed(store, "l") == [(2, "b")]


@pytest.mark.anyio
class Finding:
    async def test_finds_a_text_by_all_of_its_words(self, store: Store) -> None:
        await keep(store, text("My order has not arrived.", "s", 1), text("Which order?", "s", 2))
        assert await found(store, "arrived", "order") == [("s", 1)]
        assert await found(store, "order") == [("s", 2), ("s", 1)]
        assert await found(store, "order", "invoice") == await found(store, "ord") == []

    async def test_finds_the_newest_first_in_portions(self, store: Store) -> None:
        await keep(store, *(text("hello", f"s{n}") for n in range(4)))
        await keep(store, text("hello", "s4"))
        assert await store.find_words("transcript", ["hello"], 2, 1) == [Hit("s3", 1), Hit("s2", 1)]
        assert await store.find_words("transcript", ["hello"], 2, 5) == []

    async def test_a_star_at_its_end_lets_a_word_go_on(self, store: Store) -> None:
        await keep(store, text("delivery 12345", "a"), text("deliver it", "b"))
        assert await found(store, "deliver*") == [("b", 1), ("a", 1)]
        assert await found(store, "deliver") == [("b", 1)]
        assert await found(store, "123*", "deliv*") == [("a", 1)]

    @pytest.mark.parametrize(
        ("kept", "sought"),
        [
            ("Hello There", ["hELLO", "there"]),
            ("Zoë Müller, Straße 5", ["zoe", "MULLER", "strasse"]),
            ("Привет, МИР", ["мир", "прив*"]),
            ("送货到东京", ["东京"]),
            ("สวัสดี", ["สวัสดี"]),
            ("call +1 (555) 0111", ["555", "0111"]),
            ("number +15550111", ["+15550111"]),
            ("write to carol@example.org", ["carol@example.org"]),
            ("carol@example.org", ["example", "carol"]),
            ("snow👩\u200d👧fall", ["snow", "fall"]),
            ("under_score", ["score"]),
            ("x" * 3000, ["x" * 3000]),
        ],
    )
    async def test_case_accents_and_signs_do_not_matter(
        self, store: Store, kept: str, sought: list[str]
    ) -> None:
        await keep(store, text(kept), text("something else", "other"))
        assert await found(store, *sought) == [("s", 1)]

    @pytest.mark.parametrize(
        "strange",
        [
            '"',
            "'",
            "a' | 'b",
            '" OR "',
            "NOT",
            "a AND b",
            "NEAR(a b)",
            "text:a",
            "a:*",
            "!a",
            "\\",
            "^a",
            "(",
            "%",
            "_",
            "",
            "*",
            "👩",
            "\x00",
        ],
    )
    async def test_nothing_in_a_word_means_anything_to_the_database(self, store: Store, strange: str) -> None:
        await keep(store, text("entirely different", "s"))
        assert await found(store, strange) == []

    async def test_nothing_is_found_without_a_word(self, store: Store) -> None:
        await keep(store, text("hello"))
        assert await found(store) == await found(store, "...", "!") == []
        assert await found(store, "...", "hello") == [("s", 1)]

    async def test_spaces_are_apart(self, store: Store) -> None:
        await keep(store, text("Carol", "s"), text("Carol", "c", 0, space="contact"))
        assert await found(store, "carol") == [("s", 1)]
        assert await found(store, "car*", space="contact") == [("c", 0)]
        assert await found(store, "carol", space="other") == []

    async def test_a_text_replaces_the_earlier_one(self, store: Store) -> None:
        await keep(store, text("Ann Smith"), text("later", "t"))
        await keep(store, text("Ann Jones"))
        assert await found(store, "smith") == []
        assert await found(store, "jones") == [("s", 1)]
        await keep(store, text("one"), text("two"), text("three"))
        assert await found(store, "two") == await found(store, "jones") == []
        assert await found(store, "three") == [("s", 1)]

    async def test_an_empty_text_is_found_no_more(self, store: Store) -> None:
        await keep(store, text("hello"), text("hello", index=2), text("bye", "t"), text("", "t"))
        await keep(store, text(""), text("", "never there"))
        assert await found(store, "hello") == [("s", 2)]
        assert await found(store, "bye") == []
        await keep(store, text("👍", index=2))
        assert await found(store, "hello") == []
        await keep(store, text("hello again"))
        assert await found(store, "hello") == [("s", 1)]


@pytest.mark.anyio
class Forgetting:
    async def test_erasing_takes_entries_places_and_words(self, store: Store) -> None:
        for id in "st":
            words = (Words("transcript", id, 1, "hello"), Words("other", id, 1, "hello"))
            listings = (Listing("l", 1, id), Listing("m", 2, id))
            await keep(store, Change(entries=(entry(1, session=id),), listings=listings, words=words))
        await keep(store, Change(erased=("s", "nobody")))
        assert await store.entries("s", 0, 0) == []
        assert bodies(await store.entries("t", 0, 0)) == [b"{}"]
        assert await listed(store, "l") == [(1, "t")]
        assert await listed(store, "m") == [(2, "t")]
        assert await found(store, "hello") == await found(store, "hello", space="other") == [("t", 1)]
        await keep(store, text("hello anew"))
        assert await found(store, "hello") == [("s", 1), ("t", 1)]

    @pytest.mark.parametrize("together", [True, False])
    async def test_what_comes_after_stays(self, store: Store, together: bool) -> None:
        written = Change(
            entries=(entry(1), entry(2, session="t")),
            listings=(Listing("l", 1, "s"), Listing("l", 1, "t")),
            words=(Words("transcript", "s", 1, "before"), Words("transcript", "t", 1, "before")),
        )
        again = Change(
            entries=(entry(3),),
            listings=(Listing("l", 2, "s"),),
            words=(Words("transcript", "s", 3, "after"),),
            erased=("s",),
        )
        for batch in [[written, again]] if together else [[written], [again]]:
            await keep(store, *batch)
        assert [each.index for each in await store.entries("s", 0, 0)] == [3]
        assert await listed(store, "l") == [(1, "t"), (2, "s")]
        assert await found(store, "before") == [("t", 1)]
        assert await found(store, "after") == [("s", 3)]

    async def test_a_lost_change_leaves_no_place_and_no_word(self, store: Store) -> None:
        """All of it is kept or nothing (SPEC 8.4)."""
        await keep(store, Change((put("a"),), (entry(1),), listings=(Listing("l", 1, "s"),)), text("here"))
        losing = Change(
            (put("a"),),
            listings=(Listing("l", 2, "x"),),
            words=(Words("transcript", "x", 1, "lost"), Words("transcript", "s", 1, "lost")),
            erased=("s",),
        )
        assert await outcomes(store, losing, text("kept", "y"), places(("l", 3, "y"))) == [
            "thing a",
            "kept",
            "kept",
        ]
        assert await listed(store, "l") == [(1, "s"), (3, "y")]
        assert await found(store, "lost") == []
        assert await found(store, "here") == [("s", 1)]
        assert await found(store, "kept") == [("y", 1)]
        assert [each.index for each in await store.entries("s", 0, 0)] == [1]

    async def test_racing_writers_leave_each_word_and_place_once(
        self, store: Store, companion: Store
    ) -> None:
        """Two that write the same text and place again and again: one of them is the last."""

        async def write(mine: Store, name: str) -> None:
            commits = GroupCommit(mine, 1000)
            for n in range(20):
                change = Change(
                    (put("shared", n + 1),),
                    listings=(Listing("l", n, "s"),),
                    words=(Words("transcript", "s", n % 2, f"{name} {n}"),),
                )
                try:
                    await commits.submit(change)
                except Conflicted:
                    await commits.submit(text(f"{name} {n}", index=n % 2))
                    await commits.submit(places(("l", n, "s")))

        await asyncio.gather(write(store, "one"), write(companion, "two"))
        assert await listed(store, "l") == [(n, "s") for n in range(20)]
        last = {index: await found(store, str(18 + index)) for index in (0, 1)}
        assert last == {0: [("s", 0)], 1: [("s", 1)]}
        assert await found(store, "0") == await found(store, "17") == []
        assert len(await found(store, "one")) + len(await found(store, "two")) == 2

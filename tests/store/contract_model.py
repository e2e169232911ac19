"""The contract of every store against a model: dictionaries that say what a batch must come to."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsdesk.store import Change, Document, Entry, Kept, Listing, Lost, Put, Row, Store, Words
from tests.store.contract_texts import found, listed

KEYS = ("k", "l")
TAGS = ("t", "u")
USERS = ("u", "v")
IDS = ("a", "b", "c")
TEXTS = ("hello", "bye")
_worlds = itertools.count()


@dataclass
class Model:
    """What is stored, as far as it can be seen from outside."""

    documents: dict[str, Document] = field(default_factory=dict)
    entries: dict[int, bytes] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    listings: set[Listing] = field(default_factory=set)
    words: dict[tuple[str, int], str] = field(default_factory=dict)

    def after(self, changes: Sequence[Change]) -> "Model | None":
        """The model when all these changes hold as one, in which keys matter only at the end; else None."""
        documents = dict(self.documents)
        for put in itertools.chain.from_iterable(change.puts for change in changes):
            if put.version != (documents[put.id].version if put.id in documents else 0) + 1:
                return None
            if put.body is None:
                documents.pop(put.id, None)
            else:
                documents[put.id] = Document(
                    put.kind, put.id, put.version, put.body, put.key, put.tag, put.due
                )
        keys = [document.key for document in documents.values() if document.key is not None]
        if len(keys) != len(set(keys)):
            return None
        model = Model(
            documents,
            dict(self.entries),
            self.rows + [each for change in changes for each in change.rows],
            set(self.listings),
            dict(self.words),
        )
        for change in changes:
            model.take_texts(change)
        return model

    def take_texts(self, change: Change) -> None:
        """Forget what the change erases, then take in its entries, places and words."""
        for id in change.erased:
            self.entries = {} if id.endswith(" ") else self.entries  # all entries have the world's own id
            self.listings = {each for each in self.listings if each.id != id}
            self.words = {place: text for place, text in self.words.items() if place[0] != id}
        self.entries |= {each.index: each.body for each in change.entries}
        self.listings |= set(change.listings)
        self.words |= {(each.id, each.index): each.text for each in change.words}

    def judged(self, changes: Sequence[Change]) -> "tuple[Model, list[bool]]":
        """The model after each change in turn, and which of them were kept."""
        model, kept = self, list[bool]()
        doomed: set[str] = set()
        for change in changes:
            ids = {put.id for put in change.puts}
            after = model.after([change]) if not ids & doomed else None
            kept.append(after is not None)
            model = after or model
            if after is None:
                doomed |= ids
        return model, kept


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """A change of a few documents. Versions stand here relative to the one that would be right."""
    puts = [
        Put(
            "",
            id,
            draw(st.sampled_from([0, 0, 0, 0, 0, 0, -1, 1])),
            draw(st.sampled_from([b"1", b"2", b"3", None])),
            draw(st.sampled_from([None, None, *KEYS])),
            draw(st.sampled_from([None, *TAGS])),
            draw(st.sampled_from([None, 1, 2])),
        )
        for id in draw(st.lists(st.sampled_from(IDS), max_size=3))
    ]
    entries = [
        Entry("", draw(st.integers(1, 3)), draw(st.binary(max_size=2)))
        for _ in range(draw(st.integers(0, 2)))
    ]
    rows = [
        Row(draw(st.integers(0, 5)), tuple(draw(st.lists(st.sampled_from(USERS), max_size=3))), b"")
        for _ in range(draw(st.integers(0, 2)))
    ]
    ids = st.sampled_from(["", *IDS])
    listings = draw(
        st.lists(st.builds(Listing, st.just(""), st.integers(0, 3), ids), max_size=2) | st.just([])
    )
    texts = st.lists(st.sampled_from(TEXTS), max_size=2).map(" ".join)
    words = draw(st.lists(st.builds(Words, st.just(""), ids, st.integers(0, 1), texts), max_size=2))
    erased = draw(st.just([]) | st.just([]) | st.lists(ids, max_size=2))
    return Change(
        tuple(puts), tuple(entries), tuple(rows), None, tuple(listings), tuple(words), tuple(erased)
    )


def resolved(change: Change, world: str, believed: dict[str, int]) -> Change:
    """The change in its own world of names, its versions by what its maker believes is there."""
    puts = []
    for put in change.puts:
        version = max(1, believed.get(put.id, 0) + 1 + put.version)
        believed[put.id] = version if put.body is not None else 0
        puts.append(Put(world, put.id, version, put.body, put.key, put.tag, put.due))
    entries = tuple(Entry(world, each.index, each.body) for each in change.entries)
    rows = tuple(
        Row(each.at, tuple(world + user for user in each.viewers), each.body) for each in change.rows
    )
    listings = tuple(Listing(world, each.at, world + each.id) for each in change.listings)
    words = tuple(Words(world, world + each.id, each.index, each.text) for each in change.words)
    erased = tuple(world + id for id in change.erased)
    return Change(tuple(puts), entries, rows, None, listings, words, erased)


@pytest.mark.anyio
class Modelled:
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(batches=st.lists(st.lists(changes(), max_size=5), max_size=5))
    async def test_does_what_dictionaries_would(self, store: Store, batches: list[list[Change]]) -> None:
        world = f"world {next(_worlds)} "
        model, start = Model(), (await store.head()).position
        for batch in batches:
            believed = {id: document.version for id, document in model.documents.items()}
            made = [resolved(change, world, believed) for change in batch]
            outcomes = await store.commit(made)
            whole, (model, kept) = model.after(made), model.judged(made)
            if whole is not None and all(isinstance(outcome, Kept) for outcome in outcomes):
                model = whole
            else:
                assert [isinstance(outcome, Kept) for outcome in outcomes] == kept
            assert all(outcome.lost for outcome in outcomes if isinstance(outcome, Lost))
            await agree(store, world, start, model)


async def agree(store: Store, world: str, start: int, model: Model) -> None:
    """Every way to read gives what the model has."""
    documents = model.documents
    ordered = [documents[id] for id in sorted(documents)]
    assert await store.get(world, IDS) == documents
    for key in KEYS:
        assert await store.find(world, key) == next((d for d in ordered if d.key == key), None)
    for tag in TAGS:
        assert await store.tagged(world, tag) == [d for d in ordered if d.tag == tag]
    due = sorted((d for d in ordered if d.due is not None), key=lambda d: d.due or 0)
    assert await store.due(world, 2) == due
    entries = [Entry(world, index, body) for index, body in sorted(model.entries.items())]
    assert await store.entries(world, 0, 0) == entries
    places = sorted((each.at, each.id) for each in model.listings)
    assert await listed(store, world) == places
    for text in TEXTS:
        holders = {place for place, words in model.words.items() if text in words.split()}
        assert set(await found(store, text, space=world)) == holders
    kept = await store.rows(start)
    assert [(each.at, each.body) for each in kept] == [(each.at, each.body) for each in model.rows]
    for user in USERS:
        concerned = [k for k, each in zip(kept, model.rows, strict=True) if world + user in each.viewers]
        assert await store.rows_of(world + user, start) == concerned

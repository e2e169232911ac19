"""What is in memory: every record's committed and newest value. Operations build on the newest, reads see
the committed (SPEC 8.4).

Agents, open interactions, timers and the configured centre always stay; the rest comes when asked for and
goes when idle.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from smsdesk.core.agent import Agent
from smsdesk.core.draft import Draft
from smsdesk.core.events import Fact
from smsdesk.core.message import Message
from smsdesk.operations.kinds import KINDS
from smsdesk.store import Change, Document, Entry, Listing, Put, Row, Words

REFERENCE_BLOCK = 1024


class NotLoaded(Exception):
    """A record that an operation reads is not in memory: load it and begin again."""

    def __init__(self, kind: str, id: str, by_key: bool = False) -> None:
        super().__init__(kind, id)
        self.kind, self.id, self.by_key = kind, id, by_key


class Held(Struct):
    """One record in memory. Version 0 with None: known not to exist."""

    newest: Any
    newest_version: int
    committed: Any
    committed_version: int
    touched: bool = True


class Made(Change, frozen=True):
    """A change with the values it was made from, so that nobody behind the commit decodes them again."""

    values: tuple[tuple[str, str, Any, int], ...] = ()
    before: tuple[tuple[Any, int], ...] = ()
    facts: tuple[Fact, ...] = ()
    messages: tuple[tuple[str, Message], ...] = ()


class Live:
    """The records in memory. Plain functions; whoever loads hands the documents in."""

    def __init__(self, limit: int = 50_000) -> None:
        self._held: dict[tuple[str, str], Held] = {}
        self._resident: dict[str, dict[str, Held]] = {kind: {} for kind in KINDS if KINDS[kind].resident}
        self._keys: dict[tuple[str, str], str] = {}
        self._watchers: dict[str, set[str]] = {}
        self._references: dict[str, tuple[int, int]] = {}
        self._limit = limit

    # -- reading -----------------------------------------------------------------------------------
    def peek(self, kind: str, id: str) -> Any | None:
        """The newest value. Raises NotLoaded when it is not known whether there is one."""
        held = self._find(kind, id)
        return held.newest if held else None

    def peek_key(self, kind: str, key: str) -> Any | None:
        """The newest value with this unique key. Raises NotLoaded when that is not known."""
        id = self._keys.get((kind, key))
        if id is None:
            raise NotLoaded(kind, key, by_key=True)
        return self.peek(kind, id) if id else None

    def committed(self, kind: str, id: str) -> Any | None:
        """The committed value. Raises NotLoaded."""
        held = self._find(kind, id)
        return held.committed if held else None

    def _find(self, kind: str, id: str) -> Held | None:
        held = self._held.get((kind, id))
        if held is not None:
            held.touched = True
        elif not KINDS[kind].resident:
            raise NotLoaded(kind, id)
        return held

    def all(self, kind: str) -> Iterator[Any]:
        """Newest values of a kind that stays in memory; of another kind those that happen to be there."""
        resident = self._resident.get(kind)
        held = (h for (k, _), h in self._held.items() if k == kind) if resident is None else resident.values()
        return (h.newest for h in held if h.newest is not None)

    def watchers(self, agent: str) -> list[str]:
        """Supervisors who watch this user, in a stable order."""
        return sorted(self._watchers.get(agent, ()))

    def reference(self, agent: Agent) -> tuple[int, Agent | None]:
        """The next referenceId of a user; when a block is used up, the agent with the next block taken (SPEC
        1.5).
        """
        number, until = self._references.get(agent.id, (0, 0))
        taken = None
        if number >= until or until > agent.references_until:  # used up, or never kept
            number = max(number, agent.references_until)
            until = number + REFERENCE_BLOCK
            taken = replace(agent, references_until=until)
        self._references[agent.id] = (number + 1, until)
        return number, taken

    # -- loading -----------------------------------------------------------------------------------
    def loaded(self, kind: str, id: str, document: Document | None) -> None:
        """Take in what the store has under this id, unless something newer is here already."""
        if (kind, id) not in self._held:
            value = msgspec.json.decode(document.body, type=KINDS[kind].type) if document else None
            version = document.version if document else 0
            self._hold(kind, id, Held(value, version, value, version))
            if value is not None:
                self._note_key(kind, id, None, value)
            self._make_room()

    def loaded_key(self, kind: str, key: str, document: Document | None) -> None:
        """Take in what the store has under a unique key; the memory may know better."""
        self._make_room()
        if document is not None:
            self.loaded(kind, document.id, document)
        self._keys.setdefault((kind, key), "")
        if document is not None and self._held[kind, document.id].newest is not None:
            current, _, _ = KINDS[kind].index(self._held[kind, document.id].newest)
            if current == key:
                self._keys[kind, key] = document.id

    def _hold(self, kind: str, id: str, held: Held) -> Held:
        self._held[kind, id] = held
        if kind in self._resident:
            self._resident[kind][id] = held
        return held

    def _drop(self, kind: str, id: str) -> Held | None:
        if kind in self._resident:
            self._resident[kind].pop(id, None)
        return self._held.pop((kind, id), None)

    # -- writing -----------------------------------------------------------------------------------
    def stage(self, draft: Draft) -> Made | None:
        """Make the draft the newest truth in memory and return it as a change to be committed; None when it
        changes nothing.
        """
        if not (draft.records or draft.facts or draft.messages or draft.touches_texts):
            return None
        # What cannot be written is found before anything is touched.
        bodies = {id_of(v): msgspec.json.encode(v) for v in draft.records.values() if v is not None}
        entries = tuple(Entry(s, m.index, msgspec.json.encode(m)) for s, m in draft.messages)
        rows = tuple(_row(fact, bodies) for fact in draft.facts)
        puts, values, before = [], [], []
        for (kind, id), value in draft.records.items():
            held = self._held.get((kind, id))
            if held is None:
                held = self._hold(kind, id, Held(None, 0, None, 0))
            before.append((held.newest, held.newest_version))
            old, held.newest, held.touched = held.newest, value, True
            held.newest_version += 1
            self._note_key(kind, id, old, value)
            key, tag, due = KINDS[kind].index(value) if value is not None else (None, None, None)
            puts.append(Put(kind, id, held.newest_version, bodies.get(id_of(value)), key, tag, due))
            values.append((kind, id, value, held.newest_version))
        self._make_room()
        return Made(
            tuple(puts),
            entries,
            rows,
            listings=tuple(Listing(*listing) for listing in draft.listings),
            words=tuple(Words(*words) for words in draft.words),
            erased=tuple(draft.erased),
            values=tuple(values),
            before=tuple(before),
            facts=tuple(draft.facts),
            messages=tuple(draft.messages),
        )

    def kept(self, change: Made) -> None:
        """The change is on disk: what it wrote is committed now."""
        for kind, id, value, version in change.values:
            held = self._held.get((kind, id))
            if held is not None and version > held.committed_version:
                held.committed, held.committed_version = value, version
                if value is None and held.newest_version == version:
                    self._drop(kind, id)

    def undo(self, change: Made) -> None:
        """The change was not kept: what it was built on is the newest again. Called for the newest change
        first.
        """
        for (kind, id, _, version), (value, old_version) in zip(change.values, change.before, strict=True):
            held = self._held.get((kind, id))
            if held is not None and held.newest_version == version:
                self._note_key(kind, id, held.newest, value)
                held.newest, held.newest_version = value, old_version

    def forget(self, documents: Iterable[tuple[str, str]]) -> None:
        """Another node knows better about these: out of memory with them, to be loaded again."""
        for kind, id in documents:
            held = self._drop(kind, id)
            if held is not None:
                self._note_key(kind, id, held.newest, None)
                self._forget_key((kind, id), held)

    def _note_key(self, kind: str, id: str, old: Any | None, new: Any | None) -> None:
        if kind == "agent":
            self._note_watches(id, old, new)
        if kind not in ("session", "contact"):
            return
        before = KINDS[kind].index(old)[0] if old is not None else None
        now = KINDS[kind].index(new)[0] if new is not None else None
        if before != now and before is not None and self._keys.get((kind, before)) == id:
            self._keys[kind, before] = ""
        if now is not None:
            self._keys[kind, now] = id

    def _note_watches(self, supervisor: str, old: Agent | None, new: Agent | None) -> None:
        if (old.watches if old else ()) == (new.watches if new else ()):
            return
        for watch in old.watches if old else ():
            self._watchers[watch.agent].discard(supervisor)
        for watch in new.watches if new else ():
            self._watchers.setdefault(watch.agent, set()).add(supervisor)

    def _make_room(self) -> None:
        if len(self._keys) > 2 * self._limit:  # those of nobody can be asked for again
            self._keys = {place: id for place, id in self._keys.items() if id}
        if len(self._held) <= self._limit:
            return
        for place in list(self._held)[: self._limit // 10]:
            held = self._held.pop(place)
            clean = held.newest_version == held.committed_version
            if clean and not held.touched and not _stays(place[0], held.newest):
                self._forget_key(place, held)
                self._resident.get(place[0], {}).pop(place[1], None)
            else:
                held.touched = False
                self._held[place] = held

    def _forget_key(self, place: tuple[str, str], held: Held) -> None:
        if place[0] in ("session", "contact") and held.newest is not None:
            self._keys.pop((place[0], KINDS[place[0]].index(held.newest)[0] or ""), None)


def _stays(kind: str, value: Any | None) -> bool:
    """Whether a record must not leave memory: what is live of a resident kind. A closed interaction goes like
    everything else; after a restart it would not be there either.
    """
    return KINDS[kind].resident and value is not None and KINDS[kind].index(value)[1] == "live"


def id_of(value: object) -> int:
    """Identity of a value, to find its encoding again while it is surely alive."""
    return id(value)


def _row(fact: Fact, bodies: dict[int, bytes]) -> Row:
    """The outbox row of a fact; the session inside is encoded once with the one that is stored."""
    body = bodies.get(id_of(fact.session))
    frozen = replace(fact, session=msgspec.Raw(body)) if body is not None else fact
    return Row(fact.at, tuple(told.user for told in fact.audience), msgspec.json.encode(frozen))

"""Reading the history: pages of sessions and of transcripts, texts by their words. Awaits the store only, in
portions; what is read is bounded, whatever is asked for.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from smsdesk.core.history import was_in
from smsdesk.core.interaction import Interaction
from smsdesk.core.lists import AUDIT, INTERACTIONS, TRANSCRIPT, agent_list, contact_list
from smsdesk.core.message import Message
from smsdesk.core.outgoing import Audit
from smsdesk.core.session import Session
from smsdesk.core.states import Visibility, sees
from smsdesk.operations.history.criteria import Span
from smsdesk.operations.live import NotLoaded
from smsdesk.operations.perform import Performer, unavailable
from smsdesk.store import Listing, StoreError

PORTION: Final = 100
SCAN: Final = 10_000
"""Places of a list, or texts found, that are looked at for one answer."""
R = TypeVar("R")
_session = msgspec.json.Decoder(Session).decode
_message = msgspec.json.Decoder(Message).decode
_audit = msgspec.json.Decoder(Audit).decode


class Found(Struct, frozen=True):
    """Sessions, and where words were sought the entry that has them. `more`: there are, or may be, further
    ones.
    """

    sessions: list[tuple[Session, Message | None]]
    more: bool = False


class Reading:
    """Reads what is committed."""

    def __init__(self, performer: Performer) -> None:
        self._performer = performer
        self._store = performer.store

    async def sessions(
        self,
        span: Span,
        keeps: Callable[[Session], bool],
        contact: str | None = None,
        user: str | None = None,
    ) -> Found:
        """Sessions of the house, of a contact or of an agent, that came within the span. Raises Refused
        UNAVAILABLE.
        """
        name = INTERACTIONS
        if contact is not None:
            name = contact_list(contact)
        elif user is not None:
            name = agent_list(user)
        picked = _Picked(span)
        scanned = 0
        while not picked.full and scanned < SCAN:
            places = await self._listed(name, span, scanned)
            scanned += len(places)
            for session in await self._load([place.id for place in places]):
                if belongs(session, contact, user if contact is not None else None) and keeps(session):
                    picked.add(session, None)
            if len(places) < PORTION:
                return picked.found(more=False)
        return picked.found(more=True)

    async def texts(
        self,
        words: Sequence[str],
        sight: Visibility,
        span: Span,
        keeps: Callable[[Session], bool],
        contact: str | None = None,
        user: str | None = None,
    ) -> Found:
        """Entries that have all these words and that somebody at this level sees, the newest first. Raises
        Refused UNAVAILABLE.
        """
        picked = _Picked(span)
        scanned = 0
        while not picked.full and scanned < SCAN:
            try:
                hits = await self._store.find_words(TRANSCRIPT, words, PORTION, scanned)
            except StoreError as error:
                raise unavailable() from error
            scanned += len(hits)
            sessions = {session.id: session for session in await self._load([hit.id for hit in hits])}
            for hit in hits:
                session = sessions.get(hit.id)
                if session is None or not span.since <= session.received < span.until:
                    continue
                if belongs(session, contact, user) and keeps(session) and not picked.full:
                    for entry in await self.entries(hit.id, sight, hit.index, 1):
                        if entry.index == hit.index:
                            picked.add(session, entry)
            if len(hits) < PORTION:
                return picked.found(more=False)
        return picked.found(more=True)

    async def session(self, id: str) -> Session | None:
        """One session, open or not. Raises Refused UNAVAILABLE."""
        return next(iter(await self._load([id])), None)

    def interaction(self, session: Session) -> Interaction | None:
        """Where an open session stands with routing; that is always in memory."""
        try:
            found = self._performer.live.committed("interaction", session.id)
        except NotLoaded:
            return None
        return found if isinstance(found, Interaction) else None

    async def entries(self, session: str, sight: Visibility, first: int, count: int) -> list[Message]:
        """At most `count` entries from an index on, those of them that somebody at this level sees. Raises
        Refused UNAVAILABLE.
        """
        try:
            kept = await self._store.entries(session, first, count)
        except StoreError as error:
            raise unavailable() from error
        messages = [_message(entry.body) for entry in kept]
        return [message for message in messages if sees(sight, message.visibility)]

    async def audit(self, span: Span, keeps: Callable[[Audit], bool]) -> tuple[list[Audit], bool]:
        """Lines of the audit log, and whether there are, or may be, more. Raises Refused UNAVAILABLE."""
        return await self.records(AUDIT, "audit", _audit, span, keeps)

    async def records(
        self,
        name: str,
        kind: str,
        decode: Callable[[bytes], R],
        span: Span,
        keeps: Callable[[R], bool],
    ) -> tuple[list[R], bool]:
        """Records of a kind that stand in a list, and whether there are, or may be, more. Raises Refused
        UNAVAILABLE.
        """
        found: list[R] = []
        scanned = 0
        while len(found) <= span.offset + span.limit and scanned < SCAN:
            places = await self._listed(name, span, scanned)
            scanned += len(places)
            bodies = await self._bodies(kind, [place.id for place in places])
            found += [record for body in bodies if keeps(record := decode(body))]
            if len(places) < PORTION:
                break
        else:
            return found[span.offset : span.offset + span.limit], True
        return found[span.offset : span.offset + span.limit], len(found) > span.offset + span.limit

    async def _listed(self, name: str, span: Span, offset: int) -> list[Listing]:
        try:
            return await self._store.listed(
                name, span.since, span.until, descending=span.descending, limit=PORTION, offset=offset
            )
        except StoreError as error:
            raise unavailable() from error

    async def _load(self, ids: Sequence[str]) -> list[Session]:
        return [_session(body) for body in await self._bodies("session", ids)]

    async def _bodies(self, kind: str, ids: Sequence[str]) -> list[bytes]:
        """In the order of the ids; what is gone is passed over."""
        try:
            documents = await self._store.get(kind, list(dict.fromkeys(ids)))
        except StoreError as error:
            raise unavailable() from error
        return [documents[id].body for id in ids if id in documents]


class _Picked:
    """What is found, past the offset and up to the limit; one more shows that there is more."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._passed = 0
        self._sessions: list[tuple[Session, Message | None]] = []

    @property
    def full(self) -> bool:
        return len(self._sessions) > self._span.limit

    def add(self, session: Session, entry: Message | None) -> None:
        if self._passed < self._span.offset:
            self._passed += 1
        elif not self.full:
            self._sessions.append((session, entry))

    def found(self, more: bool) -> Found:
        return Found(self._sessions[: self._span.limit], more or self.full)


def belongs(session: Session, contact: str | None, user: str | None) -> bool:
    """Whether it is (still) this contact's and this agent was in it. Lists only grow, a session may be given
    to another contact.
    """
    if contact is not None and session.contact_id != contact:
        return False
    return user is None or any(p.user == user and was_in(p) for p in session.participations)

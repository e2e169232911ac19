"""Work on all sessions of a contact, in commits of bounded size. Awaits the store only; each round is found
again when the one before it was the last that was kept.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

import msgspec

from smsdesk.core import moments
from smsdesk.core.contact import Contact
from smsdesk.core.interaction import Interaction
from smsdesk.core.lists import contact_list
from smsdesk.core.outgoing import OutgoingText
from smsdesk.core.session import Session
from smsdesk.operations.contacts.erase import erase_contact, erase_sessions, is_over, refuse_open
from smsdesk.operations.contacts.merge import Merge, move_history
from smsdesk.operations.perform import Performer, unavailable
from smsdesk.store import Document, StoreError

PORTION: Final = 100
"""Sessions that are read at once."""
RECORDS: Final = 1000
"""Transcript entries whose sessions go in one commit."""
_session = msgspec.json.Decoder(Session).decode
_interaction = msgspec.json.Decoder(Interaction).decode
_text = msgspec.json.Decoder(OutgoingText).decode


class Rounds:
    """Merging and erasing."""

    def __init__(self, performer: Performer) -> None:
        self._performer = performer
        self._store = performer.store

    async def merge(self, merge: Merge, id: str, actor: str) -> Contact:
        """Two contacts become one, then the history goes over. Raises Refused."""
        kept = await self._performer.run(lambda draft: merge.apply(draft, id), actor)
        for gone in kept.merged:
            for start in range(0, moments.EVER, PORTION):
                ids = await self._sessions(gone, start)
                await self._bring("session", ids)
                await self._performer.run(partial(move_history, sessions=ids, gone=gone, kept=kept.id), actor)
                if len(ids) < PORTION:
                    break
        return kept

    async def erase(self, contact: Contact, actor: str) -> None:
        """Forget a contact and all his sessions; refused before anything is forgotten while one of them is
        not over. Raises Refused 19.
        """
        for start in range(0, moments.EVER, PORTION):
            sessions = await self._load(await self._sessions(contact.id, start))
            await self._check_over(contact, sessions)
            if len(sessions) < PORTION:
                break
        await self._erase_all(contact, actor)
        await self._performer.run(lambda draft: erase_contact(draft, contact.id), actor)

    async def _erase_all(self, contact: Contact, actor: str) -> None:
        kept = 0  # sessions that stand in his list and belong to somebody else by now
        while ids := await self._sessions(contact.id, kept):
            mine = [s for s in await self._load(ids) if s.contact_id == contact.id]
            kept += len(ids) - len(mine)
            for portion in _portions(mine):
                await self._bring_texts(portion)
                ids = [session.id for session in portion]
                await self._performer.run(partial(erase_sessions, contact=contact, sessions=ids), actor)

    async def _check_over(self, contact: Contact, sessions: Sequence[Session]) -> None:
        found = await self._documents("interaction", [session.id for session in sessions])
        for session in sessions:
            document = found.get(session.id)
            interaction = _interaction(document.body) if document else None
            if session.contact_id == contact.id and not is_over(session, interaction):
                raise refuse_open(contact)

    async def _bring_texts(self, sessions: Sequence[Session]) -> None:
        """Bring everything into memory that erasing these sessions looks at."""
        ids = [session.id for session in sessions]
        await self._bring("session", ids)
        await self._bring("interaction", ids)
        texts = [f"{s.id}:{index}" for s in sessions for index in range(1, s.next_index)]
        found = await self._bring("outgoing", texts)
        sent = [
            f"{text.carrier} {carrier_id}"
            for text in (_text(document.body) for document in found.values())
            for carrier_id in text.carrier_ids
        ]
        await self._bring("sent", sent)

    async def _bring(self, kind: str, ids: Sequence[str]) -> dict[str, Document]:
        found = await self._documents(kind, ids)
        for id in ids:
            self._performer.live.loaded(kind, id, found.get(id))
        return found

    async def _sessions(self, contact: str, start: int) -> list[str]:
        try:
            places = await self._store.listed(
                contact_list(contact), 0, moments.EVER, descending=False, limit=PORTION, offset=start
            )
        except StoreError as error:
            raise unavailable() from error
        return [place.id for place in places]

    async def _load(self, ids: Sequence[str]) -> list[Session]:
        found = await self._documents("session", ids)
        return [_session(found[id].body) for id in ids if id in found]

    async def _documents(self, kind: str, ids: Sequence[str]) -> dict[str, Document]:
        try:
            return await self._store.get(kind, ids) if ids else {}
        except StoreError as error:
            raise unavailable() from error


def _portions(sessions: Sequence[Session]) -> list[list[Session]]:
    """Sessions for one commit each: as many as have few entries, or a single long one."""
    portions: list[list[Session]] = []
    size = RECORDS
    for session in sessions:
        if size + session.next_index > RECORDS:
            portions.append([])
            size = 0
        portions[-1].append(session)
        size += session.next_index
    return portions

"""Reading contacts: pages of them, by words, number or address. Awaits the store only, in portions; what is
read is bounded, whatever is asked for.
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from smsdesk.core import moments
from smsdesk.core.contact import Alias, Contact, email_tag, merged_id
from smsdesk.core.lists import CONTACT, CONTACTS
from smsdesk.core.numbers import canonical
from smsdesk.operations.perform import Performer, unavailable
from smsdesk.store import Document, StoreError

PORTION: Final = 200
SCAN: Final = 10_000
"""Contacts that are looked at for one answer."""
_contact = msgspec.json.Decoder(Contact).decode
_alias = msgspec.json.Decoder(Alias).decode


class Contacts:
    """Reads what is committed."""

    def __init__(self, performer: Performer) -> None:
        self._performer = performer
        self._store = performer.store

    async def one(self, id: str) -> Contact | None:
        """The contact of an id, or the one that it became part of. Raises Refused UNAVAILABLE."""
        found = await self._performer.read("contact", id)
        return found if isinstance(found, Contact) else await self._by_alias(merged_id(id))

    async def with_number(self, number: str) -> Contact | None:
        """The contact that has this number, however it is written. Raises Refused UNAVAILABLE."""
        spelled = canonical(number, 0, self._performer.policy.default_region)
        try:
            document = await self._store.find("contact", spelled)
        except StoreError as error:
            raise unavailable() from error
        return _contact(document.body) if document else await self._by_alias(spelled)

    async def with_address(self, address: str) -> list[Contact]:
        """Contacts that share an e-mail address. Raises Refused UNAVAILABLE."""
        try:
            found = await self._store.tagged("contact", email_tag(address), "", PORTION)
        except StoreError as error:
            raise unavailable() from error
        return [_contact(document.body) for document in found]

    async def page(
        self, words: Sequence[str], keeps: Callable[[Contact], bool], offset: int, limit: int
    ) -> tuple[list[Contact], bool]:
        """Contacts that are found by all these words, or all contacts without any, the newest first; and
        whether there are, or may be, more. Raises Refused UNAVAILABLE.
        """
        found: list[Contact] = []
        for start in range(0, SCAN, PORTION):
            ids = await self._ids(words, start)
            found += [contact for contact in await self._load(ids) if keeps(contact)]
            if len(found) > offset + limit:
                return found[offset : offset + limit], True
            if len(ids) < PORTION:
                return found[offset : offset + limit], False
        return found[offset : offset + limit], True

    async def _ids(self, words: Sequence[str], start: int) -> list[str]:
        try:
            if words:
                return [hit.id for hit in await self._store.find_words(CONTACT, words, PORTION, start)]
            places = await self._store.listed(CONTACTS, 0, moments.EVER, limit=PORTION, offset=start)
        except StoreError as error:
            raise unavailable() from error
        return [place.id for place in places]

    async def _load(self, ids: Sequence[str]) -> list[Contact]:
        documents = await self._documents(ids)
        return [_contact(documents[id].body) for id in ids if id in documents]

    async def _documents(self, ids: Sequence[str]) -> dict[str, Document]:
        try:
            return await self._store.get("contact", ids)
        except StoreError as error:
            raise unavailable() from error

    async def by_address(self, addresses: Sequence[str]) -> dict[str, Contact]:
        """One contact for each of these addresses that anybody has, by the address in small letters."""
        found: dict[str, Contact] = {}
        for address in dict.fromkeys(address.lower() for address in addresses if address):
            if there := await self.with_address(address):
                found[address] = there[0]
        return found

    async def bring(self, numbers: Sequence[str]) -> None:
        """Bring the contacts of these numbers into memory, as far as there are any, for a change that looks
        at all of them. Raises Refused UNAVAILABLE.
        """
        sought = [number for number in dict.fromkeys(numbers) if number]
        live = self._performer.live
        try:
            aliases = await self._store.get("alias", sought)
            for number in sought:
                live.loaded("alias", number, aliases.get(number))
                live.loaded_key("contact", number, await self._store.find("contact", number))
        except StoreError as error:
            raise unavailable() from error
        known = [_alias(document.body).contact for document in aliases.values()]
        contacts = await self._documents(known)
        for id in known:
            live.loaded("contact", id, contacts.get(id))

    async def _by_alias(self, id: str) -> Contact | None:
        alias = await self._performer.read("alias", id)
        found = await self._performer.read("contact", alias.contact) if isinstance(alias, Alias) else None
        return found if isinstance(found, Contact) else None

"""Customers over REST: identifying one as documented (A§1.2), and `/ucs/contacts` [ext] (SPEC 5.4)."""

from typing import Any

from smsdesk.core.contact import Alias, Contact, email_tag, merged_id
from smsdesk.core.errors import Refused, unknown
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.operations.contacts.body import read_contact
from smsdesk.operations.contacts.change import change_contact, create_contact
from smsdesk.operations.contacts.identify import MOST_CANDIDATES, IdentifyUCSContact
from smsdesk.operations.decoding import Decoder
from smsdesk.operations.perform import Performer, unavailable
from smsdesk.store import StoreError
from smsdesk.wire.contacts import contact_shape
from smsdesk.wire.queries import pick
from smsdesk.wire.resources import Resources


class UcsContacts:
    """The endpoints of `/contacts/ucs` and `/ucs/contacts`."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._identify: Decoder[IdentifyUCSContact] = Decoder((IdentifyUCSContact,))

    async def identify(self, request: Request) -> Reply:
        """POST: who a customer is; the answer is notified (A§1.2)."""
        caller = await self._auth.caller(request)
        operation = self._identify.decode(await request.body())
        if isinstance(operation, Refused):
            raise operation
        candidates = await self._candidates(operation)
        reference = await self._performer.run(
            lambda draft: operation.apply(draft, candidates), caller.user.id
        )
        return done({"referenceId": reference})

    async def _candidates(self, operation: IdentifyUCSContact) -> list[str]:
        address = operation.address
        if not address:
            return []
        try:
            found = await self._performer.store.tagged("contact", email_tag(address), "", MOST_CANDIDATES)
        except StoreError as error:
            raise unavailable() from error
        return [document.id for document in found]

    async def create(self, request: Request) -> Reply:
        """POST a new contact [ext]."""
        caller = await self._auth.caller(request)
        given = read_contact(await request.body())
        if isinstance(given, Refused):
            raise given
        contact = await self._performer.run(lambda draft: create_contact(draft, given), caller.user.id)
        shape = self._shape(contact)
        return done({"id": shape["id"], "uri": shape["uri"], "path": shape["path"]})

    async def one(self, request: Request) -> Reply:
        """GET one contact, also by the id of one that became part of it [ext]."""
        await self._auth.caller(request)
        contact = await self._contact(request)
        return done({"contact": pick(self._shape(contact), request.query)})

    async def change(self, request: Request) -> Reply:
        """PUT the fields that are to be different [ext]."""
        caller = await self._auth.caller(request)
        given = read_contact(await request.body())
        id = (await self._contact(request)).id
        if isinstance(given, Refused):
            raise given
        contact = await self._performer.run(lambda draft: change_contact(draft, id, given), caller.user.id)
        return done({"contact": self._shape(contact)})

    async def _contact(self, request: Request) -> Contact:
        """The contact of the path as committed, or the one that it became part of. Raises Refused 6."""
        id = request.parameters["contact"]
        contact = await self._performer.read("contact", id)
        if contact is None:
            alias = await self._performer.read("alias", merged_id(id))
            contact = (
                await self._performer.read("contact", alias.contact) if isinstance(alias, Alias) else None
            )
        if not isinstance(contact, Contact):
            raise unknown("the contact")
        return contact

    def _shape(self, contact: Contact) -> dict[str, Any]:
        return contact_shape(self._resources, contact)

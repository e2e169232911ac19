"""Customers over REST: identifying one as documented (A§1.2), and `/ucs/contacts` [ext] (SPEC 5.4)."""

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec

from smsdesk.core.centre import User
from smsdesk.core.contact import Contact
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid, unknown
from smsdesk.http.auth import Auth
from smsdesk.http.caller import Caller
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.features import require_feature
from smsdesk.http.smssessions import MULTIMEDIA
from smsdesk.operations.contacts.body import read_contact
from smsdesk.operations.contacts.change import change_contact, create_contact
from smsdesk.operations.contacts.identify import IdentifyUCSContact
from smsdesk.operations.contacts.merge import Merge
from smsdesk.operations.contacts.reading import SCAN, Contacts
from smsdesk.operations.contacts.rounds import Rounds
from smsdesk.operations.contacts.table import read_table
from smsdesk.operations.contacts.take_over import take_over
from smsdesk.operations.decoding import Decoder
from smsdesk.operations.perform import Performer
from smsdesk.wire.contacts import contact_shape
from smsdesk.wire.queries import Query, equality, number, pick
from smsdesk.wire.resources import Resources

_WORD: Final = re.compile(r"\w+")
PAGE, MOST = 100, 500  # contacts in one answer
WORDS: Final = 20
TABLE_LIMIT: Final = 4 << 20  # octets
MISTAKES: Final = 500  # of a table in one answer, of each kind


class UcsContacts:
    """The endpoints of `/contacts/ucs` and `/ucs/contacts`."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._contacts = Contacts(performer)
        self._rounds = Rounds(performer)
        self._merge: Decoder[Merge] = Decoder((Merge,))
        self._identify: Decoder[IdentifyUCSContact] = Decoder((IdentifyUCSContact,))

    async def _caller(self, request: Request) -> Caller:
        """Who asks. Raises Refused 6 when the feature is off (A§1.2)."""
        caller = await self._auth.caller(request)
        require_feature(caller, self._performer.policy, MULTIMEDIA)
        return caller

    async def identify(self, request: Request) -> Reply:
        """POST: who a customer is; the answer is notified (A§1.2)."""
        caller = await self._caller(request)
        operation = self._identify.decode(await request.body())
        if isinstance(operation, Refused):
            raise operation
        candidates = await self._candidates(operation)
        answer = await self._performer.once(
            lambda draft: {"referenceId": operation.apply(draft, candidates)},
            caller.user.id,
            request.idempotency_key(),
        )
        return done(answer)

    async def _candidates(self, operation: IdentifyUCSContact) -> list[str]:
        if operation.address:
            return [contact.id for contact in await self._contacts.with_address(operation.address)]
        words = operation.name_words
        return [c.id for c in (await self._contacts.page(words, lambda _: True, 0, MOST))[0]] if words else []

    async def create(self, request: Request) -> Reply:
        """POST a new contact [ext]."""
        caller = await self._caller(request)
        given = read_contact(await request.body())
        if isinstance(given, Refused):
            raise given

        def create(draft: Draft) -> dict[str, Any]:
            shape = self._shape(create_contact(draft, given))
            return {"id": shape["id"], "uri": shape["uri"], "path": shape["path"]}

        return done(await self._performer.once(create, caller.user.id, request.idempotency_key()))

    async def one(self, request: Request) -> Reply:
        """GET one contact, also by the id of one that became part of it [ext]."""
        await self._caller(request)
        contact = await self._contact(request)
        return done({"contact": pick(self._shape(contact), request.query)})

    async def change(self, request: Request) -> Reply:
        """PUT the fields that are to be different [ext]."""
        caller = await self._caller(request)
        given = read_contact(await request.body())
        id = (await self._contact(request)).id
        if isinstance(given, Refused):
            raise given
        contact = await self._performer.run(lambda draft: change_contact(draft, id, given), caller.user.id)
        return done({"contact": self._shape(contact)})

    async def listing(self, request: Request) -> Reply:
        """GET a page of the contacts: all of them, or found by words, number, address or any field [ext]."""
        await self._caller(request)
        query = request.query
        limit, offset = min(number(query, "limit", PAGE), MOST), number(query, "offset", 0)
        if offset > SCAN:
            raise invalid("offset", f"is more than {SCAN:,}; narrow it down by text")
        sought = text_words(query)
        wanted = equality(query, ("text", "phoneNumber", "emailAddress"))
        found, more = await self._search(query, sought, wanted, offset, limit)
        shapes = [self._shape(contact) for contact in found]
        if "fields" in query:
            return done({"contacts": [pick(shape, query) for shape in shapes], "more": more})
        return done({"uris": [shape["uri"] for shape in shapes], "more": more})

    async def _search(
        self,
        query: Query,
        sought: list[str],
        wanted: Callable[[dict[str, Any]], bool],
        offset: int,
        limit: int,
    ) -> tuple[list[Contact], bool]:
        phone, address = query.get("phoneNumber"), query.get("emailAddress")

        def keeps(contact: Contact) -> bool:
            fits = address is None or contact.email.lower() == address.strip().lower()
            return fits and wanted(self._shape(contact))

        if phone is None and address is None:
            names = (query.get("firstName", ""), query.get("lastName", ""))
            words = [*sought, *(word for name in names for word in _WORD.findall(name))]
            return await self._contacts.page(words, keeps, offset, limit)
        if phone is not None:
            one = await self._contacts.with_number(phone)
            known = [one] if one is not None else []
        else:
            known = await self._contacts.with_address(str(address))
        if sought:
            raise invalid("text", "goes with neither phoneNumber nor emailAddress")
        found = [contact for contact in known if keeps(contact)]
        return found[offset : offset + limit], len(found) > offset + limit

    async def operate(self, request: Request) -> Reply:
        """POST an operation on a contact: Merge, for supervisors and administrators [ext]."""
        caller = await self._caller(request)
        operation = self._merge.decode(await request.body())
        contact = await self._contact(request)
        if isinstance(operation, Refused):
            raise operation
        check_staff(caller.user, "merge contacts")
        merged = await self._rounds.merge(operation, contact.id, caller.user.id)
        return done({"contact": self._shape(merged)})

    async def erase(self, request: Request) -> Reply:
        """DELETE a contact with everything that is kept of him, for supervisors and administrators [ext]."""
        caller = await self._caller(request)
        contact = await self._contact(request)
        check_staff(caller.user, "erase contacts")
        await self._rounds.erase(contact, caller.user.id)
        return done()

    async def take_over(self, request: Request) -> Reply:
        """POST a table of contacts as CSV, for administrators [ext]. `dryRun`, the default, only tells."""
        caller = await self._caller(request)
        request.limit = max(request.limit, TABLE_LIMIT)
        body = await request.body()
        dry = request.query.get("dryRun", "true")
        if dry not in ("true", "false"):
            raise invalid("dryRun", "is true or false")
        rows, errors = read_table(body, self._performer.policy.default_region)
        if not caller.user.administers:
            raise Refused(Fault.PERMISSION, "only an administrator may take over a table of contacts")
        await self._contacts.bring([row.contact.number for row in rows])
        known = await self._contacts.by_address([r.contact.email for r in rows if not r.contact.number])
        how = self._performer.rehearse if dry == "true" else self._performer.run
        outcome = await how(lambda draft: take_over(draft, rows, errors, known), caller.user.id)
        told: dict[str, Any] = msgspec.to_builtins(outcome)
        shown = {name: told[name][:MISTAKES] for name in ("collisions", "errors")}
        return done({"dryRun": dry == "true"} | told | shown | {"leftOut": sum(len(told[n]) for n in shown)})

    async def _contact(self, request: Request) -> Contact:
        """The contact of the path as committed, or the one that it became part of. Raises Refused 6."""
        contact = await self._contacts.one(request.parameters["contact"])
        if contact is None:
            raise unknown("the contact")
        return contact

    def _shape(self, contact: Contact) -> dict[str, Any]:
        return contact_shape(self._resources, contact)


def check_staff(user: User, what: str) -> None:
    """Raises Refused 5."""
    if not user.administers and "ROLE_SUPERVISOR" not in user.roles:
        raise Refused(Fault.PERMISSION, f"only supervisors and administrators may {what}")


def text_words(query: Query) -> list[str]:
    """The words of `text`. Raises Refused 10."""
    text = query.get("text")
    found = text.split() if text is not None else []
    if text is not None and not found:
        raise invalid("text", "has no words")
    if len(found) > WORDS:
        raise invalid("text", f"has more than {WORDS} words")
    return found

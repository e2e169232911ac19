"""The history: retrieved by operations whose answers come over CometD (A§1.3, A§1.4), and as plain resources
[ext].
"""

import re
from collections.abc import Callable
from typing import Any, Final

from smsdesk.core import moments
from smsdesk.core.centre import User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Refused, invalid, unknown
from smsdesk.core.history import sight_of
from smsdesk.core.message import Message
from smsdesk.core.session import Session
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.features import require_feature
from smsdesk.http.smssessions import MULTIMEDIA
from smsdesk.operations.contacts.reading import Contacts
from smsdesk.operations.decoding import Decoder
from smsdesk.operations.history import CONTACT, HOUSE, INTERACTION
from smsdesk.operations.history.criteria import FARTHEST, MOST, Retrieve, Span
from smsdesk.operations.history.note import Note, write
from smsdesk.operations.history.reading import Found, Reading
from smsdesk.operations.history.retrieve_agent_history import RetrieveAgentHistory
from smsdesk.operations.perform import Performer
from smsdesk.wire import history as wire
from smsdesk.wire.queries import Query, equality, number, pick
from smsdesk.wire.resources import Resources, mapping

ENTRIES: Final = 1000  # of a transcript in one answer
PAGE: Final = 100
_OWN: Final = ("contactId", "userId", "fromDate", "toDate", "text", "sort")
_WORDS: Final = 20


class History:
    """The endpoints of `/ucs/interactions` and `/ucs/contacts/{contact}/interactions`."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources) -> None:
        self._performer = performer
        self._auth = auth
        self._zone = resources.timestamps.zone
        self._reading = Reading(performer)
        self._contacts = Contacts(performer)
        self._shapes = wire.Histories(resources)
        self._house: Decoder[Retrieve] = Decoder(HOUSE)
        self._contact: Decoder[Retrieve] = Decoder(CONTACT)
        self._interaction = Decoder(INTERACTION)

    # -- operations ------------------------------------------------------------------------------------
    async def retrieve(self, request: Request) -> Reply:
        """POST: the history of the house, or of an agent."""
        caller = await self._auth.caller(request)
        operation = self._house.decode(await request.body())
        require_feature(caller, self._performer.policy, MULTIMEDIA)
        if isinstance(operation, Refused):
            raise operation
        user = None
        if isinstance(operation, RetrieveAgentHistory):
            user = operation.user_id or caller.user.id
            if user not in self._performer.centre.users:
                return await self._fail(caller.user, f"there is no user {user!r}")
        return await self._retrieve(caller.user, operation, user=user)

    async def retrieve_contact(self, request: Request) -> Reply:
        """POST: the history of a customer."""
        caller = await self._auth.caller(request)
        operation = self._contact.decode(await request.body())
        require_feature(caller, self._performer.policy, MULTIMEDIA)
        contact = await self._contact_id(request)
        if isinstance(operation, Refused):
            raise operation
        return await self._retrieve(caller.user, operation, contact=contact)

    async def operate(self, request: Request) -> Reply:
        """POST: the content of an interaction, a note on it, its contact."""
        caller = await self._auth.caller(request)
        operation = self._interaction.decode(await request.body())
        require_feature(caller, self._performer.policy, MULTIMEDIA)
        session = await self._session(request)
        if isinstance(operation, Refused):
            raise operation
        if isinstance(operation, Note):
            return await self._note(caller.user, session.id, operation)
        messages, more = await self._transcript(caller.user, session.id, 1, ENTRIES)
        shape = self._shape(session, with_data=True)
        shown = self._shapes.messages(messages)
        return await self._tell(caller.user, lambda n: wire.content(n, shape, shown, more))

    async def _retrieve(
        self, asker: User, operation: Retrieve, contact: str | None = None, user: str | None = None
    ) -> Reply:
        span = operation.span(self._performer.clock(), self._zone)
        found = Found([])
        if not operation.elsewhere:
            found = await self._reading.sessions(span, operation.keeps, contact, user)
        shapes = [
            self._shape(session, custom=operation.chosen(session.user_data)) for session, _ in found.sessions
        ]
        return await self._tell(asker, lambda n: wire.history(n, shapes, found.more))

    async def _fail(self, asker: User, words: str) -> Reply:
        return await self._tell(asker, lambda n: wire.failure(n, wire.HISTORY, words))

    async def _tell(self, asker: User, make: Callable[[int], dict[str, Any]]) -> Reply:
        """Answer with a reference, and tell the asker what belongs to it."""

        def body(draft: Draft) -> int:
            reference = draft.reference()
            draft.tell_data(asker.id, wire.TOPIC, make(reference), "HistoryTold")
            return reference

        return done({"referenceId": await self._performer.run(body, asker.id)})

    async def _note(self, asker: User, id: str, note: Note) -> Reply:
        def body(draft: Draft) -> int:
            reference, error = write(draft, id, asker, note)
            draft.tell_data(asker.id, wire.TOPIC, wire.outcome(reference, error), "NoteTold")
            return reference

        return done({"referenceId": await self._performer.run(body, asker.id)})

    # -- resources [ext] -------------------------------------------------------------------------------
    async def listing(self, request: Request) -> Reply:
        """GET a page of the history, by what its interactions are equal to, or by words of their texts."""
        caller = await self._auth.caller(request)
        require_feature(caller, self._performer.policy, MULTIMEDIA)
        contact, user = _id(request.query, "contactId"), _id(request.query, "userId")
        return await self._listing(caller.user, request.query, contact, user)

    async def contact_listing(self, request: Request) -> Reply:
        """GET a page of the history of a customer."""
        caller = await self._auth.caller(request)
        require_feature(caller, self._performer.policy, MULTIMEDIA)
        contact = await self._contact_id(request)
        return await self._listing(caller.user, request.query, contact, _id(request.query, "userId"))

    async def one(self, request: Request) -> Reply:
        """GET one interaction."""
        caller = await self._auth.caller(request)
        require_feature(caller, self._performer.policy, MULTIMEDIA)
        shape = self._shape(await self._session(request), with_data=True)
        return done({"interaction": pick(mapping(shape), request.query)})

    async def messages(self, request: Request) -> Reply:
        """GET a part of its transcript, as far as the caller may see it."""
        caller = await self._auth.caller(request)
        require_feature(caller, self._performer.policy, MULTIMEDIA)
        session = await self._session(request)
        first = max(1, number(request.query, "startIndex", 1))
        count = min(number(request.query, "count", ENTRIES) or ENTRIES, ENTRIES)
        messages, more = await self._transcript(caller.user, session.id, first, count)
        return done({"messages": self._shapes.messages(messages), "more": more})

    async def _listing(self, asker: User, query: Query, contact: str | None, user: str | None) -> Reply:
        span, wanted = self._span(query), equality(query, _OWN)

        def keeps(session: Session) -> bool:
            return wanted(mapping(self._shape(session)))

        words = query.get("text")
        if words is None:
            found = await self._reading.sessions(span, keeps, contact, user)
        else:
            sought, sight = _words(words), sight_of(asker)
            found = await self._reading.texts(sought, sight, span, keeps, contact, user)
        shapes = [mapping(self._shape(session, match=entry)) for session, entry in found.sessions]
        return done({"interactions": [pick(shape, query) for shape in shapes], "more": found.more})

    def _span(self, query: Query) -> Span:
        since, until = query.get("fromDate"), query.get("toDate")
        sort = query.get("sort", "desc")
        if sort not in ("asc", "desc"):
            raise invalid("sort", "is neither asc nor desc")
        return Span(
            0 if since is None else moments.first("fromDate", since, self._zone),
            moments.EVER if until is None else moments.behind("toDate", until, self._zone),
            sort == "desc",
            *page(query),
        )

    # -- what they have in common ----------------------------------------------------------------------
    def _shape(
        self,
        session: Session,
        custom: dict[str, Any] | None = None,
        with_data: bool = False,
        match: Message | None = None,
    ) -> wire.InteractionShape:
        return self._shapes.interaction(
            session,
            self._reading.interaction(session),
            self._performer.centre,
            custom=custom,
            with_data=with_data,
            match=match,
        )

    async def _transcript(self, asker: User, id: str, first: int, count: int) -> tuple[list[Message], bool]:
        """A part of a transcript, and whether it goes on."""
        messages = await self._reading.entries(id, sight_of(asker), first, count)
        more = bool(await self._reading.entries(id, sight_of(asker), first + count, 1))
        return messages, more

    async def _session(self, request: Request) -> Session:
        session = await self._reading.session(request.parameters["id"])
        if session is None:
            raise unknown("the interaction")
        return session

    async def _contact_id(self, request: Request) -> str:
        contact = await self._contacts.one(request.parameters["contact"])
        if contact is None:
            raise unknown("the contact")
        return contact.id


def page(query: Query) -> tuple[int, int]:
    """`limit`, 100 by default and 500 at most, and `offset`. Raises Refused 10."""
    offset = number(query, "offset", 0)
    if offset > FARTHEST:
        raise invalid("offset", f"is more than {FARTHEST:,}; narrow it down by fromDate and toDate")
    return min(number(query, "limit", PAGE), MOST), offset


def _id(query: Query, name: str) -> str | None:
    id = query.get(name)
    if id is not None and not re.fullmatch(r"[0-9A-Za-z-]{1,64}", id):
        raise invalid(name, "is no id")
    return id


def _words(text: str) -> list[str]:
    words = text.split()
    if not words:
        raise invalid("text", "has no words")
    if len(words) > _WORDS or len(text) > 1000:
        raise invalid("text", f"has more than {_WORDS} words or 1,000 characters")
    return words

"""Standard responses as resources [ext]: categories, responses, rendering, favourites, the report of their
use (A§1.6).
"""

from smsdesk.core.centre import User
from smsdesk.core.contact import Alias, Contact, merged_id
from smsdesk.core.errors import Refused, unknown
from smsdesk.core.field_codes import Facts, codes, parse, render, value
from smsdesk.core.folders import parent
from smsdesk.core.responses import (
    Category,
    Favorites,
    Response,
    ResponseUsage,
    approved,
    categories,
    has_words,
    responses,
)
from smsdesk.core.session import Session
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.smssessions import SmsSessions
from smsdesk.http.subresources import check_staff
from smsdesk.operations.decoding import Decoder
from smsdesk.operations.perform import Performer
from smsdesk.operations.responses import favorites
from smsdesk.operations.responses.render import Render
from smsdesk.wire.queries import collection, pick
from smsdesk.wire.resources import Resources
from smsdesk.wire.responses import WHOLE_TREE, Library, Shape


class ResponseEndpoints:
    """The endpoints. Agents see what is approved, supervisors and administrators everything."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources, sessions: SmsSessions) -> None:
        self._performer = performer
        self._auth = auth
        self._resources = resources
        self._sessions = sessions
        self._decoder = Decoder((Render,))

    def library(self) -> Library:
        """What there is now."""
        centre, resources = self._performer.centre, self._resources
        return Library(resources.base, centre, resources.timestamps)

    def shown(self, user: User) -> list[Response]:
        """The responses that somebody sees."""
        centre = self._performer.centre
        return [r for r in responses(centre) if sees_all(user) or approved(centre, r)]

    def find(self, user: User, id: str) -> Response:
        """A response that somebody sees. Raises Refused 6."""
        found = next((r for r in self.shown(user) if r.id == id), None)
        if found is None:
            raise unknown("the response")
        return found

    def category_of(self, id: str) -> Category:
        """A category. Raises Refused 6."""
        found = self._performer.centre.records.get("category", {}).get(id)
        if not isinstance(found, Category):
            raise unknown("the category")
        return found

    # -- categories --------------------------------------------------------------------------------
    async def categories(self, request: Request) -> Reply:
        """GET all categories; with `subresources=**` the roots, each with its whole tree."""
        caller = await self._auth.caller(request)
        whole = request.query.get("subresources") == WHOLE_TREE
        found = [c for c in categories(self._performer.centre) if not whole or parent(c.name) is None]
        shapes = [self._category(c, caller.user, request) for c in found]
        return done(collection("categories", shapes, request.query))

    async def category(self, request: Request) -> Reply:
        """GET one category. Raises Refused 6."""
        caller = await self._auth.caller(request)
        category = self.category_of(request.parameters["category"])
        return done({"category": pick(self._category(category, caller.user, request), request.query)})

    def _category(self, category: Category, user: User, request: Request) -> Shape:
        asked = request.query.get("subresources")
        if asked is None:
            return self.library().category(category)
        return self.library().tree(category, self.shown(user), asked == WHOLE_TREE)

    # -- responses ---------------------------------------------------------------------------------
    async def listing(self, request: Request) -> Reply:
        """GET the responses; `words` finds those in which all of the words occur."""
        caller = await self._auth.caller(request)
        words = request.query.get("words", "").split()
        liked, library = await self._favorites(caller.user), self.library()
        found = [r for r in self.shown(caller.user) if has_words(r, words)]
        shapes = [library.response(r) | {"favorite": r.id in liked} for r in found]
        return done(collection("responses", shapes, request.query, own=("words",)))

    async def one(self, request: Request) -> Reply:
        """GET one response. Raises Refused 6."""
        caller = await self._auth.caller(request)
        response = self.find(caller.user, request.parameters["response"])
        favorite = response.id in await self._favorites(caller.user)
        shape = self.library().response(response) | {"favorite": favorite}
        return done({"response": pick(shape, request.query)})

    async def operate(self, request: Request) -> Reply:
        """POST Render: the text with its field codes filled. Raises Refused 6."""
        caller = await self._auth.caller(request)
        operation = self._decoder.decode(await request.body())
        response = self.find(caller.user, request.parameters["response"])
        if isinstance(operation, Refused):
            raise operation
        facts, pieces = await self._facts(caller.user, operation.smssession_id), parse(response.text)
        missing = [name for name in codes(pieces) if not value(name, facts)]
        return done({"text": render(pieces, facts), "missing": missing})

    async def _facts(self, user: User, id: str | None) -> Facts:
        if id is None:
            return Facts(agent=user)
        session = await self._sessions.on_desk(user, id)
        me = session.participant(user.id)
        return Facts(
            await self._contact(session),
            user,
            session,
            me.nickname if me is not None else "",
            self._resources.timestamps.render(session.received),
        )

    async def _contact(self, session: Session) -> Contact | None:
        if session.contact_id is None:
            return None
        found = await self._performer.read("contact", session.contact_id)
        if not isinstance(found, Contact):
            alias = await self._performer.read("alias", merged_id(session.contact_id))
            found = await self._performer.read("contact", alias.contact) if isinstance(alias, Alias) else None
        return found if isinstance(found, Contact) else None

    # -- favourites --------------------------------------------------------------------------------
    async def favorites(self, request: Request) -> Reply:
        """GET the caller's favourites, in the order in which they were added."""
        caller = await self._auth.caller(request)
        seen = {response.id: response for response in self.shown(caller.user)}
        liked, library = await self._favorites(caller.user), self.library()
        shapes = [library.response(seen[id]) | {"favorite": True} for id in liked if id in seen]
        return done(collection("responses", shapes, request.query))

    async def add_favorite(self, request: Request) -> Reply:
        """PUT a response among the caller's favourites. Raises Refused 6, 3."""
        caller = await self._auth.caller(request)
        id = self.find(caller.user, request.parameters["response"]).id
        await self._performer.run(lambda draft: favorites.add(draft, caller.user.id, id), caller.user.id)
        return done()

    async def remove_favorite(self, request: Request) -> Reply:
        """DELETE a response from the caller's favourites; one that is none is no mistake."""
        caller = await self._auth.caller(request)
        id = request.parameters["response"]
        await self._performer.run(lambda draft: favorites.remove(draft, caller.user.id, id), caller.user.id)
        return done()

    async def _favorites(self, user: User) -> tuple[str, ...]:
        found = await self._performer.read("favorites", user.id)
        return found.responses if isinstance(found, Favorites) else ()

    # -- use ---------------------------------------------------------------------------------------
    async def usage(self, request: Request) -> Reply:
        """GET how often each response was used, for supervisors and administrators."""
        caller = await self._auth.caller(request)
        check_staff(caller.user, "the use of responses")
        found = {u.id: u for u in self._performer.live.all("responseusage") if isinstance(u, ResponseUsage)}
        return done(collection("usage", self.library().usage(found), request.query, always_full=True))


def sees_all(user: User) -> bool:
    """Whether somebody also sees what is not approved."""
    return user.administers or "ROLE_SUPERVISOR" in user.roles

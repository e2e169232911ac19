"""`/platform/contactserver`: the documented requests for standard responses (A§1.6), and two more of their
kind [ext].
"""

from typing import Any

from smsdesk.core.errors import invalid, missing
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.responses import ResponseEndpoints
from smsdesk.operations.base import check_text
from smsdesk.operations.decoding import read_object

LONGEST = 255  # characters of a parameter


class ContactServer:
    """The endpoints: `Request…` in, `Event…` out. Parameters come in the body, or in the query."""

    def __init__(self, auth: Auth, library: ResponseEndpoints) -> None:
        self._auth = auth
        self._library = library

    async def root_categories(self, request: Request) -> Reply:
        """POST RequestGetRootCategories."""
        return await self._roots(request, "EventGetRootCategories", only_approved=False)

    async def approved_root_categories(self, request: Request) -> Reply:
        """POST RequestGetApprovedRootCategories."""
        return await self._roots(request, "EventGetApprovedRootCategories", only_approved=True)

    async def category(self, request: Request) -> Reply:
        """POST RequestGetCategory [ext]. Raises Refused 6."""
        caller = await self._auth.caller(request)
        given = await _parameters(request)
        category = self._library.category_of(_text(given, "categoryId") or _absent("categoryId"))
        shown = self._library.shown(caller.user)
        return event("EventGetCategory", {"category": self._library.library().with_contents(category, shown)})

    async def standard_response(self, request: Request) -> Reply:
        """POST RequestGetStandardResponse [ext]. Raises Refused 6."""
        caller = await self._auth.caller(request)
        given = await _parameters(request)
        id = _text(given, "standardResponseId") or _absent("standardResponseId")
        response = self._library.find(caller.user, id)
        shape = self._library.library().standard_response(response)
        return event("EventGetStandardResponse", {"standardResponse": shape})

    async def _roots(self, request: Request, name: str, only_approved: bool) -> Reply:
        await self._auth.caller(request)
        given = await _parameters(request)
        roots = self._library.library().roots(_text(given, "language"), only_approved)
        return event(name, {"categories": roots})


def event(name: str, data: dict[str, Any]) -> Reply:
    """The answer of the contact server."""
    return done({"response": name, "data": data})


async def _parameters(request: Request) -> dict[str, Any]:
    """What is asked for. Raises Refused 10 for a body that is no JSON object; none at all is right."""
    body = await request.body()
    return {**request.query, **(read_object(body) if body.strip() else {})}


def _text(given: dict[str, Any], name: str) -> str | None:
    found = given.get(name)
    if found is None:
        return None
    if not isinstance(found, str):
        raise invalid(name, "is not a string")
    check_text(name, found, LONGEST)
    return found


def _absent(name: str) -> str:
    raise missing(name)

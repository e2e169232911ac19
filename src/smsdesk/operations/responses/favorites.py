"""The responses a user likes best (A§1.6)."""

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.responses import Favorites

MOST = 100  # favourites of one user


def add(draft: Draft, user: str, response: str) -> None:
    """Put a response among them; one that is there stays where it is. Raises Refused 3 when there are too
    many.
    """
    there = of(draft, user)
    if response not in there:
        known = draft.centre.records.get("response", {})
        kept = tuple(id for id in there if id in known)  # without what has been deleted
        if len(kept) >= MOST:
            raise Refused(Fault.FORBIDDEN, f"there are {MOST} favorites already; take one away first")
        draft.put("favorites", user, Favorites(user, (*kept, response)))


def remove(draft: Draft, user: str, response: str) -> None:
    """Take a response away from them; one that is not there is no mistake."""
    there = of(draft, user)
    if response in there:
        draft.put("favorites", user, Favorites(user, tuple(id for id in there if id != response)))


def of(draft: Draft, user: str) -> tuple[str, ...]:
    """The ids of a user's favourites."""
    found = draft.get("favorites", user)
    return found.responses if isinstance(found, Favorites) else ()

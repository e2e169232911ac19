"""Standard responses and categories as JSON: as resources [ext], and in the words of the contact server
(A§1.6).
"""

from typing import Any

from smsdesk.core.centre import Centre
from smsdesk.core.field_codes import codes, parse
from smsdesk.core.folders import leaf, parent
from smsdesk.core.responses import (
    Category,
    Response,
    ResponseUsage,
    categories,
    language,
    responses,
)
from smsdesk.wire.timestamps import Timestamps

ONE_LEVEL, WHOLE_TREE = "*", "**"  # of `subresources`
CATEGORY_TYPE = 2  # as the documentation prints it
Shape = dict[str, Any]


class Library:
    """Makes shapes of one state of the contact centre. `base` ends in `/api/v2`."""

    def __init__(self, base: str, centre: Centre, timestamps: Timestamps) -> None:
        self._base = base
        self._timestamps = timestamps
        self.centre = centre
        self._categories = {category.name: category for category in categories(centre)}

    # -- resources ---------------------------------------------------------------------------------
    def category(self, category: Category) -> Shape:
        """A category; `name` is the path, as in a provisioning file."""
        shape: Shape = {
            "id": category.id,
            "name": category.name,
            "description": category.description,
            "language": category.language,
            "status": category.status,
            "modifiedDate": self._timestamps.render(category.modified),
        }
        above = self._categories.get(parent(category.name) or "")
        if above is not None:
            inside = f"/categories/{above.id}"
            shape |= {"parentUri": self._base + inside, "parentPath": inside}
        return shape | self._place(f"/categories/{category.id}")

    def tree(self, category: Category, shown: list[Response], whole: bool) -> Shape:
        """A category with those of the shown responses that are in it, and the categories in it; `whole`:
        these too have theirs.
        """
        below = [c for c in self._categories.values() if parent(c.name) == category.name]
        return self.category(category) | {
            "categories": [self.tree(c, shown, True) if whole else self.category(c) for c in below],
            "responses": [self.response(r) for r in shown if r.category == category.name],
        }

    def response(self, response: Response) -> Shape:
        """A response."""
        category = self._categories.get(response.category)
        return {
            "id": response.id,
            "name": response.name,
            "category": response.category,
            "categoryId": category.id if category is not None else "",
            "text": response.text,
            "language": language(self.centre, response),
            "status": response.status,
            "fieldCodes": list(codes(parse(response.text))),
            "modifiedDate": self._timestamps.render(response.modified),
        } | self._place(f"/responses/{response.id}")

    def usage(self, found: dict[str, ResponseUsage]) -> list[Shape]:
        """How often each response that is still there was used."""
        return [
            {
                "id": response.id,
                "name": response.name,
                "category": response.category,
                "counts": found[response.id].counts,
                "total": sum(found[response.id].counts.values()),
                "lastUsed": self._timestamps.render(found[response.id].last),
            }
            for response in responses(self.centre)
            if response.id in found
        ]

    def _place(self, path: str) -> Shape:
        return {"uri": self._base + path, "path": path}

    # -- the contact server ------------------------------------------------------------------------
    def roots(self, wanted: str | None, only_approved: bool) -> list[Shape]:
        """The root categories; `wanted`: a language."""
        return [
            self.head(category)
            for category in self._categories.values()
            if parent(category.name) is None
            and (wanted is None or category.language.casefold() == wanted.casefold())
            and (category.status == "Approved" or not only_approved)
        ]

    def head(self, category: Category) -> Shape:
        """A category without what is in it."""
        return {
            "categoryId": category.id,
            "name": leaf(category.name),
            "description": category.description,
            "language": category.language,
            "modifiedDate": self._timestamps.render(category.modified),
            "status": category.status,
            "type": CATEGORY_TYPE,
        }

    def with_contents(self, category: Category, shown: list[Response]) -> Shape:
        """A category with the heads of what is in it."""
        below = [c for c in self._categories.values() if parent(c.name) == category.name]
        return self.head(category) | {
            "subCategories": [self.head(c) for c in below],
            "standardResponses": [
                {"standardResponseId": r.id, "standardResponseName": r.name}
                for r in shown
                if r.category == category.name
            ],
        }

    def standard_response(self, response: Response) -> Shape:
        """A response with its text."""
        shape = self.response(response)
        same = ("categoryId", "text", "language", "status", "fieldCodes", "modifiedDate")
        names = {"standardResponseId": response.id, "standardResponseName": response.name}
        return names | {name: shape[name] for name in same}

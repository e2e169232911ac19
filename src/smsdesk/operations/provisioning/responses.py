"""Standard responses and the categories they are in (A§1.6)."""

from collections.abc import Iterator
from typing import ClassVar

from msgspec.structs import replace

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.core.field_codes import FieldCodeError, parse
from smsdesk.core.folders import check_path, parent
from smsdesk.core.responses import Category, Response, Status
from smsdesk.operations.base import check_text
from smsdesk.operations.provisioning.kind import Body, ProvisionedKind, View, check_name

DESCRIPTION, LANGUAGE, TEXT = 1000, 64, 10_000  # characters


class CategoryBody(Body, frozen=True):
    """A category. `name` is its path, such as `English/Delivery`: the category before the last slash has to
    be there.
    """

    name: str
    description: str = ""
    language: str = ""
    status: Status = "Approved"

    def check(self) -> None:
        check_path("name", self.name)
        check_text("description", self.description, DESCRIPTION, shortest=0)
        check_text("language", self.language, LANGUAGE, shortest=0)


class Categories(ProvisionedKind[Category, CategoryBody]):
    """The row of categories."""

    plural: ClassVar[str] = "categories"
    singular: ClassVar[str] = "category"
    kind: ClassVar[str] = "category"
    body = CategoryBody

    def show(self, record: Category, view: View) -> CategoryBody:
        return CategoryBody(record.name, record.description, record.language, record.status)

    def make(self, body: CategoryBody, id: str, old: Category | None, view: View) -> Category:
        above = parent(body.name)
        if above is not None and view.named("category", above) is None:
            raise invalid("name", f"is in {above[:80]!r}, which is no category")
        modified = old.modified if old is not None else view.now
        made = Category(id, body.name, body.description, body.language, body.status, modified)
        return made if old in (None, made) else replace(made, modified=view.now)

    def uses(self, record: Category, view: View, draft: Draft) -> Iterator[str]:
        below: dict[str, Category] = view.records("category")
        yield from (f"category {c.name}" for c in below.values() if parent(c.name) == record.name)
        inside: dict[str, Response] = view.records("response")
        yield from (f"response {r.name}" for r in inside.values() if r.category == record.name)


class ResponseBody(Body, frozen=True):
    """A standard response: a text with field codes, for agents once it is approved."""

    name: str
    category: str
    text: str
    language: str = ""
    status: Status = "NotApproved"

    def check(self) -> None:
        check_name("name", self.name)
        check_text("text", self.text, TEXT)
        check_text("language", self.language, LANGUAGE, shortest=0)
        try:
            parse(self.text)
        except FieldCodeError as error:
            raise Refused(Fault.INVALID, f"text: {error}") from None


class Responses(ProvisionedKind[Response, ResponseBody]):
    """The row of standard responses."""

    plural: ClassVar[str] = "responses"
    singular: ClassVar[str] = "response"
    kind: ClassVar[str] = "response"
    body = ResponseBody

    def show(self, record: Response, view: View) -> ResponseBody:
        return ResponseBody(record.name, record.category, record.text, record.language, record.status)

    def make(self, body: ResponseBody, id: str, old: Response | None, view: View) -> Response:
        if view.named("category", body.category) is None:
            raise invalid("category", f"names {body.category[:80]!r}, which is no category")
        modified = old.modified if old is not None else view.now
        made = Response(id, body.name, body.category, body.text, body.language, body.status, modified)
        return made if old in (None, made) else replace(made, modified=view.now)

"""Standard responses, as structs: only to be described."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from smsdesk.core.responses import Status
from smsdesk.http.reference.areas.provisioning import Collection
from smsdesk.http.reference.replies import Done
from smsdesk.operations.provisioning.responses import CategoryBody, ResponseBody
from smsdesk.operations.responses.render import Render

Optional = str | UnsetType


class StandardResponse(Struct, rename="camel"):
    """A text for agents to send."""

    id: str
    name: str
    category: str
    category_id: str
    text: str
    language: str
    status: Status
    field_codes: list[str]
    modified_date: str
    uri: str
    path: str
    favorite: bool | UnsetType = UNSET


class Category(Struct, rename="camel"):
    """A folder of responses."""

    id: str
    name: str
    description: str
    language: str
    status: Status
    modified_date: str
    uri: str
    path: str
    parent_uri: Optional = UNSET
    parent_path: Optional = UNSET
    categories: list["Category"] | UnsetType = UNSET
    responses: list[StandardResponse] | UnsetType = UNSET


class Categories(Collection):
    """Categories: full with `fields`, else their addresses."""

    categories: list[Category] | UnsetType = UNSET


class OneCategory(Done):
    """One category."""

    category: Category


class Responses(Collection):
    """Responses: full with `fields`, else their addresses."""

    responses: list[StandardResponse] | UnsetType = UNSET


class OneResponse(Done):
    """One response."""

    response: StandardResponse


class Rendered(Done):
    """A text to be sent, and the codes for which there was nothing."""

    text: str
    missing: list[str]


class Usage(Struct, rename="camel"):
    """How often a response was used."""

    id: str
    name: str
    category: str
    counts: dict[str, int]
    total: int
    last_used: str


class ResponseUsages(Done, rename="camel"):
    """The use of all responses."""

    usage: list[Usage]
    total_count: int | UnsetType = UNSET


class RootCategoriesRequest(Struct):
    """What is asked of the contact server."""

    language: Optional = UNSET


class CategoryRequest(Struct, rename="camel"):
    """What is asked of the contact server."""

    category_id: str


class StandardResponseRequest(Struct, rename="camel"):
    """What is asked of the contact server."""

    standard_response_id: str


class CategoryHead(Struct, rename="camel"):
    """A category, as the contact server says it."""

    category_id: str
    name: str
    description: str
    language: str
    modified_date: str
    status: Status
    type: Literal[2]


class ResponseHead(Struct, rename="camel"):
    """A response, as the contact server names it."""

    standard_response_id: str
    standard_response_name: str


class FullCategory(CategoryHead, rename="camel"):
    """A category with the heads of what is in it."""

    sub_categories: list[CategoryHead]
    standard_responses: list[ResponseHead]


class FullResponse(ResponseHead, rename="camel"):
    """A response with its text."""

    category_id: str
    text: str
    language: str
    status: Status
    field_codes: list[str]
    modified_date: str


class Roots(Struct):
    """Root categories."""

    categories: list[CategoryHead]


class RootCategories(Done):
    """The answer of the contact server."""

    response: Literal["EventGetRootCategories", "EventGetApprovedRootCategories"]
    data: Roots


class CategoryData(Struct):
    """A category."""

    category: FullCategory


class CategoryContents(Done):
    """The answer of the contact server."""

    response: Literal["EventGetCategory"]
    data: CategoryData


class ResponseData(Struct, rename="camel"):
    """A response."""

    standard_response: FullResponse


class StandardResponseEvent(Done):
    """The answer of the contact server."""

    response: Literal["EventGetStandardResponse"]
    data: ResponseData


RESPONSES: tuple[type[Struct], ...] = (
    *(Categories, OneCategory, Responses, OneResponse, Rendered, ResponseUsages, RootCategories),
    *(CategoryContents, StandardResponseEvent, RootCategoriesRequest, CategoryRequest),
    *(StandardResponseRequest, CategoryBody, ResponseBody, Render),
)

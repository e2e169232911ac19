"""Login and protection: API keys, access control, features."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from smsdesk.http.access_control import OriginsBody, OriginsSetting
from smsdesk.http.reference.objects import Feature, Optional
from smsdesk.http.reference.replies import Created, Done, Uris
from smsdesk.operations.api_keys import NewApiKey


class ApiKey(Struct, rename="camel"):
    """A key, without what opens."""

    id: str
    name: str
    user_id: str
    user_uri: str
    created: str
    uri: str
    path: str
    last_used: Optional = UNSET


class ApiKeys(Done, rename="camel"):
    """All keys: full with `fields`, else their addresses."""

    api_keys: list[ApiKey] | UnsetType = UNSET
    uris: Uris | UnsetType = UNSET
    total_count: int | UnsetType = UNSET


class OneApiKey(Done, rename="camel"):
    """One key."""

    api_key: ApiKey


class CreatedApiKey(Created):
    """What was made; `secret` is shown this once."""

    secret: str


class Origins(Done):
    """The setting, or nothing."""

    settings: list[OriginsSetting]
    key: Literal["name"]


class OneFeature(Done):
    """One feature."""

    feature: Feature


LOGIN: tuple[type[Struct], ...] = (
    ApiKeys,
    OneApiKey,
    CreatedApiKey,
    NewApiKey,
    Origins,
    OriginsBody,
    OneFeature,
)

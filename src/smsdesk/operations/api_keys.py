"""API keys are made and deleted [ext]: what a server application sends in place of a password."""

from collections.abc import Iterable

from msgspec import Struct

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, missing, unknown
from smsdesk.operations.base import check_text
from smsdesk.operations.login import ApiKey

MOST_KEYS = 1000


class NewApiKey(Struct, frozen=True, rename="camel"):
    """The body of POST /api-keys. `user_id`: who the key acts as; without it the caller."""

    name: str
    user_id: str | None = None

    def check(self) -> None:
        """Raises Refused 10."""
        check_text("name", self.name, 255)


def create_api_key(
    draft: Draft, there: Iterable[ApiKey], new: NewApiKey, caller: str, id: str, key_hash: str
) -> ApiKey:
    """Keep a key's hash under `id`. `there`: all keys as they are now. Raises Refused 1, 6, 18, and 2 when
    there are too many.
    """
    user = caller if new.user_id is None else new.user_id
    if user not in draft.centre.users:
        raise missing("userId") if new.user_id is None else unknown("the user")
    names = [key.name for key in there]
    if new.name in names:
        raise Refused(Fault.EXISTS, f"there is an API key named '{new.name}' already")
    if len(names) >= MOST_KEYS:
        raise Refused(Fault.STATE, f"there are {MOST_KEYS} API keys; delete one that is not used any more")
    key = ApiKey(id, new.name, user, key_hash, draft.now)
    draft.put("apikey", id, key)
    draft.audit(f"API key made: {new.name}", user)
    return key


def delete_api_key(draft: Draft, id: str) -> None:
    """A key opens nothing any more. Raises Refused 6."""
    key = draft.get("apikey", id)
    if not isinstance(key, ApiKey):
        raise unknown("the API key")
    draft.put("apikey", id, None)
    draft.audit(f"API key deleted: {key.name}", key.user)

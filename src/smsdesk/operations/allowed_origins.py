"""The contact centre's own list of origins whose pages may call (C§1.8, SPEC 9.19)."""

from collections.abc import Sequence

from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused, unknown
from smsdesk.operations.login import AllowedOrigins

KIND = ID = "allowedorigins"


def create(draft: Draft, origins: Sequence[str]) -> None:
    """Begin a list. Raises Refused 18 when there is one."""
    if draft.get(KIND, ID) is not None:
        raise Refused(Fault.EXISTS, "there is a list of allowed origins already; PUT replaces it")
    replace(draft, origins)


def replace(draft: Draft, origins: Sequence[str]) -> None:
    """The whole list is this now."""
    draft.put(KIND, ID, AllowedOrigins(tuple(origins)))
    draft.audit("allowed origins changed", ", ".join(origins)[:1000])


def delete(draft: Draft) -> None:
    """There is no list; what the settings file allows stays allowed. Raises Refused 6."""
    if draft.get(KIND, ID) is None:
        raise unknown("the setting")
    draft.put(KIND, ID, None)
    draft.audit("allowed origins deleted", "")

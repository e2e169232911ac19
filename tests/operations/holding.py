"""Memory that holds a few things, and short ways to change them."""

from collections.abc import Callable
from random import Random
from typing import Any

import msgspec

from smsdesk.core.centre import Centre, Policy
from smsdesk.core.contact import Contact
from smsdesk.core.draft import Draft
from smsdesk.core.ids import Ids
from smsdesk.operations.live import Live, Made
from smsdesk.store import Document

ADA = Contact("c1", "+1", "Ada")


def document(value: Any, version: int = 1) -> Document:
    kind = type(value).__name__.lower()
    return Document(kind, value.id, version, msgspec.json.encode(value))


def holding(*values: Any, limit: int = 1000) -> Live:
    live = Live(limit)
    for value in values:
        live.loaded(type(value).__name__.lower(), value.id, document(value))
    return live


def draft(live: Live, actor: str | None = None) -> Draft:
    return Draft(live, Centre(), Policy(), Ids(Random(1).randbytes), 1000, actor)


def staged(live: Live, step: Callable[[Draft], object]) -> Made:
    made = draft(live)
    step(made)
    change = live.stage(made)
    assert change is not None
    return change


def ada(made: Draft) -> Contact:
    found = made.get("contact", "c1")
    assert isinstance(found, Contact)
    return found


def rename(live: Live, name: str) -> Made:
    return staged(live, lambda d: d.change(ada(d), first_name=name))


def names(live: Live) -> tuple[str | None, str | None]:
    """The contact's committed and newest first name; None where there is no contact."""
    values = live.committed("contact", "c1"), live.peek("contact", "c1")
    committed, newest = (v.first_name if v is not None else None for v in values)
    return committed, newest

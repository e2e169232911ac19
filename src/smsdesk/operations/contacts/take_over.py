"""Taking over a table of customers: what each row would do, and all of it in one commit (SPEC 5.4 [ext])."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from smsdesk.core.contact import Contact
from smsdesk.core.draft import Draft
from smsdesk.operations.contacts.keeping import contact_of_number, keep_contact
from smsdesk.operations.contacts.table import Mistake, Row

FIELDS: Final = ("first_name", "last_name", "email", "title", "language", "notes")


class Outcome(Struct, frozen=True, rename="camel"):
    """What becomes of a table. `new`: contacts that are made; `completed`: that are there and lack something;
    `equal`: that have all of it already. `collisions`: numbers with another name, or twice in the table.
    Rows that collide or are wrong are left out.
    """

    new: int
    completed: int
    equal: int
    collisions: list[Mistake]
    errors: list[Mistake]


def take_over(
    draft: Draft, rows: Sequence[Row], errors: list[Mistake], known: Mapping[str, Contact]
) -> Outcome:
    """Make contacts of the rows. One that is there is only given what it lacks, nothing of it is replaced.
    `known`: contacts by address, for rows without a number.
    """
    counts = {"new": 0, "completed": 0, "equal": 0}
    collisions: list[Mistake] = []
    first: dict[str, int] = {}  # line by number, or by address where there is no number
    for row in rows:
        told = row.contact
        key = told.number or told.email.lower() or (told.name or "").casefold()
        if first.setdefault(key, row.line) != row.line:
            collisions.append(Mistake(row.line, f"{key} is in line {first[key]} already"))
            continue
        old = contact_of_number(draft, told.number) if told.number else known.get(told.email.lower())
        if old is None:
            keep_contact(draft, replace(told, id=draft.ids.interaction(), created=draft.now))
            counts["new"] += 1
            continue
        new = completed(old, told)
        if new is None:
            collisions.append(Mistake(row.line, f"{key} belongs to {_called(old)} already"))
        elif new == old:
            counts["equal"] += 1
        else:
            keep_contact(draft, new, old)
            counts["completed"] += 1
    return Outcome(**counts, collisions=collisions, errors=errors)


def completed(old: Contact, told: Contact) -> Contact | None:
    """A contact with what it lacks; None when the two say different things."""
    for field in FIELDS:
        before, now = getattr(old, field), getattr(told, field)
        if before and now and before != now and (field != "email" or before.lower() != now.lower()):
            return None
    if any(old.attributes.get(key, value) != value for key, value in told.attributes.items()):
        return None
    fields = {field: getattr(told, field) for field in FIELDS if not getattr(old, field)}
    return replace(old, **fields, attributes=told.attributes | old.attributes)


def _called(contact: Contact) -> str:
    return f"{contact.name} ({contact.id})" if contact.name else f"the contact {contact.id}"

"""Finding the contact of a number or an id, and writing one with everything by which it is found (SPEC 5.2,
A§1.9).
"""

from msgspec.structs import replace

from smsdesk.core.contact import Alias, Contact, merged_id
from smsdesk.core.draft import Draft
from smsdesk.core.enlisting import enlist_contact, index_contact
from smsdesk.core.errors import Fault, Refused, unknown


def contact_of_number(draft: Draft, number: str) -> Contact | None:
    """The contact that has this number, as the main or a further one."""
    found = draft.get_key("contact", number)
    return found if isinstance(found, Contact) else _by_alias(draft, number)


def contact_of_id(draft: Draft, id: str) -> Contact | None:
    """The contact of an id, or the one that it became part of."""
    found = draft.get("contact", id)
    return found if isinstance(found, Contact) else _by_alias(draft, merged_id(id))


def known_contact(draft: Draft, id: str) -> Contact:
    """The same. Raises Refused 6."""
    found = contact_of_id(draft, id)
    if found is None:
        raise unknown("the contact")
    return found


def _by_alias(draft: Draft, id: str) -> Contact | None:
    alias = draft.get("alias", id)
    found = draft.get("contact", alias.contact) if isinstance(alias, Alias) else None
    return found if isinstance(found, Contact) else None


def check_numbers_free(draft: Draft, contact: Contact) -> None:
    """Raises Refused 18 when another contact has one of the numbers."""
    for number in contact.all_numbers:
        other = contact_of_number(draft, number)
        if other is not None and other.id != contact.id:
            raise Refused(Fault.EXISTS, f"{number} belongs to the contact {other.id} already")


def keep_contact(draft: Draft, contact: Contact, old: Contact | None = None) -> Contact:
    """Write a new or changed contact and its aliases; the caller has checked that its numbers are free."""
    if old is None:
        enlist_contact(draft, contact)
    else:
        contact = replace(contact, changed=draft.now)
        index_contact(draft, contact)
    draft.save(contact)
    gone = set(old.numbers if old else ()) - set(contact.numbers)
    for number in gone:
        draft.put("alias", number, None)
    for number in contact.numbers:
        if old is None or number not in old.numbers:
            draft.put("alias", number, Alias(number, contact.id))
    return contact

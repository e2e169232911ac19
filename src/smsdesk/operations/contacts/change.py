"""Creating and changing a customer's contact (SPEC 5.4 [ext])."""

from smsdesk.core.contact import Contact
from smsdesk.core.draft import Draft
from smsdesk.operations.contacts.body import ContactBody
from smsdesk.operations.contacts.keeping import check_numbers_free, keep_contact, known_contact


def create_contact(draft: Draft, given: ContactBody) -> Contact:
    """A new contact. Raises Refused 18 for a number that another one has, 1 when nothing tells who he is."""
    blank = Contact(draft.ids.interaction(), "", created=draft.now)
    contact = given.onto(blank, draft.policy.default_region)
    check_numbers_free(draft, contact)
    return keep_contact(draft, contact)


def change_contact(draft: Draft, id: str, given: ContactBody) -> Contact:
    """The contact with what is given; later sessions show its new name. Raises Refused 6, 18, 1."""
    old = known_contact(draft, id)
    new = given.onto(old, draft.policy.default_region)
    check_numbers_free(draft, new)
    return old if new == old else keep_contact(draft, new, old)

"""Entering what is new into the lists of the store, and having it found by its words (SPEC 5.4). Whoever
makes a session or a contact calls here; an agent who comes in is entered by `Draft.move`.
"""

from smsdesk.core.contact import Contact
from smsdesk.core.draft import Draft
from smsdesk.core.lists import CONTACT, CONTACTS, INTERACTIONS, contact_list
from smsdesk.core.session import Session


def enlist_session(draft: Draft, session: Session) -> None:
    """A new session stands in the history of the house and of its contact, at the time it came."""
    draft.list(INTERACTIONS, session.received, session.id)
    if session.contact_id is not None:
        draft.list(contact_list(session.contact_id), session.received, session.id)


def enlist_contact(draft: Draft, contact: Contact) -> None:
    """A new contact stands in the list of contacts, and is found by name, address and number."""
    draft.list(CONTACTS, contact.created, contact.id)
    index_contact(draft, contact)


def index_contact(draft: Draft, contact: Contact) -> None:
    """Have a contact found by what it is called now."""
    words = (contact.first_name, contact.last_name, contact.email, *contact.all_numbers)
    draft.index_words(CONTACT, contact.id, 0, " ".join(word for word in words if word))

"""Merge: two contacts turn out to be one person (SPEC 5.4 [ext]). Numbers go over in one commit, the history
follows in bounded ones; the same operation again goes on where it was interrupted.
"""

from msgspec.structs import replace

from smsdesk.core.contact import Alias, Contact, merged_id
from smsdesk.core.draft import PROPERTIES, Draft
from smsdesk.core.errors import invalid, missing, unknown
from smsdesk.core.lists import contact_list
from smsdesk.core.session import Session
from smsdesk.operations.base import Operation, check_text
from smsdesk.operations.contacts.body import ATTRIBUTES_SIZE, MOST_ATTRIBUTES, MOST_NUMBERS
from smsdesk.operations.contacts.keeping import contact_of_id, keep_contact, known_contact

LONGEST_NOTES = 10_000


class Merge(Operation, frozen=True, tag="Merge"):
    """`contact_id`: the contact that becomes part of the one of the path."""

    contact_id: str

    def check(self) -> None:
        check_text("contactId", self.contact_id, 64, shortest=0)
        if not self.contact_id:
            raise missing("contactId")

    def apply(self, draft: Draft, id: str) -> Contact:
        """Take over its numbers, and what the contact has not. Raises Refused 6, and 10 beyond the limits."""
        kept = known_contact(draft, id)
        gone = contact_of_id(draft, self.contact_id)
        if gone is None:
            raise unknown("the contact of contactId")
        if gone.id == kept.id:
            if self.contact_id in kept.merged:
                return kept  # it is done; its history may still be on the way
            raise invalid("contactId", "names the contact itself")
        merged = together(kept, gone)
        draft.put("contact", gone.id, None)
        draft.erase(gone.id)
        for number in gone.all_numbers:
            draft.put("alias", number, Alias(number, kept.id))
        for old in (gone.id, *gone.merged):
            draft.put("alias", merged_id(old), Alias(merged_id(old), kept.id))
        draft.audit("contact merged", kept.id)
        return keep_contact(draft, merged, kept)


def together(kept: Contact, gone: Contact) -> Contact:
    """The first contact with what only the second knows. Raises Refused 10 beyond the limits."""
    numbers = (*kept.numbers, *gone.all_numbers)
    attributes = gone.attributes | kept.attributes
    size = sum(len(key) + len(value) for key, value in attributes.items())
    if len(numbers) >= MOST_NUMBERS or len(attributes) > MOST_ATTRIBUTES or size > ATTRIBUTES_SIZE:
        raise invalid("contactId", "names a contact with too many numbers or attributes for one contact")
    later = gone if gone.last_agent_at > kept.last_agent_at else kept
    named = bool(kept.name)
    return replace(
        kept,
        number=kept.number or gone.number,
        numbers=numbers if kept.number else numbers[1:],
        first_name=kept.first_name if named else gone.first_name,
        last_name=kept.last_name if named else gone.last_name,
        title=kept.title or gone.title,
        email=kept.email or gone.email,
        language=kept.language or gone.language,
        notes="\n".join(text for text in (kept.notes, gone.notes) if text)[:LONGEST_NOTES],
        attributes=attributes,
        created=min(kept.created, gone.created),
        last_agent=later.last_agent,
        last_agent_at=later.last_agent_at,
        merged=(*kept.merged, gone.id, *gone.merged),
    )


def move_history(draft: Draft, sessions: list[str], gone: str, kept: str) -> None:
    """Give sessions of the one contact to the other; whoever sees one is told."""
    for id in sessions:
        session = draft.get("session", id)
        if isinstance(session, Session) and session.contact_id == gone:
            session = draft.change(session, contact_id=kept)
            draft.list(contact_list(kept), session.received, session.id)
            draft.tell_all(session, PROPERTIES)
            draft.close(session, "ContactSet")

"""SetCallContact: say whose interaction it is, of any media type (A§1.4)."""

from smsdesk.core.draft import PROPERTIES, Draft
from smsdesk.core.lists import contact_list
from smsdesk.core.session import Session
from smsdesk.core.user_data import check_size, raw
from smsdesk.operations.base import check_text
from smsdesk.operations.contacts.keeping import contact_of_id
from smsdesk.operations.history.note import Note

KEY = "ContactId"  # of userData (A§2.2)


class SetCallContact(Note, frozen=True, tag="SetCallContact"):
    """`contact_path`: a path that ends in the id of the contact."""

    contact_path: str

    def check(self) -> None:
        check_text("contactPath", self.contact_path, 2048)

    def apply(self, draft: Draft, session: Session) -> str | None:
        id = self.contact_path.rstrip("/").rpartition("/")[2]
        contact = contact_of_id(draft, id)
        if contact is None:
            return f"there is no contact {id[:80]!r}"
        data = {**session.user_data, KEY: raw(contact.id)}
        check_size(data)
        session = draft.change(session, contact_id=contact.id, user_data=data)
        draft.list(contact_list(contact.id), session.received, session.id)
        draft.tell_all(session, PROPERTIES)
        draft.close(session, "ContactSet")
        return None

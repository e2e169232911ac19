"""`saveLAR`: the agent is kept in the contact's record, for last-agent routing (S§3.3, A§2.2)."""

from smsdesk.core.draft import Draft
from smsdesk.core.session import Session
from smsdesk.operations.contacts.keeping import contact_of_id


def remember_last_agent(draft: Draft, session: Session, user: str) -> None:
    """Write the agent into the contact; without effect where the customer has no contact."""
    contact = contact_of_id(draft, session.contact_id) if session.contact_id else None
    if contact is not None:
        draft.change(contact, last_agent=user, last_agent_at=draft.now)

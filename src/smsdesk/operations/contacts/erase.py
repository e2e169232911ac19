"""Erasing a customer: everything that is kept of him goes but his opting out (SPEC 5.4 [ext], 6.5).

His sessions go in bounded commits, the contact with the last one: what was interrupted is found again and
goes on. Notifications about him age out with the replay period.
"""

from smsdesk.core.contact import Contact, merged_id
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.interaction import Interaction
from smsdesk.core.outgoing import OutgoingText
from smsdesk.core.session import Session
from smsdesk.core.states import FINAL


def is_over(session: Session, interaction: Interaction | None) -> bool:
    """Whether nobody works on it and nothing waits for anybody."""
    waits = interaction is not None and interaction.place != "closed"
    return not session.open and not waits and all(p.state in FINAL for p in session.participations)


def refuse_open(contact: Contact) -> Refused:
    """What is answered as long as somebody talks with him."""
    return Refused(
        Fault.IN_USE, f"the contact {contact.id} has a session that is not over; complete it first"
    )


def erase_sessions(draft: Draft, contact: Contact, sessions: list[str]) -> None:
    """Forget sessions that are over, with their transcripts, texts, words and places in lists. Raises Refused
    19.
    """
    for id in sessions:
        session = draft.get("session", id)
        if not isinstance(session, Session) or session.contact_id != contact.id:
            continue
        interaction = draft.get("interaction", id)
        if not is_over(session, interaction if isinstance(interaction, Interaction) else None):
            raise refuse_open(contact)
        for index in range(1, session.next_index):
            forget_text(draft, f"{id}:{index}")
        if interaction is not None:
            draft.put("interaction", id, None)
        draft.put("session", id, None)
        draft.erase(id)


def forget_text(draft: Draft, id: str) -> None:
    """Forget an outbound text, and the ids under which carriers know it."""
    text = draft.get("outgoing", id)
    if isinstance(text, OutgoingText):
        for carrier_id in text.carrier_ids:
            sent = f"{text.carrier} {carrier_id}"
            if draft.get("sent", sent) is not None:
                draft.put("sent", sent, None)
        draft.put("outgoing", id, None)


def erase_contact(draft: Draft, id: str) -> None:
    """Forget the contact himself, when his sessions are gone. The audit log learns his id only."""
    contact = draft.get("contact", id)
    if not isinstance(contact, Contact):
        return
    for number in contact.numbers:
        draft.put("alias", number, None)
    for old in contact.merged:
        draft.put("alias", merged_id(old), None)
    draft.put("contact", id, None)
    draft.erase(id)
    draft.audit("contact erased", id)

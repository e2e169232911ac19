"""Texts to the customer: the transcript entry with its delivery state, and the record that the sender
follows (SPEC 6.3, 6.4).
"""

from smsdesk.core.consent import Consent
from smsdesk.core.draft import PROPERTIES, Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.message import Delivery, MessageType
from smsdesk.core.outgoing import OutgoingText
from smsdesk.core.participant import Participant
from smsdesk.core.session import Session


def check_may_send(draft: Draft, session: Session) -> None:
    """Raises Refused 3 when the customer has opted out (SPEC 6.5). The pair's consent record must be in
    memory.
    """
    consent = draft.get("consent", session.pair)
    if isinstance(consent, Consent) and consent.blocked:
        raise Refused(Fault.FORBIDDEN, "the customer has opted out of texts from this number")


def send_text(
    draft: Draft, session: Session, author: Participant, words: str, type: MessageType = "Text"
) -> Session:
    """Enter a text (or a pushed url, which the customer gets as text) and queue it for the carrier; parts
    are counted when sent.
    """
    number = draft.centre.numbers.get(session.service_number)
    carrier = number.carrier if number else session.carrier
    session = note_carrier(draft, session, carrier)
    text, url = (words, None) if type == "Text" else (None, words)
    delivery = Delivery("Queued", 1, draft.now)
    session = draft.say(session, author, type, text=text, url=url, delivery=delivery, carrier=carrier)
    entry = draft.messages[-1][1]
    id = f"{session.id}:{entry.index:09d}"
    numbers = session.service_number, session.customer_number
    draft.put("outgoing", id, OutgoingText(id, session.id, entry, carrier, *numbers, draft.now))
    return draft.change(session, active=draft.now)


def note_carrier(draft: Draft, session: Session, carrier: str) -> Session:
    """A session's carrier is that of its newest message (SPEC 9.5); whoever sees it is told of a change."""
    if session.carrier == carrier:
        return session
    session = draft.change(session, carrier=carrier)
    draft.tell_all(session, PROPERTIES)
    return session

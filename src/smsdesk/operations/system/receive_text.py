"""ReceiveText: an inbound text finds its open session or begins a new one (SPEC 5.1, 5.2, 6.2, 6.5)."""

from smsdesk.carriers import TextReceived, UnknownNumber
from smsdesk.core.centre import ServiceNumber
from smsdesk.core.consent import START, STOP, Consent, keyword
from smsdesk.core.contact import Contact
from smsdesk.core.draft import Draft, entries
from smsdesk.core.ending import start_idle_timer
from smsdesk.core.enlisting import enlist_session
from smsdesk.core.interaction import Interaction
from smsdesk.core.numbers import canonical
from smsdesk.core.outgoing import Seen
from smsdesk.core.participant import Participant
from smsdesk.core.sending import note_carrier
from smsdesk.core.session import Session, pair
from smsdesk.operations.contacts.keeping import contact_of_number, keep_contact
from smsdesk.operations.system.gateway_keys import gateway_keys
from smsdesk.operations.system.strategy_acts import advance, wake_by_customer

TEXT_LIMIT = 64 * 1024
IDENTIFY_NOT, IDENTIFY_OR_CREATE = 1, 3


def receive_text(draft: Draft, fact: TextReceived, text_id: str, incomplete: bool = False) -> str:
    """Keep an inbound text; returns its id. One kept before changes nothing. Raises UnknownNumber."""
    number = service_number(draft, fact)
    seen_id = f"{fact.carrier} {fact.key}"
    # A key that only guards an acknowledgement never comes twice (SPEC 6.2): no need to look for it.
    seen = draft.get("seen", seen_id) if fact.keep_key else None
    if isinstance(seen, Seen):
        return seen.text
    draft.put("seen", seen_id, Seen(seen_id, fact.carrier, draft.now, text_id, not fact.keep_key))
    customer = canonical(fact.customer_number, fact.source_ton, draft.policy.default_region)
    text = fact.text.replace("\0", "\ufffd")[:TEXT_LIMIT]
    session = draft.get_key("session", pair(number.number, customer))
    new = not obey_keyword(draft, pair(number.number, customer), text) and session is None
    if new:
        session = begin(draft, fact, number, customer, text)
    if isinstance(session, Session):
        add_text(draft, session, fact.carrier, text, incomplete)
        if new:
            advance(draft, session.id)  # who is greeted is greeted before anybody can take it
    return text_id


def service_number(draft: Draft, fact: TextReceived) -> ServiceNumber:
    """The number of ours that was texted to, however the carrier spells it. Raises UnknownNumber."""
    for spelling in (
        fact.service_number,
        canonical(fact.service_number, fact.destination_ton, draft.policy.default_region),
        "+" + fact.service_number,
    ):
        if spelling in draft.centre.numbers:
            return draft.centre.numbers[spelling]
    raise UnknownNumber(f"{fact.service_number} is no service number of this contact centre")


def obey_keyword(draft: Draft, pair_id: str, text: str) -> bool:
    """Keep the ledger when the whole text is a stop word, or a start word of a blocked customer; says
    whether it was one.
    """
    word = keyword(text)
    if word in STOP:
        draft.put("consent", pair_id, Consent(pair_id, True, draft.now, word))
        return True
    if word in START:
        consent = draft.get("consent", pair_id)
        if isinstance(consent, Consent) and consent.blocked:
            draft.put("consent", pair_id, Consent(pair_id, False, draft.now, word))
            return True
    return False


def begin(draft: Draft, fact: TextReceived, number: ServiceNumber, customer: str, text: str) -> Session:
    """A new session, waiting in the queue of its number, with the customer as its first participant."""
    what = number.identify_create_contact or draft.policy.identify_create_contact
    contact = identify(draft, customer, what)
    nickname = (contact and contact.name) or customer
    participant = Participant(draft.ids.participant(), "Customer", nickname)
    session = Session(
        draft.ids.interaction(),
        number.number,
        customer,
        fact.carrier,
        draft.now,
        gateway_keys(fact, number.number, customer, contact, text, draft.now, what),
        next_index=1,
        active=draft.now,
        queue=number.queue,
        participants=(participant,),
        contact_id=contact.id if contact else None,
        subject=subject(text),
    )
    session = draft.say(session, participant, "ParticipantJoined")
    draft.save(Interaction(session.id, number.queue, draft.now))
    enlist_session(draft, session)
    start_idle_timer(draft, session, draft.policy.idle_waiting)
    return session


def identify(draft: Draft, customer: str, what: int) -> Contact | None:
    """Who texts (`IdentifyCreateContact`, A§2.2): 1 nobody is looked for, 2 a known contact is found, 3 an
    unknown one is created.
    """
    if what == IDENTIFY_NOT:
        return None
    contact = contact_of_number(draft, customer)
    if contact is None and what == IDENTIFY_OR_CREATE:
        contact = keep_contact(draft, Contact(draft.ids.interaction(), customer, created=draft.now))
    return contact


def add_text(draft: Draft, session: Session, carrier: str, text: str, incomplete: bool) -> None:
    """The text enters the transcript of its session; who sees it is told."""
    customer = session.customer
    assert customer is not None
    session = note_carrier(draft, session, carrier)
    session = draft.say(session, customer, "Text", text=text, carrier=carrier, incomplete=incomplete)
    session = draft.change(session, active=draft.now)
    draft.tell_all(session, entries(session.next_index - 1, session.next_index - 1))
    wake_by_customer(draft, session)
    draft.close(session, "TextReceived")


def subject(text: str) -> str:
    """The beginning of the first text (A§2.2)."""
    return text[:25]

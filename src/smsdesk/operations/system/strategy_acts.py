"""What strategies do to an interaction that waits: texts to the customer, overflow, park, closed hours (SPEC
5.3, A§4.6, A§4.7). Each act is counted in the commit in which it is done: none is lost, none is done twice.
"""

from hashlib import sha256

from smsdesk.core.acts import strategy_named
from smsdesk.core.advancing import Advanced, advanced, woken
from smsdesk.core.consent import Consent
from smsdesk.core.draft import Draft, entries
from smsdesk.core.ending import start_idle_timer
from smsdesk.core.interaction import Interaction
from smsdesk.core.opening import opens
from smsdesk.core.participant import Participant
from smsdesk.core.sending import send_text
from smsdesk.core.session import Session


def advance(draft: Draft, interaction_id: str) -> bool:
    """Do what is due first for an interaction; says whether there was anything."""
    interaction = draft.interaction(interaction_id)
    step = advanced(draft.centre, interaction, draft.now) if interaction is not None else None
    if interaction is None or step is None:
        return False
    _keep(draft, interaction, step)
    if interaction.place == "parked":
        advance(draft, interaction_id)  # who is greeted now is greeted before anybody can take it
    return True


def wake_by_customer(draft: Draft, session: Session) -> None:
    """The customer has written: his interaction waits again, unless it is parked until the opening."""
    interaction = draft.interaction(session.id)
    if interaction is None or interaction.place != "parked":
        return
    closed = opens(draft.centre, interaction.queue, draft.now) != draft.now
    if not (closed and strategy_named(draft.centre, interaction.queue).when_closed == "park"):
        _keep(draft, interaction, Advanced(woken(draft.centre, interaction, draft.now)))


def _keep(draft: Draft, old: Interaction, step: Advanced) -> None:
    """The interaction as it is now, what the customer is told, and how long he may be silent."""
    new = step.interaction
    draft.save(new)
    if new.queue != old.queue:
        draft.close(draft.change(draft.session(new.id), queue=new.queue), "Overflowed")
    if step.words is not None:
        _say(draft, new.id, step.words)
    if new.place == "parked":
        start_idle_timer(draft, draft.session(new.id), draft.policy.idle_parked)
    elif old.place == "parked":
        start_idle_timer(draft, draft.session(new.id), draft.policy.idle_waiting)


def _say(draft: Draft, session_id: str, words: str) -> None:
    """A text from the contact centre itself: by its carrier like any other, but it does not count as a sign
    of life. Who has opted out is not told, and nobody is told that he was not.
    """
    session = draft.session(session_id)
    consent = draft.get("consent", session.pair)
    if not session.open or (isinstance(consent, Consent) and consent.blocked):
        return
    active = session.active
    session = send_text(draft, session, voice(draft, session.id), words)
    session = draft.change(session, active=active)
    draft.tell_all(session, entries(session.next_index - 1, session.next_index - 1))
    draft.close(session, "StrategyText")


def voice(draft: Draft, session_id: str) -> Participant:
    """Who says it: a party outside the session, the same one all along (A§4.7)."""
    id = sha256(session_id.encode()).hexdigest()[:16].upper()
    return Participant(id, "External", draft.policy.strategy_nickname)

"""What strategies do to an interaction that waits: texts to the customer, overflow, park, closed hours (SPEC
5.3, A§4.6, A§4.7). Each act is counted in the commit in which it is done: none is lost, none is done twice.
"""

from hashlib import sha256

from smsdesk.core.acts import NEVER, began, greeted, next_due, strategy_named, timeline_of
from smsdesk.core.consent import Consent
from smsdesk.core.draft import Draft, entries
from smsdesk.core.ending import start_idle_timer
from smsdesk.core.interaction import Interaction
from smsdesk.core.opening import begins, opens
from smsdesk.core.participant import Participant
from smsdesk.core.sending import send_text
from smsdesk.core.session import Session
from smsdesk.core.timeline import SECOND, Act

LATE = 60 * SECOND  # a text that is later than this is not said any more


def advance(draft: Draft, interaction_id: str) -> bool:
    """Do what is due first for an interaction; says whether there was anything."""
    interaction = draft.interaction(interaction_id)
    due = next_due(draft.centre, interaction, draft.now) if interaction is not None else None
    if interaction is None or due is None or due > draft.now:
        return False
    opening = opens(draft.centre, interaction.queue, draft.now)
    if interaction.place == "parked":
        wake(draft, interaction)
        advance(draft, interaction_id)  # who is greeted now is greeted before anybody can take it
    elif opening != draft.now:
        _close(draft, interaction, opening)
    elif began(interaction) > draft.now:
        draft.change(interaction, began=draft.now)  # it opened sooner than was said
    else:
        _next_act(draft, interaction)
    return True


def wake(draft: Draft, interaction: Interaction) -> None:
    """A parked interaction waits again and its strategy begins anew, but for the greeting."""
    session = draft.session(interaction.id)
    draft.change(interaction, place="waiting", began=draft.now, acts=_acts_again(draft, interaction), wake=0)
    start_idle_timer(draft, session, draft.policy.idle_waiting)


def wake_by_customer(draft: Draft, session: Session) -> None:
    """The customer has written: his interaction waits again, unless it is parked until the opening."""
    interaction = draft.interaction(session.id)
    if interaction is None or interaction.place != "parked":
        return
    closed = opens(draft.centre, interaction.queue, draft.now) != draft.now
    if not (closed and strategy_named(draft.centre, interaction.queue).when_closed == "park"):
        wake(draft, interaction)


def _close(draft: Draft, interaction: Interaction, opening: int | None) -> None:
    """It is closed: the customer is told so once, and routing begins at the opening."""
    strategy = strategy_named(draft.centre, interaction.queue)
    words = strategy.texts.closed if not interaction.told else None
    told = interaction.told or words is not None
    if strategy.when_closed == "park":
        interaction = draft.change(interaction, told=told)
        _rest(draft, interaction, opening or 0)
    else:
        acts = _acts_again(draft, interaction)
        draft.change(interaction, began=opening or NEVER, acts=acts, told=told)
    if words is not None:
        _say(draft, interaction.id, words)


def _acts_again(draft: Draft, interaction: Interaction) -> int:
    """How many acts count as done when the strategy begins anew: who was greeted is not greeted again."""
    return greeted(draft.centre, interaction.queue) if interaction.acts else 0


def _next_act(draft: Draft, interaction: Interaction) -> None:
    acts = timeline_of(draft.centre, interaction.queue).acts
    done, act = interaction.acts, None
    while act is None and done < len(acts) and began(interaction) + acts[done].at <= draft.now:
        found = acts[done]
        late = draft.now - began(interaction) - found.at > LATE
        act = None if found.kind == "say" and late else found
        done += 1
    interaction = draft.change(interaction, acts=done)
    if act is not None:
        _do(draft, interaction, act)


def _do(draft: Draft, interaction: Interaction, act: Act) -> None:
    if act.kind == "say":
        _say(draft, interaction.id, act.words)
    elif act.kind == "overflow":
        _overflow(draft, interaction, act.words)
    else:
        if act.words:
            _say(draft, interaction.id, act.words)
        _rest(draft, interaction, _end_of_rest(draft, interaction))


def _overflow(draft: Draft, interaction: Interaction, queue: str) -> None:
    """To another queue, with its age. Who came through one queue is not greeted by another."""
    if queue not in draft.centre.queues:
        return  # cannot be: a queue that is named is not deleted
    session = draft.change(draft.session(interaction.id), queue=queue)
    acts = greeted(draft.centre, queue)
    draft.change(interaction, queue=queue, began=draft.now, acts=acts, stay="")
    draft.close(session, "Overflowed")


def _end_of_rest(draft: Draft, interaction: Interaction) -> int:
    """When a parked interaction waits again by itself: after the strategy's time, or when business hours
    begin; 0 for never.
    """
    park = strategy_named(draft.centre, interaction.queue).park
    after = draft.now + park.wake * SECOND if park is not None and park.wake else None
    beginning = begins(draft.centre, interaction.queue, draft.now)
    return min((at for at in (after, beginning) if at is not None), default=0)


def _rest(draft: Draft, interaction: Interaction, until: int) -> None:
    draft.change(interaction, place="parked", wake=until)
    start_idle_timer(draft, draft.session(interaction.id), draft.policy.idle_parked)


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

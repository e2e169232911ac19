"""What the strategy of its queue makes of an interaction when something is due for it (SPEC 5.3, A§4.6,
A§4.7). Pure: `operations.system.strategy_acts` keeps it and says the texts, `forecast` only counts.
"""

from typing import NamedTuple

from msgspec.structs import replace

from smsdesk.core.acts import NEVER, began, greeted, next_due, strategy_named, timeline_of
from smsdesk.core.centre import Centre
from smsdesk.core.interaction import Interaction
from smsdesk.core.opening import begins, opens
from smsdesk.core.timeline import SECOND, Act

LATE = 60 * SECOND  # a text that is later than this is not said any more


class Advanced(NamedTuple):
    """The interaction as it is then, and what is said to the customer."""

    interaction: Interaction
    words: str | None = None


def advanced(centre: Centre, interaction: Interaction, now: int) -> Advanced | None:
    """What comes of an interaction by what is due first at `now` (UTC milliseconds); None: nothing is due."""
    due = next_due(centre, interaction, now)
    if due is None or due > now:
        return None
    opening = opens(centre, interaction.queue, now)
    if interaction.place == "parked":
        return Advanced(woken(centre, interaction, now))
    if opening != now:
        return _closed(centre, interaction, opening)
    if began(interaction) > now:
        return Advanced(replace(interaction, began=now))  # it opened sooner than was said
    return _next_act(centre, interaction, now)


def woken(centre: Centre, interaction: Interaction, now: int) -> Interaction:
    """A parked interaction waits again and its strategy begins anew, but for the greeting."""
    return replace(interaction, place="waiting", began=now, acts=_acts_again(centre, interaction), wake=0)


def _closed(centre: Centre, interaction: Interaction, opening: int | None) -> Advanced:
    """The customer is told so once, and routing begins at the opening."""
    strategy = strategy_named(centre, interaction.queue)
    words = strategy.texts.closed if not interaction.told else None
    told = interaction.told or words is not None
    if strategy.when_closed == "park":
        return Advanced(replace(interaction, told=told, place="parked", wake=opening or 0), words)
    acts = _acts_again(centre, interaction)
    return Advanced(replace(interaction, told=told, began=opening or NEVER, acts=acts), words)


def _acts_again(centre: Centre, interaction: Interaction) -> int:
    """How many acts count as done when the strategy begins anew: who was greeted is not greeted again."""
    return greeted(centre, interaction.queue) if interaction.acts else 0


def _next_act(centre: Centre, interaction: Interaction, now: int) -> Advanced:
    acts = timeline_of(centre, interaction.queue).acts
    done, act = interaction.acts, None
    while act is None and done < len(acts) and began(interaction) + acts[done].at <= now:
        found = acts[done]
        late = now - began(interaction) - found.at > LATE
        act = None if found.kind == "say" and late else found
        done += 1
    interaction = replace(interaction, acts=done)
    return Advanced(interaction) if act is None else _done(centre, interaction, act, now)


def _done(centre: Centre, interaction: Interaction, act: Act, now: int) -> Advanced:
    if act.kind == "say":
        return Advanced(interaction, act.words)
    if act.kind == "park":
        rest = _end_of_rest(centre, interaction, now)
        return Advanced(replace(interaction, place="parked", wake=rest), act.words or None)
    if act.words not in centre.queues:
        return Advanced(interaction)  # cannot be: a queue that is named is not deleted
    # To another queue, with its age. Who came through one queue is not greeted by another.
    acts = greeted(centre, act.words)
    return Advanced(replace(interaction, queue=act.words, began=now, acts=acts, stay=""))


def _end_of_rest(centre: Centre, interaction: Interaction, now: int) -> int:
    """When a parked interaction waits again by itself: after the strategy's time, or when business hours
    begin; 0 for never.
    """
    park = strategy_named(centre, interaction.queue).park
    after = now + park.wake * SECOND if park is not None and park.wake else None
    beginning = begins(centre, interaction.queue, now)
    return min((at for at in (after, beginning) if at is not None), default=0)

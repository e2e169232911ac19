"""When something is due for an interaction that waits or is parked: the next act of its strategy, the
opening or closing of its queue, the end of its rest (SPEC 5.3). Pure questions;
`core.advancing` says what comes of it.
"""

from smsdesk.core.centre import Centre
from smsdesk.core.interaction import Interaction
from smsdesk.core.opening import closes, opens
from smsdesk.core.strategy import SIMPLE, Strategy
from smsdesk.core.timeline import Timeline, timeline

NEVER = 253_402_300_799_000  # the last second of the year 9999: a queue that stays closed begins then
_EMPTY = timeline(SIMPLE, "")


def next_due(centre: Centre, interaction: Interaction, now: int) -> int | None:
    """When something is to be done (UTC milliseconds), not after `now` when it is due; None: never. Whoever
    waits for a further agent has an agent, who says what is to be said.
    """
    if interaction.purpose is not None or interaction.place not in ("waiting", "parked"):
        return None
    if interaction.place == "parked":
        return interaction.wake or None
    opening = opens(centre, interaction.queue, now)
    if opening != now:
        return opening if interaction.began == (opening or NEVER) else now
    if began(interaction) > now:
        return now
    acts = timeline_of(centre, interaction.queue).acts
    due = [began(interaction) + acts[interaction.acts].at] if interaction.acts < len(acts) else []
    closing = closes(centre, interaction.queue, now)
    return min([*due, *([closing] if closing is not None else [])], default=None)


def began(interaction: Interaction) -> int:
    """When the strategy began with an interaction, UTC milliseconds."""
    return interaction.began or interaction.arrived


def timeline_of(centre: Centre, queue: str) -> Timeline:
    """The timeline of a queue; an empty one where it is gone."""
    return centre.timelines.get(queue, _EMPTY)


def strategy_named(centre: Centre, queue: str) -> Strategy:
    """The strategy of a queue by its name; the simple one where it is gone."""
    found = centre.queues.get(queue)
    return SIMPLE if found is None else centre.strategy_of(found)


def greeted(centre: Centre, queue: str) -> int:
    """How many acts are done when nothing is but the greeting: it is the first, if there is any."""
    return 1 if strategy_named(centre, queue).texts.greeting else 0

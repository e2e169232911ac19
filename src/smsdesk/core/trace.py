"""What routing has done with an interaction so far, step by step: told from how it stood before and after
each change. Kept with it, and bounded.
"""

from typing import Literal

from msgspec.structs import replace

from smsdesk.core.interaction import Interaction, Step
from smsdesk.core.states import State

Outcome = Literal["withdrawn", "rejected", "missed"]
MOST = 50  # steps that are kept: the first and the newest


def traced(old: Interaction | None, new: Interaction, now: int, left_as: State | None) -> Interaction:
    """The interaction as it is to be kept: with the steps of the old one and those that led to the new one.
    `left_as`: in which state the agent whom it was offered to is now.
    """
    kept = old.trace if old is not None else new.trace
    trace = kept + _steps(old, new, now, left_as)
    if len(trace) > MOST:
        trace = (trace[0], *trace[1 - MOST :])
    return new if trace == new.trace else replace(new, trace=trace)


def _steps(old: Interaction | None, new: Interaction, now: int, left_as: State | None) -> tuple[Step, ...]:
    if old is None:
        return (Step(now, "arrived", queue=new.queue),)
    steps = [Step(now, "acted", number=n) for n in range(old.acts + 1, new.acts + 1)]
    if new.place != old.place:
        steps += _moved(old, new, now, left_as)
    if new.queue != old.queue or (new.place == "waiting" and old.place in ("assigned", "closed")):
        steps.append(Step(now, "queued", queue=new.queue))
    return tuple(steps)


def _moved(old: Interaction, new: Interaction, now: int, left_as: State | None) -> list[Step]:
    user = old.offered_to
    match old.place, new.place:
        case _, "offered":
            return [Step(now, "offered", user=new.offered_to)]
        case "offered", "waiting":
            what: Outcome = "withdrawn"
            if user is not None and new.rejected.get(user) == now:
                what = "rejected" if left_as == "Completed" else "missed"
            return [Step(now, what, user=user)]
        case "offered", "assigned":
            return [Step(now, "accepted", user=user)]
        case _, "parked":
            return [Step(now, "parked")]
        case "parked", "waiting":
            return [Step(now, "woken")]
        case _, "closed":
            return [Step(now, "closed")]
    return []

"""What strategies make of what waits, step by step (SPEC 5.3, A§4.6)."""

from datetime import UTC, datetime

import pytest

from smsdesk.core.advancing import Advanced, advanced
from smsdesk.core.centre import BusinessHours, Centre, Queue
from smsdesk.core.interaction import Interaction
from smsdesk.core.local_hours import local_hours
from smsdesk.core.strategy import Overflow, Park, Strategy, Texts

SECOND = 1000


def at(day: int, hour: int, second: int = 0) -> int:
    """A time in the week of Monday, 2 March 2026, UTC."""
    return round(datetime(2026, 3, 1 + day, hour, 0, second, tzinfo=UTC).timestamp() * 1000)


def centre(*strategies: Strategy) -> Centre:
    queues = [Queue(s.name, s.name, "?:a>0", s.name) for s in strategies]
    office = BusinessHours("h", "Office", regular=("Mon-Fri 09:00-17:00",))
    return Centre(queues=queues, more={"strategy": strategies, "hours": [office]})


def steps(centre: Centre, interaction: Interaction, now: int) -> list[Advanced]:
    """Everything that is due then."""
    found = []
    while (step := advanced(centre, interaction, now)) is not None:
        found.append(step)
        interaction = step.interaction
    return found


def test_texts_come_at_their_times_and_overflow_takes_the_age_along() -> None:
    first = Strategy("a", "a", texts=Texts("Hello", "Wait", 60), overflow=Overflow("b", 120))
    here = centre(first, Strategy("b", "b", texts=Texts("Hello again")))
    came = at(1, 10)
    (greeted,) = steps(here, Interaction("i", "a", came), came)
    assert greeted.words == "Hello"
    assert steps(here, greeted.interaction, came + 59 * SECOND) == []
    (waited,) = steps(here, greeted.interaction, came + 60 * SECOND)
    assert waited.words == "Wait"
    (moved,) = steps(here, waited.interaction, came + 120 * SECOND)
    assert (moved.interaction.queue, moved.interaction.arrived) == ("b", came)
    assert moved.words is None, "who was greeted is not greeted again"


@pytest.mark.parametrize("closed", ["wait", "park"])
def test_who_comes_while_it_is_closed_is_told_once_and_begins_at_the_opening(closed: str) -> None:
    texts = Texts(greeting="Hello", closed="Closed")
    here = centre(
        Strategy("a", "a", hours="Office", when_closed="park" if closed == "park" else "wait", texts=texts)
    )
    came, opening = at(1, 20), at(2, 9)
    (told,) = steps(here, Interaction("i", "a", came), came)
    assert told.words == "Closed"
    assert told.interaction.place == ("parked" if closed == "park" else "waiting")
    assert steps(here, told.interaction, opening - SECOND) == []
    then = steps(here, told.interaction, opening)
    assert [step.words for step in then if step.words] == ["Hello"]
    assert (then[-1].interaction.place, then[-1].interaction.began) == ("waiting", opening)


def test_who_is_parked_wakes_after_the_time_of_the_strategy() -> None:
    here = centre(Strategy("a", "a", park=Park(60, wake=3600, text="Later")))
    came = at(1, 10)
    (parked,) = steps(here, Interaction("i", "a", came), came + 60 * SECOND)
    assert parked.words == "Later"
    assert parked.interaction.wake == came + 3660 * SECOND
    (woken,) = steps(here, parked.interaction, came + 3660 * SECOND)
    assert (woken.interaction.place, woken.interaction.began) == ("waiting", came + 3660 * SECOND)


def test_hours_that_were_asked_about_answer_the_same_whatever_is_asked_next() -> None:
    """What is remembered of a span is what is found without remembering."""
    shared = local_hours(("Mon-Fri 09:00-17:00",), ("03-04 closed",), "Europe/Berlin")
    assert shared is not None
    for now in [at(day, hour) for day in (1, 3, 2, 7, 5) for hour in (16, 3, 9, 8, 20)]:
        fresh = local_hours(("Mon-Fri 09:00-17:00",), ("03-04 closed",), "Europe/Berlin")
        assert fresh is not None
        assert (shared.opens(now), shared.closes(now)) == (fresh.opens(now), fresh.closes(now))

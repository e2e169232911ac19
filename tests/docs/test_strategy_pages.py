"""The strategies of docs/how-to/write-a-routing-strategy.md do what the page says they do (SPEC 5.3)."""

import tomllib
from collections.abc import Sequence
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from smsdesk.core.acts import next_due
from smsdesk.core.advancing import advanced, woken
from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Policy
from smsdesk.core.ids import Ids
from smsdesk.core.interaction import Interaction
from smsdesk.forecast.day import Day
from smsdesk.forecast.form import read_form
from smsdesk.forecast.outcome import Outcome
from smsdesk.forecast.planning import plan_of
from smsdesk.operations.provisioning.alone import centre_alone
from smsdesk.operations.provisioning.kind import Surroundings
from smsdesk.operations.provisioning.plan import read_file
from smsdesk.routing.engine import Engine
from tests.docs.test_pages import ROOT, blocks

PAGE = ROOT / "docs" / "how-to" / "write-a-routing-strategy.md"
PLAIN, SMALL, LANGUAGES, CLOCK = (block.text for block in blocks(PAGE) if block.kind == "toml")
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = 60_000
SATURDAY, MONDAY, TUESDAY = 7, 9, 10  # of March 2026


def centre(text: str) -> Centre:
    return centre_alone([read_file(tomllib.loads(text))], Surroundings(), Ids(Random(1).randbytes))


def at(day: int, clock: str) -> int:
    hour, minute = clock.split(":")
    return round(datetime(2026, 3, day, int(hour), int(minute), tzinfo=BERLIN).timestamp() * 1000)


def clock(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, BERLIN):%a %H:%M}"


def happens(here: Centre, queue: str, came: int, until: int) -> list[tuple[str, str]]:
    """What becomes of a customer whom nobody takes: when, and the words, the queue or the place."""
    found = []
    interaction, now = Interaction("i", queue, came), came
    while (due := next_due(here, interaction, now)) is not None and max(due, now) <= until:
        now = max(due, now)
        step = advanced(here, interaction, now)
        if step is None:
            break
        if step.words is not None:
            found.append((clock(now), step.words.split(" ", 1)[0]))
        if step.interaction.queue != interaction.queue:
            found.append((clock(now), step.interaction.queue))
        if step.interaction.place != interaction.place:
            found.append((clock(now), step.interaction.place))
        interaction = step.interaction
    return found


def play(here: Centre, users: Sequence[str], times: dict[str, list[str]], day: int, days: int = 1) -> Outcome:
    """These agents work all day, and customers of the queues come at these times of the first day."""
    form = read_form(
        {
            "date": datetime(2026, 3, day).date(),
            "days": days,
            "timeZone": "Europe/Berlin",
            "handling": [{"seconds": 60, "distribution": "constant"}],
            "shifts": [{"users": users, "from": "00:00", "to": "24:00"}],
            "arrivals": [{"queue": queue, "file": queue} for queue in times],
        }
    )
    files = {q: "\n".join(f"2026-03-{day:02}T{time}" for time in found) for q, found in times.items()}
    plan, mistakes = plan_of(form, here, files)
    assert form.mistakes + mistakes == []
    return Day(here, Policy(), plan, lambda name: Random(name).random).play()


def waits(outcome: Outcome, queue: str) -> list[int]:
    """Of everybody whom an agent of this queue has taken, seconds."""
    return [wait // 1000 for cell in outcome.cells[queue] for wait in cell.waits]


def taken_by(text: str, user: str, queue: str) -> list[int]:
    """How long a customer of a queue waits when this is the only agent at work."""
    here = centre(text)
    outcome = play(here, [user], {queue: ["10:00:00"]}, MONDAY)
    return [wait // 1000 for cells in outcome.cells.values() for cell in cells for wait in cell.waits]


def test_without_a_strategy_nobody_is_told_anything_and_somebody_is_found() -> None:
    here = centre(PLAIN)
    assert happens(here, "Help", at(MONDAY, "10:00"), at(TUESDAY, "10:00")) == []
    assert waits(play(here, ["ann"], {"Help": ["03:00:00", "10:00:00"]}, MONDAY), "Help") == [0, 0]


# -- a small desk ------------------------------------------------------------------------------------
def test_a_small_desk_greets_and_offers_at_once() -> None:
    outcome = play(centre(SMALL), ["ann", "bob"], {"Help": ["10:00:00"]}, MONDAY)
    assert waits(outcome, "Help") == [0]
    assert sum(cell.texts for cell in outcome.cells["Help"]) == 1


def test_a_small_desk_says_that_it_takes_longer() -> None:
    found = happens(centre(SMALL), "Help", at(MONDAY, "10:00"), at(MONDAY, "10:25"))
    expected = [
        ("Mon 10:00", "Hello!"),
        ("Mon 10:02", "Sorry,"),
        ("Mon 10:12", "Sorry,"),
        ("Mon 10:22", "Sorry,"),
    ]
    assert found == expected


def test_a_small_desk_is_closed_at_the_weekend() -> None:
    here = centre(SMALL)
    found = happens(here, "Help", at(SATURDAY, "12:00"), at(MONDAY, "09:01"))
    assert found == [("Sat 12:00", "We"), ("Mon 09:00", "Hello!")]
    outcome = play(here, ["ann"], {"Help": ["12:00:00"]}, SATURDAY, days=3)
    assert waits(outcome, "Help") == [(at(MONDAY, "09:00") - at(SATURDAY, "12:00")) // 1000]
    first = Interaction("a", "Help", at(SATURDAY, "12:00"), began=at(MONDAY, "09:00"))
    assert offered(here, "bob", Interaction("b", "Help", at(MONDAY, "09:00")), first) == "a"


def offered(here: Centre, user: str, *waiting: Interaction) -> str:
    """What somebody gets who becomes free, a second after the last has come."""
    now = max(max(interaction.arrived, interaction.began) for interaction in waiting) + 1000
    engine = Engine(here, Policy(capacity=1))
    for interaction in waiting:
        engine.interaction(interaction)
    engine.agent(Agent(here.user_names[user].id, "Ready", since=now))
    (decision,) = engine.decide(now)
    return decision.interaction


# -- two languages -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("user", "queue", "seconds"),
    [
        ("dora", "German", 0),
        ("emil", "German", 60),
        ("eva", "German", 120),
        ("otto", "German", 300),
        ("emil", "English", 0),
        ("otto", "English", 0),
        ("dora", "English", 120),
    ],
)
def test_each_language_is_asked_of_fewer_the_longer_it_takes(user: str, queue: str, seconds: int) -> None:
    assert taken_by(LANGUAGES, user, queue) == [seconds]


def test_who_overflows_keeps_the_age_and_is_not_greeted_twice() -> None:
    here = centre(LANGUAGES)
    came = at(MONDAY, "10:00")
    assert happens(here, "German", came, at(MONDAY, "12:00")) == [
        ("Mon 10:00", "Guten"),
        ("Mon 10:05", "English"),
    ]
    moved = Interaction("a", "English", came, began=came + 5 * MINUTE, acts=1)
    assert offered(here, "otto", Interaction("b", "English", came + 2 * MINUTE), moved) == "a"


# -- around the clock --------------------------------------------------------------------------------
def test_what_cannot_wait_is_taken_at_night_and_the_rest_in_the_morning() -> None:
    here = centre(CLOCK)
    outcome = play(here, ["nora"], {"Urgent": ["03:00:00"], "Care": ["03:00:00"]}, MONDAY)
    assert waits(outcome, "Urgent") == [0]
    assert waits(outcome, "Care") == [4 * 3600]
    found = happens(here, "Care", at(MONDAY, "03:00"), at(MONDAY, "07:10"))
    assert found == [("Mon 03:00", "We"), ("Mon 03:00", "parked"), ("Mon 07:00", "waiting")]


def test_what_cannot_wait_goes_first_by_day() -> None:
    here = centre(CLOCK)
    now = at(MONDAY, "12:00")
    for minutes, first in ((95, "urgent"), (105, "care")):
        care = Interaction("care", "Care", now - minutes * MINUTE)
        assert offered(here, "dan", care, Interaction("urgent", "Urgent", now)) == first


def test_who_is_not_got_to_rests_for_an_hour_or_until_he_texts_again() -> None:
    here = centre(CLOCK)
    found = happens(here, "Care", at(MONDAY, "10:00"), at(MONDAY, "11:45"))
    assert found == [("Mon 10:30", "We"), ("Mon 10:30", "parked"), ("Mon 11:30", "waiting")]
    resting = Interaction("i", "Care", at(MONDAY, "10:00"), place="parked", acts=1, wake=at(MONDAY, "11:30"))
    again = woken(here, resting, at(MONDAY, "10:40"))
    assert (again.place, again.began) == ("waiting", at(MONDAY, "10:40"))
    assert offered(here, "dan", replace(again, arrived=at(MONDAY, "10:40"))) == "i"


def test_who_would_wake_at_night_rests_until_the_morning() -> None:
    found = happens(centre(CLOCK), "Care", at(MONDAY, "21:00"), at(TUESDAY, "07:10"))
    assert found == [
        ("Mon 21:30", "We"),
        ("Mon 21:30", "parked"),
        ("Mon 22:30", "waiting"),
        ("Mon 22:30", "We"),
        ("Mon 22:30", "parked"),
        ("Tue 07:00", "waiting"),
    ]

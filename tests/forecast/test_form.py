"""The file of a forecast: what it means, and every mistake told with its place."""

import tomllib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from smsdesk.core.centre import Centre, Skill
from smsdesk.forecast.drawing import HOUR, Time
from smsdesk.forecast.form import Form, policy_of, read_form
from smsdesk.forecast.plan import Plan
from smsdesk.forecast.planning import plan_of
from tests.forecast.days import centre

RIGHT = """
date = 2026-03-02
timeZone = "Europe/Berlin"
capacity = 2
whenMissed = "none"

[answer]
seconds = 4

[[handling]]
seconds = 300

[[shifts]]
groups = ["G"]
from = "08:00"
to = "16:00"
breaks = ["12:00-12:30"]

[[arrivals]]
queue = "Q"
perHour = [0,0,0,0,0,0,0,0,5,5,5,5,5,5,5,5,0,0,0,0,0,0,0,0]
"""


def form(text: str) -> Form:
    return read_form(tomllib.loads(text))


def plan(
    text: str, files: dict[str, str] | None = None, here: Centre | None = None
) -> tuple[Plan, list[str]]:
    read = form(text)
    assert read.mistakes == []
    return plan_of(read, here or centre(2), files or {})


def clock(milliseconds: int, zone: str = "Europe/Berlin") -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, ZoneInfo(zone)):%m-%d %H:%M}"


def spans(day: Plan, user: str = "u000") -> list[tuple[str, str, bool]]:
    return [(clock(w.begin), clock(w.end), w.home) for w in day.work if w.user == user]


def test_a_day_is_that_of_its_place() -> None:
    day, mistakes = plan(RIGHT)
    assert mistakes == []
    assert (clock(day.begin), clock(day.end), len(day.slots)) == ("03-02 00:00", "03-03 00:00", 24)
    assert policy_of(form(RIGHT)).agent_no_answer_action == "none"
    assert policy_of(form(RIGHT)).capacity == 2
    assert day.answering.time == Time(4000, "constant")
    assert spans(day) == [
        ("03-02 08:00", "03-02 12:00", False),
        ("03-02 12:30", "03-02 16:00", True),
    ]


@pytest.mark.parametrize(("date", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_day_on_which_the_clock_is_turned_has_its_own_number_of_hours(date: str, hours: int) -> None:
    day, _ = plan(RIGHT.replace("2026-03-02", date))
    assert len(day.slots) == hours == (day.end - day.begin) // HOUR
    assert [slot.label for slot in day.slots][-1] == "23:00"
    assert day.streams[0].rates[[slot.label for slot in day.slots].index("08:00")] == 5
    assert spans(day)[0][0] == f"{date[5:]} 08:00", "shifts go by the clock on the wall"


def test_a_night_shift_is_there_when_the_day_begins_and_its_break_may_be_after_midnight() -> None:
    night = RIGHT.replace("08:00", "22:00").replace("16:00", "06:00").replace("12:00-12:30", "01:00-02:00")
    day, _ = plan(night)
    assert spans(day) == [
        ("03-02 00:00", "03-02 01:00", False),
        ("03-02 02:00", "03-02 06:00", True),
        ("03-02 22:00", "03-03 00:00", True),
    ]


def test_shifts_that_touch_are_one() -> None:
    more = RIGHT + '[[shifts]]\nusers = ["U000"]\nfrom = "16:00"\nto = "18:00"\n'
    day, _ = plan(more)
    assert spans(day)[-1] == ("03-02 12:30", "03-02 18:00", True)
    assert spans(day, "u001")[-1] == ("03-02 12:30", "03-02 16:00", True)


def test_times_come_from_a_file() -> None:
    listed = RIGHT[: RIGHT.index("perHour")] + 'file = "a.csv"\n'
    text = 'time,from\n08:15:30,"x"\n2026-03-02T07:00:00,y\n2026-03-02T10:00:00+00:00,z\n\n'
    day, mistakes = plan(listed, {"a.csv": text})
    assert mistakes == []
    assert [clock(time) for time in day.streams[0].times] == ["03-02 07:00", "03-02 08:15", "03-02 11:00"]
    _, mistakes = plan(listed, {"a.csv": "time\n08:00\nnoon\n2026-03-05T08:00:00\n"})
    assert mistakes == [
        "arrivals 1: a.csv: line 3: 'noon' is no time",
        "arrivals 1: a.csv: line 4: 2026-03-05T08:00:00 is not on 2026-03-02",
    ]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("date = 2026-03-02", "", "Object missing required field `date`"),
        ("capacity", "capasity", "capasity is no field; perhaps capacity"),
        ("[[shifts]]", "[[shift]]", "shift is no field; perhaps shifts"),
        ("capacity = 2", "capacity = 0", "capacity: is 0; it has to be 1 to 1000"),
        ("capacity = 2", "days = 99", "days: is 99; it has to be 1 to 31"),
        ("seconds = 300", "seconds = -1", "handling 1: seconds: is -1; it has to be 0 to 2.592e+06"),
        ("seconds = 300", 'seconds = "x"', "handling 1: Expected `float`, got `str` - at `seconds`"),
        ("seconds = 300", "seconds = 300\ndeviation = 2", "deviation: has a meaning with lognormal only"),
        (
            "seconds = 300",
            'seconds = 300\ndistribution = "normal"',
            "handling 1: Invalid enum value 'normal'",
        ),
        ("seconds = 4", "seconds = 4\nrejects = 2", "answer: rejects: is 2; it has to be 0 to 1"),
        ('groups = ["G"]', "", "shifts 1: names neither users nor groups"),
        ('"16:00"', '"25:00"', "shifts 1: to: '25:00' is no time like 08:00, up to 24:00"),
        ('"08:00"', '"8"', "shifts 1: from: '8' is no time like 08:00, up to 24:00"),
        ("12:00-12:30", "noon", "shifts 1: breaks 1: 'noon' is not like 12:00-12:30"),
        ("perHour = [0,", "perHour = [", "arrivals 1: perHour: has 23 numbers; the day has 24 hours"),
        ("perHour = [0,", "perHour = [-1,", "arrivals 1: perHour 0: is -1; it has to be 0 to 1e+06"),
        ("perHour", 'file = "a.csv"\nperHour', "arrivals 1: has to have either perHour or file"),
    ],
)
def test_a_mistake_in_the_file_itself_is_told(before: str, after: str, words: str) -> None:
    assert before in RIGHT
    mistakes = form(RIGHT.replace(before, after, 1)).mistakes
    assert any(words in mistake for mistake in mistakes), mistakes


@pytest.mark.parametrize("wrong", [{"shifts": 3}, {"answer": []}, {"arrivals": [3]}, {"date": "never"}])
def test_what_has_the_wrong_shape_is_told(wrong: dict[str, Any]) -> None:
    assert read_form(tomllib.loads(RIGHT) | wrong).mistakes


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Europe/Berlin", "Mars/Base", "timeZone: 'Mars/Base' is no IANA time zone"),
        ('queue = "Q"', 'queue = "Qu"', "arrivals 1: queue: 'Qu' is no queue; perhaps Q"),
        ('groups = ["G"]', 'users = ["u00"]', "shifts 1: users: 'u00' is no user; perhaps u00"),
        ('groups = ["G"]', 'groups = ["H"]', "shifts 1: groups: 'H' is no group"),
        ("seconds = 300", 'seconds = 300\nskill = "x"', "handling 1: skill: 'x' is no skill"),
        ("seconds = 300", 'seconds = 300\nqueue = "x"', "handling 1: queue: 'x' is no queue"),
        (
            "seconds = 300",
            'seconds = 300\nskill = "x"',
            "handling: nothing says how long a session of Q takes",
        ),
    ],
)
def test_what_does_not_fit_the_contact_centre_is_told(before: str, after: str, words: str) -> None:
    _, mistakes = plan(RIGHT.replace(before, after, 1))
    assert any(words in mistake for mistake in mistakes), mistakes


def test_handling_by_skill_goes_by_the_first_that_fits() -> None:
    skilled = RIGHT.replace("[[handling]]", '[[handling]]\nskill = "quick"\nseconds = 60\n[[handling]]', 1)
    here = Centre(
        centre(1).users.values(),
        centre(1).groups.values(),
        centre(1).queues.values(),
        more={"skill": [Skill("s", "quick")]},
    )
    day, mistakes = plan(skilled, here=here)
    assert mistakes == []
    assert [handling.skill for handling in day.handling] == ["quick", None]

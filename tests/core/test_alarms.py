"""When alarms are raised and ended (SPEC 5.3): once each, not before their time, and never to and fro."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.alarms import Alarm, AlarmKind, Key, Limits, Stand, duration, judge, words

LIMITS = Limits(unattended=60_000, waiting=600_000, clear=30_000)
NOBODY: dict[Key, Alarm] = {}


def stand(since: int | None = 0, left: int | None = None, objective: int = 0, waiting: int = 1) -> Stand:
    return Stand("q", "Support", waiting, since, left, objective)


def kinds(stands: list[Stand], now: int, limits: Limits = LIMITS) -> list[str]:
    return [what.kind for what in judge(stands, NOBODY, {}, limits, now).to_raise]


def alarm(kind: AlarmKind = "overdue", raised: int = 0, ended: int = 0, waiting: int = 1) -> Alarm:
    assert kind in ("overdue", "unattended")
    return Alarm(
        "a",
        "overdue" if kind == "overdue" else "unattended",
        "q",
        "Support",
        raised,
        0,
        waiting,
        60_000,
        ended,
    )


@pytest.mark.parametrize(
    ("how", "now", "found"),
    [
        (stand(0), 599_999, []),
        (stand(0), 600_000, ["overdue"]),
        (stand(0, objective=20_000), 20_000, ["overdue"]),  # the strategy's own objective
        (stand(0, left=None), 100_000, []),  # somebody is signed in
        (stand(0, left=50_000), 109_999, []),  # he has gone only just now
        (stand(0, left=50_000), 110_000, ["unattended"]),
        (stand(90_000, left=50_000), 149_999, []),  # nobody waited before
        (stand(90_000, left=50_000), 150_000, ["unattended"]),
        (stand(0, left=0), 600_000, ["unattended", "overdue"]),
        (stand(None, left=0, waiting=0), 10**9, []),
    ],
)
def test_what_is_raised_when(how: Stand, now: int, found: list[str]) -> None:
    assert kinds([how], now) == found


def test_0_switches_off() -> None:
    assert kinds([stand(0, left=0)], 10**9, Limits(0, 0, 0)) == []
    assert kinds([stand(0, left=0, objective=1000)], 10**9, Limits(0, 0, 0)) == ["overdue"]


def test_it_says_when_to_look_again() -> None:
    assert judge([stand(1000, left=0)], NOBODY, {}, LIMITS, 2000).look == 61_000
    assert judge([stand(1000)], NOBODY, {}, LIMITS, 2000).look == 601_000
    assert judge([], NOBODY, {}, LIMITS, 2000).look is None


def test_what_is_open_is_not_raised_again() -> None:
    verdict = judge([stand(0)], {("q", "overdue"): alarm()}, {}, LIMITS, 10**6)
    assert (verdict.to_raise, verdict.to_end, verdict.clearing) == ((), (), {})


def test_it_ends_when_it_was_over_for_long_enough() -> None:
    there: dict[Key, Alarm] = {("q", "overdue"): alarm()}
    first = judge([], there, {}, LIMITS, 1000)
    assert (first.to_end, first.clearing, first.look) == ((), {("q", "overdue"): 1000}, 31_000)
    again = judge([stand(0)], there, first.clearing, LIMITS, 10**6)  # it was not over
    assert (again.to_end, again.clearing) == ((), {})
    third = judge([], there, again.clearing, LIMITS, 10**6)
    assert third.clearing == {("q", "overdue"): 10**6}
    assert judge([], there, third.clearing, LIMITS, 10**6 + 29_999).to_end == ()
    assert judge([], there, third.clearing, LIMITS, 10**6 + 30_000).to_end == (alarm(),)


@given(st.lists(st.tuples(st.integers(1, 40_000), st.booleans(), st.booleans()), max_size=60))
def test_raised_and_ended_take_turns(story: list[tuple[int, bool, bool]]) -> None:
    """However a queue stands, each kind is raised, then ended, then raised; nothing ends within the time."""
    now, since, left = 0, 0, 0
    open: dict[Key, Alarm] = {}
    clearing: dict[Key, int] = {}
    holding: dict[Key, int] = {}
    for step, waits, served in story:
        now += step
        stands = [stand(since, None if served else left)] if waits else []
        since, left = (since if waits else now), (now if served else left)
        verdict = judge(stands, open, clearing, LIMITS, now)
        clearing = verdict.clearing
        assert verdict.look is None or verdict.look > now
        for key in open:
            if key not in clearing:
                holding[key] = now
        for over in verdict.to_end:
            assert now - holding[over.key] >= LIMITS.clear
            del open[over.key]
        for what in verdict.to_raise:
            new = Alarm("a", what.kind, "q", "Support", now, 0, 1, what.limit)
            assert new.key not in open
            open[new.key], holding[new.key] = new, now


def test_words_for_people() -> None:
    assert words(alarm()) == "1 customer waits in Support, the first for more than 1 minute"
    assert words(alarm("unattended", waiting=3)) == (
        "3 customers wait in Support, and for 1 minute nobody was signed in who could serve it"
    )
    assert words(alarm(ended=90_000)) == "nobody waits too long in Support again, after 90 seconds"
    assert words(alarm("unattended", ended=1000)) == "somebody serves Support again, after 1 second"
    assert [duration(n * 1000) for n in (0, 3600, 7200, 3660)] == [
        "0 seconds",
        "1 hour",
        "2 hours",
        "61 minutes",
    ]

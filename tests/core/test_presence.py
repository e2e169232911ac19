"""What becomes of an agent of whom nothing is left (SPEC 9.19, C§2.7)."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smsdesk.core.agent import NOT_READY, READY, Agent
from smsdesk.core.centre import Policy
from smsdesk.core.presence import Next, next_step

GONE = 1_700_000_000_000
POLICY = Policy(vanished_not_ready=60_000, vanished_logout=600_000)
AT_WORK = Agent("ann", "Ready", READY)
TIMES = st.integers(0, 604_800_000)


def test_first_not_ready_then_logged_out() -> None:
    assert next_step(AT_WORK, GONE, POLICY) == Next(GONE + 60_000, "not ready")
    resting = replace(AT_WORK, readiness="NotReady", state=NOT_READY)
    assert next_step(resting, GONE, POLICY) == Next(GONE + 600_000, "log out")


def test_nothing_happens_to_who_is_not_at_work() -> None:
    assert next_step(Agent("ann"), GONE, POLICY) is None


def test_each_step_can_be_switched_off() -> None:
    no_first = replace(POLICY, vanished_not_ready=0)
    assert next_step(AT_WORK, GONE, no_first) == Next(GONE + 600_000, "log out")
    no_last = replace(POLICY, vanished_logout=0)
    assert next_step(AT_WORK, GONE, no_last) == Next(GONE + 60_000, "not ready")
    assert next_step(replace(AT_WORK, readiness="NotReady"), GONE, no_last) is None
    assert next_step(AT_WORK, GONE, replace(no_last, vanished_not_ready=0)) is None


@given(TIMES, TIMES, st.sampled_from(["Ready", "NotReady", "LoggedOut"]))
def test_whatever_the_times_each_step_comes_once_and_the_last_one_ends_it(
    first: int, last: int, readiness: str
) -> None:
    policy = replace(POLICY, vanished_not_ready=first, vanished_logout=last)
    agent = Agent("ann", readiness)  # type: ignore[arg-type]  # one of the three
    steps = []
    while (found := next_step(agent, GONE, policy)) is not None:
        steps.append(found)
        after = {"not ready": "NotReady", "log out": "LoggedOut"}[found.step]
        agent = Agent("ann", after)  # type: ignore[arg-type]  # one of the three
    names = [step.step for step in steps]
    assert names in ([], ["not ready"], ["log out"], ["not ready", "log out"])
    assert [step.due for step in steps] == sorted(step.due for step in steps)
    assert ("log out" in names) == (last > 0 and readiness != "LoggedOut")

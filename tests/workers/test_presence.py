"""Whoever is gone loses his work at its time and not before, whatever he did until then (SPEC 9.19)."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from smsdesk.core.centre import Policy
from smsdesk.workers.presence import Presence
from tests.operations.world import close_all
from tests.workers.shop import Shop

FIRST, LAST = 60_000, 600_000
POLICY = replace(Policy(), vanished_not_ready=FIRST, vanished_logout=LAST)
PASS = st.sampled_from([1, 1000, FIRST - 1, FIRST, FIRST + 1, 300_000, LAST - 1, LAST, 86_400_000])
STEPS = st.lists(
    st.tuples(st.just("pass"), PASS)
    | st.tuples(st.sampled_from(["ask", "listen", "leave", "ready"]), st.just(0)),
    max_size=30,
)


class Agent:
    """What is to be expected of one agent, told by one who sees all."""

    def __init__(self, now: int) -> None:
        self.gone = now
        self.listens = False
        self.readiness = "Ready"

    def pass_time(self, now: int) -> None:
        if self.listens:
            return
        if self.readiness != "LoggedOut" and now >= self.gone + LAST:
            self.readiness = "LoggedOut"
        elif self.readiness == "Ready" and now >= self.gone + FIRST:
            self.readiness = "NotReady"


def readiness(shop: Shop, user: str) -> str:
    """How the agent stands."""
    agent = shop.performer.live.peek("agent", user)
    assert agent is not None
    return str(agent.readiness)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_the_steps_come_when_nothing_has_been_left_for_so_long(steps: list[tuple[str, int]]) -> None:
    asyncio.run(play(steps))


async def play(steps: list[tuple[str, int]]) -> None:
    shop = await Shop(policy=POLICY).open()
    user = shop.user("agent1").id
    listening: set[str] = set()
    presence = Presence(shop.performer, listening.__contains__, shop.timers.call_at)
    shop.commits.on_kept(presence.kept)
    presence.open()
    presence.seen(user)
    await shop.ready("agent1")
    expected = Agent(shop.clock())
    try:
        for step, milliseconds in steps:
            now = shop.clock()
            if step == "pass":
                shop.clock.jump(milliseconds)
                for _ in range(2):  # the second step may be due at once with the first
                    await shop.timers.fire()
                    await presence.settle()
                expected.pass_time(shop.clock())
            elif step == "leave" and expected.listens:
                listening.discard(user)
                presence.seen(user)
                expected.listens, expected.gone = False, now
            elif step == "listen":
                listening.add(user)
                presence.seen(user)
                expected.listens, expected.gone = True, now
            elif step == "ask":
                presence.seen(user)
                expected.gone = now
            elif step == "ready":
                presence.seen(user)
                await shop.ready("agent1")
                expected.gone, expected.readiness = now, "Ready"
            assert readiness(shop, user) == expected.readiness
    finally:
        await shop.stop()
        await close_all()

"""What was kept long enough is forgotten, and nothing else (SPEC 4.6, 8.9)."""

import asyncio

import pytest

from smsdesk.core.draft import Draft
from smsdesk.operations.smssession.send_message import SendMessage
from smsdesk.operations.system.receive_part import forget_seen
from smsdesk.workers.retention import BATCH, DAY, EVERY, KEEP, Retention
from tests.operations.world import World
from tests.workers.jumping import LoopClock, let_pass, play

pytestmark = pytest.mark.anyio
WEEK = 7 * DAY


async def positions(world: World) -> list[int]:
    return [row.position for row in await world.store.rows(0, 100_000)]


async def test_rows_stay_for_the_replay_period(world: World) -> None:
    retention = Retention(world.performer, WEEK)
    await world.accepted("agent1")
    old = await positions(world)
    world.clock.jump(DAY)
    await world.accepted("agent1", customer="+15550112")
    new = [position for position in await positions(world) if position not in old]
    world.clock.jump(WEEK - DAY)
    assert await retention.sweep() == 0
    world.clock.jump(1)
    assert await retention.sweep() >= len(old)
    assert await positions(world) == new
    assert (await world.store.head()).oldest == new[0]
    world.clock.jump(WEEK)
    await retention.sweep()
    assert await positions(world) == []
    assert world.performer.position == new[-1]


async def test_more_than_a_batch_goes_in_one_round(world: World) -> None:
    def many(draft: Draft) -> None:
        for _ in range(2 * BATCH + 10):
            draft.tell_channels(draft.agent(world.user("agent1").id), "Again")

    await world.run(many)
    world.clock.jump(WEEK + 1)
    assert await Retention(world.performer, WEEK).sweep() >= 2 * BATCH + 10
    assert await positions(world) == []


async def test_records_go_when_their_time_is_over(world: World) -> None:
    id = await world.accepted("agent1", key="k1", keep_key=False)
    await world.do("agent1", id, SendMessage("once"), "idempotency key")
    kept = {kind for kind, _ in world.store.places}
    assert {"seen", "idempotency"} <= kept
    world.clock.jump(DAY + 1)
    retention = Retention(world.performer, 1000 * DAY)
    assert await retention.sweep() == 1
    name = f"{world.user('agent1').id} idempotency key"
    assert await world.store.get("idempotency", [name]) == {}
    assert len(await world.store.get("seen", ["simulator k1"])) == 1
    world.clock.jump(KEEP["seen"])
    await retention.sweep()
    assert await world.store.get("seen", ["simulator k1"]) == {}
    # what memory still holds of them is in nobody's way
    await world.do("agent1", id, SendMessage("once"), "idempotency key")
    await world.run(lambda d: forget_seen(d, "simulator", ("k1",)))
    assert (await world.said(id)).count("once") == 2


async def test_sessions_contacts_and_people_stay(world: World) -> None:
    id = await world.accepted("agent1")
    world.clock.jump(1000 * DAY)
    await Retention(world.performer, WEEK).sweep()
    life = await world.again().open()
    assert await life.said(id) == ["hello"]
    assert life.user("agent1") == world.user("agent1")


def test_it_sweeps_now_and_then_also_after_a_failure_of_the_store() -> None:
    async def story() -> None:
        world = await World(clock=LoopClock()).open()
        await world.ready("agent1")
        running = asyncio.ensure_future(Retention(world.performer, 0).run())
        world.store.broken = True
        await let_pass(EVERY * 1000 + 10)
        world.store.broken = False
        assert await positions(world) != []
        await let_pass(EVERY * 1000)
        assert await positions(world) == []
        running.cancel()

    play(story())


@pytest.fixture
async def world() -> World:
    made = await World().open()
    await made.ready("agent1")
    return made

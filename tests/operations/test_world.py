"""The world of these tests notices what it is to notice: else a refusal that leaves a trace would pass."""

from functools import partial

import pytest

from smsdesk.core.agent import Agent
from smsdesk.core.contact import Contact
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from tests.core.making import CUSTOMER, session
from tests.operations.world import World, fault, refusal

pytestmark = pytest.mark.anyio


def rename(draft: Draft) -> None:
    draft.save(Contact("c1", "+1", "Ada"))


def write(draft: Draft) -> None:
    draft.say(session(), CUSTOMER, "Text", text="hello")


def tell(draft: Draft) -> None:
    draft.tell_channels(Agent("ann"), "X")


@pytest.mark.parametrize("step", [rename, write, tell])
async def test_a_snapshot_shows_every_kind_of_trace(step: object) -> None:
    world = await World().open()
    before = await world.store.snapshot()
    assert await world.store.snapshot() == before
    assert callable(step)
    await world.run(partial(step))
    after = await world.store.snapshot()
    assert after != before
    assert world.memory_is_the_store(after)


async def test_memory_that_differs_from_the_store_is_found_out() -> None:
    world = await World().open()
    await world.run(rename)
    snapshot = await world.store.snapshot()
    made = Draft(world.live, world.performer.centre, world.performer.policy, world.performer.ids, 0)
    made.save(Contact("c1", "+1", "Bea"))
    world.live.stage(made)
    assert not world.memory_is_the_store(snapshot)


async def test_who_is_not_refused_is_found_out() -> None:
    async def answered() -> int:
        return 5

    async def refused() -> int:
        raise Refused(Fault.STATE, "no")

    with pytest.raises(AssertionError, match="not refused but answered 5"):
        await refusal(answered())
    assert await fault(refused()) is Fault.STATE


async def test_two_worlds_share_a_store_and_nothing_else() -> None:
    here = await World().open()
    await here.ready("agent1")
    there = await here.again().open()
    assert there.user("agent1") == here.user("agent1")
    await there.text("hello")
    assert len(await here.sessions()) == 1
    assert not list(here.live.all("interaction"))

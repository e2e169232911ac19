"""What is due happens once, at its time, also after a restart and when the store fails (SPEC 8.3)."""

import asyncio
from functools import partial

import pytest

from smsdesk.core.draft import Draft
from smsdesk.core.outgoing import Timer
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.consult import Consult
from smsdesk.operations.smssession.reject import Reject
from smsdesk.workers.timers import LONGEST_NAP, RETRY, Timers
from tests.operations.world import World
from tests.workers.jumping import LoopClock, let_pass, play
from tests.workers.shop import Shop

pytestmark = pytest.mark.anyio
RING = 30_000


@pytest.fixture
async def shop() -> Shop:
    made = await Shop().open()
    await made.ready("agent1")
    return made


async def ringing(shop: Shop, name: str = "agent1") -> str:
    """A session that the router has offered."""
    await shop.text("hello")
    await shop.router.settle()
    (session,) = await shop.sessions()
    assert await state(shop, session.id, name) == "Invited"
    return session.id


async def state(shop: World, id: str, name: str = "agent1") -> str | None:
    found = (await shop.session(id)).participation(shop.user(name).id)
    return found.state if found else None


# -- what is due -----------------------------------------------------------------------------------
async def test_a_ring_time_is_over_when_it_is_over(shop: Shop) -> None:
    id = await ringing(shop)
    await shop.pass_time(RING - 1)
    assert await state(shop, id) == "Invited"
    await shop.pass_time(1)
    assert await state(shop, id) == "Revoked"
    assert not [t for t in shop.live.all("timer") if t.kind == "ring"]


@pytest.mark.parametrize("answer", [Accept(), Reject()])
async def test_who_answers_is_not_rung_off(shop: Shop, answer: Accept | Reject) -> None:
    id = await ringing(shop)
    await shop.do("agent1", id, answer)
    before = await state(shop, id)
    await shop.pass_time(RING)
    assert await state(shop, id) == before


async def test_an_idle_limit_is_set_anew_while_there_is_talk(shop: Shop) -> None:
    id = await ringing(shop)
    await shop.do("agent1", id, Accept())
    limit = shop.performer.policy.idle_assigned
    for _ in range(3):
        await shop.pass_time(limit - 1000)
        await shop.text("still here")
        assert await state(shop, id) == "Chatting"
    await shop.pass_time(limit - 1)
    assert await state(shop, id) == "Chatting"
    await shop.pass_time(1)
    assert await state(shop, id) == "LeftChat"


async def test_the_search_for_a_colleague_ends(shop: Shop) -> None:
    id = await ringing(shop)
    await shop.do("agent1", id, Accept())
    queue = shop.performer.centre.queues["Billing"]
    await shop.do("agent1", id, Consult(f"/queues/{queue.id}"))
    assert (await shop.session(id)).pending is not None
    await shop.pass_time(shop.performer.policy.invite_wait)
    assert (await shop.session(id)).pending is None


async def test_a_text_that_stays_incomplete_is_delivered(shop: Shop) -> None:
    await shop.house.received(shop.fact("half", part=1, parts=2, reference=1))
    await shop.pass_time(shop.performer.policy.parts_wait)
    (session,) = await shop.sessions()
    assert [m.incomplete for m in await shop.transcript(session.id) if m.text] == [True]


async def test_everything_that_is_due_at_once_happens(shop: Shop) -> None:
    await shop.ready("agent2", "agent3")
    for number in range(3):
        await shop.text("hello", customer=f"+1555011{number}")
    await shop.router.settle()
    await shop.pass_time(RING)
    revoked = ["Revoked" in session.states().values() for session in await shop.sessions()]
    assert revoked == [True, True, True]


# -- the program and the store fail ----------------------------------------------------------------
async def test_timers_survive_a_restart(shop: Shop) -> None:
    id = await ringing(shop)
    await shop.stop()
    shop.clock.jump(RING)
    life = await shop.next_life().open()
    await life.pass_time()
    assert await state(life, id) == "Revoked"


async def test_a_timer_that_cannot_be_served_is_tried_again_without_haste(shop: Shop) -> None:
    id = await ringing(shop)
    shop.store.broken = True
    await shop.pass_time(RING)
    assert shop.timers.next_due() == shop.clock.now + RETRY
    await shop.pass_time(RETRY)
    shop.store.broken = False
    assert await state(shop, id) == "Invited"
    await shop.pass_time(RETRY)
    assert await state(shop, id) == "Revoked"


async def test_a_timer_that_was_withdrawn_meanwhile_is_not_tried_again(shop: Shop) -> None:
    """Else it would end the next offer to the same agent before its time."""
    id = await ringing(shop)
    shop.store.broken = True
    await shop.pass_time(RING)
    shop.store.broken = False
    await shop.do("agent1", id, Reject())
    shop.performer.policy = shop.performer.policy.__class__(reject_memory=0)
    await shop.router.settle()
    shop.router.open()
    await shop.router.settle()
    assert await state(shop, id) == "Invited"
    await shop.pass_time(RETRY)
    assert await state(shop, id) == "Invited"
    await shop.pass_time(RING - RETRY)
    assert await state(shop, id) == "Revoked"


async def test_a_timer_of_what_is_not_there_holds_nobody_up(shop: Shop) -> None:
    def set_two(draft: Draft) -> None:
        draft.start_timer(Timer("parts:gone", "parts", "gone", shop.clock.now))
        draft.start_timer(Timer("odd", "odd", "S", shop.clock.now))  # type: ignore[arg-type]  # of a later release

    await shop.run(set_two)
    id = await ringing(shop)
    await shop.pass_time(RING)
    assert await state(shop, id) == "Revoked"
    assert [t.id for t in shop.live.all("timer") if t.kind in ("parts", "odd")] == ["odd"]


# -- callbacks and pauses --------------------------------------------------------------------------
async def test_callbacks_come_in_order_and_once(shop: Shop) -> None:
    called: list[int] = []
    for delay in (300, 100, 200, 100):
        shop.timers.call_at(shop.clock.now + delay, partial(called.append, delay))
    assert shop.timers.next_due() == shop.clock.now + 100
    await shop.pass_time(199)
    assert called == [100, 100]
    await shop.pass_time(1000)
    assert called == [100, 100, 200, 300]


async def test_nothing_is_due_where_nothing_runs() -> None:
    world = await World().open()
    timers = Timers(world.performer)
    timers.open()
    assert timers.next_due() is None
    await timers.fire()


async def test_somebody_who_no_longer_waits_is_not_called(shop: Shop) -> None:
    waiting = asyncio.ensure_future(shop.timers.pause(100))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    assert waiting.cancelled()
    await shop.pass_time(100)


# -- by itself -------------------------------------------------------------------------------------
def test_it_wakes_by_itself_at_the_right_times() -> None:
    async def story() -> None:
        shop = await Shop(clock=LoopClock()).open()
        await shop.ready("agent1")
        shop.keep_time()
        await let_pass(500)
        id = await ringing(shop)
        await let_pass(RING - 10)
        assert await state(shop, id) == "Invited"
        await let_pass(20)
        assert await state(shop, id) == "Revoked"
        begun = shop.clock()
        await shop.timers.pause(5 * LONGEST_NAP)
        assert shop.clock() - begun == 5 * LONGEST_NAP
        await shop.stop()

    play(story())


def test_a_clock_that_is_set_forward_is_noticed_within_a_minute() -> None:
    async def story() -> None:
        shop = await Shop(clock=LoopClock()).open()
        await shop.ready("agent1")
        shop.keep_time()
        id = await ringing(shop)
        await shop.do("agent1", id, Accept())
        await let_pass(1)
        shop.clock.jump(shop.performer.policy.idle_assigned)
        await let_pass(LONGEST_NAP)
        assert await state(shop, id) == "LeftChat"
        await shop.stop()

    play(story())

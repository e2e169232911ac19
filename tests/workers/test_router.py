"""Offering what waits: once, to somebody who can, and again when something has changed (SPEC 3, 5.3)."""

import asyncio

import pytest
from msgspec.structs import replace

from smsdesk.core.agent import NOT_READY
from smsdesk.core.centre import Policy
from smsdesk.core.draft import Draft
from smsdesk.core.interaction import Interaction
from smsdesk.core.participant import Participation
from smsdesk.core.strategy import Step, Strategy
from smsdesk.operations.channel.set_agent_state import become
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.consult import Consult
from smsdesk.operations.smssession.reject import Reject
from smsdesk.workers.router import RETRY
from tests.core.making import session
from tests.operations.world import WatchedStore
from tests.store.gated import GatedStore
from tests.workers.shop import Shop

pytestmark = pytest.mark.anyio


@pytest.fixture
async def shop() -> Shop:
    return await Shop().open()


async def offers(shop: Shop) -> dict[str, str]:
    """Which customer is offered to whom now."""
    names = {user.id: user.user_name for user in shop.performer.centre.users.values()}
    return {
        session.customer_number: names[user]
        for session in await shop.sessions()
        for user, state in session.states().items()
        if state == "Invited"
    }


async def facts(shop: Shop, event: str) -> int:
    """How often something happened."""
    return sum(f'"{event}"'.encode() in row.body for row in await shop.store.rows(0))


async def test_what_waits_is_offered_when_somebody_becomes_ready(shop: Shop) -> None:
    await shop.text("hello")
    await shop.router.settle()
    assert await offers(shop) == {}
    await shop.ready("agent2")
    await shop.router.settle()
    assert await offers(shop) == {"+15550111": "agent2"}


async def test_what_comes_is_offered_to_who_is_ready(shop: Shop) -> None:
    await shop.ready("agent1")
    await shop.text("hello")
    await shop.router.settle()
    assert await offers(shop) == {"+15550111": "agent1"}


async def test_each_is_offered_once_however_often_it_looks(shop: Shop) -> None:
    await shop.ready("agent1", "agent2", "agent3")
    await asyncio.gather(*(shop.text("hello", customer=f"+1555011{n}") for n in range(9)))
    for _ in range(5):
        shop.router.look()
        await shop.router.settle()
    assert sorted(await offers(shop)) == [f"+1555011{n}" for n in range(9)]
    assert await facts(shop, "SessionOffered") == 9
    assert sorted((await offers(shop)).values()) == ["agent1"] * 3 + ["agent2"] * 3 + ["agent3"] * 3


async def test_a_rejected_one_goes_to_the_next_and_comes_back_after_a_while(shop: Shop) -> None:
    await shop.ready("agent1")
    await shop.text("hello")
    await shop.router.settle()
    (session,) = await shop.sessions()
    await shop.do("agent1", session.id, Reject())
    await shop.router.settle()
    assert await offers(shop) == {}  # even if nobody else is there
    await shop.pass_time(shop.performer.policy.reject_memory - 1)
    assert await offers(shop) == {}
    await shop.pass_time(1)
    assert await offers(shop) == {"+15550111": "agent1"}


async def test_it_asks_to_be_woken_once_for_one_rejection(shop: Shop) -> None:
    asked: list[int] = []
    shop.router._wake_at = asked.append
    await shop.ready("agent1")
    await shop.text("hello")
    await shop.router.settle()
    (session,) = await shop.sessions()
    await shop.do("agent1", session.id, Reject())
    for _ in range(100):
        shop.router.look()
        await shop.router.settle()
    assert asked == [shop.clock.now + shop.performer.policy.reject_memory]


async def test_room_that_is_made_is_used(shop: Shop) -> None:
    await shop.ready("agent1")
    ann = replace(shop.user("agent1"), capacity=1)
    await shop.run(lambda d: d.put("user", ann.id, ann))
    await shop.text("one")
    await shop.text("two", customer="+15550112")
    await shop.router.settle()
    assert await offers(shop) == {"+15550111": "agent1"}
    (first, _) = await shop.sessions()
    await shop.do("agent1", first.id, Accept())
    await shop.router.settle()
    assert await offers(shop) == {}
    await shop.do("agent1", first.id, Complete())
    await shop.router.settle()
    assert await offers(shop) == {"+15550112": "agent1"}


async def test_a_skill_that_is_given_counts_at_once(shop: Shop) -> None:
    await shop.ready("agent2")
    await shop.text("an invoice", service="+15550101")
    await shop.router.settle()
    assert await offers(shop) == {}
    ben = replace(shop.user("agent2"), skills={"billing": 5})
    await shop.run(lambda d: d.put("user", ben.id, ben))
    await shop.router.settle()
    assert await offers(shop) == {"+15550111": "agent2"}


async def test_a_colleague_is_found_through_a_queue(shop: Shop) -> None:
    await shop.ready("agent1")
    await shop.text("hello")
    await shop.router.settle()
    (session,) = await shop.sessions()
    await shop.do("agent1", session.id, Accept())
    support = shop.performer.centre.queues["Support"]
    await shop.do("agent1", session.id, Consult(f"/queues/{support.id}"))
    await shop.router.settle()
    assert await offers(shop) == {}  # the asker is ready too, but he is there already
    await shop.ready("agent3")
    await shop.router.settle()
    assert await offers(shop) == {"+15550111": "agent3"}


async def test_what_waited_before_a_restart_is_offered_after_it(shop: Shop) -> None:
    await shop.text("hello")
    await shop.router.settle()
    await shop.stop()
    life = await shop.next_life().open()
    assert await offers(life) == {}
    await life.ready("agent1")
    await life.router.settle()
    assert await offers(life) == {"+15550111": "agent1"}


async def test_who_was_ready_before_a_restart_is_ready_after_it(shop: Shop) -> None:
    await shop.ready("agent1")
    await shop.stop()
    life = await shop.next_life().open()
    await life.text("hello")
    await life.router.settle()
    assert await offers(life) == {"+15550111": "agent1"}


async def test_when_the_store_fails_it_tries_again_after_a_moment(shop: Shop) -> None:
    await shop.text("hello")
    await shop.ready("agent1")
    shop.store.broken = True
    await shop.router.settle()
    assert shop.timers.next_due() == shop.clock.now + 1000
    shop.store.broken = False
    assert await offers(shop) == {}
    await shop.pass_time(1000)
    assert await offers(shop) == {"+15550111": "agent1"}


async def test_who_takes_a_break_just_then_is_not_offered_anything() -> None:
    """He was ready when it was decided, and no longer is when the offer is to be made."""
    gated = GatedStore()
    shop = await Shop(WatchedStore(gated), fresh=True).open()
    await shop.text("hello")
    gated.gate.clear()
    gated.arrived.clear()
    coming = asyncio.ensure_future(shop.ready("agent1"))
    await gated.arrived.wait()
    ann = shop.user("agent1").id
    going = asyncio.ensure_future(shop.run(lambda d: become(d, d.agent(ann), NOT_READY)))
    await asyncio.sleep(0)
    gated.gate.set()
    await coming
    await shop.router.settle()
    await going
    assert await offers(shop) == {}
    await shop.ready("agent2")
    await shop.router.settle()
    assert await offers(shop) == {"+15550111": "agent2"}
    await shop.store.close()


@pytest.mark.parametrize("broken", ["no session", "a session that cannot be offered"])
async def test_one_that_cannot_be_offered_keeps_nobody_else_from_it(shop: Shop, broken: str) -> None:
    def spoil(draft: Draft) -> None:
        draft.save(Interaction("broken", "Support", 0))
        if broken != "no session":
            known = Participation(shop.user("agent1").id, "Invited", "agent", 0)
            draft.save(replace(session(), id="broken", open=False, participations=(known,)))

    await shop.run(spoil)
    await shop.ready("agent1")
    await shop.text("hello", service="+15550100", customer="+15550112")
    await shop.router.settle()
    assert (await offers(shop))["+15550112"] == "agent1"
    assert shop.timers.next_due() == shop.clock.now + RETRY


# -- at the second ---------------------------------------------------------------------------------
async def test_who_does_not_answer_loses_the_offer_at_the_second_and_the_next_gets_it_then() -> None:
    """SPEC 3 Not answered: Revoked after the ring time, offered on at the same instant, with its old age."""
    shop = await Shop(policy=Policy(ring=30_000)).open()
    await shop.ready("agent1")
    shop.clock.jump(1)
    await shop.ready("agent2")
    await shop.text("hello")
    await shop.router.settle()
    (session,) = await shop.sessions()
    arrived = await waiting_since(shop, session.id)
    assert await offers(shop) == {"+15550111": "agent1"}
    await shop.pass_time(29_999)
    assert await offers(shop) == {"+15550111": "agent1"}
    await shop.pass_time(1)
    assert await offers(shop) == {"+15550111": "agent2"}
    names = {
        id: shop.performer.centre.users[id].user_name for id in (await shop.session(session.id)).states()
    }
    states = (await shop.session(session.id)).states()
    assert {names[id]: state for id, state in states.items()} == {"agent1": "Revoked", "agent2": "Invited"}
    assert await waiting_since(shop, session.id) == arrived
    missed = shop.live.peek("agent", shop.user("agent1").id)
    assert missed is not None
    assert missed.readiness == "NotReady"
    await shop.pass_time(29_999)
    assert await offers(shop) == {"+15550111": "agent2"}
    await shop.pass_time(1)
    assert await offers(shop) == {}


async def waiting_since(shop: Shop, session: str) -> int:
    """When the interaction of a session arrived."""
    found = await shop.performer.read("interaction", session)
    assert isinstance(found, Interaction)
    return found.arrived


async def test_the_next_step_of_a_strategy_begins_at_the_second(shop: Shop) -> None:
    """A§4.3: the first targets for 30 s, then others too."""
    support = shop.performer.centre.queues["Support"]
    steps = (Step(("?:nothing>1",), seconds=30), Step(("agent:agent1",)))
    await shop.run(lambda d: d.put("strategy", "s", Strategy("s", "s", steps=steps)))
    await shop.run(lambda d: d.put("queue", support.id, replace(support, strategy="s")))
    await shop.ready("agent1")
    await shop.text("hello")
    await shop.pass_time(29_999)
    assert await offers(shop) == {}
    await shop.pass_time(1)
    assert await offers(shop) == {"+15550111": "agent1"}


async def test_nobody_gets_more_than_he_has_room_for_whoever_else_gives_him_something(shop: Shop) -> None:
    """A colleague's Consult takes the last place while the offer is being made."""
    gated = GatedStore()
    shop = await Shop(WatchedStore(gated), fresh=True, policy=Policy(capacity=1)).open()
    await shop.ready("agent3")
    await shop.text("first", customer="+15550119")
    await shop.router.settle()
    busy = (await shop.sessions())[0].id
    await shop.do("agent3", busy, Accept())
    await shop.text("hello")
    await shop.router.settle()
    gated.gate.clear()
    gated.arrived.clear()
    coming = asyncio.ensure_future(shop.ready("agent1"))
    await gated.arrived.wait()
    ann = shop.user("agent1").id
    asked = asyncio.ensure_future(shop.do("agent3", busy, Consult(f"/users/{ann}")))
    await asyncio.sleep(0)
    gated.gate.set()
    await asyncio.gather(coming, asked)
    await shop.router.settle()
    assert await offers(shop) == {"+15550119": "agent1"}
    await shop.do("agent1", busy, Reject())
    await shop.router.settle()
    assert await offers(shop) == {"+15550111": "agent1"}
    await shop.store.close()


async def test_it_looks_no_more_often_than_it_has_to(shop: Shop) -> None:
    """One call is asked for, the earliest, however many wait with phases to come."""
    asked: list[int] = []
    shop.router._wake_at = asked.append
    support = shop.performer.centre.queues["Support"]
    strategy = Strategy("s", "s", steps=(Step(("??",), seconds=30), Step(("??",), seconds=60), Step()))
    await shop.run(lambda d: d.put("strategy", "s", strategy))
    await shop.run(lambda d: d.put("queue", support.id, replace(support, strategy="s")))
    began = shop.clock.now
    for n in range(5):
        await shop.text("hello", customer=f"+1555012{n}")
        await shop.router.settle()
        shop.clock.jump(1000)
    assert asked == [began + 30_000]

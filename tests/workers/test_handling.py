"""Accepted, and then nothing: the session goes back to its queue with its age (A§4.4)."""

import pytest

from smsdesk.core.centre import Policy
from smsdesk.core.interaction import Interaction
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.send_message import SendMessage
from tests.workers.shop import Shop

pytestmark = pytest.mark.anyio
MINUTE = 60_000
HALF_AN_HOUR = Policy(handling=30 * MINUTE)


async def accepted(policy: Policy) -> tuple[Shop, str]:
    shop = await Shop(policy=policy).open()
    await shop.ready("agent1")
    await shop.text("hello")
    await shop.pass_time()
    id = (await shop.sessions())[-1].id
    await shop.do("agent1", id, Accept())
    return shop, id


def interaction(shop: Shop, id: str) -> Interaction:
    found = shop.live.committed("interaction", id)
    assert isinstance(found, Interaction)
    return found


async def test_who_does_nothing_loses_it_and_others_keep_theirs() -> None:
    shop, id = await accepted(HALF_AN_HOUR)
    arrived = interaction(shop, id).arrived
    await shop.text("me too", customer="+15550112")
    await shop.pass_time()
    other = (await shop.sessions())[-1].id
    await shop.do("agent1", other, Accept())
    await shop.pass_time(29 * MINUTE)
    await shop.do("agent1", other, SendMessage("here"))
    await shop.pass_time(MINUTE)
    back = interaction(shop, id)
    assert (back.place, back.arrived, back.answered) == ("waiting", arrived, True)
    user = shop.user("agent1").id
    assert (await shop.session(id)).states() == {user: "Completed"}
    assert (await shop.session(other)).states() == {user: "Chatting"}
    await shop.ready("agent2")
    await shop.pass_time()
    assert interaction(shop, id).offered_to == shop.user("agent2").id


async def test_whatever_he_does_gives_him_the_whole_time_again() -> None:
    shop, id = await accepted(HALF_AN_HOUR)
    for _ in range(4):
        await shop.pass_time(29 * MINUTE)
        await shop.do("agent1", id, SendMessage("still here"))
    assert interaction(shop, id).place == "assigned"
    await shop.pass_time(30 * MINUTE - 1)
    assert interaction(shop, id).place == "assigned"
    await shop.pass_time(1)
    assert interaction(shop, id).place == "waiting"


async def test_a_text_of_the_customer_is_nothing_that_the_agent_does() -> None:
    shop, id = await accepted(HALF_AN_HOUR)
    await shop.pass_time(29 * MINUTE)
    await shop.text("anybody?")
    await shop.pass_time(MINUTE)
    assert interaction(shop, id).place == "waiting"


async def test_what_is_over_does_not_come_back() -> None:
    shop, id = await accepted(HALF_AN_HOUR)
    await shop.do("agent1", id, Complete())
    await shop.pass_time(60 * MINUTE)
    assert interaction(shop, id).place == "closed"


async def test_without_the_setting_it_is_his_for_ever() -> None:
    shop, id = await accepted(Policy())
    await shop.pass_time(24 * 60 * MINUTE)
    assert interaction(shop, id).place == "assigned"
    assert (await shop.session(id)).handled == 0


async def test_it_is_counted_over_a_restart() -> None:
    shop, id = await accepted(HALF_AN_HOUR)
    await shop.pass_time(20 * MINUTE)
    await shop.stop()
    again = await shop.next_life().open()
    await again.pass_time(10 * MINUTE)
    assert interaction(again, id).place == "waiting"

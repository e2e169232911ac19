"""Strategies act at their times: once each, over restarts, closings and weekends (SPEC 5.1, 5.3, A§4.6)."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from msgspec.structs import replace

from smsdesk.core.centre import BusinessHours, Policy, Queue
from smsdesk.core.consent import Consent
from smsdesk.core.draft import Draft
from smsdesk.core.interaction import Interaction
from smsdesk.core.strategy import Overflow, Park, Strategy, Texts
from smsdesk.operations.channel.log_out import log_out
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.transfer import Transfer
from tests.clock import JumpingClock
from tests.operations.world import CUSTOMER, SERVICE
from tests.workers.shop import Shop

pytestmark = pytest.mark.anyio
SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
DAY = 24 * HOUR
WAITING = Strategy("w", "Waiting", texts=Texts("Welcome", "Please wait", 60, 120))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


FRIDAY_EVENING, MONDAY = at("2026-01-09 20:00"), at("2026-01-12 09:00")
OFFICE = BusinessHours("h", "Office", "UTC", ("Mon-Fri 09:00-17:00",))


async def shop_with(
    *strategies: Strategy, now: int | None = None, policy: Policy | None = None, **queues: str
) -> Shop:
    """`queues`: the strategy of each by its name."""
    shop = await Shop(clock=JumpingClock(*([now] if now else [])), policy=policy).open()

    def provision(draft: Draft) -> None:
        draft.put("hours", OFFICE.id, OFFICE)
        for strategy in strategies:
            draft.put("strategy", strategy.id, strategy)
        for name, strategy_name in queues.items():
            queue = next(q for q in draft.newest.all("queue") if q.name == name)
            assert isinstance(queue, Queue)
            draft.put("queue", queue.id, replace(queue, strategy=strategy_name))

    await shop.run(provision)
    return shop


async def arrive(shop: Shop, words: str = "hello") -> str:
    """The session of a customer who texts."""
    await shop.text(words)
    await shop.pass_time()
    return (await shop.sessions())[-1].id


def interaction(shop: Shop, id: str) -> Interaction:
    found = shop.live.committed("interaction", id)
    assert isinstance(found, Interaction)
    return found


async def test_who_comes_is_greeted_by_a_party_outside_even_when_somebody_is_free() -> None:
    shop = await shop_with(WAITING, Support="Waiting")
    await shop.ready("agent1")
    id = await arrive(shop)
    assert await shop.said(id) == ["hello", "Welcome"]
    greeting = (await shop.transcript(id))[-1]
    assert (greeting.author.type, greeting.author.nickname) == ("External", "Contact Centre")
    assert (greeting.type, greeting.visibility) == ("Text", "All")
    assert greeting.delivery is not None
    assert shop.carrier.words == ["Welcome"]
    assert interaction(shop, id).place == "offered"


async def test_who_waits_is_told_so_again_and_again_until_somebody_accepts() -> None:
    shop = await shop_with(WAITING, Support="Waiting")
    id = await arrive(shop)
    for _ in range(6):
        await shop.pass_time(30 * SECOND)
    assert await shop.said(id) == ["hello", "Welcome", "Please wait", "Please wait"]
    authors = {m.author.id for m in await shop.transcript(id) if m.author.type == "External"}
    assert len(authors) == 1
    await shop.ready("agent1")
    await shop.pass_time()
    await shop.do("agent1", id, Accept())
    for _ in range(6):
        await shop.pass_time(30 * SECOND)
    assert (await shop.said(id)).count("Please wait") == 2


async def test_a_text_that_is_late_by_more_than_a_minute_is_not_said_any_more() -> None:
    shop = await shop_with(WAITING, Support="Waiting")
    id = await arrive(shop)
    await shop.pass_time(60 * SECOND + 60 * SECOND + 1)
    assert await shop.said(id) == ["hello", "Welcome"]
    await shop.pass_time(60 * SECOND)
    assert await shop.said(id) == ["hello", "Welcome", "Please wait"]


async def test_texts_of_a_strategy_are_no_sign_of_life() -> None:
    shop = await shop_with(WAITING, Support="Waiting", policy=Policy(idle_waiting=5 * MINUTE))
    id = await arrive(shop)
    for _ in range(9):
        await shop.pass_time(30 * SECOND)
    assert (await shop.session(id)).open
    await shop.pass_time(30 * SECOND)
    assert not (await shop.session(id)).open


async def test_who_has_opted_out_is_not_told_and_it_counts() -> None:
    shop = await shop_with(WAITING, Support="Waiting")
    pair = f"{SERVICE} {CUSTOMER}"
    await shop.run(lambda draft: draft.put("consent", pair, Consent(pair, True, draft.now, "STOP")))
    id = await arrive(shop)
    await shop.pass_time(61 * SECOND)
    assert await shop.said(id) == ["hello"]
    assert interaction(shop, id).acts == 2


async def test_an_overflow_keeps_the_age_and_greets_nobody_again() -> None:
    first = Strategy("a", "First", texts=Texts("Welcome"), overflow=Overflow("Billing", 90))
    second = Strategy("b", "Second", texts=Texts("Bienvenue", "Still here", 30))
    shop = await shop_with(first, second, Support="First", Billing="Second")
    id = await arrive(shop)
    arrived = interaction(shop, id).arrived
    await shop.pass_time(90 * SECOND)
    moved = interaction(shop, id)
    assert (moved.queue, moved.place, moved.arrived) == ("Billing", "waiting", arrived)
    assert (moved.began, moved.acts) == (arrived + 90 * SECOND, 1)
    assert (await shop.session(id)).queue == "Billing"
    await shop.pass_time(30 * SECOND)
    assert await shop.said(id) == ["hello", "Welcome", "Still here"]


async def test_acts_wait_while_it_is_offered_and_texts_that_are_overdue_then_are_left_out() -> None:
    plan = Strategy("p", "Plan", texts=Texts(None, "Please wait", 60), overflow=Overflow("Billing", 100))
    shop = await shop_with(plan, Support="Plan", policy=Policy(ring=150 * SECOND))
    await shop.ready("agent1")
    id = await arrive(shop)
    await shop.pass_time(149 * SECOND)
    assert (interaction(shop, id).queue, interaction(shop, id).place) == ("Support", "offered")
    await shop.pass_time(2 * SECOND)
    assert (interaction(shop, id).queue, interaction(shop, id).place) == ("Billing", "waiting")
    assert await shop.said(id) == ["hello"]


PARKING = Strategy(
    "p",
    "Parking",
    texts=Texts("Welcome", "Please wait", 10),
    park=Park(60, 3600, "Write again when you like"),
)


async def test_parked_nobody_is_asked_until_the_time_is_over() -> None:
    shop = await shop_with(PARKING, Support="Parking")
    id = await arrive(shop)
    await shop.pass_time(60 * SECOND)
    assert interaction(shop, id).place == "parked"
    assert (await shop.said(id))[-1] == "Write again when you like"
    await shop.ready("agent1")
    await shop.pass_time(HOUR - 1)
    assert interaction(shop, id).place == "parked"
    await shop.pass_time(1)
    assert interaction(shop, id).place == "offered"


async def test_a_customer_who_writes_wakes_what_is_parked_and_the_strategy_begins_anew() -> None:
    shop = await shop_with(PARKING, Support="Parking")
    id = await arrive(shop)
    await shop.pass_time(10 * SECOND)
    await shop.pass_time(50 * SECOND)
    await shop.pass_time(5 * MINUTE)
    await shop.text("me again")
    await shop.pass_time()
    woken = interaction(shop, id)
    assert (woken.place, woken.began, woken.wake, woken.acts) == ("waiting", shop.clock.now, 0, 1)
    assert woken.arrived < woken.began
    await shop.pass_time(10 * SECOND)
    await shop.pass_time(50 * SECOND)
    assert interaction(shop, id).place == "parked"
    assert (await shop.said(id)).count("Welcome") == 1


async def test_what_is_parked_is_closed_after_seven_days_of_silence() -> None:
    forever = replace(PARKING, park=Park(60))
    shop = await shop_with(forever, Support="Parking")
    id = await arrive(shop)
    await shop.pass_time(60 * SECOND)
    assert interaction(shop, id).wake == 0
    for _ in range(6):
        await shop.pass_time(DAY)
    assert (await shop.session(id)).open
    await shop.pass_time(DAY)
    assert not (await shop.session(id)).open
    assert interaction(shop, id).place == "closed"


async def test_what_is_parked_waits_again_when_business_hours_begin() -> None:
    plan = replace(PARKING, hours="Office", park=Park(60))
    shop = await shop_with(plan, now=at("2026-01-08 12:00"), Support="Parking")
    id = await arrive(shop)
    await shop.pass_time(60 * SECOND)
    assert interaction(shop, id).wake == at("2026-01-09 09:00")
    await shop.pass_time(interaction(shop, id).wake - shop.clock.now)
    assert interaction(shop, id).place == "waiting"


CLOSED = Strategy("c", "Closed", hours="Office", texts=Texts("Welcome", closed="We are back on Monday"))


async def test_over_a_weekend_routing_begins_at_the_opening_and_nobody_is_given_up() -> None:
    """Longer than the idle limit of what waits, 24 hours: while it is closed nobody could have answered."""
    shop = await shop_with(CLOSED, now=FRIDAY_EVENING, Support="Closed")
    id = await arrive(shop)
    assert await shop.said(id) == ["hello", "We are back on Monday"]
    assert interaction(shop, id).began == MONDAY
    await shop.text("anybody?")
    for _ in range(60):
        await shop.pass_time(HOUR)
    assert (await shop.session(id)).open
    await shop.pass_time(MONDAY - shop.clock.now)
    assert await shop.said(id) == ["hello", "We are back on Monday", "anybody?", "Welcome"]
    await shop.pass_time(8 * HOUR)  # it closes again, and nobody was there
    assert interaction(shop, id).began == MONDAY + DAY
    assert (await shop.said(id)).count("We are back on Monday") == 1
    await shop.pass_time(16 * HOUR)
    assert (await shop.said(id)).count("Welcome") == 1


async def test_outside_business_hours_it_is_parked_where_the_strategy_says_so() -> None:
    plan = replace(CLOSED, when_closed="park")
    shop = await shop_with(plan, now=FRIDAY_EVENING, Support="Closed")
    await shop.ready("agent1")
    id = await arrive(shop)
    assert (interaction(shop, id).place, interaction(shop, id).wake) == ("parked", MONDAY)
    await shop.text("anybody?")
    await shop.pass_time(HOUR)
    assert interaction(shop, id).place == "parked"
    assert await shop.said(id) == ["hello", "We are back on Monday", "anybody?"]
    await shop.pass_time(MONDAY - shop.clock.now)
    assert interaction(shop, id).place in ("waiting", "offered")
    assert (await shop.said(id))[-1] == "Welcome"


async def test_hours_that_change_are_followed_at_once() -> None:
    shop = await shop_with(CLOSED, now=FRIDAY_EVENING, Support="Closed")
    id = await arrive(shop)
    longer = replace(OFFICE, regular=("Mon-Fri 09:00-22:00",))
    await shop.run(lambda draft: draft.put("hours", longer.id, longer))
    await shop.pass_time()
    assert interaction(shop, id).began == FRIDAY_EVENING
    assert (await shop.said(id))[-1] == "Welcome"
    await shop.run(lambda draft: draft.put("hours", OFFICE.id, replace(OFFICE, exceptions=("01-12 closed",))))
    await shop.pass_time()
    assert interaction(shop, id).began == MONDAY + DAY


async def test_a_queue_that_never_opens_keeps_it_until_the_idle_limit() -> None:
    shop = await shop_with(CLOSED, now=FRIDAY_EVENING, Support="Closed")
    year = (datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(366))
    never = replace(OFFICE, exceptions=tuple(f"{day:%m-%d} closed" for day in year))
    await shop.run(lambda draft: draft.put("hours", never.id, never))
    id = await arrive(shop)
    await shop.pass_time(23 * HOUR)
    assert (await shop.session(id)).open
    await shop.pass_time(HOUR)
    assert not (await shop.session(id)).open


async def test_a_transfer_to_a_queue_begins_its_strategy_and_a_return_goes_on() -> None:
    shop = await shop_with(WAITING, Billing="Waiting")
    await shop.ready("agent1")
    id = await arrive(shop)
    await shop.do("agent1", id, Accept())
    billing = shop.performer.centre.queues["Billing"]
    await shop.pass_time(HOUR)
    await shop.do("agent1", id, Transfer(queue_name=billing.name))
    await shop.pass_time()
    assert (await shop.said(id))[-1] == "Welcome"
    moved = interaction(shop, id)
    assert (moved.arrived, moved.began, moved.acts) == (shop.clock.now, 0, 1)
    assert moved.place == "offered"  # to who is free again; he logs out
    await shop.do("agent1", id, Accept())
    await shop.run(lambda draft: log_out(draft, draft.agent(shop.user("agent1").id)))
    await shop.pass_time()
    back = interaction(shop, id)
    assert (back.place, back.arrived, back.acts) == ("waiting", moved.arrived, 1)
    assert (await shop.said(id)).count("Welcome") == 1


@pytest.mark.parametrize("seed", range(8))
async def test_whenever_the_program_is_started_again_each_act_is_done_once_and_none_is_lost(
    seed: int,
) -> None:
    first = Strategy("a", "First", texts=Texts("Welcome", "Wait", 40), overflow=Overflow("Billing", 90))
    second = Strategy("b", "Second", texts=Texts("Hi", "Still", 30), park=Park(60, 120, "Later"))
    shop = await shop_with(first, second, Support="First", Billing="Second")
    id = await arrive(shop)
    chance, begin = Random(seed), shop.clock.now
    while shop.clock.now < begin + 270 * SECOND:
        if chance.random() < 0.5:
            await shop.stop()
            shop.clock.jump(chance.randrange(20) * SECOND)
            shop = await shop.next_life().open()
        await shop.pass_time(chance.randrange(20) * SECOND)
    await shop.pass_time()
    assert await shop.said(id) == ["hello", "Welcome", "Wait", "Still", "Later"]
    assert interaction(shop, id).place in ("parked", "waiting")
    assert interaction(shop, id).queue == "Billing"

"""Deliveries to webhooks: durable, few at the same time, tried again by the rules, each try kept."""

import asyncio
from collections import deque
from collections.abc import Mapping
from functools import partial

import pytest

from smsdesk.core.draft import Draft
from smsdesk.core.webhooks import WAITS, Delivery, Outcome, Webhook
from smsdesk.operations.webhooks import redeliver, tell
from smsdesk.workers.webhooks import MOST, MOST_OF_ONE, Webhooks
from tests.workers.shop import Shop

pytestmark = pytest.mark.anyio
URL = "https://hooks.example/"


class Place:
    """Where is posted to: answers as it is told, else 204; the gate may be shut."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.answers: deque[Outcome | Exception] = deque()
        self.got: list[tuple[str, bytes, Mapping[str, str]]] = []
        self.open = self.most_open = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        self.got.append((url, body, headers))
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        await self.gate.wait()
        self.open -= 1
        answer = self.answers.popleft() if self.answers else Outcome(204, "answered 204")
        if isinstance(answer, Exception):
            raise answer
        return answer


async def opened(*names: str) -> tuple[Shop, Place, Webhooks]:
    shop = await Shop().open()
    place = Place(shop)
    worker = Webhooks(shop.performer, place.post, shop.timers.call_at)
    shop.commits.on_kept(worker.kept)
    for name in names or ("one",):
        hook = Webhook(name, name, URL + name, "s" * 16)
        await shop.performer.run(partial(Draft.put, kind="webhook", id=name, value=hook))
    await worker.open()
    return shop, place, worker


async def raise_one(shop: Shop, worker: Webhooks) -> Delivery:
    await shop.performer.run(lambda draft: tell(draft, "alarm", {"alarm": {}}))
    (*_, made) = shop.performer.live.all("delivery")
    assert isinstance(made, Delivery)
    return made


async def now(shop: Shop, id: str) -> Delivery:
    found = await shop.performer.read("delivery", id)
    assert isinstance(found, Delivery)
    return found


async def pass_time(shop: Shop, worker: Webhooks, milliseconds: int) -> None:
    shop.clock.jump(milliseconds)
    await shop.timers.fire()
    await worker.settle()


async def test_it_is_delivered_once_with_its_signature() -> None:
    shop, place, worker = await opened()
    made = await raise_one(shop, worker)
    await worker.settle()
    ((url, body, headers),) = place.got
    assert (url, body.decode()) == (URL + "one", made.body)
    assert headers["Smsdesk-Delivery"] == made.id
    kept = await now(shop, made.id)
    assert (kept.state, kept.attempts, kept.status) == ("delivered", 1, 204)
    await pass_time(shop, worker, 10 * 86_400_000)
    assert len(place.got) == 1


async def test_it_is_tried_again_at_its_times_until_it_is_taken() -> None:
    shop, place, worker = await opened()
    place.answers.extend([Outcome(500, "answered 500"), Outcome(None, "no answer")])
    made = await raise_one(shop, worker)
    await worker.settle()
    await pass_time(shop, worker, WAITS[0] - 1)
    assert len(place.got) == 1
    await pass_time(shop, worker, 1)
    assert (len(place.got), (await now(shop, made.id)).state) == (2, "waiting")
    await pass_time(shop, worker, WAITS[1])
    kept = await now(shop, made.id)
    assert (kept.state, kept.attempts) == ("delivered", 3)
    assert len({headers["Smsdesk-Delivery"] for _, _, headers in place.got}) == 1


async def test_it_is_given_up_after_ten_tries_and_can_be_sent_again() -> None:
    shop, place, worker = await opened()
    place.answers.extend([Outcome(500, "answered 500")] * 10)
    made = await raise_one(shop, worker)
    await worker.settle()
    for wait in WAITS:
        await pass_time(shop, worker, wait)
    kept = await now(shop, made.id)
    assert (kept.state, kept.attempts, kept.words, len(place.got)) == ("failed", 10, "answered 500", 10)
    await shop.performer.run(partial(redeliver, webhook="one", id=made.id))
    await worker.settle()
    kept = await now(shop, made.id)
    assert (kept.state, kept.attempts, len(place.got)) == ("delivered", 1, 11)


async def test_few_at_the_same_time_and_a_slow_one_leaves_room() -> None:
    names = [f"w{n}" for n in range(6)]
    shop, place, worker = await opened(*names)
    place.gate.clear()
    for _ in range(5):
        await raise_one(shop, worker)
    await shop.commits.drain()
    for _ in range(10):
        await asyncio.sleep(0)
    assert place.open == MOST
    by_hook = [url for url, _, _ in place.got]
    assert max(by_hook.count(URL + name) for name in names) == MOST_OF_ONE
    place.gate.set()
    await worker.settle()
    assert (len(place.got), place.most_open) == (30, MOST)


async def test_what_waits_when_the_program_ends_is_delivered_by_the_next() -> None:
    shop, place, worker = await opened()
    place.answers.append(Outcome(500, "answered 500"))
    made = await raise_one(shop, worker)
    await worker.settle()
    shop.clock.jump(WAITS[0])
    another = Webhooks(shop.performer, place.post, shop.timers.call_at)
    shop.commits.on_kept(another.kept)
    await another.open()
    await another.settle()
    assert (await now(shop, made.id)).state == "delivered"


async def test_a_webhook_that_is_gone_or_off_ends_its_deliveries() -> None:
    shop, place, worker = await opened()
    place.answers.append(Outcome(500, "answered 500"))
    made = await raise_one(shop, worker)
    await worker.settle()
    await shop.performer.run(lambda draft: draft.put("webhook", "one", None))
    await pass_time(shop, worker, WAITS[0])
    kept = await now(shop, made.id)
    assert (kept.state, kept.words, len(place.got)) == ("failed", "the webhook was deleted", 1)


async def test_only_who_wants_to_know_and_is_on_is_told() -> None:
    shop, place, worker = await opened("on", "off")
    off = Webhook("off", "off", URL, "s" * 16, enabled=False)
    await shop.performer.run(lambda draft: draft.put("webhook", "off", off))
    await shop.performer.run(lambda draft: tell(draft, "alarm", {}))
    await shop.performer.run(lambda draft: tell(draft, "weather", {}))
    await worker.settle()
    assert [url for url, _, _ in place.got] == [URL + "on"]


async def test_an_outcome_that_cannot_be_kept_is_kept_later_and_not_posted_again() -> None:
    shop, place, worker = await opened()
    place.gate.clear()
    made = await raise_one(shop, worker)
    await shop.commits.drain()
    shop.store.broken = True
    place.gate.set()
    await worker.settle()
    shop.store.broken = False
    assert (await now(shop, made.id)).state == "waiting"
    await pass_time(shop, worker, 1000)
    assert ((await now(shop, made.id)).state, len(place.got)) == ("delivered", 1)


async def test_a_fault_of_our_own_is_tried_again() -> None:
    shop, place, worker = await opened()
    place.answers.append(RuntimeError("a fault"))
    made = await raise_one(shop, worker)
    await worker.settle()
    await pass_time(shop, worker, 1000)
    assert (await now(shop, made.id)).state == "delivered"

"""Sending: in order, each try written down before it is made, patiently, and never twice for our own faults
(SPEC 6.4).
"""

import asyncio
from typing import Any

import pytest

from smsdesk.carriers import Outgoing, Submission
from smsdesk.core.outgoing import OutgoingText
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.send_url import SendUrl
from tests.workers.jumping import LoopClock, let_pass, play
from tests.workers.shop import ScriptedCarrier, Shop

MINUTE = 60_000
LATER = Submission("later", error="not bound to the carrier")
UNANSWERED = Submission("unanswered", error="the carrier did not answer")
REFUSED = Submission("refused", error="the number does not exist")


async def working(**parts: Any) -> tuple[Shop, str]:
    """A shop with time of its own, and a session that agent1 has accepted."""
    shop = await Shop(clock=LoopClock(), **parts).open()
    await shop.ready("agent1")
    return shop, await accepted(shop)


async def accepted(shop: Shop, customer: str = "+15550111") -> str:
    """The router offers, agent1 accepts."""
    await shop.text("hello", customer=customer)
    await shop.router.settle()
    id = (await shop.sessions())[-1].id
    await shop.do("agent1", id, Accept())
    return id


# -- order -----------------------------------------------------------------------------------------
def test_texts_of_a_conversation_go_out_one_after_the_other() -> None:
    async def story() -> None:
        shop, id = await working()
        shop.carrier.gate.clear()
        await shop.send(id, "one", "two", "three")
        await shop.sender.settle()
        assert shop.carrier.words == ["one"]  # the next waits until it is known what became of this
        assert shop.sender.backlog() == 3
        shop.carrier.gate.set()
        await shop.sender.settle()
        assert shop.carrier.words == ["one", "two", "three"]
        assert shop.sender.backlog() == 0
        assert await shop.deliveries(id) == ["Sent"] * 3
        await shop.stop()

    play(story())


def test_one_bad_number_blocks_nobody_else() -> None:
    async def story() -> None:
        shop, bad = await working()
        good = await accepted(shop, "+15550112")
        shop.carrier.answers.append(LATER)
        await shop.send(bad, "stuck", "behind it")
        await shop.send(good, "one", "two")
        await shop.sender.settle()
        assert shop.carrier.words == ["stuck", "one", "two"]
        assert await shop.deliveries(bad) == ["Queued", "Queued"]
        assert await shop.deliveries(good) == ["Sent", "Sent"]
        await shop.stop()

    play(story())


def test_a_refused_text_holds_nothing_up_and_says_why() -> None:
    async def story() -> None:
        shop, id = await working()
        shop.carrier.answers.append(REFUSED)
        await shop.send(id, "one", "two")
        await shop.sender.settle()
        first, second = (m.delivery for m in await shop.transcript(id) if m.delivery)
        assert (first.state, first.error) == ("Failed", "the number does not exist")
        assert second.state == "Sent"
        await shop.stop()

    play(story())


def test_an_address_goes_out_as_text() -> None:
    async def story() -> None:
        shop, id = await working()
        await shop.do("agent1", id, SendUrl("https://example.org/"))
        await shop.sender.settle()
        (_, sent) = shop.carrier.tries[0]
        assert (sent.text, sent.service_number, sent.customer_number) == (
            "https://example.org/",
            "+15550100",
            "+15550111",
        )
        await shop.stop()

    play(story())


def test_without_its_carrier_a_text_fails_in_words() -> None:
    async def story() -> None:
        shop, id = await working(carriers={})
        await shop.send(id, "one")
        await shop.sender.settle()
        (delivery,) = [m.delivery for m in await shop.transcript(id) if m.delivery]
        assert (delivery.state, delivery.error) == ("Failed", "there is no carrier named simulator")
        await shop.stop()

    play(story())


# -- tries -----------------------------------------------------------------------------------------
def test_a_try_is_on_disk_before_it_is_made() -> None:
    async def story() -> None:
        shop, id = await working()
        seen: list[tuple[str, int]] = []

        def look(text: Outgoing) -> None:
            record = shop.live.committed("outgoing", text.id)
            assert isinstance(record, OutgoingText)
            seen.append((record.state, record.attempt))

        shop.carrier.before = look
        shop.carrier.answers.extend([LATER, LATER])
        shop.keep_time()
        await shop.send(id, "one")
        await let_pass(MINUTE)
        assert seen == [("trying", 1), ("trying", 2), ("trying", 3)]
        await shop.stop()

    play(story())


def test_tries_become_rarer_and_nothing_spins() -> None:
    async def story() -> None:
        shop, id = await working()
        shop.carrier.answers.extend([LATER] * 50)
        shop.keep_time()
        await shop.send(id, "one")
        await let_pass(MINUTE)
        assert shop.carrier.times == [0, 1000, 3000, 7000, 15_000, 31_000]
        await let_pass(10 * MINUTE)
        assert [b - a for a, b in zip(shop.carrier.times, shop.carrier.times[1:], strict=False)][5:8] == [
            32_000,
            MINUTE,
            MINUTE,
        ]
        await shop.stop()

    play(story())


def test_after_a_success_patience_begins_anew() -> None:
    async def story() -> None:
        shop, id = await working()
        shop.carrier.answers.extend([LATER, LATER, Submission("sent", ("x",)), LATER])
        shop.keep_time()
        await shop.send(id, "one", "two")
        await let_pass(MINUTE)
        assert shop.carrier.times == [0, 1000, 3000, 3000, 4000]
        assert shop.carrier.words == ["one", "one", "one", "two", "two"]
        await shop.stop()

    play(story())


def test_a_carrier_that_says_how_long_is_left_alone_so_long() -> None:
    async def story() -> None:
        shop, id = await working()
        shop.carrier.answers.extend([Submission("later", error="throttled", wait=5000)] * 2)
        shop.keep_time()
        await shop.send(id, "one")
        await let_pass(MINUTE)
        assert shop.carrier.times == [0, 5000, 10_000]
        await shop.stop()

    play(story())


def test_while_a_carrier_is_not_ready_no_try_is_made() -> None:
    async def story() -> None:
        shop, id = await working()
        shop.carrier.waits = True
        shop.keep_time()
        await shop.send(id, "one")
        await let_pass(10 * MINUTE)
        assert shop.carrier.tries == []
        assert await shop.deliveries(id) == ["Queued"]
        begun, shop.carrier.waits = shop.clock(), False
        await let_pass(1001)
        assert shop.carrier.tries[0][0] - begun <= 1001
        assert await shop.deliveries(id) == ["Sent"]
        await shop.stop()

    play(story())


def test_parts_that_were_accepted_are_not_sent_again() -> None:
    async def story() -> None:
        shop, id = await working()
        shop.carrier.answers.append(Submission("later", ("p1", "p2"), 3))
        shop.keep_time()
        await shop.send(id, "a long text")
        await let_pass(MINUTE)
        assert [text.sent_parts for _, text in shop.carrier.tries] == [0, 2]
        assert len({text.id for _, text in shop.carrier.tries}) == 1
        await shop.stop()

    play(story())


def test_a_carrier_that_fails_in_a_way_it_should_not_is_tried_again() -> None:
    async def story() -> None:
        shop, id = await working()
        shop.carrier.answers.extend([RuntimeError("a fault of our own")] * 2)
        shop.keep_time()
        await shop.send(id, "one", "two")
        await let_pass(MINUTE)
        assert shop.carrier.times == [0, 1000, 3000, 3000]
        assert await shop.deliveries(id) == ["Sent", "Sent"]
        await shop.stop()

    play(story())


# -- no answer -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("never_twice", "tries", "state"), [((), 2, "Sent"), (("simulator",), 1, "Unknown")])
def test_without_an_answer_the_setting_decides(never_twice: tuple[str], tries: int, state: str) -> None:
    async def story() -> None:
        shop, id = await working(never_twice=never_twice)
        shop.carrier.answers.append(UNANSWERED)
        shop.keep_time()
        await shop.send(id, "one", "two")
        await let_pass(MINUTE)
        assert shop.carrier.words == ["one"] * tries + ["two"]
        assert await shop.deliveries(id) == [state, "Sent"]
        await shop.stop()

    play(story())


# -- the store fails -------------------------------------------------------------------------------
def test_while_a_try_cannot_be_written_down_none_is_made() -> None:
    async def story() -> None:
        shop, id = await working()
        shop.carrier.waits = True
        shop.keep_time()
        await shop.send(id, "one")
        shop.store.broken, shop.carrier.waits = True, False
        await let_pass(10 * MINUTE)
        assert shop.carrier.tries == []
        shop.store.broken = False
        await let_pass(MINUTE)
        assert shop.carrier.words == ["one"]
        assert await shop.deliveries(id) == ["Sent"]
        await shop.stop()

    play(story())


@pytest.mark.parametrize("answer", [None, UNANSWERED])
def test_what_was_sent_is_not_sent_again_because_the_store_fails(answer: Submission | None) -> None:
    """The customer would read it twice; what came of it is known here."""

    async def story() -> None:
        shop, id = await working(never_twice=("simulator",))
        if answer is not None:
            shop.carrier.answers.append(answer)
        shop.carrier.before = lambda text: setattr(shop.store, "broken", True)
        shop.keep_time()
        await shop.send(id, "one")
        await let_pass(10 * MINUTE)
        assert shop.carrier.words == ["one"]
        shop.store.broken = False
        await let_pass(MINUTE)
        assert shop.carrier.words == ["one"]
        assert await shop.deliveries(id) == ["Sent" if answer is None else "Unknown"]
        await shop.stop()

    play(story())


# -- the program ends ------------------------------------------------------------------------------
async def cut_off(shop: Shop, id: str) -> Shop:
    """The program ends while "one" is being sent and "two" waits; the next life is still to be opened."""
    shop.carrier.gate.clear()
    await shop.send(id, "one", "two")
    await shop.sender.settle()
    assert shop.carrier.words == ["one"]
    await shop.stop()
    return shop


def test_what_was_being_sent_is_sent_again() -> None:
    async def story() -> None:
        shop, id = await working()
        await cut_off(shop, id)
        life = await shop.next_life().open()
        await life.sender.settle()
        assert life.carrier.words == ["one", "two"]
        assert await life.deliveries(id) == ["Sent", "Sent"]
        await life.stop()

    play(story())


def test_what_may_not_be_sent_twice_is_shown_to_people() -> None:
    async def story() -> None:
        shop, id = await working()
        await cut_off(shop, id)
        life = await shop.next_life(never_twice=("simulator",)).open()
        await life.sender.settle()
        assert life.carrier.words == ["two"]
        first, second = (m.delivery for m in await life.transcript(id) if m.delivery)
        assert (first.state, first.error) == ("Unknown", "the program ended while this was being sent")
        assert second.state == "Sent"
        await life.stop()

    play(story())


def test_the_order_of_a_conversation_survives_a_restart() -> None:
    """Whatever its sessions are called."""

    async def story() -> None:
        shop, id = await working()
        shop.carrier.waits = True
        words = []
        for number in range(8):
            words.append(f"text {number}")
            await shop.send(id, words[-1])
            await shop.do("agent1", id, Complete())
            shop.clock.jump(10)
            id = await accepted(shop)
        await shop.stop()
        life = await shop.next_life().open()
        await life.sender.settle()
        assert life.carrier.words == words
        await life.stop()

    play(story())


def test_what_is_done_is_not_taken_up_again() -> None:
    async def story() -> None:
        shop, id = await working()
        await shop.send(id, "one")
        await shop.sender.settle()
        await shop.stop()
        life = await shop.next_life().open()
        await life.sender.settle()
        assert (life.carrier.tries, life.sender.backlog()) == ([], 0)
        await life.stop()

    play(story())


def test_a_record_that_is_gone_is_no_longer_sent() -> None:
    async def story() -> None:
        shop, id = await working()
        shop.carrier.gate.clear()
        await shop.send(id, "one", "two")
        await shop.sender.settle()
        waiting = [place for place in shop.store.places if place[0] == "outgoing"][1]
        await shop.run(lambda d: d.put(*waiting, None))
        shop.carrier.gate.set()
        await shop.sender.settle()
        assert shop.carrier.words == ["one"]
        await shop.stop()

    play(story())


# -- the carrier of these tests --------------------------------------------------------------------
def test_the_scripted_carrier_gives_its_answers_in_order_and_then_accepts() -> None:
    async def story() -> None:
        carrier = ScriptedCarrier("c", lambda: 5, LATER, ValueError("x"))
        text = Outgoing("1", "+1", "+2", "words")
        assert await carrier.send(text) is LATER
        with pytest.raises(ValueError, match="x"):
            await carrier.send(text)
        assert await carrier.send(text) == Submission("sent", ("c-3",))
        assert carrier.tries == [(5, text)] * 3
        assert (carrier.words, carrier.times) == (["words"] * 3, [0, 0, 0])
        carrier.gate.clear()
        waiting = asyncio.ensure_future(carrier.send(text))
        await asyncio.sleep(0)
        assert not waiting.done()
        carrier.gate.set()
        await waiting
        carrier.waits = True
        assert not carrier.ready()

    play(story())

"""Sending where the carrier is silent, the store fails, the program ends: nothing twice or lost (SPEC 6)."""

import asyncio

import pytest

from smsdesk.carriers import Outgoing, Submission
from smsdesk.operations.smssession.complete import Complete
from tests.workers.jumping import let_pass, play
from tests.workers.shop import ScriptedCarrier, Shop, accepted, working

MINUTE = 60_000
LATER = Submission("later", error="not bound to the carrier")
UNANSWERED = Submission("unanswered", error="the carrier did not answer")
REFUSED = Submission("refused", error="the number does not exist")


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

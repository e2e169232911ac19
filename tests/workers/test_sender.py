"""Sending: in order, each try written down before it is made, patiently (SPEC 6.4)."""

from smsdesk.carriers import Outgoing, Submission
from smsdesk.core.outgoing import OutgoingText
from smsdesk.operations.smssession.send_url import SendUrl
from tests.workers.jumping import let_pass, play
from tests.workers.shop import accepted, working

MINUTE = 60_000
LATER = Submission("later", error="not bound to the carrier")
UNANSWERED = Submission("unanswered", error="the carrier did not answer")
REFUSED = Submission("refused", error="the number does not exist")


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


def test_waiting_for_a_carrier_costs_no_patience() -> None:
    async def story() -> None:
        shop, id = await working()
        shop.carrier.waits = True
        shop.carrier.answers.append(LATER)
        shop.keep_time()
        await shop.send(id, "one")
        await let_pass(10 * MINUTE)
        shop.carrier.waits = False
        await let_pass(MINUTE)
        first, second = (at for at, _ in shop.carrier.tries)
        assert second - first == 1000
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

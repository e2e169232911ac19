"""Texts and receipts from the carrier: SPEC 6.2, 6.3, 8.10; SMPP 4.6."""

import asyncio

import pytest
from msgspec.structs import replace

from smsdesk.carriers import ReceiptReceived, TextReceived
from smsdesk.smpp import pdu as p
from smsdesk.smpp.codec import encode
from smsdesk.smpp.pieces import join
from tests.carriers.smpp_stage import OURS, TEXT, THEIRS, Stage, deliver, stage, until

pytestmark = pytest.mark.anyio


def texts(on: Stage) -> list[str]:
    return [text.text for text in on.desk.texts]


async def acknowledged(on: Stage) -> int:
    return (await on.smsc.got(p.DeliverSmResponse)).status


async def test_a_text_is_a_fact() -> None:
    async with stage() as on:
        await on.bound()
        sequence = on.smsc.send(deliver(b"hi \x1be"))
        answer = await on.smsc.got(p.DeliverSmResponse)
        assert (answer.sequence, answer.status) == (sequence, 0)
        [fact] = on.desk.texts
        assert fact == TextReceived(
            carrier="carrier1",
            service_number=OURS,
            customer_number=THEIRS,
            text="hi €",
            key=fact.key,
            keep_key=False,
            sequence=sequence,
            source_ton=1,
            source_npi=1,
            destination_ton=1,
            destination_npi=1,
        )


async def test_a_text_is_acknowledged_only_after_the_commit() -> None:
    async with stage() as on:
        await on.bound()
        on.desk.door.clear()
        on.smsc.send(deliver())
        await on.desk.knocks.get()
        await on.smsc.round_trip()
        assert p.DeliverSmResponse not in on.smsc.unread
        on.desk.door.set()
        assert await acknowledged(on) == 0
        assert texts(on) == ["hello"]


async def test_while_the_store_is_down_the_carrier_is_to_come_again() -> None:
    async with stage() as on:
        await on.bound()
        on.desk.down = True
        on.smsc.send(deliver())
        assert await acknowledged(on) == 0x64
        on.desk.down = False
        on.smsc.send(deliver())
        assert await acknowledged(on) == 0
        assert texts(on) == ["hello"]


async def test_a_number_that_is_not_ours_is_refused() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.send(deliver(destination="15550199"))
        assert await acknowledged(on) == 0x0B
        assert texts(on) == []


async def test_a_fault_of_our_own_loses_nothing() -> None:
    async with stage() as on:
        await on.bound()
        on.desk.broken = True
        on.smsc.send(deliver())
        assert await acknowledged(on) == 0x08
        on.desk.broken = False
        on.smsc.send(deliver())
        assert await acknowledged(on) == 0
        assert texts(on) == ["hello"]


async def test_texts_of_one_customer_are_kept_in_order_others_beside_them() -> None:
    async with stage() as on:
        await on.bound()
        on.desk.door.clear()
        on.smsc.send(deliver(b"one"))
        on.smsc.send(deliver(b"two"))
        on.smsc.send(deliver(b"other", source="15550112"))
        await on.smsc.round_trip()
        await until(lambda: on.desk.knocks.qsize() == 2)
        on.desk.door.set()
        assert [await acknowledged(on) for _ in range(3)] == [0, 0, 0]
        assert [text for text in texts(on) if text != "other"] == ["one", "two"]


async def test_more_than_may_wait_are_throttled() -> None:
    async with stage({"inbound_window": 2}) as on:
        await on.bound()
        on.desk.door.clear()
        for text in (b"one", b"two", b"three"):
            on.smsc.send(deliver(text))
        assert await acknowledged(on) == 0x58
        on.desk.door.set()
        assert [await acknowledged(on) for _ in range(2)] == [0, 0]
        on.smsc.send(deliver(b"three"))
        assert await acknowledged(on) == 0
        assert texts(on) == ["one", "two", "three"]


# ---- repetitions, SPEC 6.2 ----


async def cut_before_the_answer(on: Stage) -> None:
    """A text is committed, but the carrier never hears of it; then it is bound again."""
    on.desk.door.clear()
    on.smsc.send(deliver(b"once"))
    await on.desk.knocks.get()
    on.smsc.drop()
    await on.smsc.ended()
    on.desk.door.set()
    await on.bound()


async def test_a_repetition_after_a_reconnect_is_dropped_once() -> None:
    async with stage() as on:
        await on.bound()
        await cut_before_the_answer(on)
        assert texts(on) == ["once"]
        on.smsc.send(deliver(b"once"))
        assert await acknowledged(on) == 0
        assert texts(on) == ["once"]
        on.smsc.send(deliver(b"once"))
        assert await acknowledged(on) == 0
        assert texts(on) == ["once", "once"]


async def test_a_repetition_that_is_cut_again_is_still_one() -> None:
    async with stage() as on:
        await on.bound()
        await cut_before_the_answer(on)
        on.smsc.send(deliver(b"once"))
        await on.smsc.got(p.DeliverSmResponse)
        on.smsc.drop()
        await on.smsc.ended()
        await on.bound()
        on.smsc.send(deliver(b"once"))
        assert await acknowledged(on) == 0
        assert texts(on) == ["once"]


@pytest.mark.parametrize(
    "other", [deliver(b"twice"), deliver(b"once", source="15550112"), deliver(b"once", priority=1)]
)
async def test_a_delivery_that_differs_in_anything_is_no_repetition(other: p.DeliverSm) -> None:
    async with stage() as on:
        await on.bound()
        await cut_before_the_answer(on)
        on.smsc.send(other)
        assert await acknowledged(on) == 0
        assert len(texts(on)) == 2


async def test_equal_texts_of_one_bind_are_two() -> None:
    async with stage() as on:
        await on.bound()
        for _ in range(2):
            on.smsc.send(deliver(b"ok"))
            assert await acknowledged(on) == 0
        assert texts(on) == ["ok", "ok"]


async def test_both_of_two_equal_texts_are_dropped_when_both_come_again() -> None:
    async with stage() as on:
        await on.bound()
        for _ in range(2):
            on.smsc.send(deliver(b"ok"))
            await acknowledged(on)
        on.smsc.drop()
        await on.smsc.ended()
        await on.bound()
        for _ in range(3):
            on.smsc.send(deliver(b"ok"))
            assert await acknowledged(on) == 0
        assert texts(on) == ["ok", "ok", "ok"]


async def test_a_round_trip_proves_the_acknowledgement() -> None:
    async with stage({"prove_after": 5}) as on:
        await on.bound()
        on.smsc.send(deliver(b"ok"))
        await acknowledged(on)
        [text] = on.desk.texts
        async with asyncio.timeout(10):
            assert await on.desk.proofs.get() == (text.key,)
        on.smsc.drop()
        await on.smsc.ended()
        await on.bound()
        on.smsc.send(deliver(b"ok"))
        assert await acknowledged(on) == 0
        assert texts(on) == ["ok", "ok"]


async def test_an_answered_text_of_ours_proves_it_too() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.send(deliver(b"ok"))
        await acknowledged(on)
        await on.carrier.send(TEXT)
        async with asyncio.timeout(10):
            assert await on.desk.proofs.get() == (on.desk.texts[0].key,)


async def test_a_dropped_repetition_is_proven_under_its_first_key() -> None:
    async with stage() as on:
        await on.bound()
        await cut_before_the_answer(on)
        on.smsc.send(deliver(b"once"))
        await acknowledged(on)
        await on.carrier.send(TEXT)
        async with asyncio.timeout(10):
            assert await on.desk.proofs.get() == (on.desk.texts[0].key,)
        assert on.desk.keys["carrier1"] == set()


async def test_what_was_not_repeated_in_time_is_forgotten() -> None:
    async with stage(repeats_within=20) as on:
        await on.bound()
        await cut_before_the_answer(on)
        async with asyncio.timeout(10):
            assert await on.desk.proofs.get() == (on.desk.texts[0].key,)
        on.smsc.send(deliver(b"once"))
        assert await acknowledged(on) == 0
        assert texts(on) == ["once", "once"]


async def test_a_proof_that_cannot_be_kept_harms_nobody() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.send(deliver(b"ok"))
        await acknowledged(on)
        on.desk.down = True
        assert (await on.carrier.send(TEXT)).outcome == "sent"
        on.desk.down = False
        on.smsc.send(deliver(b"more"))
        assert await acknowledged(on) == 0
        assert len(on.desk.keys["carrier1"]) == 2


# ---- parts and alphabets, SPEC 6.1 ----


async def test_parts_are_facts_of_their_own() -> None:
    octets = "привет 😀".encode("utf-16-be")
    async with stage() as on:
        await on.bound()
        for number, piece in ((2, octets[-2:]), (1, octets[:-2])):
            header = bytes((5, 0, 3, 7, 2, number))
            on.smsc.send(deliver(header + piece, esm_class=0x40, data_coding=8))
            assert await acknowledged(on) == 0
        second, first = on.desk.texts
        assert [(fact.reference, fact.part, fact.parts) for fact in (first, second)] == [(7, 1, 2), (7, 2, 2)]
        assert first.data_coding == 8
        assert join([first.text, second.text]) == "привет 😀"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (deliver(b"\xe9", data_coding=3), "é"),
        (deliver(b"\x00\x11"), "@_"),
        (deliver(b"", tlvs=((p.MESSAGE_PAYLOAD, b"long"),)), "long"),
        (deliver(b"\x05\0\x03\x07\x01\x01hi", esm_class=0x40), "hi"),
        (deliver(b""), ""),
    ],
)
async def test_texts_as_carriers_send_them(message: p.DeliverSm, text: str) -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.send(message)
        assert await acknowledged(on) == 0
        [fact] = on.desk.texts
        assert (fact.text, fact.parts) == (text, 1)


async def test_the_default_alphabet_is_the_carriers() -> None:
    async with stage(alphabet="latin1") as on:
        await on.bound()
        on.smsc.send(deliver(b"\xe9@"))
        await acknowledged(on)
        assert texts(on) == ["é@"]


# ---- receipts, SPEC 6.3 ----

RECEIPT = deliver(b"id:1 sub:001 dlvrd:001 stat:DELIVRD err:000 text:", esm_class=0x04)


async def test_a_receipt_is_a_fact() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.send(RECEIPT)
        assert await acknowledged(on) == 0
        assert on.desk.receipts == [ReceiptReceived("carrier1", "1", "Delivered")]


async def test_a_failure_is_told_in_the_carriers_words() -> None:
    async with stage(receipt_ids="decimal") as on:
        await on.bound()
        on.smsc.send(replace(RECEIPT, short_message=b"id:007 stat:UNDELIV err:027"))
        on.smsc.send(replace(RECEIPT, short_message=b"id:008 stat:EXPIRED err:000"))
        assert [await acknowledged(on), await acknowledged(on)] == [0, 0]
        assert on.desk.receipts == [
            ReceiptReceived("carrier1", "7", "Failed", "UNDELIV, error 027"),
            ReceiptReceived("carrier1", "8", "Expired", "EXPIRED"),
        ]


async def test_a_receipt_is_acknowledged_only_after_the_commit() -> None:
    async with stage() as on:
        await on.bound()
        on.desk.down = True
        on.smsc.send(RECEIPT)
        assert await acknowledged(on) == 0x64
        assert on.desk.receipts == []


async def test_a_receipt_that_says_nothing_is_acknowledged_and_dropped() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.send(replace(RECEIPT, short_message=b"nothing to read here"))
        assert await acknowledged(on) == 0
        assert (on.desk.receipts, on.desk.texts) == ([], [])


async def test_a_receipt_waits_until_its_text_is_reported_as_sent() -> None:
    """The first part's receipt comes while the second part is still on its way."""
    async with stage() as on:
        await on.bound()
        on.smsc.silent_on.add(p.SubmitSm)
        sending = asyncio.create_task(on.carrier.send(replace(TEXT, text="a" * 161)))
        first = await on.smsc.got(p.SubmitSm)
        on.smsc.write(encode(p.SubmitSmResponse(sequence=first.sequence, message_id="1")))
        on.smsc.send(RECEIPT)
        second = await on.smsc.got(p.SubmitSm)
        await on.smsc.round_trip()
        assert on.desk.knocks.empty()
        on.smsc.write(encode(p.SubmitSmResponse(sequence=second.sequence, message_id="2")))
        assert (await sending).outcome == "sent"
        assert await acknowledged(on) == 0
        assert on.desk.receipts == [ReceiptReceived("carrier1", "1", "Delivered")]

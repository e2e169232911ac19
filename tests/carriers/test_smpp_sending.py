"""Texts on their way to the carrier: SPEC 6.1, 6.3, 6.4; SMPP 4.4, 5.1.3."""

import asyncio

import pytest
from msgspec.structs import replace

from smsdesk.carriers import Submission
from smsdesk.smpp import pdu as p
from smsdesk.smpp.codec import encode
from smsdesk.smpp.concatenation import Concatenation, concatenation, strip_udh
from tests.carriers.smpp_stage import TEXT, stage, until

pytestmark = pytest.mark.anyio
LONG = replace(TEXT, text="a" * 153 + "b" * 153 + "c")


async def test_a_text_is_sent() -> None:
    async with stage() as on:
        await on.bound()
        assert await on.carrier.send(TEXT) == Submission("sent", ("1",), 1)
        sent = await on.smsc.got(p.SubmitSm)
        assert (sent.source_ton, sent.source_npi, sent.source) == (1, 1, "15550100")
        assert (sent.destination_ton, sent.destination_npi, sent.destination) == (1, 1, "15550111")
        assert (sent.short_message, sent.data_coding, sent.registered_delivery) == (b"hello", 0, 1)


async def test_a_long_text_is_sent_part_by_part() -> None:
    async with stage() as on:
        await on.bound()
        assert await on.carrier.send(LONG) == Submission("sent", ("1", "2", "3"), 3)
        sent = [await on.smsc.got(p.SubmitSm) for _ in range(3)]
        marks = [concatenation(message) for message in sent]
        reference = marks[0].reference if marks[0] else -1
        assert marks == [Concatenation(reference, 3, number) for number in (1, 2, 3)]
        assert b"".join(map(strip_udh, sent)).decode() == LONG.text


async def test_a_part_waits_for_the_answer_to_the_one_before() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.silent_on.add(p.SubmitSm)
        sending = asyncio.create_task(on.carrier.send(LONG))
        for number in range(1, 4):
            part = await on.smsc.got(p.SubmitSm)
            assert on.smsc.unread[p.SubmitSm].empty()
            answer = p.SubmitSmResponse(sequence=part.sequence, message_id=f"id{number}")
            on.smsc.write(encode(answer))
        assert (await sending).carrier_ids == ("id1", "id2", "id3")


async def test_another_try_sends_only_what_is_missing_under_the_same_reference() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.statuses[p.SubmitSm] = [0, 0x58]
        first = await on.carrier.send(LONG)
        assert (first.outcome, first.carrier_ids, first.parts) == ("later", ("1",), 3)
        await until(on.carrier.ready)
        second = await on.carrier.send(replace(LONG, sent_parts=1))
        assert second == Submission("sent", ("2", "3"), 3)
        marks = [concatenation(await on.smsc.got(p.SubmitSm)) for _ in range(4)]
        assert [mark.number for mark in marks if mark] == [1, 2, 2, 3]
        assert len({mark.reference for mark in marks if mark}) == 1


async def test_throttled_the_carrier_is_left_alone_for_a_while() -> None:
    async with stage(throttled_first=60_000, throttled_last=60_000) as on:
        await on.bound()
        on.smsc.statuses[p.SubmitSm] = [0x58]
        result = await on.carrier.send(TEXT)
        assert (result.outcome, result.carrier_ids) == ("later", ())
        assert result.error == "too many messages at a time (ESME_RTHROTTLED, 0x00000058)"
        assert result.wait is not None
        assert 59_000 < result.wait <= 60_000
        assert not on.carrier.ready()


async def test_throttled_many_at_a_time_are_one_reason_to_wait() -> None:
    async with stage(throttled_first=60_000, throttled_last=600_000) as on:
        await on.bound()
        on.smsc.statuses[p.SubmitSm] = [0x58, 0x58]
        results = await asyncio.gather(on.carrier.send(TEXT), on.carrier.send(TEXT))
        assert all(result.wait is not None and result.wait <= 60_000 for result in results)


async def test_a_full_queue_asks_for_another_try_of_this_text_only() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.statuses[p.SubmitSm] = [0x14]
        result = await on.carrier.send(TEXT)
        assert (result.outcome, result.wait) == ("later", None)
        assert on.carrier.ready()


async def test_refused_for_good() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.statuses[p.SubmitSm] = [0x0B]
        words = "destination address is invalid (ESME_RINVDSTADR, 0x0000000B)"
        assert await on.carrier.send(TEXT) == Submission("refused", (), 1, words)


async def test_a_part_refused_for_good_tells_which_parts_went() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.statuses[p.SubmitSm] = [0, 0x0B]
        result = await on.carrier.send(LONG)
        assert (result.outcome, result.carrier_ids, result.parts) == ("refused", ("1",), 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "no text"), ("😀" * 10_000, "304 parts, at most 255"), ("a", "source_addr is longer")],
)
async def test_what_cannot_be_sent_is_refused_in_words(text: str, words: str) -> None:
    number = "+" + "1" * 21 if text == "a" else "+15550100"
    async with stage() as on:
        await on.bound()
        result = await on.carrier.send(replace(TEXT, text=text, service_number=number))
        assert result.outcome == "refused"
        assert words in (result.error or "")


async def test_without_a_bind_it_is_later() -> None:
    async with stage() as on:
        on.smsc.silent_on.add(p.BindTransceiver)
        before = await on.carrier.send(TEXT)
        await on.smsc.got(p.BindTransceiver)
        binding = await on.carrier.send(TEXT)
        assert (before.outcome, binding.outcome) == ("later", "later")
        assert not on.carrier.ready()


async def test_cut_while_a_text_is_on_its_way() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.silent_on.add(p.SubmitSm)
        sending = asyncio.create_task(on.carrier.send(TEXT))
        await on.smsc.got(p.SubmitSm)
        on.smsc.drop()
        result = await sending
        assert (result.outcome, result.carrier_ids) == ("unanswered", ())
        assert "not known" in (result.error or "")
        on.smsc.silent_on.clear()
        await on.bound()
        assert (await on.carrier.send(TEXT)).outcome == "sent"


async def test_a_carrier_silent_on_texts_is_given_up_and_bound_again() -> None:
    async with stage({"answer_within": 30}) as on:
        await on.bound()
        on.smsc.silent_on.add(p.SubmitSm)
        assert (await on.carrier.send(TEXT)).outcome == "unanswered"
        on.smsc.silent_on.clear()
        await on.bound()


async def test_a_text_that_the_carrier_chokes_on_does_not_end_the_bind() -> None:
    """SPEC 6.4: one bad number blocks nobody else."""
    async with stage({"answer_within": 200}) as on:
        await on.bound()
        on.smsc.silent_on.add(p.SubmitSm)
        choking = asyncio.create_task(on.carrier.send(TEXT))
        await on.smsc.got(p.SubmitSm)
        on.smsc.silent_on.clear()
        loop = asyncio.get_running_loop()
        later = loop.time() + 0.005
        while loop.time() < later:
            assert (await on.carrier.send(TEXT)).outcome == "sent"
        assert (await choking).outcome == "unanswered"
        assert on.smsc.connections == 1


async def test_the_window_holds_texts_back_until_there_is_room() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.silent_on.add(p.SubmitSm)
        sending = [asyncio.create_task(on.carrier.send(TEXT)) for _ in range(4)]
        first = [await on.smsc.got(p.SubmitSm) for _ in range(2)]
        await on.smsc.round_trip()
        assert on.smsc.unread[p.SubmitSm].empty()
        on.smsc.write(encode(p.SubmitSmResponse(sequence=first[0].sequence, message_id="x")))
        await on.smsc.got(p.SubmitSm)
        assert (await sending[0]).outcome == "sent"
        on.smsc.drop()
        assert [(await task).outcome for task in sending[1:]] == ["unanswered", "unanswered", "later"]


async def test_who_gives_up_waiting_leaves_the_room_to_others() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.silent_on.add(p.SubmitSm)
        sending = [asyncio.create_task(on.carrier.send(TEXT)) for _ in range(4)]
        first = await on.smsc.got(p.SubmitSm)
        await on.smsc.got(p.SubmitSm)
        sending[2].cancel()
        on.smsc.write(encode(p.SubmitSmResponse(sequence=first.sequence, message_id="x")))
        await on.smsc.got(p.SubmitSm)
        on.smsc.drop()
        assert [(await task).outcome for task in (sending[0], sending[1], sending[3])] == [
            "sent",
            "unanswered",
            "unanswered",
        ]


async def test_an_answer_without_an_id_still_counts_as_a_part() -> None:
    async with stage() as on:
        await on.bound()
        on.smsc.silent_on.add(p.SubmitSm)
        sending = asyncio.create_task(on.carrier.send(TEXT))
        part = await on.smsc.got(p.SubmitSm)
        on.smsc.write(encode(p.SubmitSmResponse(sequence=part.sequence)))
        assert (await sending).carrier_ids == ("session:1/1",)


async def test_ids_are_written_one_way() -> None:
    async with stage(answer_ids="hex") as on:
        await on.bound()
        on.smsc.silent_on.add(p.SubmitSm)
        sending = asyncio.create_task(on.carrier.send(TEXT))
        part = await on.smsc.got(p.SubmitSm)
        on.smsc.write(encode(p.SubmitSmResponse(sequence=part.sequence, message_id="001A2B")))
        assert (await sending).carrier_ids == ("6699",)

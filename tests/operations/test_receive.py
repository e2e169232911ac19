"""Inbound texts: the session they find or begin, keywords, duplicates, parts (SPEC 5.1, 5.2, 6.2, 6.5)."""

import asyncio
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsdesk.carriers import TextReceived, UnknownNumber
from smsdesk.core.consent import Consent
from smsdesk.core.contact import Contact
from smsdesk.core.interaction import Interaction
from smsdesk.core.numbers import INTERNATIONAL
from smsdesk.core.outgoing import Seen, Timer
from smsdesk.core.user_data import plain
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.leave import Leave
from smsdesk.operations.system.receive_part import GAP, forget_seen, parts_over, receive_part
from smsdesk.operations.system.receive_text import receive_text
from smsdesk.operations.system.routing_steps import close_idle
from smsdesk.smpp.pieces import decode_piece
from tests.operations.world import CUSTOMER, SERVICE, World

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world() -> World:
    made = await World().open()
    await made.ready("agent1", "agent2")
    return made


async def only(world: World) -> str:
    """The id of the one session there is."""
    (session,) = await world.sessions()
    return session.id


# -- which session ---------------------------------------------------------------------------------
async def test_the_first_text_begins_a_session(world: World) -> None:
    await world.text("hello, I need help with my invoice")
    (session,) = await world.sessions()
    assert (session.service_number, session.customer_number) == (SERVICE, CUSTOMER)
    assert (session.carrier, session.queue, session.open) == ("simulator", "Support", True)
    assert session.received == session.active == world.clock.now
    assert session.subject == "hello, I need help with m"
    assert [(p.type, p.nickname, p.visibility) for p in session.participants] == [
        ("Customer", CUSTOMER, "All")
    ]
    assert [(m.index, m.type, m.text) for m in await world.transcript(session.id)] == [
        (1, "ParticipantJoined", None),
        (2, "Text", "hello, I need help with my invoice"),
    ]
    interaction = await world.performer.read("interaction", session.id)
    assert interaction == Interaction(session.id, "Support", world.clock.now)


async def test_an_open_session_gets_the_next_text_wherever_it_comes_from(world: World) -> None:
    """The carrier is a fact of each message: a fail-over splits nothing (SPEC 5.1)."""
    id = await world.accepted("agent1", "one")
    world.clock.jump(5000)
    other = world.fact("two")
    await world.run(
        lambda d: receive_text(d, TextReceived("other", SERVICE, CUSTOMER, "two", other.key), "t")
    )
    assert await world.said(id) == ["one", "two"]
    session = await world.session(id)
    assert (session.carrier, session.active) == ("other", world.clock.now)
    assert [m.carrier for m in await world.transcript(id) if m.text] == ["simulator", "other"]


async def test_other_numbers_have_other_sessions(world: World) -> None:
    await world.text("to support")
    await world.text("to billing", service="+15550101")
    await world.text("somebody else", customer="+15550112")
    found = {(s.service_number, s.customer_number, s.queue) for s in await world.sessions()}
    assert found == {
        (SERVICE, CUSTOMER, "Support"),
        ("+15550101", CUSTOMER, "Billing"),
        (SERVICE, "+15550112", "Support"),
    }


@pytest.mark.parametrize("end", [Leave(), Complete()])
async def test_a_session_that_is_over_or_in_wrap_up_is_not_found(world: World, end: Any) -> None:
    """It stays work without a customer, and no text finds it (SPEC 5.1)."""
    id = await world.accepted("agent1", "one")
    await world.do("agent1", id, end)
    await world.text("two")
    first, second = await world.sessions()
    assert (await world.said(first.id), await world.said(second.id)) == (["one"], ["two"])
    assert (first.open, second.open) == (False, True)
    assert first.contact_id == second.contact_id


@pytest.mark.parametrize(
    ("service", "ton"), [("+15550100", 0), ("15550100", 0), ("15550100", INTERNATIONAL), ("0015550100", 0)]
)
async def test_the_service_number_is_found_however_it_is_spelt(world: World, service: str, ton: int) -> None:
    await world.text("hello", service=service, destination_ton=ton)
    assert (await world.session(await only(world))).service_number == SERVICE


@pytest.mark.parametrize("parts", [1, 2])
async def test_a_number_that_is_not_ours_is_refused_and_leaves_nothing(world: World, parts: int) -> None:
    before = await world.store.snapshot()
    step = receive_text if parts == 1 else receive_part
    fact = world.fact("hello", service="+4912345", parts=parts)
    with pytest.raises(UnknownNumber, match=r"\+4912345 is no service number"):
        await world.run(partial(step, fact=fact, text_id="t"))
    assert await world.store.snapshot() == before


async def test_spellings_of_the_customer_are_one_party(world: World) -> None:
    await world.text("one", customer="15550111", source_ton=INTERNATIONAL)
    await world.text("two", customer="0015550111")
    await world.text("three", customer="+1 555 0111")
    assert await world.said(await only(world)) == ["one", "two", "three"]


@pytest.mark.parametrize("sender", ["SUPPORT", "68849", "My Shop", "", "+", "\0"])
async def test_any_sender_is_a_party(world: World, sender: str) -> None:
    await world.text("hello", customer=sender)
    session = await world.session(await only(world))
    assert session.customer_number
    assert "\0" not in session.customer_number
    assert await world.said(session.id) == ["hello"]


async def test_words_that_no_store_takes_are_replaced(world: World) -> None:
    await world.text("a\0b")
    assert await world.said(await only(world)) == ["a\ufffdb"]


async def test_a_text_is_bounded(world: World) -> None:
    await world.text("x" * 100_000)
    assert [len(text) for text in await world.said(await only(world))] == [64 * 1024]


# -- contact and attached data ---------------------------------------------------------------------
async def test_a_known_contact_gives_its_name(world: World) -> None:
    ada = Contact("c" * 16, CUSTOMER, "Ada", "King")
    await world.run(lambda d: d.save(ada))
    await world.text("hello")
    session = await world.session(await only(world))
    assert session.customer is not None
    assert (session.customer.nickname, session.contact_id) == ("Ada King", ada.id)
    data = plain(session.user_data)
    assert (data["FirstName"], data["LastName"], data["ContactId"]) == ("Ada", "King", ada.id)


async def test_an_unknown_contact_is_made_once(world: World) -> None:
    id = await world.accepted("agent1")
    await world.do("agent1", id, Complete())
    await world.text("again")
    first, second = await world.sessions()
    assert first.contact_id == second.contact_id
    contact = await world.performer.read("contact", first.contact_id or "")
    assert contact == Contact(first.contact_id or "", CUSTOMER, created=world.clock.now)


async def test_the_keys_of_the_gateway(world: World) -> None:
    """A§2.2, numbers of SMPP as strings."""
    world.clock.now = 1_548_643_196_035
    await world.text(
        "hello", customer="15550111", source_ton=1, source_npi=2, destination_ton=3, destination_npi=4,
        data_coding=8, sequence=2654,
    )  # fmt: skip
    session = await world.session(await only(world))
    assert plain(session.user_data) == {
        "IdentifyCreateContact": "3",
        "ContactId": session.contact_id,
        "MediaType": "smssession",
        "PhoneNumber": CUSTOMER,
        "FromAddr": "15550111",
        "ToAddr": "15550100",
        "Subject": "hello",
        "_smsSrcNumber": "15550111",
        "_smsDestNumber": SERVICE,
        "_smsSrcAddrTon": "1",
        "_smsSrcAddrNpi": "2",
        "_smsDestAddrTon": "3",
        "_smsDestAddrNpi": "4",
        "_smsText": "hello",
        "_smsSeqNumber": "2654",
        "_smsInbDataEnc": "8",
        "_umsChannel": "simulator",
        "_umsInboundIxnSubmittedBy": "smsdesk",
        "_msg_CreatedAt": "2019-01-28T02:39:56.035Z",
    }


# -- duplicates ------------------------------------------------------------------------------------
async def test_a_key_seen_before_is_kept_once(world: World) -> None:
    fact = world.fact("hello")
    first = await world.run(lambda d: receive_text(d, fact, "id-1"))
    assert await world.run(lambda d: receive_text(d, fact, "id-2")) == first == "id-1"
    assert await world.said(await only(world)) == ["hello"]


async def test_the_same_words_under_another_key_are_another_text(world: World) -> None:
    await world.text("hello")
    await world.text("hello")
    assert await world.said(await only(world)) == ["hello", "hello"]


async def test_keys_of_two_carriers_do_not_meet(world: World) -> None:
    for carrier in ("one", "two"):
        fact = TextReceived(carrier, SERVICE, CUSTOMER, carrier, "7")
        await world.run(partial(receive_text, fact=fact, text_id=carrier))
    assert await world.said(await only(world)) == ["one", "two"]


async def test_a_key_that_only_guards_an_acknowledgement_goes_with_the_proof(world: World) -> None:
    await world.text("hello", key="k1", keep_key=False)
    await world.text("again", key="k2")
    assert await world.performer.read("seen", "simulator k1") == Seen(
        "simulator k1", "simulator", world.clock.now, "k1", unproven=True
    )
    await world.run(lambda d: forget_seen(d, "simulator", ("k1", "never heard of")))
    assert await world.performer.read("seen", "simulator k1") is None
    assert await world.performer.read("seen", "simulator k2") is not None


# -- keywords --------------------------------------------------------------------------------------
async def consent(world: World) -> Consent | None:
    found = await world.performer.read("consent", f"{SERVICE} {CUSTOMER}")
    assert found is None or isinstance(found, Consent)
    return found


async def test_a_stop_word_opens_nothing_and_blocks_the_pair(world: World) -> None:
    await world.text(" stop ")
    assert await world.sessions() == []
    assert await consent(world) == Consent(f"{SERVICE} {CUSTOMER}", True, world.clock.now, "STOP")


async def test_a_stop_word_is_shown_in_an_open_session(world: World) -> None:
    id = await world.accepted("agent1")
    await world.text("Unsubscribe")
    assert await world.said(id) == ["hello", "Unsubscribe"]
    found = await consent(world)
    assert found is not None
    assert (found.blocked, found.by) == (True, "UNSUBSCRIBE")


async def test_a_start_word_frees_a_blocked_pair_and_opens_nothing(world: World) -> None:
    await world.text("STOP")
    await world.text("unstop")
    found = await consent(world)
    assert found is not None
    assert (found.blocked, found.by) == (False, "UNSTOP")
    assert await world.sessions() == []


async def test_a_start_word_of_somebody_who_is_not_blocked_is_a_text(world: World) -> None:
    await world.text("yes")
    assert await world.said(await only(world)) == ["yes"]
    assert await consent(world) is None


async def test_words_that_only_hold_a_keyword_are_a_text(world: World) -> None:
    await world.text("please stop calling")
    assert await world.said(await only(world)) == ["please stop calling"]
    assert await consent(world) is None


async def test_somebody_who_is_blocked_may_still_write(world: World) -> None:
    await world.text("STOP")
    await world.text("I have a question")
    assert await world.said(await only(world)) == ["I have a question"]


# -- parts -----------------------------------------------------------------------------------------
async def part(world: World, number: int, words: str, of: int = 3, **fields: Any) -> str:
    fact = world.fact(words, part=number, parts=of, reference=fields.pop("reference", 77), **fields)
    text: str = await world.run(lambda d: receive_part(d, fact, f"text of {fact.key}"))
    return text


def timers(world: World) -> list[Timer]:
    return [timer for timer in world.live.all("timer") if timer.kind == "parts"]


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
async def test_parts_are_joined_in_any_order(world: World, order: tuple[int, ...]) -> None:
    for number in order:
        assert await world.sessions() == []
        await part(world, number, f"<{number}>")
    assert await world.said(await only(world)) == ["<1><2><3>"]
    assert timers(world) == []
    assert not [
        place for place in (await world.store.snapshot())[0].items() if place[0][0] == "part" and place[1]
    ]


@settings(max_examples=25)
@given(
    st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(1, n), max_size=12))),
    st.randoms(use_true_random=False),
)
def test_parts_with_duplicates_make_one_text(shape: tuple[int, list[int]], chance: Any) -> None:
    """Each part once, in any order, with some of them repeated under keys of their own."""
    count, extra = shape

    async def play() -> None:
        world = await World().open()
        order = [*range(1, count + 1), *extra]
        chance.shuffle(order)
        seen = set[int]()
        for number in order:
            if len(seen) == count:
                break  # what comes after the last is the beginning of another text
            await part(world, number, f"<{number}>" if number not in seen else "<again>", of=max(count, 2))
            seen.add(number)
        if count == 1:
            assert await world.sessions() == []
            return
        assert await world.said(await only(world)) == ["".join(f"<{n}>" for n in range(1, count + 1))]

    asyncio.run(play())


async def test_a_part_seen_before_changes_nothing(world: World) -> None:
    first = await part(world, 1, "a", of=2, key="k1")
    assert await part(world, 1, "a", of=2, key="k1") == first
    await part(world, 2, "b", of=2, key="k2")
    assert await part(world, 2, "b", of=2, key="k2") == "text of k2"
    assert await world.said(await only(world)) == ["ab"]


async def test_texts_of_other_references_senders_and_lengths_do_not_mix(world: World) -> None:
    await part(world, 1, "a1", of=2, reference=1)
    await part(world, 1, "b1", of=2, reference=2)
    await part(world, 1, "c1", of=2, reference=1, customer="+15550112")
    await part(world, 1, "d1", of=3, reference=1)
    await part(world, 2, "b2", of=2, reference=2)
    await part(world, 2, "a2", of=2, reference=1)
    assert await world.said(await only(world)) == ["b1b2", "a1a2"]


async def test_a_character_that_was_cut_in_half_is_made_whole(world: World) -> None:
    halves = "x😀".encode("utf-16-be")
    await part(world, 2, decode_piece(halves[4:], 8), of=2)
    await part(world, 1, decode_piece(halves[:4], 8), of=2)
    assert await world.said(await only(world)) == ["x😀"]


async def test_a_joined_text_is_a_keyword_like_any_other(world: World) -> None:
    await part(world, 1, "ST", of=2)
    await part(world, 2, "OP", of=2)
    assert await world.sessions() == []
    assert await consent(world) is not None


async def time_over(world: World) -> None:
    (timer,) = timers(world)
    world.clock.now = timer.due
    await world.run(lambda d: parts_over(d, timer))


async def test_what_does_not_come_in_time_is_marked(world: World) -> None:
    begun = world.clock.now
    await part(world, 3, "three", of=4)
    world.clock.jump(1000)
    await part(world, 1, "one", of=4)
    assert [timer.due for timer in timers(world)] == [begun + world.performer.policy.parts_wait]
    await time_over(world)
    (message,) = [m for m in await world.transcript(await only(world)) if m.text]
    assert (message.text, message.incomplete) == (f"one{GAP}three{GAP}", True)
    assert timers(world) == []


async def test_what_is_whole_is_not_marked(world: World) -> None:
    await part(world, 1, "a", of=2)
    await part(world, 2, "b", of=2)
    assert [m.incomplete for m in await world.transcript(await only(world)) if m.text] == [False]


async def test_an_incomplete_text_finds_the_session_of_its_sender(world: World) -> None:
    """Also where only the type of number says that the number is an international one."""
    ton = {"customer": "15550111", "source_ton": INTERNATIONAL, "service": "15550100"}
    await world.text("whole", **ton)
    await part(world, 1, "half", of=2, **ton)
    await time_over(world)
    assert await world.said(await only(world)) == ["whole", f"half{GAP}"]


async def test_a_time_limit_that_comes_too_late_does_nothing(world: World) -> None:
    await part(world, 1, "a", of=2)
    (timer,) = timers(world)
    await part(world, 2, "b", of=2)
    await world.run(lambda d: parts_over(d, timer))
    assert await world.said(await only(world)) == ["ab"]


async def test_the_same_reference_may_come_again_later(world: World) -> None:
    for words in ("first", "second"):
        await part(world, 1, words, of=2)
        await part(world, 2, " text", of=2)
    assert await world.said(await only(world)) == ["first text", "second text"]


# -- time ------------------------------------------------------------------------------------------
async def test_a_waiting_customer_who_is_silent_is_given_up_after_a_day(world: World) -> None:
    await world.text("hello")
    (timer,) = [t for t in world.live.all("timer") if t.kind == "idle"]
    assert timer.due == world.clock.now + 24 * 3_600_000
    world.clock.now = timer.due
    await world.run(lambda d: close_idle(d, timer))
    (session,) = await world.sessions()
    assert (session.open, session.participants) == (False, ())
    await world.text("are you there?")
    assert len(await world.sessions()) == 2

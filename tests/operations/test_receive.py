"""Inbound texts: the session they find or begin, what is attached, what comes twice (SPEC 5.1, 5.2, 6.2)."""

from functools import partial
from typing import Any

import pytest

from smsdesk.carriers import TextReceived, UnknownNumber
from smsdesk.core.contact import Contact
from smsdesk.core.draft import Draft
from smsdesk.core.interaction import Interaction, Step
from smsdesk.core.numbers import INTERNATIONAL
from smsdesk.core.outgoing import Seen
from smsdesk.core.user_data import plain
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.leave import Leave
from smsdesk.operations.smssession.send_message import SendMessage
from smsdesk.operations.system.receive_part import forget_seen, receive_part
from smsdesk.operations.system.receive_text import receive_text
from tests.operations.acting import only
from tests.operations.world import CUSTOMER, SERVICE, World

pytestmark = pytest.mark.anyio


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
    came = (Step(world.clock.now, "arrived", queue="Support"),)
    assert interaction == Interaction(session.id, "Support", world.clock.now, trace=came)


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


async def test_another_carrier_is_told_with_the_text_that_it_brought(world: World) -> None:
    """What was held and what is heard is what a GET shows (SPEC 4.5, 9.5)."""
    id = await world.accepted("agent1", "one")
    heard: list[list[str]] = []

    def receive(draft: Draft, carrier: str) -> None:
        receive_text(draft, TextReceived(carrier, SERVICE, CUSTOMER, "two", carrier), "t")
        heard.append([tell.kind for fact in draft.facts for told in fact.audience for tell in told.tell])

    await world.run(partial(receive, carrier="other"))
    assert (await world.session(id)).carrier == "other"
    await world.run(
        lambda draft: receive_text(draft, TextReceived("other", SERVICE, CUSTOMER, "x", "k"), "t")
    )
    await world.do("agent1", id, SendMessage("back by our own"))
    assert (await world.session(id)).carrier == "simulator"
    assert heard[-1] == ["properties", "messages"]


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

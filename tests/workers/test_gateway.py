"""What carriers hand over is kept when the call returns, or said not to be (SPEC 6.2, 6.3)."""

import pytest

from smsdesk.carriers import NotAccepted, ReceiptReceived, UnknownNumber
from smsdesk.operations.smssession.accept import Accept
from tests.workers.shop import Shop

pytestmark = pytest.mark.anyio


@pytest.fixture
async def shop() -> Shop:
    return await Shop().open()


async def sent(shop: Shop) -> str:
    """A session with one text that went out; the carrier calls it simulator-1."""
    await shop.ready("agent1")
    await shop.house.received(shop.fact("hello"))
    await shop.router.settle()
    (session,) = await shop.sessions()
    await shop.do("agent1", session.id, Accept())
    await shop.send(session.id, "hi")
    await shop.sender.settle()
    return session.id


# -- texts -----------------------------------------------------------------------------------------
async def test_a_text_is_on_disk_when_the_call_returns(shop: Shop) -> None:
    id = await shop.house.received(shop.fact("hello", key="m7"))
    assert id == "m7"  # a carrier that numbers its messages gets its number back
    life = await shop.next_life().open()
    (session,) = await life.sessions()
    assert await life.said(session.id) == ["hello"]


async def test_a_key_that_only_guards_an_acknowledgement_is_no_id(shop: Shop) -> None:
    id = await shop.house.received(shop.fact("hello", key="fingerprint", keep_key=False))
    assert id != "fingerprint"


async def test_parts_become_one_text(shop: Shop) -> None:
    for number, words in ((2, "world"), (1, "hello ")):
        await shop.house.received(shop.fact(words, part=number, parts=2, reference=9))
    (session,) = await shop.sessions()
    assert await shop.said(session.id) == ["hello world"]


async def test_an_unknown_number_is_refused_for_good(shop: Shop) -> None:
    for parts in (1, 2):
        with pytest.raises(UnknownNumber):
            await shop.house.received(shop.fact("hello", service="+491", parts=parts, reference=1))


async def test_what_cannot_be_kept_now_is_to_be_brought_again(shop: Shop) -> None:
    whole, half = shop.fact("hello"), shop.fact("half", part=1, parts=2, reference=1)
    shop.store.broken = True
    for fact in (whole, half):
        with pytest.raises(NotAccepted, match="not available"):
            await shop.house.received(fact)
    shop.store.broken = False
    assert await shop.sessions() == []
    for fact in (whole, half):
        await shop.house.received(fact)
    assert len(await shop.sessions()) == 1


# -- receipts --------------------------------------------------------------------------------------
async def test_a_receipt_changes_the_text_it_is_for(shop: Shop) -> None:
    id = await sent(shop)
    await shop.house.receipt(ReceiptReceived("simulator", "simulator-1", "Delivered"))
    assert await shop.deliveries(id) == ["Delivered"]


async def test_a_receipt_for_nothing_is_no_mistake_of_the_carrier(shop: Shop) -> None:
    before = await shop.store.snapshot()
    await shop.house.receipt(ReceiptReceived("simulator", "nobody", "Delivered"))
    assert await shop.store.snapshot() == before


async def test_a_receipt_that_cannot_be_kept_is_to_be_brought_again(shop: Shop) -> None:
    id = await sent(shop)
    receipt = ReceiptReceived("simulator", "simulator-1", "Failed", "absent subscriber")
    shop.store.broken = True
    with pytest.raises(NotAccepted):
        await shop.house.receipt(receipt)
    shop.store.broken = False
    assert await shop.deliveries(id) == ["Sent"]
    await shop.house.receipt(receipt)
    assert await shop.deliveries(id) == ["Failed"]


# -- acknowledgements ------------------------------------------------------------------------------
async def test_what_is_not_proven_is_remembered_per_carrier_until_it_is(shop: Shop) -> None:
    for key in ("k1", "k2", "k3"):
        await shop.house.received(shop.fact("hello", key=key, keep_key=False))
    await shop.house.received(shop.fact("hello", key="numbered"))
    assert await shop.house.unproven("simulator") == {"k1", "k2", "k3"}
    assert await shop.house.unproven("other") == frozenset()
    await shop.house.proven("simulator", ("k1", "k3", "never heard of"))
    await shop.house.proven("other", ("k2",))
    life = await shop.next_life().open()
    assert await life.house.unproven("simulator") == {"k2"}


async def test_many_keys_are_read_in_pages(shop: Shop) -> None:
    for number in range(1005):
        await shop.house.received(
            shop.fact("STOP", key=f"k{number}", keep_key=False, customer=f"+1555{number:04d}")
        )
    assert len(await shop.house.unproven("simulator")) == 1005


async def test_proofs_and_what_is_unproven_need_the_store(shop: Shop) -> None:
    await shop.house.received(shop.fact("hello", key="k1", keep_key=False))
    shop.store.broken = True
    with pytest.raises(NotAccepted):
        await shop.house.unproven("simulator")
    with pytest.raises(NotAccepted):
        await shop.house.proven("simulator", ("k1",))
    shop.store.broken = False
    assert await shop.house.unproven("simulator") == {"k1"}

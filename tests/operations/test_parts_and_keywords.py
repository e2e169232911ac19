"""Stop and start words, and texts that come in parts (SPEC 6.2, 6.5)."""

import asyncio
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsdesk.core.consent import Consent
from smsdesk.core.numbers import INTERNATIONAL
from smsdesk.core.outgoing import Timer
from smsdesk.operations.system.receive_part import GAP, parts_over, receive_part
from smsdesk.operations.system.routing_steps import close_idle
from smsdesk.smpp.pieces import decode_piece
from tests.operations.acting import (
    consent,
    only,
)
from tests.operations.world import CUSTOMER, SERVICE, World

pytestmark = pytest.mark.anyio


# -- keywords --------------------------------------------------------------------------------------
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
            await part(world, number, f"<{number}>", of=max(count, 2))
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


async def test_a_reference_that_comes_again_loses_and_mixes_nothing(world: World) -> None:
    for text in ("a1", "b1", "c1"):  # in the same millisecond, too
        await part(world, 1, text, of=2)
    world.clock.jump(1000)
    await part(world, 1, "d1", of=2)
    assert [timer.due for timer in timers(world)] == [world.clock.now + world.performer.policy.parts_wait]
    await part(world, 2, "d2", of=2)
    messages = [m for m in await world.transcript(await only(world)) if m.text]
    assert [(m.text, m.incomplete) for m in messages] == [
        (f"a1{GAP}", True),
        (f"b1{GAP}", True),
        (f"c1{GAP}", True),
        ("d1d2", False),
    ]
    assert timers(world) == []


async def test_a_duplicate_does_not_prolong_the_wait(world: World) -> None:
    due = world.clock.now + world.performer.policy.parts_wait
    await part(world, 1, "a", of=3)
    world.clock.jump(1000)
    await part(world, 1, "a", of=3)
    assert [timer.due for timer in timers(world)] == [due]


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

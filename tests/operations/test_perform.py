"""The one path when somebody else was first, when the store fails, when asked twice (SPEC 1.4, 1.6, 8.4)."""

import asyncio
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Queue
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, missing
from smsdesk.core.outgoing import Timer
from smsdesk.core.user_data import plain, raw
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.attach_user_data import AttachUserData
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.send_message import SendMessage
from smsdesk.operations.smssession.transfer import Transfer
from smsdesk.store import Change, Kept, Lost
from tests.operations.world import SERVICE, WatchedStore, World, fault, new_store, refusal

pytestmark = pytest.mark.anyio
DAY = 24 * 3_600_000


async def working(store: WatchedStore | None = None) -> tuple[World, str]:
    """A world with a session that agent1 has accepted."""
    world = await World(store).open()
    await world.ready("agent1", "agent2")
    return world, await world.accepted("agent1")


def attach(**values: object) -> AttachUserData:
    return AttachUserData({key: raw(value) for key, value in values.items()})


async def attached(world: World, id: str) -> dict[str, object]:
    """What the tests attached, without what the gateway and the router did."""
    return {k: v for k, v in plain((await world.session(id)).user_data).items() if k in "abcdefg"}


# -- somebody else was first -----------------------------------------------------------------------
async def test_who_loses_a_race_goes_once_more_and_nothing_is_lost() -> None:
    here, id = await working()
    there = await here.again().open()
    await there.do("agent1", id, attach(a=1))
    await here.do("agent1", id, attach(b=2))
    await there.do("agent1", id, attach(c=3))
    assert await attached(there, id) == {"a": 1, "b": 2, "c": 3}
    await asyncio.gather(
        *(world.do("agent1", id, attach(**{k: 0})) for k in "defg" for world in (here, there))
    )
    for world in (here, there):
        await world.do("agent1", id, attach(a=9))
    assert await attached(there, id) == {"a": 9, "b": 2, "c": 3, "d": 0, "e": 0, "f": 0, "g": 0}


async def test_who_loses_is_judged_again_by_how_things_stand_now() -> None:
    here, id = await working()
    there = await here.again().open()
    await there.do("agent1", id, Complete())
    refused = await refusal(here.do("agent1", id, attach(a=1)))
    assert (refused.fault, "Completed" in refused.message) == (Fault.STATE, True)


async def test_one_pair_has_one_session_whoever_opens_it() -> None:
    """Both nodes know that there is none, then both get a text (SPEC 5.1: a unique index)."""
    here = await World().open()
    there = await here.again().open()
    for world in (here, there):
        await world.text("STOP")  # looks for the session, and finds none
    await asyncio.gather(here.text("one", key="k1"), there.text("two", key="k2"))
    (session,) = await here.sessions()
    assert sorted(await here.said(session.id)) == ["one", "two"]


async def test_a_session_that_another_node_began_is_found_by_the_next_text() -> None:
    here, id = await working()
    there = await here.again().open()
    await there.do("agent1", id, Complete())
    await there.text("again", key="k1")
    await here.text("and again", key="k2")
    sessions = await there.sessions()
    assert [await there.said(s.id) for s in sessions] == [["hello"], ["again", "and again"]]


class LosingStore(WatchedStore):
    """Says that somebody else was first, so often as told."""

    losses = 0

    async def commit(self, changes: Sequence[Change]) -> list[Kept | Lost]:
        if self.losses:
            self.losses -= 1
            return [Lost(tuple((put.kind, put.id) for put in change.puts)) for change in changes]
        return await super().commit(changes)


async def test_losing_again_and_again_ends_in_a_refusal() -> None:
    losing = LosingStore(new_store(lambda: 0))
    world = await World(losing, fresh=True).open()
    losing.losses = 49
    await world.run(lambda draft: draft.save(Agent("ann", "Ready")))
    losing.losses = 50
    refused = await refusal(world.run(lambda draft: draft.save(Agent("ben", "Ready"))))
    assert (refused.fault, "too many others" in refused.message) == (Fault.UNAVAILABLE, True)
    assert world.live.peek("agent", "ben") is None
    assert losing.losses == 0


# -- the store fails -------------------------------------------------------------------------------
async def test_a_failing_store_changes_nothing_and_the_next_request_works() -> None:
    world, id = await working()
    before = await world.store.snapshot()
    world.store.broken = True
    refused = await refusal(world.do("agent1", id, attach(a=1)))
    assert (refused.fault.code, refused.fault.http) == (4, 503)
    assert "the disk is full" in str(refused.__cause__)  # for the log, not for clients
    world.store.broken = False
    assert await world.store.snapshot() == before
    assert world.memory_is_the_store(before)
    await world.do("agent1", id, attach(b=2))
    assert await attached(world, id) == {"b": 2}


async def test_everything_that_waits_for_a_failing_store_fails() -> None:
    world, id = await working()
    world.store.broken = True
    asked = [world.do("agent1", id, attach(**{key: 1})) for key in "abc"]
    faults = await asyncio.gather(*(fault(each) for each in asked))
    world.store.broken = False
    assert faults == [Fault.UNAVAILABLE] * 3
    assert await attached(world, id) == {}
    assert world.memory_is_the_store(await world.store.snapshot())


async def test_what_cannot_be_loaded_is_refused_too() -> None:
    world, id = await working()
    fresh = await world.again().open()
    world.store.broken = True
    assert await fault(fresh.do("agent1", id, Complete())) is Fault.UNAVAILABLE
    assert await fault(fresh.text("hello")) is Fault.UNAVAILABLE
    assert await fault(fresh.performer.read("session", id)) is Fault.UNAVAILABLE
    world.store.broken = False
    await fresh.do("agent1", id, Complete())


async def test_too_many_that_wait_are_refused_and_leave_nothing_behind() -> None:
    """SPEC 8.10: the waiting batch is bounded."""
    world, id = await working()
    small = await World(world.store, waiting=2, clock=world.clock).open()
    await small.do("agent1", id, attach(a=0))
    asked = [small.do("agent1", id, attach(**{key: 1})) for key in "bcde"]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(answer, dict) for answer in answers] == [True, True, False, False]
    assert await attached(small, id) == {"a": 0, "b": 1, "c": 1}
    assert small.memory_is_the_store(await world.store.snapshot())


# -- committed and newest --------------------------------------------------------------------------
async def test_reads_see_what_is_on_disk_only() -> None:
    world, id = await working()
    going = asyncio.ensure_future(world.do("agent1", id, attach(a=1)))
    await asyncio.sleep(0)
    assert await attached(world, id) == {}
    await going
    assert await attached(world, id) == {"a": 1}


async def test_operations_build_on_what_is_not_yet_on_disk() -> None:
    world, id = await working()
    await asyncio.gather(*(world.do("agent1", id, attach(**{key: 1})) for key in "abcdefg"))
    assert await attached(world, id) == dict.fromkeys("abcdefg", 1)


async def test_a_change_without_effect_is_not_committed() -> None:
    world, _ = await working()
    position = world.performer.position
    assert await world.run(lambda draft: draft.get("contact", "nobody")) is None
    assert (await world.store.head()).position == world.performer.position == position


async def test_the_position_follows_the_outbox() -> None:
    world, id = await working()
    await world.do("agent1", id, attach(a=1))
    assert world.performer.position == (await world.store.head()).position > 0
    assert (await world.again().open()).performer.position == world.performer.position


# -- the same again --------------------------------------------------------------------------------
async def test_the_same_key_does_it_once() -> None:
    world, id = await working()
    for _ in range(3):
        assert await world.do("agent1", id, SendMessage("once"), "key 1") == {}
    assert (await world.said(id)).count("once") == 1
    await world.do("agent1", id, SendMessage("once"), "key 2")
    assert (await world.said(id)).count("once") == 2


async def test_the_same_key_at_the_same_time_does_it_once() -> None:
    world, id = await working()
    await asyncio.gather(*(world.do("agent1", id, SendMessage("once"), "key") for _ in range(5)))
    assert (await world.said(id)).count("once") == 1


async def test_the_first_answer_is_given_again_whatever_has_happened_since() -> None:
    world, id = await working()
    ben = f"/users/{world.user('agent2').id}"
    first = await world.do("agent1", id, Transfer(target_uri=ben), "key")
    assert first["referenceId"] > 0
    await world.do("agent2", id, Accept())
    assert (await world.session(id)).states()[world.user("agent1").id] == "Completed"
    assert await world.do("agent1", id, Transfer(target_uri=ben), "key") == first
    restarted = await world.again().open()
    assert await restarted.do("agent1", id, Transfer(target_uri=ben), "key") == first


async def test_keys_of_others_are_other_keys() -> None:
    world, id = await working()
    second = await world.accepted("agent2", customer="+15550112")
    await world.do("agent1", id, SendMessage("mine"), "key")
    await world.do("agent2", second, SendMessage("mine"), "key")
    assert [(await world.said(i)).count("mine") for i in (id, second)] == [1, 1]


async def test_a_refusal_is_not_remembered() -> None:
    world, id = await working()
    assert await fault(world.do("agent1", id, missing("text"), "key")) is Fault.MISSING
    await world.do("agent1", id, SendMessage("now"), "key")
    assert (await world.said(id)).count("now") == 1


async def test_a_key_is_good_for_a_day() -> None:
    world, id = await working()
    await world.do("agent1", id, SendMessage("daily"), "key")
    world.clock.jump(DAY - 1)
    await world.do("agent1", id, SendMessage("daily"), "key")
    assert (await world.said(id)).count("daily") == 1
    world.clock.jump(1)
    await world.do("agent1", id, SendMessage("daily"), "key")
    assert (await world.said(id)).count("daily") == 2


async def test_an_answer_waits_for_the_disk_also_the_second_time() -> None:
    """The first has not reached the disk when the same comes again; neither may be answered before it has."""
    world, id = await working()
    world.store.broken = True
    asked = [world.do("agent1", id, SendMessage("once"), "key") for _ in range(2)]
    assert await asyncio.gather(*(fault(each) for each in asked)) == [Fault.UNAVAILABLE] * 2
    world.store.broken = False
    await world.do("agent1", id, SendMessage("once"), "key")
    assert (await world.said(id)).count("once") == 1


# -- beginning -------------------------------------------------------------------------------------
async def test_what_always_stays_is_there_after_a_restart_however_much_it_is() -> None:
    world = await World().open()

    def many(draft: Draft) -> None:
        for number in range(1500):
            draft.start_timer(Timer(f"t{number:04d}", "idle", "S1", number))

    await world.run(many)
    after = await world.again().open()
    assert len(list(after.live.all("timer"))) == 1500
    assert after.user("agent1") == world.user("agent1")
    assert after.performer.epoch == "test"


async def test_the_centre_follows_what_is_provisioned() -> None:
    world = await World().open()
    assert sorted(world.performer.centre.queues) == ["Billing", "Support"]
    assert world.performer.centre.numbers[SERVICE].queue == "Support"
    await world.run(lambda draft: draft.put("queue", "q9", Queue("q9", "Night", "Support")))
    assert world.performer.centre.queues["Night"].id == "q9"
    ann = world.user("agent1")
    await world.run(lambda draft: draft.put("user", ann.id, replace(ann, first_name="Anna")))
    assert world.user("agent1").first_name == "Anna"


async def test_references_increase_over_restarts() -> None:
    world, id = await working()
    ben, numbers = f"/users/{world.user('agent3').id}", list[int]()
    for _ in range(4):
        for _ in range(2):  # agent3 is not ready: an Error, but the reference was given out
            answer = await world.do("agent1", id, Transfer(target_uri=ben))
            numbers.append(answer["referenceId"])
        world = await world.again().open()
    assert numbers == sorted(set(numbers))

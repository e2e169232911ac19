"""From commits to pushes: complete, in commit order, and the same again from the log (SPEC 4.5, 4.6, 8.6)."""

import asyncio
from typing import Any

import msgspec
import pytest

from smsdesk.core.events import Fact, Tell, Told
from smsdesk.operations.live import Made
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.attach_user_data import AttachUserData
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.consult import Consult
from smsdesk.operations.smssession.send_message import SendMessage
from smsdesk.store import Change, Kept
from smsdesk.wire.resources import Resources
from smsdesk.wire.timestamps import Timestamps
from smsdesk.workers.notifier import Notifier
from tests.core.making import session
from tests.fakes.failing_store import FailingStore
from tests.operations.world import World
from tests.workers.jumping import LoopClock, let_pass, play

pytestmark = pytest.mark.anyio
RESOURCES = Resources("http://localhost:8080", Timestamps())
Push = tuple[str, bytes, int]


class Line:
    """A World with a notifier, and what each user was pushed. `deaf`: who is not there to be told.

    `reading` is the notifier's own way to the store, which may fail by itself.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.pushed: dict[str, list[Push]] = {}
        self.deaf: set[str] = set()
        self.reading = FailingStore(world.store)
        self.notifier = Notifier(self.reading, RESOURCES, self._push, lambda user: user not in self.deaf)
        world.commits.on_kept(self.notifier.kept)

    def _push(self, user: str, topic: str, data: bytes, id: int) -> None:
        self.pushed.setdefault(user, []).append((topic, data, id))

    def told(self, name: str) -> list[Push]:
        return self.pushed.get(self.world.user(name).id, [])

    def kinds(self, name: str) -> list[str]:
        """Kinds of the notifications that a user was pushed, with indices of entries."""
        return [kind(data) for topic, data, _ in self.told(name) if topic == "/v2/me/smssessions"]

    async def again(self, name: str) -> list[Push]:
        """All of a user's notifications, made from the log."""
        user = self.world.user(name).id
        return await self.notifier.replayed(user, await self.world.store.rows_of(user, 0))


def kind(data: bytes) -> str:
    shown: dict[str, Any] = msgspec.json.decode(data)
    indices = [str(m["index"]) for m in shown.get("messages", ())]
    return " ".join([shown["notificationType"], *indices])


@pytest.fixture
async def line() -> Line:
    made = Line(await World().open())
    await made.world.ready("agent1", "agent2")
    return made


async def day(line: Line) -> str:
    """A session with all that belongs to it."""
    world = line.world
    id = await world.offered("agent1")
    await world.do("agent1", id, Accept())
    await world.do("agent1", id, SendMessage("good morning"))
    await world.do("agent1", id, Consult(f"/users/{world.user('agent2').id}"))
    await world.do("agent2", id, Accept())
    await world.text("are you there?")
    await world.do("agent1", id, Complete())
    await line.notifier.settle()
    return id


# -- what is pushed --------------------------------------------------------------------------------
async def test_everybody_is_pushed_what_concerns_him_in_order(line: Line) -> None:
    await day(line)
    assert line.kinds("agent1") == [
        "StatusChange",  # offered
        "StatusChange",
        "ParticipantsUpdated",
        "NewMessages 1 2 3",  # accepted, with the transcript so far
        "NewMessages 4",
        "ParticipantsUpdated",
        "NewMessages 5",
        "NewMessages 6",
        "StatusChange",
    ]
    assert line.kinds("agent2") == [
        "StatusChange",
        "StatusChange",
        "ParticipantsUpdated",
        "NewMessages 1 2 3 4 5",
        "NewMessages 6",
        "StatusChange",
    ]
    assert line.kinds("agent3") == []
    assert line.told("agent1")[0][0] == "/v2/me/channels"


async def test_ids_increase_for_everybody(line: Line) -> None:
    await day(line)
    for pushed in line.pushed.values():
        ids = [id for _, _, id in pushed]
        assert ids == sorted(set(ids))


async def test_what_needs_no_reading_is_pushed_before_the_answer(line: Line) -> None:
    """With the commit itself: who asked sees the outcome no later than others can."""
    id = await line.world.accepted("agent1")
    await line.notifier.settle()
    before = len(line.kinds("agent1"))
    await line.world.do("agent1", id, AttachUserData({}))
    assert line.kinds("agent1")[before:] == ["PropertiesUpdated"]


async def test_nobody_is_pushed_what_is_not_kept(line: Line) -> None:
    id = await line.world.accepted("agent1")
    await line.notifier.settle()
    before = dict(line.pushed)
    line.world.store.broken = True
    with pytest.raises(Exception, match="not available"):
        await line.world.do("agent1", id, Complete())
    assert line.pushed == before


async def test_who_is_not_there_costs_nothing_and_reads_it_later(line: Line) -> None:
    line.deaf = {user.id for user in line.world.performer.centre.users.values()}
    await day(line)
    assert line.told("agent1") == line.told("agent1")[:1]  # his readiness, before he went
    assert len(await line.again("agent1")) > 8


async def test_who_is_there_is_told_though_others_are_not(line: Line) -> None:
    line.deaf = {line.world.user("agent1").id}
    await day(line)
    assert line.kinds("agent1") == []
    assert line.kinds("agent2")[0] == "StatusChange"


# -- the log ---------------------------------------------------------------------------------------
async def test_the_log_gives_the_same_again(line: Line) -> None:
    """Bytes and ids, for every viewer (SPEC 4.1, 8.6)."""
    await day(line)
    for name in ("agent1", "agent2", "agent3"):
        assert await line.again(name) == line.told(name)


async def test_another_program_over_the_same_store_gives_the_same(line: Line) -> None:
    await day(line)
    other = Line(await line.world.again().open())
    assert await other.again("agent1") == line.told("agent1")


# -- order -----------------------------------------------------------------------------------------
async def test_what_comes_behind_a_transcript_that_is_read_waits_for_it(line: Line) -> None:
    """An Accept names entries that are on disk only; what is committed right after must not overtake it."""
    id = await line.world.offered("agent1")
    await asyncio.gather(
        line.world.do("agent1", id, Accept()),
        line.world.do("agent1", id, AttachUserData({})),
        line.world.text("another"),
    )
    await line.notifier.settle()
    assert line.kinds("agent1")[1:] == [
        "StatusChange",
        "ParticipantsUpdated",
        "NewMessages 1 2 3",
        "PropertiesUpdated",
        "NewMessages 4",
    ]
    ids = [id for _, _, id in line.told("agent1")]
    assert ids == sorted(ids)


def test_a_transcript_that_cannot_be_read_is_tried_again_and_nothing_overtakes() -> None:
    async def story() -> None:
        line = Line(await World(clock=LoopClock()).open())
        await line.world.ready("agent1")
        id = await line.world.offered("agent1")
        before = len(line.kinds("agent1"))
        line.reading.broken = True
        await line.world.do("agent1", id, Accept())
        await line.world.do("agent1", id, AttachUserData({}))
        await let_pass(5000)
        assert line.kinds("agent1")[before:] == []
        line.reading.broken = False
        await let_pass(1000)
        kinds = ["StatusChange", "ParticipantsUpdated", "NewMessages 1 2 3", "PropertiesUpdated"]
        assert line.kinds("agent1")[before:] == kinds

    play(story())


async def test_a_fact_that_cannot_be_shown_keeps_nobody_waiting(line: Line) -> None:
    """It stays in the log."""
    id = await line.world.accepted("agent1")
    await line.notifier.settle()
    user = line.world.user("agent1").id
    tells = (Tell("messages", first=1, last=2), Tell("status"))
    odd = Fact("Odd", 0, (Told(user, tells),), session=session())  # a viewer without a state
    line.notifier.kept(Made(facts=(odd,)), Kept((10_000,)))
    before = len(line.kinds("agent1"))
    await line.world.do("agent1", id, SendMessage("hello"))
    await line.notifier.settle()
    assert "NewMessages 4" in line.kinds("agent1")[before:]


async def test_changes_of_others_are_not_ours_to_tell(line: Line) -> None:
    before = dict(line.pushed)
    line.notifier.kept(Change(), Kept())
    assert line.pushed == before

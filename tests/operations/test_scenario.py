"""Situations put on the desk hang together like those that came about (SPEC 7.4)."""

import json
from functools import partial
from typing import Any

import msgspec
import pytest

from smsdesk.core.errors import Fault, Refused
from smsdesk.core.user_data import plain
from smsdesk.operations.system.scenario import build, configure
from smsdesk.operations.system.situation import Situation
from tests.operations.order import disorder
from tests.operations.world import World, fault

pytestmark = pytest.mark.anyio
ANN = {"id": "p2", "type": "Agent", "nickname": "Ann", "user": "agent1"}
BEN = {"id": "p3", "type": "Agent", "nickname": "Ben", "user": "agent2"}
SUE = {"id": "p4", "type": "Agent", "nickname": "Sue", "user": "supervisor", "visibility": "Supervisors"}
CUSTOMER = {"id": "p1", "type": "Customer", "nickname": "FirstL"}


async def put(world: World, **situation: Any) -> dict[str, str]:
    """Put a situation on the desk; what was made, by label."""
    described = msgspec.json.decode(json.dumps(situation), type=Situation)
    await world.run(partial(configure, scenario=described))
    made: dict[str, str] = await world.run(partial(build, scenario=described))
    return made


async def states(world: World, id: str) -> dict[str, str]:
    names = {user.id: user.user_name for user in world.performer.centre.users.values()}
    return {names[user]: state for user, state in (await world.session(id)).states().items()}


SITUATIONS: dict[str, dict[str, Any]] = {
    "offered": {"state": {"agent1": "Invited"}, "participants": [CUSTOMER]},
    "alone": {"state": {"agent1": "Chatting"}, "participants": [CUSTOMER, ANN]},
    "conference": {
        "state": {"agent1": "Chatting", "agent2": "Chatting"},
        "participants": [CUSTOMER, ANN, BEN],
    },
    "consulting": {
        "state": {"agent1": "Chatting", "agent2": "Chatting"},
        "participants": [CUSTOMER, ANN, BEN | {"visibility": "Agents"}],
    },
    "watched": {
        "state": {"agent1": "Chatting", "supervisor": "Chatting"},
        "participants": [CUSTOMER, ANN, SUE],
        "monitoring": [{"supervisor": "supervisor", "agent": "agent1"}],
    },
    "wrap-up": {"state": {"agent1": "LeftChat"}, "participants": []},
    "over": {"state": {"agent1": "Completed", "agent2": "Revoked"}, "participants": []},
    "consult asked": {
        "state": {"agent1": "Chatting", "agent2": "Invited"},
        "participants": [CUSTOMER, ANN],
        "pending": {"operation": "Consult", "by": "agent1", "to": "agent2", "referenceId": 9},
    },
    "transfer asked": {
        "state": {"agent1": "Chatting", "agent2": "Invited"},
        "participants": [CUSTOMER, ANN],
        "pending": {"operation": "Transfer", "by": "agent1", "to": "agent2"},
    },
    "looked for in a queue": {
        "state": {"agent1": "Chatting"},
        "participants": [CUSTOMER, ANN],
        "pending": {"operation": "Invite", "by": "agent1", "queue": "Billing"},
    },
    "waiting": {"waiting": [{"id": "w1", "queue": "Support", "age": 60, "priority": 2}]},
    "several": {
        "state": {"agent1": "Chatting"},
        "participants": [CUSTOMER, ANN],
        "otherSessions": [
            {"id": "o1", "state": {"agent1": "Chatting"}, "inFocus": ["agent1"]},
            {"id": "o2", "state": {"agent1": "LeftChat"}},
        ],
    },
}


@pytest.mark.parametrize("name", SITUATIONS)
async def test_a_situation_hangs_together(name: str) -> None:
    world = await World().open()
    situation = SITUATIONS[name]
    actors = dict.fromkeys(["agent1", "agent2"], "Ready")
    made = await put(world, actors=actors, **situation)
    if "state" in situation:
        assert await states(world, made["session"]) == situation["state"]
    for id in made.values():
        world.live.loaded("session", id, (await world.store.get("session", [id])).get(id))
    wrong = [words for words in disorder(world.live) if "timers" not in words]
    assert wrong == []
    assert await world.store.rows(0) == []  # nobody is notified of it


async def test_everything_that_is_said_of_a_session_is_there() -> None:
    world = await World().open()
    made = await put(
        world,
        state={"agent1": "Chatting"},
        participants=[CUSTOMER, ANN],
        userData={"Key": 1.5, "DispositionCode": "resolved"},
        comment="a comment",
        transcript=[
            {"index": 1, "type": "ParticipantJoined", "from": "p1"},
            {"index": 4, "type": "Text", "from": "p2", "text": "hello", "visibility": "Agents"},
            {"index": 5, "type": "Text", "from": "gone", "text": "bye"},
        ],
    )
    session = await world.session(made["session"])
    assert plain(session.user_data) == {"Key": 1.5, "DispositionCode": "resolved"}
    assert (session.comment, session.disposition, session.next_index) == ("a comment", "resolved", 6)
    assert [
        (m.index, m.visibility, m.author.nickname, m.text) for m in await world.transcript(session.id)
    ] == [
        (1, "All", "FirstL", None),
        (4, "Agents", "Ann", "hello"),
        (5, "All", "TestName", "bye"),
    ]
    assert made["p2"] == session.participants[1].id


async def test_what_is_configured_along_with_it() -> None:
    world = await World().open()
    await put(
        world,
        queues={"Night": {}},
        queue={"name": "Support", "dispositions": ["a"], "dispositionMandatory": True},
        groups={"Support": {"members": ["agent3"], "watchedBy": ["admin"]}},
        firstNames={"agent1": ""},
        capacity={"agent2": 1},
        contact={"firstName": "Ada"},
        consent={"service": "+15550100", "customer": "+15550111", "blocked": True},
        carrierIds=["seen-1"],
    )
    centre = world.performer.centre
    assert "Night" in centre.queues
    assert (centre.queues["Support"].dispositions, centre.queues["Support"].disposition_mandatory) == (
        ("a",),
        True,
    )
    assert centre.groups["Support"].members == (world.user("agent3").id,)
    assert world.user("agent1").display_name == "agent1"
    assert world.user("agent2").capacity == 1
    assert await world.performer.read("consent", "+15550100 +15550111") is not None
    await world.text("hello", key="seen-1")  # a duplicate
    assert await world.sessions() == []
    await world.text("hello")
    (session,) = await world.sessions()
    assert session.customer is not None
    assert session.customer.nickname == "Ada"


async def test_who_is_not_there_cannot_be_put_anywhere() -> None:
    world = await World().open()
    assert await fault(put(world, actors={"nobody": "Ready"})) is Fault.UNKNOWN
    with pytest.raises(Refused, match="the user nobody not found"):
        await put(world, groups={"Support": {"members": ["nobody"]}})


async def test_a_queue_that_is_there_is_not_made_again() -> None:
    world = await World().open()
    for _ in range(2):
        await put(world, queues={"Support": {}, "Other": {}})
    assert sorted(world.performer.centre.queues) == ["Billing", "Other", "Support"]

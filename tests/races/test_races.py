"""Races: what happens at the same moment happens in some order, and every order ends in a legal state.

Each scene is played in all permutations of its moves, with every prefix checked. Operations are atomic
(SPEC 8.4), so that permutations are all the interleavings there are.
"""

from collections.abc import Callable
from functools import partial
from itertools import permutations
from typing import Any

import msgspec
import pytest

from smsdesk.carriers import TextReceived
from smsdesk.operations.channel.log_out import log_out
from smsdesk.operations.smssession import OPERATIONS
from smsdesk.operations.smssession.intrude import Intrude
from smsdesk.operations.system.receive_text import receive_text
from smsdesk.operations.system.routing_steps import close_idle, offer_to, ring_over, wait_over
from smsdesk.operations.system.situation import Situation
from tests.races.laws import broken_laws
from tests.races.world import World

Move = Callable[[World], bool]
NAMES = {str(operation.__struct_config__.tag): operation for operation in OPERATIONS}


def do(user: str, name: str, **fields: Any) -> Move:
    """A user's operation; a target is named by user name or `queue:NAME`."""

    def move(world: World) -> bool:
        given = dict(fields)
        if target := given.pop("target", None):
            queues, users = world.centre.queues, world.centre.user_names
            given["target_path"] = (
                f"/queues/{queues[target[6:]].id}"
                if target.startswith("queue:")
                else f"/users/{users[target].id}"
            )
        return world.ask(user, NAMES[name](**given))

    move.__name__ = f"{user} {name}"
    return move


def ring(user: str) -> Move:
    """The ring time of an offer is over."""

    def move(world: World) -> bool:
        id = world.centre.user_names[user].id
        found = [t for t in world.live.all("timer") if t.kind == "ring" and t.user == id]
        done = [world.run(partial(ring_over, timer=timer)) for timer in found]
        return bool(done) and all(done)

    move.__name__ = f"{user} does not answer"
    return move


def timer(kind: str, step: Callable[..., None]) -> Move:
    """Some other time is over."""

    def move(world: World) -> bool:
        world.now += 80 * 3_600_000 if kind == "idle" else 0
        found = [t for t in world.live.all("timer") if t.kind == kind]
        done = [world.run(partial(step, timer=timer)) for timer in found]
        return bool(done) and all(done)

    move.__name__ = f"{kind} over"
    return move


def text(world: World) -> bool:
    """The customer writes."""
    fact = TextReceived("simulator", "+15550100", "+15550111", "hello?", f"key {world.now}")
    return world.run(partial(receive_text, fact=fact, text_id="t"))


def logout(user: str) -> Move:
    """A user ends his work."""

    def move(world: World) -> bool:
        id = world.centre.user_names[user].id
        return world.run(lambda draft: log_out(draft, draft.agent(id)), id)

    move.__name__ = f"{user} logs out"
    return move


def route(user: str) -> Move:
    """The router offers what waits."""

    def move(world: World) -> bool:
        id = world.centre.user_names[user].id
        found = [i for i in world.live.all("interaction") if i.place == "waiting"]
        offers = [partial(offer_to, interaction_id=i.id, user=id) for i in found]
        done = [world.run(offer) for offer in offers]
        return bool(done) and all(done)

    move.__name__ = f"offer to {user}"
    return move


def intrude(world: World) -> bool:
    """The supervisor asks himself in at agent1."""
    supervisor, agent = (world.centre.user_names[n].id for n in ("supervisor", "agent1"))
    return world.run(lambda draft: Intrude("Coach").apply(draft, agent, world.session), supervisor)


CUSTOMER = {"id": "c", "type": "Customer", "nickname": "FirstL"}
ANN = {"id": "a", "type": "Agent", "user": "agent1", "nickname": "Ann"}
BEN = {"id": "b", "type": "Agent", "user": "agent2", "nickname": "Ben"}
READY = {"agent1": "Ready", "agent2": "Ready", "agent3": "Ready", "supervisor": "NotReady"}
CONSULTED = BEN | {"visibility": "Agents"}
SUE = {"id": "s", "type": "Agent", "user": "supervisor", "nickname": "Sue", "visibility": "Agents"}


def scene(people: list[dict[str, str]], states: dict[str, str], **more: Any) -> dict[str, Any]:
    """A situation in the words of the vectors."""
    return {"actors": READY, "participants": [CUSTOMER, *people], "state": states, **more}


def asked(operation: str, **more: Any) -> dict[str, Any]:
    """agent1 has asked agent2."""
    pending = {"operation": operation, "by": "agent1", "to": "agent2", "referenceId": 5}
    return scene([ANN], {"agent1": "Chatting", "agent2": "Invited"}, pending=pending, **more)


PAIR = scene([ANN, BEN], {"agent1": "Chatting", "agent2": "Chatting"})
WATCH = [{"supervisor": "supervisor", "agent": "agent1", "mode": "Coach"}]
SCENES: dict[str, tuple[dict[str, Any], list[Move]]] = {
    "an offer is accepted as it times out": (
        scene([], {"agent1": "Invited"}),
        [do("agent1", "Accept"), ring("agent1"), route("agent2"), do("agent2", "Accept"), text],
    ),
    "rejected, offered on, logged out": (
        scene([], {"agent1": "Invited"}, monitoring=WATCH),
        [
            do("agent1", "Reject"),
            route("agent2"),
            logout("agent1"),
            do("agent2", "Accept"),
            timer("idle", close_idle),
        ],
    ),
    "a transfer is accepted as it is withdrawn": (
        asked("Transfer"),
        [
            do("agent2", "Accept"),
            do("agent1", "CancelConsult"),
            ring("agent2"),
            do("agent1", "Complete"),
            do("agent1", "SendMessage", text="hello"),
        ],
    ),
    "a consult is accepted as the asker leaves": (
        asked("Consult"),
        [do("agent2", "Accept"), do("agent1", "Leave"), logout("agent2"), do("agent2", "Leave"), text],
    ),
    "an invitation under a supervisor": (
        asked("Invite", monitoring=WATCH),
        [
            do("agent2", "Accept"),
            intrude,
            do("supervisor", "Accept"),
            do("agent1", "Leave"),
            do("agent2", "Complete"),
        ],
    ),
    "two agents remove each other": (
        PAIR,
        [
            do("agent1", "RemoveParticipantFromConference", target="agent2"),
            do("agent2", "RemoveParticipantFromConference", target="agent1"),
            do("agent1", "Complete"),
            do("agent2", "Leave"),
            text,
        ],
    ),
    "two agents complete, transfer and leave": (
        PAIR,
        [
            do("agent1", "Complete"),
            do("agent2", "Complete", queue_name="Support"),
            do("agent1", "Transfer", target="agent3"),
            do("agent2", "Leave"),
            do("agent3", "Accept"),
        ],
    ),
    "the consulted agent gets it as the first one goes": (
        scene([ANN, CONSULTED], {"agent1": "Chatting", "agent2": "Chatting"}),
        [
            do("agent1", "Transfer", target="agent2"),
            do("agent1", "Invite", target="agent2"),
            do("agent2", "Leave"),
            do("agent1", "Leave"),
            do("agent1", "Complete"),
        ],
    ),
    "the asker leaves a conference while he asks a third": (
        scene(
            [ANN, BEN],
            {"agent1": "Chatting", "agent2": "Chatting", "agent3": "Invited"},
            pending={"operation": "Consult", "by": "agent1", "to": "agent3", "referenceId": 5},
        ),
        [
            do("agent1", "Leave"),
            do("agent3", "Accept"),
            do("agent2", "Complete"),
            logout("agent1"),
            ring("agent3"),
        ],
    ),
    "a colleague is looked for in a queue": (
        scene(
            [ANN],
            {"agent1": "Chatting"},
            pending={"operation": "Consult", "by": "agent1", "queue": "Support", "referenceId": 5},
        ),
        [
            route("agent2"),
            do("agent2", "Accept"),
            timer("wait", wait_over),
            do("agent1", "CancelConsult"),
            ring("agent2"),
        ],
    ),
    "a supervisor switches as the agent leaves": (
        scene([ANN, SUE], {"agent1": "Chatting", "supervisor": "Chatting"}, monitoring=WATCH),
        [
            do("supervisor", "SwitchToMonitor"),
            do("supervisor", "SwitchToBargeIn"),
            do("agent1", "Leave"),
            do("supervisor", "Leave"),
            do("agent1", "Transfer", target="queue:Support"),
        ],
    ),
    "wrap-up is handed over": (
        {"actors": READY, "state": {"agent1": "LeftChat"}},
        [
            do("agent1", "Transfer", target="agent2"),
            do("agent2", "Accept"),
            do("agent1", "Complete"),
            ring("agent2"),
            do("agent2", "Leave"),
        ],
    ),
}


@pytest.mark.parametrize("name", SCENES)
def test_every_order_ends_in_a_legal_state(name: str) -> None:
    given, moves = SCENES[name]
    situation = msgspec.json.decode(msgspec.json.encode(given), type=Situation)
    assert broken_laws(World(situation)) == [], "the scene itself is not legal"
    accepted: set[Move] = set()
    for order in permutations(moves):
        world = World(situation)
        for done, move in enumerate(order, 1):
            if move(world):
                accepted.add(move)
            assert broken_laws(world) == [], [m.__name__ for m in order[:done]]
    idle = [move.__name__ for move in moves if move not in accepted]
    assert not idle, "moves that are refused in every order prove nothing"

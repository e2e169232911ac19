"""A client that vanishes: the agent is spared offers, then his work goes to others (SPEC 9.19, C§2.7)."""

from pathlib import Path
from typing import Any

from tests.clock import JumpingClock
from tests.http.house import API, CHANNELS, SMS, House, Listener, basic, data
from tests.http.test_websocket import ready as socket_ready

MINUTE = 60_000
START = {"operationName": "StartContactCenterSession", "channels": ["smssession"]}


async def begin(house: House, user: str = "agent1") -> None:
    """Log in on the channel and be ready; one request each, no Bayeux session."""
    for body in (START, {"operationName": "Ready"}):
        answer = await house.ask("POST", API + "/me", body, basic(user))
        assert answer.json == {"statusCode": 0}, answer.body
    await house.application.settle()


def state(house: House, user: str = "agent1") -> str:
    """How an agent stands, without a request of his."""
    id = house.application.performer.centre.user_names[user].id
    agent: Any = house.application.performer.live.peek("agent", id)
    return str(agent.readiness)


async def test_who_is_gone_is_not_ready_after_a_minute_and_logged_out_after_ten() -> None:
    async with House() as house:
        await begin(house)
        await house.pass_time(MINUTE - 1)
        assert state(house) == "Ready"
        await house.pass_time(1)
        assert state(house) == "NotReady"
        await house.pass_time(9 * MINUTE - 1)
        assert state(house) == "NotReady"
        await house.pass_time(1)
        assert state(house) == "LoggedOut"


async def test_any_request_counts_from_when_it_was_made() -> None:
    async with House() as house:
        await begin(house)
        for _ in range(5):
            await house.pass_time(MINUTE - 1)
            await house.ask("GET", API + "/features", headers=basic())
        assert state(house) == "Ready"
        await house.ask("GET", API + "/features", headers=basic(password="wrong"))
        await house.pass_time(MINUTE)
        assert state(house) == "NotReady"


async def test_a_held_connect_keeps_one_present_for_days() -> None:
    async with House() as house:
        listener = await Listener(house).ready(CHANNELS)
        await begin(house)
        await listener.connect()
        for _ in range(3):
            poll = await listener.hold()
            await house.pass_time(24 * 60 * MINUTE)
            await poll.end()
        assert state(house) == "Ready"


async def test_the_time_runs_from_the_end_of_the_last_bayeux_session() -> None:
    """It is forgotten a minute after its last connect; only then is nothing left."""
    async with House() as house:
        await Listener(house).ready(CHANNELS)
        await begin(house)
        await house.pass_time(MINUTE)
        assert house.server.sessions == 0
        await house.pass_time(MINUTE - 1)
        assert state(house) == "Ready"
        await house.pass_time(1)
        assert state(house) == "NotReady"


async def test_who_disconnects_is_gone_from_then_on() -> None:
    async with House() as house:
        listener = await Listener(house).ready(CHANNELS)
        await begin(house)
        await house.pass_time(40_000)
        await listener.say({"channel": "/meta/disconnect", "clientId": listener.id})
        await house.pass_time(MINUTE - 1)
        assert state(house) == "Ready"
        await house.pass_time(1)
        assert state(house) == "NotReady"


async def test_a_socket_keeps_one_present_until_it_breaks() -> None:
    async with House() as house:
        desk = await socket_ready(house)
        await begin(house)
        for _ in range(20):
            await house.pass_time(30_000)
            await desk.socket.reply("/meta/connect")
            await desk.hold()
        assert state(house) == "Ready"
        desk.socket.leave()
        await desk.socket.task
        await house.pass_time(MINUTE)  # until the session is forgotten
        await house.pass_time(MINUTE)
        assert state(house) == "NotReady"


async def test_nothing_is_lost_for_who_comes_back_in_time() -> None:
    async with House() as house:
        session = await house.put()
        listener = await Listener(house).ready(SMS, CHANNELS)
        await house.pass_time(3 * MINUTE)
        await house.pass_time(3 * MINUTE)
        assert state(house) == "NotReady"
        await listener.handshake()
        assert (await listener.subscribe(CHANNELS, replay=0))["successful"]
        (told,) = [d["channels"] for d in data(await listener.connect())]
        assert told[0]["userState"]["state"] == "NotReady"
        shown = await house.ask("GET", API + "/me/smssessions?fields=*", headers=basic())
        assert [s["id"] for s in shown.json["smssessions"]] == [session]
        await house.pass_time(9 * MINUTE)
        assert state(house) == "NotReady"  # the time begins anew with every sign of life


async def test_at_the_logout_the_work_goes_back_to_the_queue_with_its_age() -> None:
    """As by EndContactCenterSession: the last agent is remembered, and somebody else gets it (SPEC 4.7)."""
    async with House() as house:
        session = await house.put()
        live: Any = house.application.performer.live
        arrived = live.peek("interaction", session).arrived
        gone = house.application.performer.centre.user_names["agent1"].id
        await house.pass_time(MINUTE)
        await house.pass_time(10 * MINUTE)
        assert state(house) == "LoggedOut"
        waiting = live.peek("interaction", session)
        assert (waiting.place, waiting.arrived, waiting.last_agent) == ("waiting", arrived, gone)
        await begin(house, "agent2")
        answer = await house.ask("GET", API + "/me/smssessions?fields=*", headers=basic("agent2"))
        assert [(s["id"], s["state"]) for s in answer.json["smssessions"]] == [(session, "Invited")]


async def test_after_the_logout_one_has_to_begin_again() -> None:
    async with House() as house:
        await begin(house)
        await house.pass_time(MINUTE)
        await house.pass_time(10 * MINUTE)
        refused = await house.ask("POST", API + "/me", {"operationName": "Ready"}, basic())
        assert refused.json["statusCode"] == 2
        await begin(house)
        assert state(house) == "Ready"


async def test_both_can_be_switched_off() -> None:
    async with House(vanished_not_ready_seconds=0, vanished_logout_seconds=0) as house:
        await begin(house)
        await house.pass_time(30 * 24 * 60 * MINUTE)
        assert state(house) == "Ready"


async def test_a_restart_gives_everybody_the_whole_time(tmp_path: Path) -> None:
    clock = JumpingClock()
    async with House(tmp_path, clock=clock) as house:
        await begin(house)
    clock.jump(60 * MINUTE)
    async with House(tmp_path, clock=clock) as house:
        assert state(house) == "Ready"
        await house.pass_time(MINUTE - 1)
        assert state(house) == "Ready"
        await house.pass_time(1)
        assert state(house) == "NotReady"
        await house.pass_time(9 * MINUTE)
        assert state(house) == "LoggedOut"


async def test_a_store_that_fails_delays_and_loses_nothing() -> None:
    async with House() as house:
        await begin(house)
        house.store.broken = True
        await house.pass_time(MINUTE)
        assert state(house) == "Ready"
        house.store.broken = False
        await house.pass_time(1000)
        assert state(house) == "NotReady"


async def test_it_is_in_the_audit_log() -> None:
    async with House() as house:
        await begin(house)
        await house.pass_time(MINUTE)
        await house.pass_time(10 * MINUTE)
        documents = await house.store.due("audit", house.clock() + 1)
        words = b" ".join(document.body for document in documents)
        assert b"not ready, no client left" in words
        assert b"logged out, no client left" in words

"""Why a session goes to somebody or to nobody, and taking the next one oneself (SPEC 5.3)."""

import asyncio
from pathlib import Path

import pytest

from tests.http.house import API, House, Listener, basic, data
from tests.http.peers import Json
from tests.http.test_alarms import ready, refused, sign_in, text

PULL = {"operationName": "Pull"}


async def explained(house: House, id: str, query: str = "", user: str = "supervisor") -> Json:
    answer = await house.ask("GET", f"{API}/interactions/{id}/routing{query}", headers=basic(user))
    assert answer.json["statusCode"] == 0, answer.body
    return answer.json["routing"]


def waiting(house: House) -> list[str]:
    return [i.id for i in house.application.performer.live.all("interaction") if i.place == "waiting"]


def id_of(house: House, user: str) -> str:
    return house.application.performer.centre.user_names[user].id


def verdicts(found: Json) -> dict[str, str]:
    return {agent["userName"]: agent["words"] for agent in found["agents"]}


async def pulled(house: House, user: str = "agent1", **more: Json) -> Json:
    answer = await house.ask("POST", f"{API}/me", {**PULL, **more}, basic(user))
    await house.application.settle()
    return answer.json


# -- explain ---------------------------------------------------------------------------------------
async def test_why_nobody_gets_it() -> None:
    async with House() as house:
        await sign_in(house)
        await text(house)
        await house.pass_time(5000)
        (id,) = waiting(house)
        found = await explained(house, id, user="admin")
        assert verdicts(found)["agent1"] == "is not ready (Not Ready), for 5 s"
        assert verdicts(found)["agent2"] == "is not logged in on the channel"
        assert {k: found[k] for k in ("id", "place", "queue", "position", "open", "nextPhase")} == {
            "id": id,
            "place": "waiting",
            "queue": "Support",
            "position": 0,
            "open": True,
            "nextPhase": None,
        }
        assert found["phase"]["step"] == 1
        assert [step["words"] for step in found["trace"]] == ["came into Support"]


async def test_what_happened_so_far() -> None:
    async with House(vanished_not_ready_seconds=0, vanished_logout_seconds=0) as house:
        await sign_in(house)
        await ready(house)
        await text(house)
        await house.application.settle()
        (id,) = [i.id for i in house.application.performer.live.all("interaction") if i.place == "offered"]
        await house.operate(id, "Reject")
        await house.pass_time(20_000)
        found = await explained(house, id, user="admin")
        assert verdicts(found)["agent1"] == "rejected or missed it 20 s ago; is asked again in 40 s"
        assert [step["words"] for step in found["trace"]] == [
            "came into Support",
            "was offered to agent1",
            "agent1 rejected it",
        ]
        await house.pass_time(40_000)
        await house.pass_time(30_000)
        assert [s["words"] for s in (await explained(house, id, user="admin"))["trace"]][3:] == [
            "was offered to agent1",
            "agent1 did not answer in time",
        ]


async def test_who_may_ask_about_whom() -> None:
    async with House() as house:
        await text(house)
        (id,) = waiting(house)
        place = f"{API}/interactions/{id}/routing"
        assert await refused(house, "GET", place, "agent1") == 5
        assert await refused(house, "GET", f"{API}/interactions/nothing/routing", "agent1") == 6
        assert await refused(house, "GET", f"{place}?userId=nobody", "admin") == 6
        assert await refused(house, "GET", f"{place}?userId={id_of(house, 'admin')}", "supervisor") == 5
        assert (await house.ask("GET", place)).json["statusCode"] == 20
        found = await explained(house, id, f"?userId={id_of(house, 'supervisor')}", "admin")
        assert verdicts(found)["supervisor"].startswith("is not in the group ")
        mine = await explained(house, id, "?fields=agents,otherAgents")
        watched = house.application.performer.centre
        supervisor = watched.user_names["supervisor"]
        assert set(mine) == {"agents", "otherAgents"}
        assert all(watched.watches(supervisor, watched.user_names[n].id) for n in verdicts(mine))
        everybody = await explained(house, id, user="admin")
        assert len(mine["agents"]) + mine["otherAgents"] == len(everybody["agents"])


async def test_one_that_is_over_is_explained_after_a_restart(tmp_path: Path) -> None:
    async with House(tmp_path) as house:
        await sign_in(house)
        await text(house)
        id = (await pulled(house))["id"]
        await house.operate(id, "Complete")
        clock = house.clock
    async with House(tmp_path, clock=clock) as house:
        found = await explained(house, id, user="admin")
        assert found["place"] == "closed"
        assert [s["words"] for s in found["trace"]][-2:] == ["agent1 accepted it", "was closed"]


# -- pull ------------------------------------------------------------------------------------------
async def test_the_oldest_is_taken_and_accepted_in_one() -> None:
    """Without being ready; the notifications are those of an offer and of Accept."""
    async with House() as house:
        await sign_in(house)
        listener = await Listener(house).ready()
        await text(house, "+15550191")
        await house.pass_time(1000)
        await text(house, "+15550192")
        first, second = waiting(house)
        answer = await pulled(house)
        assert answer == {
            "statusCode": 0,
            "id": first,
            "uri": f"http://localhost:8080{API}/smssessions/{first}",
            "path": f"/smssessions/{first}",
        }
        told = data(await listener.connect())
        states = [m["smssession"]["state"] for m in told if m["notificationType"] == "StatusChange"]
        assert states == ["Invited", "Chatting"]
        assert waiting(house) == [second]
        shown = await house.ask("GET", f"{API}/me/smssessions/{first}", headers=basic())
        assert shown.json["smssession"]["state"] == "Chatting"


async def test_nobody_else_is_offered_what_was_pulled_and_no_ring_goes_on() -> None:
    async with House() as house:
        await sign_in(house)
        await text(house)
        id = (await pulled(house))["id"]
        await sign_in(house, "agent2")
        await ready(house, "agent2")
        await house.pass_time(120_000)
        desk = await house.ask("GET", f"{API}/me/smssessions", headers=basic("agent2"))
        assert desk.json["uris"] == []
        found = house.application.performer.live.peek("interaction", id)
        assert found is not None
        assert found.place == "assigned"


async def test_when_there_is_nothing_or_he_may_not() -> None:
    async with House(capacity=1) as house:
        assert (await pulled(house))["statusCode"] == 2  # not logged in
        await sign_in(house)
        answer = await pulled(house)
        assert (answer["statusCode"], answer["statusMessage"]) == (6, "nothing waits for you")
        await text(house)
        assert (await pulled(house, queue="Nowhere"))["statusCode"] == 6
        assert (await pulled(house, queue=5))["statusCode"] == 10
        assert (await pulled(house, queue=""))["statusCode"] == 10
        assert (await pulled(house, queue="a\0b"))["statusCode"] == 10
        await ready(house, name="DoNotDisturbOn")
        assert (await pulled(house))["statusCode"] == 2
        await ready(house, name="DoNotDisturbOff")
        assert (await pulled(house, queue="Support"))["statusCode"] == 0
        await text(house, "+15550192")
        answer = await pulled(house)
        assert answer["statusMessage"] == "there is no room on your desk: 1 of 1 sessions"


async def test_who_serves_no_queue_gets_nothing() -> None:
    async with House() as house:
        await text(house)
        await sign_in(house, "supervisor")
        answer = await pulled(house, "supervisor")
        assert (answer["statusCode"], answer["statusMessage"]) == (6, "nothing waits for you")


async def test_two_who_pull_at_the_same_time_get_two() -> None:
    async with House() as house:
        for user in ("agent1", "agent2"):
            await sign_in(house, user)
        await text(house, "+15550191")
        await text(house, "+15550192")
        both = set(waiting(house))
        asked = (house.ask("POST", f"{API}/me", PULL, basic(user)) for user in ("agent1", "agent2"))
        answers = await asyncio.gather(*asked)
        assert {answer.json["id"] for answer in answers} == both


@pytest.mark.parametrize("key", ["once"])
async def test_the_same_key_takes_one(key: str) -> None:
    async with House() as house:
        await sign_in(house)
        await text(house, "+15550191")
        await text(house, "+15550192")
        headers = basic() | {"Idempotency-Key": key}
        first = await house.ask("POST", f"{API}/me", PULL, headers)
        again = await house.ask("POST", f"{API}/me", PULL, headers)
        assert first.json == again.json
        assert len(waiting(house)) == 1

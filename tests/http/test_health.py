"""`/services` and its notifications (C§1.11): whether the store and the carriers can be used now."""

import asyncio

from tests.http.house import API, House, Listener, basic, data
from tests.http.peers import Json

TOPIC = "/notifications/services"
STORED = ["ON_PREMISE_ENVIRONMENT", "sessions", "content", "statistics"]


async def states(house: House, user: str = "agent1") -> dict[str, str]:
    answer = await house.ask("GET", f"{API}/services?fields=*", headers=basic(user))
    assert answer.json["statusCode"] == 0, answer.body
    return {service["id"]: service["state"] for service in answer.json["services"]}


async def test_everything_is_active_in_the_documented_shape() -> None:
    async with House() as house:
        for user in ("agent1", "supervisor", "admin"):
            assert await states(house, user) == dict.fromkeys([*STORED, "carrier-simulator"], "Active")
        answer = await house.ask("GET", f"{API}/services/ON_PREMISE_ENVIRONMENT", headers=basic())
        assert answer.json["service"] == {
            "id": "ON_PREMISE_ENVIRONMENT",
            "name": "Provisioning",
            "type": "Provisioning",
            "state": "Active",
            "uri": f"http://localhost:8080{API}/services/ON_PREMISE_ENVIRONMENT",
            "path": "/services/ON_PREMISE_ENVIRONMENT",
        }


async def test_without_fields_there_are_only_addresses_and_filters_hold() -> None:
    async with House() as house:
        answer = await house.ask("GET", f"{API}/services?type=Carrier", headers=basic())
        assert [uri.rpartition("/")[2] for uri in answer.json["uris"]] == ["carrier-simulator"]


async def test_an_unknown_service_and_nobody() -> None:
    async with House() as house:
        answer = await house.ask("GET", f"{API}/services/voice", headers=basic())
        assert (answer.status, answer.json["statusCode"]) == (404, 6)
        answer = await house.ask("GET", f"{API}/services")
        assert (answer.status, answer.json["statusCode"]) == (403, 20)


async def test_a_store_that_fails_makes_inactive_what_lives_in_it() -> None:
    async with House() as house:
        headers = await house.cookie()
        house.store.broken = True
        answer = await house.ask("GET", f"{API}/services?fields=id,state", headers=headers)
        found = {service["id"]: service["state"] for service in answer.json["services"]}
        assert found == {**dict.fromkeys(STORED, "Inactive"), "carrier-simulator": "Active"}
        house.store.broken = False
        assert set((await states(house)).values()) == {"Active"}


def told(messages: list[Json]) -> dict[str, str]:
    return {s["id"]: s["state"] for item in data(messages) for s in item["services"]}


async def test_a_change_is_told_to_everybody_who_listens_and_cannot_be_replayed() -> None:
    async with House() as house:
        await asyncio.sleep(0)  # the watch begins
        listeners = [await Listener(house, user).ready(TOPIC) for user in ("agent1", "admin")]
        silent = await Listener(house, "agent2").ready("/v2/me/smssessions")
        house.store.broken = True
        begin = {"operationName": "StartContactCenterSession", "channels": ["smssession"]}
        await house.ask("POST", f"{API}/me", begin, basic())
        house.store.broken = False
        for listener in listeners:
            messages = await listener.connect()
            assert told(messages) == dict.fromkeys(STORED, "Inactive")
            assert all("ext" not in message for message in messages)
            assert data(messages)[0]["messageType"] == "ServiceStateChangeMessage"
        assert await silent.connect() == []
        await house.put()
        assert told(await listeners[0].connect()) == dict.fromkeys(STORED, "Active")

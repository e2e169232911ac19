"""`/contacts`, whom a session can be handed to (C§6.1, A§1.1)."""

from typing import Any

import pytest

from tests.http.house import API, House, basic

CONTACTS = API + "/contacts"


async def found(house: House, query: str = "", user: str = "agent1") -> Any:
    answer = await house.ask("GET", f"{CONTACTS}?{query}", headers=basic(user))
    assert answer.status == 200, answer.body
    return answer.json


async def names(house: House, query: str) -> list[str]:
    body = await found(house, query)
    assert body["totalCount"] == len(body["contacts"])
    return [entry["name"] for entry in body["contacts"]]


async def test_full_entries_without_fields() -> None:
    """Unlike other collections (C§6.1)."""
    async with House() as house:
        body = await found(house)
        assert [c["name"] for c in body["contacts"]] == [
            *("admin", "agent1", "agent2", "agent3", "Billing", "supervisor", "Support"),
        ]
        agent, billing = body["contacts"][1], body["contacts"][4]
        assert list(agent) == [
            *("id", "name", "type", "phoneNumbers", "userName", "firstName", "lastName", "employeeId"),
            *("emailAddress", "businessUnits", "roles", "uri", "path"),
        ]
        assert agent["path"] == f"/contacts/{agent['id']}"
        assert agent["uri"].endswith(API + agent["path"])
        assert billing["phoneNumbers"] == [{"phoneNumber": "+15550101", "description": "", "switchName": ""}]
        assert (billing["type"], billing["phoneNumber"], billing["channel"]) == (
            "Queue",
            "+15550101",
            "smssession",
        )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("type=Queue", ["Billing", "Support"]),
        ("type=Custom", []),
        ("type=Nothing", []),
        ("name=agent1,Support,nobody", ["agent1", "Support"]),
        ("name=Agent1", []),
        ("phoneNumber=*", ["Billing", "Support"]),
        ("phoneNumber=1 555-0100", ["Support"]),
        ("phoneNumber=1555,%2B15550101", ["Billing"]),
        ("firstName=Ann&lastName=Demo", ["agent1"]),
        ("firstName=Ann&lastName=Other", []),
        ("filterName=NamesOrPhoneNumberMatches&filterParameters=ANN", ["agent1"]),
        ("filterName=NamesOrPhoneNumberMatches&filterParameters=ag*,be*", ["agent2"]),
        ("filterName=NamesOrPhoneNumberMatches&filterParameters=*555-0100", ["Support"]),
        ("filterName=NamesOrPhoneNumberMatches&filterParameters=an", []),
        ("filterName=NamesOrPhoneNumberMatches&filterParameters=-", []),
        ("filterName=NamesOrPhoneNumberMatches&type=Queue", ["Billing", "Support"]),
        ("channel=smssession", ["Billing", "Support"]),
        ("channel=voice", []),
    ],
)
async def test_searches(query: str, expected: list[str]) -> None:
    async with House() as house:
        assert await names(house, query.replace(" ", "%20")) == expected


async def test_a_page_of_it_and_its_order() -> None:
    async with House() as house:
        body = await found(
            house, "type=User&sortBy=firstName&order=Descending&offset=1&limit=2&fields=firstName"
        )
        assert body["contacts"] == [{"firstName": "Cleo"}, {"firstName": "Ben"}]
        assert body["totalCount"] == 5


async def test_availability_is_how_a_user_stands_now() -> None:
    """Only of users who are logged in: ready, not at rest, and with room on the desk."""
    async with House() as house:

        async def available() -> Any:
            (entry,) = (await found(house, "name=agent2"))["contacts"]
            return entry.get("availability", {}).get("channels", [{}])[0]

        async def operate(operation: str, where: str = "/channels/smssession") -> None:
            body = {"operationName": operation, "channels": ["smssession"]}
            answer = await house.ask("POST", f"{API}/me{where}", body, basic("agent2"))
            assert answer.json["statusCode"] == 0

        assert await available() == {}
        await operate("StartContactCenterSession", "")
        channel = await available()
        assert (channel["channel"], channel["available"], channel["userActivity"]) == (
            "smssession",
            False,
            "Idle",
        )
        assert channel["userState"]["state"] == "NotReady"
        await operate("Ready")
        assert (await available())["available"]
        assert await names(house, "channel=sms&type=User") == ["agent2"]
        await operate("DoNotDisturbOn")
        assert not (await available())["available"]
        await operate("DoNotDisturbOff")
        await house.put(actors={"agent2": "Ready"}, capacity={"agent2": 1}, state={"agent2": "Chatting"})
        channel = await available()
        assert (channel["available"], channel["userActivity"]) == (False, "Busy")


async def test_one_entry() -> None:
    async with House() as house:
        (agent,) = (await found(house, "name=agent1"))["contacts"]
        for query in ("", "?type=User", "?fields=*"):
            answer = await house.ask("GET", f"{CONTACTS}/{agent['id']}{query}", headers=basic())
            assert answer.json == {"statusCode": 0, "contact": agent}
        answer = await house.ask("GET", f"{CONTACTS}/{agent['id']}?fields=userName", headers=basic())
        assert answer.json["contact"] == {"userName": "agent1"}


async def test_mistakes() -> None:
    async with House() as house:
        (agent,) = (await found(house, "name=agent1"))["contacts"]
        for path, code in (
            (f"/{agent['id']}?type=Queue", 6),
            ("/0123", 6),
            ("?limit=x", 10),
            ("?filterName=Other", 10),
            ("?filterName=NamesOrPhoneNumberMatches&filterParameters=" + "a," * 51, 10),
        ):
            answer = await house.ask("GET", CONTACTS + path, headers=basic())
            assert answer.json["statusCode"] == code, path
        assert (await house.ask("GET", CONTACTS)).json["statusCode"] == 20
        assert (await house.ask("GET", CONTACTS + "/1")).json["statusCode"] == 20


async def test_whoever_may_not_log_in_is_nobody_to_hand_over_to() -> None:
    async with House() as house:
        body: dict[str, Any] = {
            "userName": "gone",
            "password": "long enough",
            "firstName": "G",
            "lastName": "G",
        }
        body |= {"roles": ["ROLE_AGENT"], "enabled": False}
        assert (await house.ask("POST", API + "/users", body, basic("admin"))).json["statusCode"] == 0
        assert await names(house, "name=gone") == []

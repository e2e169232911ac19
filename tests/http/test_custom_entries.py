"""Entries of one's own in the directory, and what they stand for (C§6.1, A§1.1)."""

from typing import Any

import pytest

from smsdesk.core.interaction import Interaction
from smsdesk.core.session import Session
from tests.http.house import API, House, basic

CONTACTS = API + "/contacts"
BAKER = {"name": "Baker", "phoneNumber": "+43 1 234", "description": "for the cake"}


async def make(house: House, **fields: Any) -> str:
    answer = await house.ask("POST", CONTACTS, fields, basic("admin"))
    assert answer.json["statusCode"] == 0, answer.body
    return str(answer.json["id"])


async def one(house: House, id: str) -> Any:
    answer = await house.ask("GET", f"{CONTACTS}/{id}", headers=basic())
    return answer.json.get("contact", answer.json["statusCode"])


async def test_an_entry_is_made_changed_and_deleted() -> None:
    async with House() as house:
        id = await make(house, **BAKER)
        entry = await one(house, id)
        number = {"phoneNumber": "+431234", "description": "for the cake", "switchName": ""}
        assert (entry["type"], entry["name"], entry["phoneNumber"]) == ("Custom", "Baker", "+431234")
        assert entry["phoneNumbers"] == [number]
        assert "channel" not in entry
        for change, numbers in (
            ({"phoneNumber": "+43 1 235"}, ["+431235"]),
            ({"phoneNumbers": [number, "+436"]}, ["+431234", "+436"]),
            ({"description": "", "name": "Baker"}, ["+431234", "+436"]),
        ):
            answer = await house.ask("PUT", f"{CONTACTS}/{id}", change, basic("admin"))
            assert answer.json == {"statusCode": 0}
            assert [n["phoneNumber"] for n in (await one(house, id))["phoneNumbers"]] == numbers
        query = "?filterName=NamesOrPhoneNumberMatches&filterParameters=bak*,*1234"
        answer = await house.ask("GET", CONTACTS + query, headers=basic())
        assert [c["id"] for c in answer.json["contacts"]] == [id]
        answer = await house.ask("DELETE", f"{CONTACTS}/{id}", headers=basic("admin"))
        assert answer.json == {"statusCode": 0}
        assert await one(house, id) == 6


async def test_it_is_provisioned_like_everything_else() -> None:
    async with House() as house:
        await make(house, **BAKER)
        answer = await house.ask("GET", API + "/provisioning", headers=basic("admin"))
        entries = answer.json["provisioning"]["directory-entries"]
        assert entries == [{"name": "Baker", "phoneNumbers": ["+431234"], "description": "for the cake"}]
        body = {"directory-entries": entries}
        answer = await house.ask("POST", API + "/provisioning", body, basic("admin"))
        assert answer.json["steps"] == []


@pytest.mark.parametrize(
    ("body", "user", "code"),
    [
        (BAKER, "agent1", 5),
        (BAKER, "supervisor", 5),
        (BAKER | {"type": "User"}, "admin", 3),
        ({"name": "Baker"}, "admin", 1),
        ({"phoneNumber": "+1"}, "admin", 1),
        ({"name": "", "phoneNumber": "+1"}, "admin", 10),
        ({"name": "x" * 256, "phoneNumber": "+1"}, "admin", 10),
        ({"name": "x\0", "phoneNumber": "+1"}, "admin", 10),
        ({"name": "x", "phoneNumber": " "}, "admin", 10),
        ({"name": "x", "phoneNumber": 1}, "admin", 10),
        ({"name": "x", "phoneNumbers": ["1"] * 21}, "admin", 10),
        ({"name": "x", "phoneNumbers": [{}]}, "admin", 1),
        ([], "admin", 10),
    ],
)
async def test_what_cannot_be_made(body: Any, user: str, code: int) -> None:
    async with House() as house:
        answer = await house.ask("POST", CONTACTS, body, basic(user))
        assert answer.json["statusCode"] == code, answer.body


async def test_mistakes_in_changing() -> None:
    async with House() as house:
        id = await make(house, **BAKER)
        agent = next(iter(house.application.performer.centre.users))
        for method, place, body, user, code in (
            ("POST", "", BAKER, "admin", 18),
            ("PUT", f"/{id}", {"name": "Butcher"}, "admin", 3),
            ("PUT", f"/{id}", {"phoneNumbers": []}, "admin", 1),
            ("PUT", f"/{id}", {"description": 1}, "agent1", 10),
            ("PUT", f"/{id}", {"description": ""}, "agent1", 5),
            ("PUT", f"/{agent}", {"description": ""}, "admin", 3),
            ("DELETE", f"/{agent}", b"", "admin", 3),
            ("DELETE", f"/{agent}", b"", "agent1", 5),
            ("DELETE", f"/{id}", b"", "agent1", 5),
            ("PUT", "/0123", {"description": ""}, "admin", 6),
            ("DELETE", "/0123", b"", "agent1", 6),
        ):
            answer = await house.ask(method, CONTACTS + place, body, basic(user))
            assert answer.json["statusCode"] == code, (method, place, answer.body)


@pytest.mark.parametrize("operation", ["Consult", "Invite", "Transfer"])
@pytest.mark.parametrize("spelling", ["targetUri", "targetPath", "userUri"])
async def test_a_number_of_ours_stands_for_its_queue(operation: str, spelling: str) -> None:
    async with House() as house:
        billing = await make(house, name="Invoices", phoneNumbers=["+431", "+15550101"])
        assert (await one(house, billing))["channel"] == "smssession"
        session = await house.put()
        path = f"/contacts/{billing}"
        place = house.application.resources.base + path if spelling != "targetPath" else path
        await house.operate(session, operation, **{spelling: place})
        if operation == "Transfer":
            interaction = await house.application.performer.read("interaction", session)
            assert isinstance(interaction, Interaction)
            assert interaction.queue == "Billing"
        else:
            talk = await house.application.performer.read("session", session)
            assert isinstance(talk, Session)
            assert talk.pending is not None
            assert (talk.pending.operation, talk.pending.queue) == (operation, "Billing")


@pytest.mark.parametrize("operation", ["Consult", "Invite", "Transfer"])
async def test_any_other_cannot_take_a_session(operation: str) -> None:
    async with House() as house:
        session = await house.put()
        target = f"/contacts/{await make(house, **BAKER)}"
        body = {"operationName": operation, "targetPath": target}
        answer = await house.ask("POST", f"{API}/me/smssessions/{session}", body, basic())
        assert answer.json["statusCode"] == 10
        assert answer.json["statusMessage"].startswith("Baker cannot take an SMS session")

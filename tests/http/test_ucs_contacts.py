"""Customers over REST: identifying them (A§1.2, A§1.9), making and changing them [ext] (SPEC 5.4)."""

from typing import Any

import pytest

from tests.http.house import API, SMS, House, Listener, basic, data

IDENTIFY, CONTACTS = API + "/contacts/ucs", API + "/ucs/contacts"
UCS = "/v2/ucs/interactions"
MARIA = {"firstName": "Maria", "lastName": "Rossi", "phoneNumber": "+1 555 0177"}


async def make(house: House, **fields: Any) -> str:
    answer = await house.ask("POST", CONTACTS, fields or MARIA, basic())
    assert answer.json["statusCode"] == 0, answer.body
    return str(answer.json["id"])


async def read(house: House, id: str) -> Any:
    answer = await house.ask("GET", f"{CONTACTS}/{id}", headers=basic())
    assert answer.json["statusCode"] == 0, answer.body
    return answer.json["contact"]


async def text(house: House, sender: str) -> None:
    body = {"from": sender, "to": "+15550100", "text": "hello"}
    assert (await house.ask("POST", "/simulator/messages", body)).status == 202
    await house.application.settle()


async def identify(house: House, **fields: Any) -> dict[str, Any]:
    """What is notified about who it is."""
    listener = await Listener(house).ready(UCS)
    body = {"operationName": "IdentifyUCSContact", **fields}
    answer = await house.ask("POST", IDENTIFY, body, basic())
    assert answer.status == 200, answer.body
    assert list(answer.json) == ["statusCode", "referenceId"]
    await house.application.settle()
    (told,) = data(await listener.connect())
    assert told["referenceId"] == answer.json["referenceId"]
    assert told["messageType"] == "IdentifyUCSContactMessage"
    return {name: value for name, value in told.items() if name in ("contactId", "errorMessage")}


# -- IdentifyUCSContact ------------------------------------------------------------------------------
async def test_a_known_customer_is_identified() -> None:
    async with House() as house:
        id = await make(house, **MARIA, emailAddress="Maria@Example.com")
        for known in (
            {"phoneNumber": "0015550177"},
            {"emailAddress": "maria@example.COM"},
            {"phoneNumber": "+15550177", "emailAddress": "other@example.com", "lastName": "Bianchi"},
            {"userData": {"PhoneNumber": "+15550177"}},
        ):
            assert await identify(house, **known) == {"contactId": id}, known


async def test_an_unknown_one_is_created_only_if_that_is_asked_for() -> None:
    async with House() as house:
        unknown = {"phoneNumber": "+1 555 0188", "lastName": "Verdi"}
        nobody = {"errorMessage": "UCS request failed: no contact matches"}
        assert await identify(house, **unknown) == nobody
        assert await identify(house, **unknown, createContactEnabled="false") == nobody
        more = {"FirstName": "Gino", "Segment": "gold", "Visits": 3, "Empty": ""}
        made = await identify(house, **unknown, createContactEnabled="true", userData=more)
        assert await identify(house, **unknown) == made
        contact = await read(house, made["contactId"])
        assert (contact["firstName"], contact["lastName"]) == ("Gino", "Verdi")
        assert (contact["phoneNumber"], contact["attributes"]) == (
            "+15550188",
            {"Segment": "gold", "Visits": "3"},
        )


async def test_the_medium_says_what_decides() -> None:
    """The strongest attribute decides: the address, in SMS the number (A§1.9)."""
    async with House() as house:
        by_number = await make(house)
        by_address = await make(house, emailAddress="shared@example.com")
        both = {"phoneNumber": "+15550177", "emailAddress": "shared@example.com"}
        assert await identify(house, **both, mediaType="smssession") == {"contactId": by_number}
        assert await identify(house, **both, mediaType="email") == {"contactId": by_address}
        assert await identify(house, **both) == {"contactId": by_address}


async def test_weaker_attributes_tell_apart() -> None:
    async with House() as house:
        ann = await make(house, firstName="Ann", lastName="Lee", emailAddress="lee@example.com")
        await make(house, firstName="Bob", lastName="Lee", emailAddress="lee@example.com")
        cleo = await make(house, firstName="Cleo", emailAddress="lee@example.com", phoneNumber="+15550199")
        shared = {"emailAddress": "lee@example.com"}
        assert await identify(house, **shared, firstName="ann") == {"contactId": ann}
        assert await identify(house, **shared, phoneNumber="+15550199") == {"contactId": cleo}
        several = {"errorMessage": "UCS request failed: 3 contacts match"}
        assert await identify(house, **shared, createContactEnabled="true") == several


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 1),
        ({"operationName": "IdentifyUCSContact"}, 1),
        ({"operationName": "IdentifyUCSContact", "firstName": "Ann", "mediaType": "sms"}, 1),
        ({"operationName": "Other", "lastName": "Lee"}, 10),
        ({"operationName": "IdentifyUCSContact", "lastName": 7}, 10),
        ({"operationName": "IdentifyUCSContact", "lastName": "Lee", "createContactEnabled": "yes"}, 10),
        ({"operationName": "IdentifyUCSContact", "lastName": "x" * 256}, 10),
        ({"operationName": "IdentifyUCSContact", "phoneNumber": "1\0"}, 10),
        ({"operationName": "IdentifyUCSContact", "phoneNumber": " "}, 10),
        ({"operationName": "IdentifyUCSContact", "lastName": "Lee", "userData": {"a": [1]}}, 10),
        ({"operationName": "IdentifyUCSContact", "lastName": "Lee", "userData": {"a": "\0"}}, 10),
        ([], 10),
    ],
)
async def test_what_cannot_be_asked(body: Any, code: int) -> None:
    async with House() as house:
        answer = await house.ask("POST", IDENTIFY, body, basic())
        assert answer.json["statusCode"] == code, answer.body


# -- making, reading, changing -----------------------------------------------------------------------
async def test_a_contact_is_made_and_read() -> None:
    async with House() as house:
        answer = await house.ask("POST", CONTACTS, MARIA | {"attributes": {"segment": "gold"}}, basic())
        id = answer.json["id"]
        assert answer.json["path"] == f"/ucs/contacts/{id}"
        contact = await read(house, id)
        assert (contact["phoneNumber"], contact["phoneNumbers"]) == ("+15550177", ["+15550177"])
        assert contact["attributes"] == {"segment": "gold"}
        assert contact["uri"].endswith(API + contact["path"])
        answer = await house.ask("GET", f"{CONTACTS}/{id}?fields=lastName", headers=basic())
        assert answer.json == {"statusCode": 0, "contact": {"lastName": "Rossi"}}


async def test_what_is_left_out_stays() -> None:
    async with House() as house:
        id = await make(house, **MARIA, title="Dr")
        answer = await house.ask("PUT", f"{CONTACTS}/{id}", {"lastName": "Bianchi", "title": ""}, basic())
        contact = answer.json["contact"]
        assert (contact["firstName"], contact["lastName"], contact["title"]) == ("Maria", "Bianchi", "")
        assert contact == await read(house, id)
        assert "modifiedDate" in contact


async def test_a_text_from_any_number_finds_the_contact_under_its_new_name() -> None:
    async with House() as house:
        id = await make(house, **MARIA, phoneNumbers=["+15550178"])
        body = {"firstName": "Mia", "phoneNumbers": ["+15550177", "+15550179"]}
        assert (await house.ask("PUT", f"{CONTACTS}/{id}", body, basic())).json["statusCode"] == 0
        await house.put(actors={"agent1": "Ready"})
        for number in ("+15550177", "+15550179"):
            await text(house, number)
        answer = await house.ask("GET", f"{API}/me/smssessions?fields=*", headers=basic())
        shown = [(s["contactId"], s["participants"][0]["nickname"]) for s in answer.json["smssessions"]]
        assert shown == [(id, "Mia Rossi")] * 2
        assert answer.json["smssessions"][0]["userData"]["FirstName"] == "Mia"
        await text(house, "+15550178")  # it is his no longer
        answer = await house.ask("GET", f"{API}/me/smssessions?fields=*", headers=basic())
        assert answer.json["smssessions"][2]["contactId"] != id


async def test_a_number_belongs_to_one_contact() -> None:
    async with House() as house:
        first = await make(house, **MARIA, phoneNumbers=["+15550177", "+15550178"])
        second = await make(house, firstName="Gino", phoneNumber="+15550188")
        for number in ("+15550177", "+1 555 0178"):
            answer = await house.ask("POST", CONTACTS, {"phoneNumber": number}, basic())
            assert answer.json["statusCode"] == 18
            assert first in answer.json["statusMessage"]
            answer = await house.ask("PUT", f"{CONTACTS}/{second}", {"phoneNumbers": [number]}, basic())
            assert answer.json["statusCode"] == 18
        moved = {"phoneNumber": "+15550178"}  # from the second place to the first
        answer = await house.ask("PUT", f"{CONTACTS}/{first}", moved, basic())
        assert answer.json["contact"]["phoneNumbers"] == ["+15550178"]
        assert await make(house, phoneNumber="+15550177")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", 10),
        (b"[]", 10),
        ({}, 1),
        ({"title": "Dr"}, 1),
        ({"firstName": 7}, 10),
        ({"firstName": "x" * 256}, 10),
        ({"firstName": "\0"}, 10),
        ({"phoneNumber": ""}, 10),
        ({"phoneNumber": "  "}, 10),
        ({"phoneNumber": "1" * 65}, 10),
        ({"phoneNumbers": ["+1"] * 51}, 10),
        ({"phoneNumbers": ["+1", None]}, 10),
        ({"lastName": "x", "attributes": {"": "x"}}, 10),
        ({"lastName": "x", "attributes": {"x": 1}}, 10),
        ({"lastName": "x", "attributes": {str(n): "" for n in range(101)}}, 10),
        ({"lastName": "x", "attributes": {str(n): "x" * 4096 for n in range(5)}}, 10),
        ({"lastName": "x", "notes": "x" * 10_001}, 10),
    ],
)
async def test_what_no_contact_can_be(body: Any, code: int) -> None:
    async with House() as house:
        answer = await house.ask("POST", CONTACTS, body, basic())
        assert answer.json["statusCode"] == code, answer.body


async def test_what_is_not_there() -> None:
    async with House() as house:
        for method, body, code in (
            ("GET", b"", 6),
            ("PUT", MARIA, 6),
            ("PUT", {"firstName": 7}, 6),
            ("PUT", b"{", 10),
        ):
            answer = await house.ask(method, CONTACTS + "/0123456789abcdef", body, basic())
            assert answer.json["statusCode"] == code
        id = await make(house)
        nobody = {"firstName": "", "lastName": "", "phoneNumbers": []}
        assert (await house.ask("PUT", f"{CONTACTS}/{id}", nobody, basic())).json["statusCode"] == 1
        assert (await house.ask("PUT", f"{CONTACTS}/{id}", {"title": 1}, basic())).json["statusCode"] == 10
        assert (await house.ask("GET", f"{CONTACTS}/{id}")).json["statusCode"] == 20


# -- what a session does about its customer ----------------------------------------------------------
@pytest.mark.parametrize(("what", "known", "unknown"), [(1, False, False), (2, True, False), (3, True, True)])
async def test_identify_create_contact(what: int, known: bool, unknown: bool) -> None:
    """1 nobody is looked for, 2 a known contact is found, 3 an unknown one created (A§2.2)."""
    async with House(identify_create_contact=what) as house:
        await make(house)
        await house.put(actors={"agent1": "Ready"})
        listener = await Listener(house).ready(SMS)
        await text(house, "+15550177")
        await text(house, "+15550188")
        offers = [m["smssession"] for m in data(await listener.connect()) if "smssession" in m]
        assert [("contactId" in s) for s in offers] == [known, unknown]
        assert [("ContactId" in s["userData"]) for s in offers] == [known, unknown]
        assert {s["userData"]["IdentifyCreateContact"] for s in offers} == {str(what)}
        nicknames = [s["participants"][0]["nickname"] for s in offers]
        assert nicknames == ["Maria Rossi" if known else "+15550177", "+15550188"]
        for session in offers:  # and a whole life without a contact
            await house.operate(session["id"], "Accept", saveLAR=True)
            await house.operate(session["id"], "SendMessage", text="hi")
            await house.operate(session["id"], "Complete", saveLAR=True)


async def test_numbers_of_a_country() -> None:
    async with House(default_region="AT") as austria:
        id = await make(austria, firstName="Eva", phoneNumber="0664 1234567")
        await austria.put(actors={"agent1": "Ready"})
        await text(austria, "436641234567")
        answer = await austria.ask("GET", f"{API}/me/smssessions?fields=*", headers=basic())
        (session,) = answer.json["smssessions"]
        assert (session["contactId"], session["customerNumber"]) == (id, "+436641234567")

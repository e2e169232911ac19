"""Finding, merging and erasing customers, and taking over tables of them [ext] (SPEC 5.4, 6.5)."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.http.house import API, SMS, House, Listener, basic, data

CONTACTS = API + "/ucs/contacts"
TABLE = {"Content-Type": "text/csv"}


async def make(house: House, **fields: Any) -> str:
    answer = await house.ask("POST", CONTACTS, fields, basic())
    assert answer.json["statusCode"] == 0, answer.body
    return str(answer.json["id"])


async def listed(house: House, **query: str) -> list[str]:
    """First names of the contacts that are found."""
    answer = await house.ask("GET", f"{CONTACTS}?{urlencode({'fields': '*'} | query)}", headers=basic())
    assert answer.json["statusCode"] == 0, answer.body
    return [contact["firstName"] for contact in answer.json["contacts"]]


async def text(house: House, sender: str, words: str = "hello") -> None:
    body = {"from": sender, "to": "+15550100", "text": words}
    assert (await house.ask("POST", "/simulator/messages", body)).status == 202
    await house.application.settle()


async def talk(house: House, sender: str, words: str = "hello", user: str = "agent1") -> str:
    """A session that is answered and completed."""
    await house.put(actors={user: "Ready"})
    await text(house, sender, words)
    answer = await house.ask("GET", f"{API}/me/smssessions?fields=*", headers=basic(user))
    id = str(answer.json["smssessions"][-1]["id"])
    await house.operate(id, "Accept", user)
    await house.operate(id, "SendMessage", user, text="hi")
    await house.operate(id, "Complete", user, disposition="resolved")
    return id


async def merge(house: House, kept: str, gone: str, user: str = "supervisor") -> Any:
    body = {"operationName": "Merge", "contactId": gone}
    answer = await house.ask("POST", f"{CONTACTS}/{kept}", body, basic(user))
    return answer.json


async def erase(house: House, id: str, user: str = "supervisor") -> int:
    answer = await house.ask("DELETE", f"{CONTACTS}/{id}", headers=basic(user))
    return int(answer.json["statusCode"])


async def history(house: House, contact: str) -> list[str]:
    answer = await house.ask("GET", f"{CONTACTS}/{contact}/interactions", headers=basic())
    assert answer.json["statusCode"] == 0, answer.body
    return [interaction["id"] for interaction in answer.json["interactions"]]


# -- finding -----------------------------------------------------------------------------------------
async def test_contacts_are_found_by_words_and_fields() -> None:
    async with House() as house:
        for first, last, number in (("Ann", "Lee", "+15550121"), ("Bob", "Lee", "+15550122")):
            await make(house, firstName=first, lastName=last, phoneNumber=number)
            house.clock.jump(1000)
        await make(house, firstName="Eva", emailAddress="eva@example.com", language="de")
        assert await listed(house) == ["Eva", "Bob", "Ann"]
        assert await listed(house, text="LEE") == ["Bob", "Ann"]
        assert await listed(house, text="lee an*") == ["Ann"]
        assert await listed(house, text="1555012*") == ["Bob", "Ann"]
        assert await listed(house, text="nobody") == []
        assert await listed(house, lastName="Lee", firstName="Bob") == ["Bob"]
        assert await listed(house, lastName="lee") == []  # equal is equal
        assert await listed(house, phoneNumber="+1 (555) 0122") == ["Bob"]
        assert await listed(house, emailAddress="EVA@example.com", language="de") == ["Eva"]
        assert await listed(house, emailAddress="eva@example.com", language="fr") == []
        assert await listed(house, limit="1", offset="1") == ["Bob"]
        answer = await house.ask("GET", f"{CONTACTS}?limit=2", headers=basic())
        assert (len(answer.json["uris"]), answer.json["more"]) == (2, True)


async def test_a_new_name_is_found_and_the_old_one_is_not() -> None:
    async with House() as house:
        id = await make(house, firstName="Ann", lastName="Lee")
        await house.ask("PUT", f"{CONTACTS}/{id}", {"lastName": "Ray"}, basic())
        assert await listed(house, text="lee") == []
        assert await listed(house, text="ray") == ["Ann"]


@pytest.mark.parametrize(
    "query", ["limit=x", "offset=10001", "text=", "text=" + "a+" * 21, "text=a&phoneNumber=%2B1"]
)
async def test_what_cannot_be_looked_for(query: str) -> None:
    async with House() as house:
        answer = await house.ask("GET", f"{CONTACTS}?{query}", headers=basic())
        assert answer.json["statusCode"] == 10, answer.body


async def test_a_customer_is_identified_by_names_alone() -> None:
    async with House() as house:
        id = await make(house, firstName="Ann", lastName="Lee")
        await make(house, firstName="Bob", lastName="Lee")
        listener = await Listener(house).ready("/v2/ucs/interactions")
        for more in ({"firstName": "ann"}, {}):
            body = {"operationName": "IdentifyUCSContact", "lastName": "lee", **more}
            await house.ask("POST", API + "/contacts/ucs", body, basic())
        await house.application.settle()
        first, second = data(await listener.connect())
        assert first["contactId"] == id
        assert second["errorMessage"] == "UCS request failed: 2 contacts match"


# -- merging -----------------------------------------------------------------------------------------
async def test_numbers_and_history_go_over() -> None:
    async with House() as house:
        kept = await make(house, firstName="Ann", phoneNumber="+15550121", attributes={"a": "1"})
        gone = await make(
            house,
            lastName="Lee",
            phoneNumber="+15550122",
            emailAddress="ann@example.com",
            attributes={"a": "2", "b": "3"},
        )
        mine, other = await talk(house, "+15550121"), await talk(house, "+15550122")
        answer = await merge(house, kept, gone)
        contact = answer["contact"]
        assert contact["phoneNumbers"] == ["+15550121", "+15550122"]
        assert (contact["firstName"], contact["lastName"]) == ("Ann", "")  # a name stays whole
        assert contact["emailAddress"] == "ann@example.com"
        assert contact["attributes"] == {"a": "1", "b": "3"}
        assert contact["mergedIds"] == [gone]
        assert set(await history(house, kept)) == {mine, other} == set(await history(house, gone))
        answer = await house.ask("GET", f"{CONTACTS}/{gone}", headers=basic())
        assert answer.json["contact"]["id"] == kept
        assert await listed(house, text="lee") == []
        third = await talk(house, "+15550122")
        assert third in await history(house, kept)
        assert (await merge(house, kept, gone))["statusCode"] == 0  # again is the same


async def test_who_sees_a_session_is_told_of_its_new_contact() -> None:
    """What was held and what is heard is what a GET shows (SPEC 4.5)."""
    async with House() as house:
        kept = await make(house, firstName="Ann", phoneNumber="+15550121")
        gone = await make(house, phoneNumber="+15550122")
        await house.put(actors={"agent1": "Ready"})
        await text(house, "+15550122")
        listener = await Listener(house).ready(SMS)
        assert (await merge(house, kept, gone))["statusCode"] == 0
        await house.application.settle()
        (told,) = data(await listener.connect())
        assert (told["notificationType"], told["smssession"]["contactId"]) == ("PropertiesUpdated", kept)
        answer = await house.ask("GET", f"{API}/me/smssessions?fields=*", headers=basic())
        assert answer.json["smssessions"] == [told["smssession"]]


async def test_a_chain_of_merges_leads_to_the_last() -> None:
    async with House() as house:
        one, two, three = [await make(house, phoneNumber=f"+1555012{n}") for n in range(3)]
        assert (await merge(house, two, one))["statusCode"] == 0
        assert (await merge(house, three, two))["statusCode"] == 0
        for id in (one, two, three):
            answer = await house.ask("GET", f"{CONTACTS}/{id}", headers=basic())
            assert answer.json["contact"]["id"] == three
        answer = await house.ask("POST", CONTACTS, {"phoneNumber": "+15550120"}, basic())
        assert answer.json["statusCode"] == 18


async def test_what_cannot_be_merged() -> None:
    async with House() as house:
        kept, gone = await make(house, firstName="Ann"), await make(house, firstName="Bob")
        place = f"{CONTACTS}/{kept}"
        for body, user, code in (
            ({"operationName": "Merge", "contactId": gone}, "agent1", 5),
            ({"operationName": "Merge", "contactId": kept}, "admin", 10),
            ({"operationName": "Merge", "contactId": "unknown"}, "admin", 6),
            ({"operationName": "Merge"}, "admin", 1),
            ({"operationName": "Merge", "contactId": ""}, "admin", 1),
            ({"operationName": "Split"}, "admin", 10),
            ([], "admin", 10),
        ):
            answer = await house.ask("POST", place, body, basic(user))
            assert answer.json["statusCode"] == code, answer.body
        answer = await house.ask("POST", CONTACTS + "/0123", {"operationName": "Merge"}, basic())
        assert answer.json["statusCode"] == 6


# -- erasing -----------------------------------------------------------------------------------------
async def test_everything_goes_but_the_opting_out() -> None:
    async with House() as house:
        id = await make(house, firstName="Ann", phoneNumber="+15550121", phoneNumbers=["+15550122"])
        session = await talk(house, "+15550121", "a secret word")
        other = await talk(house, "+15550133", "a secret word")
        await text(house, "+15550121", "STOP")
        assert await erase(house, id) == 0
        store = house.application.store
        assert await store.entries(session, 1, 0) == []
        for kind, gone in (
            *(("session", session), ("interaction", session), ("contact", id), ("alias", "+15550122")),
            ("outgoing", f"{session}:5"),
        ):
            assert await store.get(kind, [gone]) == {}, kind
        assert [hit.id for hit in await store.find_words("transcript", ["secret"], 10)] == [other]
        assert await store.find_words("contact", ["ann"], 10) == []
        assert await listed(house, firstName="Ann") == []
        assert (await house.ask("GET", f"{CONTACTS}/{id}", headers=basic())).json["statusCode"] == 6
        answer = await house.ask("GET", f"{API}/ucs/interactions/{session}", headers=basic())
        assert answer.json["statusCode"] == 6
        assert len(await store.entries(other, 1, 0)) > 0
        assert await erase(house, id) == 6
        # whoever comes again is somebody new, and still opted out
        again = await make(house, phoneNumber="+15550122")
        assert again != id
        consent = await store.get("consent", ["+15550100 +15550121"])
        assert b'"blocked":true' in consent["+15550100 +15550121"].body
        answer = await house.ask("GET", API + "/audit", headers=basic("admin"))
        line = next(line for line in answer.json["audit"] if line["action"] == "contact erased")
        assert line["subject"] == id
        assert "Ann" not in str(line)
        assert "1555" not in str(line)


async def test_a_merged_contact_is_erased_with_all_that_it_became() -> None:
    async with House() as house:
        kept = await make(house, firstName="Ann", phoneNumber="+15550121")
        gone = await make(house, phoneNumber="+15550122")
        sessions = [await talk(house, "+15550121"), await talk(house, "+15550122")]
        await merge(house, kept, gone)
        assert await erase(house, gone, "admin") == 0
        assert await house.application.store.get("session", sessions) == {}
        assert await make(house, phoneNumber="+15550122")


async def test_nobody_is_erased_in_the_middle_of_a_talk() -> None:
    async with House() as house:
        id = await make(house, firstName="Ann", phoneNumber="+15550121")
        over = await talk(house, "+15550121")
        await house.put(actors={"agent1": "Ready"})
        await text(house, "+15550121")
        assert await erase(house, id) == 19
        assert set(await house.application.store.get("session", [over])) == {over}
        answer = await house.ask("GET", f"{API}/me/smssessions?fields=*", headers=basic())
        session = answer.json["smssessions"][0]["id"]
        await house.operate(session, "Accept")
        assert await erase(house, id) == 19
        await house.operate(session, "Leave")
        assert await erase(house, id) == 19  # wrap-up is work too
        await house.operate(session, "Complete", disposition="resolved")
        assert await erase(house, id) == 0


async def test_an_agent_may_not_erase() -> None:
    async with House() as house:
        id = await make(house, firstName="Ann")
        assert await erase(house, id, "agent1") == 5
        assert await erase(house, "0123", "agent1") == 6
        assert await listed(house) == ["Ann"]


async def test_a_session_that_was_given_to_somebody_else_stays() -> None:
    """SetCallContact (A§1.4): a list only grows, the session says whose it is."""
    async with House() as house:
        id, other = await make(house, phoneNumber="+15550121"), await make(house, firstName="Bob")
        session = await talk(house, "+15550121")
        body = {"operationName": "SetCallContact", "contactPath": f"/contacts/{other}"}
        answer = await house.ask("POST", f"{API}/ucs/interactions/{session}", body, basic("supervisor"))
        assert answer.json["statusCode"] == 0, answer.body
        assert await erase(house, id) == 0
        assert await history(house, other) == [session]


# -- tables ------------------------------------------------------------------------------------------
async def bring(house: House, table: str, query: str = "", user: str = "admin") -> Any:
    answer = await house.ask("POST", f"{CONTACTS}/import{query}", table.encode(), basic(user) | TABLE)
    return answer.json


LIST = """\
firstName,lastName,phoneNumber,emailAddress,attribute.segment
Ann,Lee,+1 555 0121,ann@example.com,gold
Bob,Ray,+15550122,,
Cleo,Kim,+15550122,,
Dora,Poe,+15550123,,
Eva,Lin,+15550124,,
Fay,Orr,+15550125,fay@example.com,
Gus,,,,
,,+15550126,,
,,,,
"""


async def test_a_table_is_tried_first_and_then_taken_over() -> None:
    async with House() as house:
        await make(house, firstName="Eve", lastName="Lin", phoneNumber="+15550124")
        await make(house, firstName="Fay", lastName="Orr", phoneNumber="+15550125")
        await make(house, firstName="Dora", lastName="Poe", phoneNumber="+15550123")
        tried = await bring(house, LIST)
        assert tried["dryRun"] is True
        assert (tried["new"], tried["completed"], tried["equal"]) == (4, 1, 1)
        assert [c["line"] for c in tried["collisions"]] == [4, 6]
        assert tried["collisions"][0]["message"] == "+15550122 is in line 3 already"
        assert tried["collisions"][1]["message"].startswith("+15550124 belongs to Eve Lin (")
        assert (tried["errors"], tried["leftOut"]) == ([], 2)
        assert len(await listed(house)) == 3
        assert await bring(house, LIST, "?dryRun=false") == tried | {"dryRun": False}
        assert len(await listed(house)) == 7
        assert await listed(house, emailAddress="fay@example.com") == ["Fay"]
        answer = await house.ask("GET", f"{CONTACTS}?fields=*&phoneNumber=%2B15550121", headers=basic())
        assert answer.json["contacts"][0]["attributes"] == {"segment": "gold"}
        again = await bring(house, LIST, "?dryRun=false")
        assert (again["new"], again["completed"], again["equal"]) == (1, 0, 5)  # Gus cannot be told apart


async def test_a_semicolon_and_other_spellings_of_columns_will_do() -> None:
    table = '\ufeffPhone Number;first_name\r\n0664/1234567;"An; na"\r\n'
    async with House(default_region="AT") as house:
        assert (await bring(house, table, "?dryRun=false"))["new"] == 1
        assert await listed(house, phoneNumber="+436641234567") == ["An; na"]


async def test_addresses_tell_who_is_there_where_numbers_do_not() -> None:
    async with House() as house:
        await make(house, firstName="Ann", emailAddress="ann@example.com")
        told = await bring(house, "firstName,emailAddress\nAnn,ANN@example.com\nBob,bob@example.com\n")
        assert (told["new"], told["equal"], told["collisions"]) == (1, 1, [])


async def test_mistakes_are_told_by_line() -> None:
    async with House() as house:
        table = "firstName,phoneNumber\nAnn\nBob,+15550122\n" + "x" * 256 + ',+15550123\n"C\nleo","  "\n'
        told = await bring(house, table, "?dryRun=false")
        assert (told["new"], [e["line"] for e in told["errors"]]) == (2, [2, 4])
        assert told["errors"][0]["message"] == "has 1 cells; the heading has 2"
        assert told["errors"][1]["message"].startswith("firstName has 256 characters")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "no heading"),
        ("\n\n", "no heading"),
        ("fristName,phoneNumber\n", "'fristName' is no column; perhaps firstName"),
        ("shoe size\n", "is no column"),
        ("firstName,first name\n", "there twice"),
        ('firstName\n"Ann\n', "is no CSV"),
        ("firstName\n" + "Ann\n" * 5001, "more than 5000 rows"),
    ],
)
async def test_what_is_no_table(table: str, words: str) -> None:
    async with House() as house:
        told = await bring(house, table)
        assert told["statusCode"] == 10
        assert words in told["statusMessage"]


async def test_who_may_take_over_and_how_much() -> None:
    async with House() as house:
        table = "firstName\nAnn\n"
        assert (await bring(house, table, user="supervisor"))["statusCode"] == 5
        assert (await bring(house, table, "?dryRun=perhaps"))["statusCode"] == 10
        answer = await house.ask("POST", CONTACTS + "/import", b"\xff", basic("admin"))
        assert answer.json["statusCode"] == 10
        big = b"firstName\n" + b"x" * (4 << 20)
        answer = await house.ask("POST", CONTACTS + "/import", big, basic("admin"))
        assert (answer.status, answer.json["statusCode"]) == (413, 10)
        assert await listed(house) == []

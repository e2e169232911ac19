"""Standard responses: categories, who sees what, words, rendering, favourites, use, and the documented
requests (A§1.6).
"""

import pytest

from tests.http.house import API, House, basic
from tests.http.peers import Exchange, Json

SERVER = "/platform/contactserver"


async def ask(house: House, method: str, target: str, body: Json = None, user: str = "agent1") -> Exchange:
    return await house.ask(method, API + target, b"" if body is None else body, basic(user))


async def get(house: House, target: str, user: str = "agent1") -> Json:
    answer = await ask(house, "GET", target, user=user)
    assert answer.json["statusCode"] == 0, answer.body
    return answer.json


async def named(house: House, kind: str, name: str) -> Json:
    found = (await get(house, f"/{kind}?fields=*", "admin"))[kind]
    return next(item for item in found if item["name"] == name)


async def make(house: House, name: str, text: str, **more: Json) -> Exchange:
    body = {"name": name, "category": "English", "text": text, "status": "Approved", **more}
    return await ask(house, "POST", "/responses", body, "admin")


# -- the documented requests -----------------------------------------------------------------------------
@pytest.mark.parametrize("spelling", ["RequestGetRootCategories", "GetRootCategories"])
async def test_root_categories_in_the_documented_shape(spelling: str) -> None:
    async with House() as house:
        answer = (await ask(house, "POST", f"{SERVER}/{spelling}")).json
        assert (answer["statusCode"], answer["response"]) == (0, "EventGetRootCategories")
        english, spanish = answer["data"]["categories"]
        assert english == {
            "categoryId": english["categoryId"],
            "name": "English",
            "description": "Answers in English",
            "language": "English",
            "modifiedDate": english["modifiedDate"],
            "status": "Approved",
            "type": 2,
        }
        assert spanish["language"] == "Spanish"
        answer = (await ask(house, "POST", f"{SERVER}/{spelling}", {"language": "spanish"})).json
        assert [c["name"] for c in answer["data"]["categories"]] == ["Español"]


@pytest.mark.parametrize("spelling", ["RequestGetApprovedRootCategories", "GetApprovedRootCategories"])
async def test_only_approved_root_categories(spelling: str) -> None:
    async with House() as house:
        await ask(house, "POST", "/categories", {"name": "Draft", "status": "NotApproved"}, "admin")
        answer = (await ask(house, "POST", f"{SERVER}/{spelling}")).json
        assert answer["response"] == "EventGetApprovedRootCategories"
        assert [c["name"] for c in answer["data"]["categories"]] == ["English", "Español"]
        both = (await ask(house, "POST", f"{SERVER}/RequestGetRootCategories")).json["data"]["categories"]
        assert {c["name"]: c["status"] for c in both}["Draft"] == "NotApproved"


async def test_a_category_and_a_response_of_the_contact_server() -> None:
    async with House() as house:
        category = await named(house, "categories", "English")
        body = {"categoryId": category["id"]}
        answer = (await ask(house, "POST", f"{SERVER}/RequestGetCategory", body)).json
        found = answer["data"]["category"]
        assert answer["response"] == "EventGetCategory"
        assert [c["name"] for c in found["subCategories"]] == ["Delivery"]
        assert [r["standardResponseName"] for r in found["standardResponses"]] == ["Closing", "Greeting"]
        id = found["standardResponses"][1]["standardResponseId"]
        body = {"standardResponseId": id}
        answer = (await ask(house, "POST", f"{SERVER}/RequestGetStandardResponse", body)).json
        found = answer["data"]["standardResponse"]
        assert (found["standardResponseId"], found["language"]) == (id, "English")
        assert found["fieldCodes"] == ["Contact.FirstName", "Agent.NickName"]


async def test_mistakes_in_requests_to_the_contact_server() -> None:
    async with House() as house:
        refund = (await named(house, "responses", "Refund"))["id"]
        for request, body, code in (
            ("RequestGetRootCategories", b"[]", 10),
            ("RequestGetRootCategories", {"language": 7}, 10),
            ("RequestGetRootCategories", {"language": "a\0"}, 10),
            ("RequestGetCategory", {}, 1),
            ("RequestGetCategory", {"categoryId": "nobody"}, 6),
            ("RequestGetStandardResponse", {}, 1),
            ("RequestGetStandardResponse", {"standardResponseId": refund}, 6),  # not approved
            ("RequestGetNothing", {}, 6),
        ):
            answer = await ask(house, "POST", f"{SERVER}/{request}", body)
            assert answer.json["statusCode"] == code, (request, body, answer.body)
        assert (await house.ask("POST", f"{API}{SERVER}/RequestGetRootCategories")).json["statusCode"] == 20


# -- categories and responses ------------------------------------------------------------------------------
async def test_categories_are_a_tree() -> None:
    async with House() as house:
        english = await named(house, "categories", "English")
        inside = await named(house, "categories", "English/Delivery")
        assert inside["parentUri"] == english["uri"]
        level = (await get(house, f"{english['path']}?subresources=*"))["category"]
        assert [r["name"] for r in level["responses"]] == ["Closing", "Greeting"]
        assert "responses" not in level["categories"][0]
        trees = (await get(house, "/categories?fields=*&subresources=**"))["categories"]
        assert [t["name"] for t in trees] == ["English", "Español"]
        assert [r["name"] for r in trees[0]["categories"][0]["responses"]] == ["Parcel on its way"]


async def test_agents_see_what_is_approved_staff_sees_all() -> None:
    async with House() as house:
        for user, sees in (("agent1", False), ("supervisor", True), ("admin", True)):
            names = [r["name"] for r in (await get(house, "/responses?fields=name", user))["responses"]]
            assert ("Refund" in names) is sees, user
        refund = await named(house, "responses", "Refund")
        assert (await ask(house, "GET", refund["path"])).json["statusCode"] == 6
        english = await named(house, "categories", "English")
        await ask(house, "PUT", english["path"], {"status": "NotApproved"}, "admin")
        names = [r["name"] for r in (await get(house, "/responses?fields=name"))["responses"]]
        assert names == ["Despedida", "Paquete en camino", "Saludo"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("words=PARCEL+way", ["Parcel on its way"]),
        ("words=gracias", ["Despedida"]),
        ("words=parcel+gracias", []),
        ("language=Spanish&sortBy=name", ["Despedida", "Paquete en camino", "Saludo"]),
        ("category=English/Delivery", ["Parcel on its way"]),
        ("words=&language=English&limit=1", ["Closing"]),
    ],
)
async def test_responses_are_found(query: str, names: list[str]) -> None:
    async with House() as house:
        found = (await get(house, f"/responses?fields=name&{query}"))["responses"]
        assert [r["name"] for r in found] == names


async def test_one_is_made_changed_and_deleted_with_its_dates() -> None:
    async with House() as house:
        made = await make(house, "New", "Hi <$Contact.FirstName$>", language="English")
        path = made.json["path"]
        before = (await get(house, path))["response"]
        assert (before["status"], before["fieldCodes"]) == ("Approved", ["Contact.FirstName"])
        await house.pass_time(60_000)
        await ask(house, "PUT", path, {"status": "Approved"}, "admin")
        assert (await get(house, path))["response"]["modifiedDate"] == before["modifiedDate"]
        await ask(house, "PUT", path, {"text": "Hello"}, "admin")
        after = (await get(house, path))["response"]
        assert (after["text"], after["fieldCodes"]) == ("Hello", [])
        assert after["modifiedDate"] > before["modifiedDate"]
        assert (await ask(house, "DELETE", path, user="admin")).json == {"statusCode": 0}
        assert (await ask(house, "GET", path)).status == 404


async def test_mistakes_when_one_is_made() -> None:
    async with House() as house:
        wrong = await make(house, "Wrong", "Hi <$Contact.Nose$>")
        assert wrong.json["statusCode"] == 10
        assert "'Contact.Nose' is no known field code at character 4" in wrong.json["statusMessage"]
        for more, code in (
            ({"category": "Nowhere"}, 10),
            ({"text": ""}, 10),
            ({"text": "x" * 10_001}, 10),
            ({"text": "a\0"}, 10),
            ({"text": None}, 1),
            ({"status": "Perhaps"}, 10),
            ({"name": "Greeting"}, 18),
        ):
            answer = await make(house, **({"name": "Wrong", "text": "Hi"} | more))
            assert answer.json["statusCode"] == code, more
        body = {"name": "New", "category": "English", "text": "Hi"}
        assert (await ask(house, "POST", "/responses", body)).json["statusCode"] == 5
        english = await named(house, "categories", "English")
        assert (await ask(house, "DELETE", english["path"], user="admin")).json["statusCode"] == 19


async def test_a_file_holds_them_and_applies_again_without_a_change() -> None:
    async with House() as house:
        file = (await get(house, "/provisioning", "admin"))["provisioning"]
        assert [c["name"] for c in file["categories"]] == [
            *("English", "English/Delivery", "Español", "Español/Entrega"),
        ]
        await house.pass_time(1000)
        answer = await ask(house, "POST", "/provisioning", file, "admin")
        assert answer.json["steps"] == []


async def test_their_languages_are_a_business_attribute() -> None:
    async with House() as house:
        found = (await get(house, "/business-attributes?fields=*&name=Language"))["businessAttributes"]
        assert [value["name"] for value in found[0]["values"]] == ["English", "Spanish"]


# -- rendering -------------------------------------------------------------------------------------------
async def render(house: House, id: str, user: str = "agent1", **body: Json) -> Json:
    return (await ask(house, "POST", f"/responses/{id}", {"operationName": "Render", **body}, user)).json


async def test_rendered_from_the_session_the_customer_and_the_agent() -> None:
    async with House() as house:
        text = (
            "<$Contact.FirstName|you$>|<$Agent.NickName$>|<$Interaction.Id$>|<$Interaction.AttachedData.o$>"
        )
        id = (await make(house, "All", text)).json["id"]
        await house.put(
            actors={"agent1": "Ready"},
            contact={"firstName": "Maria"},
            customer="+15550177",
        )
        body = {"from": "+15550177", "to": "+15550100", "text": "hello"}
        await house.ask("POST", "/simulator/messages", body)
        await house.application.settle()
        (offer,) = (await get(house, "/me/smssessions?fields=id"))["smssessions"]
        session = offer["id"]
        await house.operate(session, "Accept", nickname="Annie")
        await house.attach(session, o="<$Agent.FullName$>")
        answer = await render(house, id, smssessionId=session)
        assert answer == {
            "statusCode": 0,
            "text": f"Maria|Annie|{session}|<$Agent.FullName$>",
            "missing": [],
        }
        answer = await render(house, id)
        assert answer["text"] == "you|Ann||"
        assert answer["missing"] == ["Contact.FirstName", "Interaction.Id", "Interaction.AttachedData.o"]
        assert (await render(house, id, "agent2", smssessionId=session))["statusCode"] == 6


async def test_mistakes_when_one_is_rendered() -> None:
    async with House() as house:
        id = (await named(house, "responses", "Greeting"))["id"]
        refund = (await named(house, "responses", "Refund"))["id"]
        for target, body, code in (
            (id, {}, 1),
            (id, {"operationName": "Read"}, 10),
            (id, {"operationName": "Render", "smssessionId": 7}, 10),
            (id, {"operationName": "Render", "smssessionId": "nobody"}, 6),
            (refund, {"operationName": "Render"}, 6),
            ("nobody", {"operationName": "Render"}, 6),
            (id, b"[", 10),
        ):
            answer = await ask(house, "POST", f"/responses/{target}", body)
            assert answer.json["statusCode"] == code, (target, body)


# -- favourites ------------------------------------------------------------------------------------------
async def test_everybody_has_favorites_of_his_own() -> None:
    async with House() as house:
        closing, greeting = [(await named(house, "responses", n))["id"] for n in ("Closing", "Greeting")]
        for id in (greeting, closing, greeting):
            assert (await ask(house, "PUT", f"/me/favorite-responses/{id}")).json == {"statusCode": 0}
        mine = (await get(house, "/me/favorite-responses?fields=name"))["responses"]
        assert mine == [{"name": "Greeting"}, {"name": "Closing"}]
        assert (await get(house, "/me/favorite-responses?fields=name", "agent2"))["responses"] == []
        liked = (await get(house, "/responses?fields=name&favorite=true"))["responses"]
        assert [r["name"] for r in liked] == ["Closing", "Greeting"]
        await ask(house, "DELETE", f"/responses/{greeting}", user="admin")
        for _ in range(2):
            assert (await ask(house, "DELETE", f"/me/favorite-responses/{closing}")).json == {"statusCode": 0}
        assert (await get(house, "/me/favorite-responses?fields=name"))["responses"] == []
        assert (await ask(house, "PUT", f"/me/favorite-responses/{greeting}")).json["statusCode"] == 6


# -- use -------------------------------------------------------------------------------------------------
async def report(house: House, **body: Json) -> int:
    operation = {"operationName": "ReportResponseTemplateUsage", **body}
    return int((await ask(house, "POST", "/me", operation)).json["statusCode"])


async def test_use_is_reported_and_counted() -> None:
    async with House() as house:
        id = (await named(house, "responses", "Greeting"))["id"]
        assert await report(house, responseTemplateId=id, usageType="AdministratorResponse") == 0
        assert await report(house, responseTemplateId=id, responseType="AdministratorResponse") == 0
        assert await report(house, responseTemplateId=id, usageType="SuggestedResponsesIgnored") == 0
        (row,) = (await get(house, "/responses/usage", "supervisor"))["usage"]
        assert (row["id"], row["total"]) == (id, 3)
        assert row["counts"] == {"AdministratorResponse": 2, "SuggestedResponsesIgnored": 1}
        assert (await ask(house, "GET", "/responses/usage")).json["statusCode"] == 5


async def test_use_of_what_may_not_be_used_is_refused() -> None:
    async with House() as house:
        id = (await named(house, "responses", "Greeting"))["id"]
        refund = (await named(house, "responses", "Refund"))["id"]
        assert await report(house, responseTemplateId=refund, usageType="AdministratorResponse") == 3
        assert await report(house, responseTemplateId="nobody", usageType="AdministratorResponse") == 6
        assert await report(house, responseTemplateId=id) == 1
        assert await report(house, usageType="AdministratorResponse") == 1
        assert await report(house, responseTemplateId=id, usageType="Liked") == 10
        assert (await get(house, "/responses/usage", "admin"))["usage"] == []

"""The history: retrieved by operations that answer over CometD, and as plain resources (A§1.3, A§1.4, SPEC
5.4).
"""

import pytest

from smsdesk.core.centre import Policy
from smsdesk.wire import history as wire
from tests.http.house import API, SMS, House, Listener, basic, data
from tests.http.peers import Json

HISTORY = API + "/ucs/interactions"
TOPIC = "/v2/ucs/interactions"
MARIA, DAVE = "+15550111", "+15550122"
DAY = 24 * 3_600_000


async def text(house: House, words: str, phone: str = MARIA) -> None:
    """A customer writes."""
    answer = await house.ask("POST", "/simulator/messages", {"from": phone, "to": "+15550100", "text": words})
    assert answer.status == 202, answer.body
    await house.application.settle()


async def desk(house: House, user: str) -> list[Json]:
    """What lies on somebody's desk."""
    answer = await house.ask("GET", API + "/me/smssessions?fields=*", headers=basic(user))
    found: list[Json] = answer.json["smssessions"]
    return found


async def conversation(house: House, *words: str, phone: str = MARIA, user: str = "agent1") -> str:
    """A customer writes, an agent who is ready takes it, writes `words` and completes it; its id."""
    await text(house, f"question {words[0]}", phone)
    session: str = (await desk(house, user))[-1]["id"]
    await house.operate(session, "Accept", user)
    for said in words:
        await house.operate(session, "SendMessage", user, text=f"answer {said}")
    await house.operate(session, "SetDisposition", user, disposition="resolved")
    await house.operate(session, "Complete", user)
    await house.pass_time(1000)
    return session


async def begun(**more: str) -> House:
    """A house in which agent1 is ready."""
    house = House()
    await house.__aenter__()
    await house.put(actors={"agent1": "Ready", **more})
    return house


async def post(
    house: House, operation: str, path: str = HISTORY, user: str = "agent1", **parameters: Json
) -> Json:
    """An operation that is accepted, and the one answer that comes over CometD."""
    listener = await Listener(house, user).ready(TOPIC)
    answer = await house.ask("POST", path, {"operationName": operation, **parameters}, basic(user))
    assert answer.status == 200, answer.body
    assert set(answer.json) == {"statusCode", "referenceId"}
    await house.application.settle()
    (told,) = data(await listener.connect())
    assert told["referenceId"] == answer.json["referenceId"]
    return told


async def get(house: House, path: str = HISTORY, user: str = "agent1") -> Json:
    """A resource that is there."""
    answer = await house.ask("GET", path, headers=basic(user))
    assert answer.status == 200, answer.body
    body: dict[str, Json] = answer.json
    assert body.pop("statusCode") == 0
    return body


def ids(answer: Json) -> list[str]:
    return [shape["id"] for shape in answer["interactions"]]


async def refused(
    house: House, method: str, path: str, body: Json = None, user: str = "agent1"
) -> tuple[int, int]:
    """statusCode and HTTP status of what is refused."""
    answer = await house.ask(method, path, b"" if body is None else body, basic(user))
    assert answer.json["statusMessage"]
    return answer.json["statusCode"], answer.status


# -- retrieving ----------------------------------------------------------------------------------------------
async def test_the_house_has_a_history_the_newest_first() -> None:
    """A§1.3 RetrieveInteractionHistory: the record and its envelope."""
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        first = await conversation(house, "one")
        second = await conversation(house, "two", phone=DAVE)
        told = await post(house, "RetrieveInteractionHistory")
        assert told["messageType"] == "GetInteractionsHistoryMessage"
        assert ids(told) == [second, first]
        assert "truncated" not in told
        shape = told["interactions"][1]
        base = house.application.resources.base
        contact = shape.pop("contactId")
        assert len(contact) == 16
        user = house.application.performer.centre.user_names["agent1"]
        assert shape == {
            "id": first,
            "uri": f"{base}/interactions/{first}",
            "path": f"/interactions/{first}",
            "mediaType": "smssession",
            "typeId": "Inbound",
            "state": "Stopped",
            "startDate": shape["startDate"],
            "endDate": shape["endDate"],
            "subject": "question one",
            "ownerInformation": {
                "id": user.id,
                "userName": "agent1",
                "firstName": user.first_name,
                "lastName": user.last_name,
            },
            "serviceNumber": "+15550100",
            "customerNumber": MARIA,
            "carrier": "simulator",
            "queue": "Support",
            "disposition": "resolved",
        }
        assert ids(await post(house, "RetrieveInteractionHistory", sort="asc")) == [first, second]


async def test_states_say_how_far_it_is() -> None:
    """A§1.3: New, InProcess, Pending, Stopped; only what is over has an endDate."""
    async with House() as house:
        await house.put(actors={"agent1": "NotReady"})
        await text(house, "hello")

        async def state() -> tuple[str, bool, bool]:
            (shape,) = (await get(house))["interactions"]
            return shape["state"], "endDate" in shape, "ownerInformation" in shape

        assert await state() == ("New", False, False)
        ready = {"operationName": "Ready"}
        await house.ask("POST", API + "/me/channels/smssession", ready, basic())
        await house.application.settle()
        assert await state() == ("New", False, False)
        session = (await desk(house, "agent1"))[0]["id"]
        await house.operate(session, "Accept")
        assert await state() == ("InProcess", False, True)
        await house.operate(session, "Complete", queueName="Billing", disposition="resolved")
        assert await state() == ("Pending", False, True)
        await house.pass_time(25 * 3_600_000)  # the idle limit of those who wait
        assert await state() == ("Stopped", True, True)


async def test_wrap_up_ends_when_the_customer_left() -> None:
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        await text(house, "hello")
        session = (await desk(house, "agent1"))[0]["id"]
        await house.operate(session, "Accept")
        await house.operate(session, "Leave")
        before = await get(house, f"{HISTORY}/{session}")
        await house.pass_time(60_000)
        await house.operate(session, "SetDisposition", disposition="resolved")
        await house.operate(session, "Complete")
        after = await get(house, f"{HISTORY}/{session}")
        assert before["interaction"]["endDate"] == after["interaction"]["endDate"]


async def test_an_agent_has_the_history_of_what_he_was_in() -> None:
    """A§1.3 RetrieveAgentHistory; by default the asker's."""
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        first = await conversation(house, "one")
        await house.put(actors={"agent1": "NotReady", "agent2": "Ready"})
        second = await conversation(house, "two", phone=DAVE, user="agent2")
        await text(house, "never answered", MARIA)
        assert ids(await post(house, "RetrieveAgentHistory")) == [first]
        two = house.application.performer.centre.user_names["agent2"].id
        assert ids(await post(house, "RetrieveAgentHistory", userId=two)) == [second]
        assert ids(await post(house, "RetrieveAgentHistory", user="admin")) == []
        unknown = await post(house, "RetrieveAgentHistory", userId="nobody")
        assert unknown["messageType"] == "GetInteractionsHistoryMessage"
        assert unknown["errorMessage"] == "there is no user 'nobody'"
        assert "interactions" not in unknown
        assert ids(await get(house, f"{HISTORY}?userId={two}")) == [second]


async def test_a_consulted_agent_was_in_it_too() -> None:
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        await text(house, "hello")
        session = (await desk(house, "agent1"))[0]["id"]
        await house.operate(session, "Accept")
        await house.put(actors={"agent2": "Ready", "agent3": "Ready"})
        two, three = (house.application.performer.centre.user_names[f"agent{n}"].id for n in (2, 3))
        await house.operate(session, "Consult", userUri=f"/users/{two}")
        await house.operate(session, "Accept", "agent2")
        await house.operate(session, "Invite", userUri=f"/users/{three}")
        await house.operate(session, "Reject", "agent3")
        assert ids(await post(house, "RetrieveAgentHistory", user="agent2")) == [session]
        assert ids(await post(house, "RetrieveAgentHistory", user="agent3")) == []
        owner = (await get(house, f"{HISTORY}/{session}"))["interaction"]["ownerInformation"]
        assert owner["userName"] == "agent1"


async def test_a_contact_has_his_history() -> None:
    """A§1.3 RetrieveContactHistory."""
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        first = await conversation(house, "one")
        await conversation(house, "two", phone=DAVE)
        third = await conversation(house, "three")
        contact = (await get(house, f"{HISTORY}/{first}"))["interaction"]["contactId"]
        path = f"{API}/ucs/contacts/{contact}/interactions"
        assert ids(await post(house, "RetrieveContactHistory", path)) == [third, first]
        assert ids(await post(house, "RetrieveContactHistory", path, maxSize="1")) == [third]
        assert ids(await get(house, path)) == [third, first]
        assert ids(await get(house, f"{path}?limit=1&offset=1")) == [first]
        assert ids(await get(house, f"{HISTORY}?contactId={contact}&sort=asc")) == [first, third]
        nobody = f"{API}/ucs/contacts/0000000000000000/interactions"
        body = {"operationName": "RetrieveContactHistory"}
        assert await refused(house, "POST", nobody, body) == (6, 404)
        assert await refused(house, "GET", nobody) == (6, 404)


async def test_days_and_moments_bound_what_is_told() -> None:
    """A§1.3: fromDate and toDate, days or moments; by default the last month."""
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        old = await conversation(house, "old")
        await house.pass_time(40 * DAY)
        await house.put(actors={"agent2": "Ready"})  # agent1 has vanished meanwhile
        new = await conversation(house, "new", user="agent2")
        began = {shape["id"]: shape["startDate"] for shape in (await get(house))["interactions"]}
        assert ids(await post(house, "RetrieveInteractionHistory")) == [new]
        both = await post(house, "RetrieveInteractionHistory", fromDate="2000-01-01", toDate="2999-12-31")
        assert ids(both) == [new, old]
        for day in (began[old][:10], began[old], began[old].replace(" ", "T")):
            told = await post(house, "RetrieveInteractionHistory", fromDate=day, toDate=day)
            assert ids(told) == [old], day
            assert ids(
                await get(
                    house, f"{HISTORY}?fromDate={day}&toDate={day}".replace("+", "%2B").replace(" ", "%20")
                )
            ) == [old]
        assert ids(await post(house, "RetrieveInteractionHistory", toDate="2000-01-01")) == []
        assert ids(await post(house, "RetrieveInteractionHistory", fromDate="2999-01-01")) == []


async def test_what_is_not_here_is_empty() -> None:
    """Other media types exist in the API, and an archive; there is nothing of them."""
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        session = await conversation(house, "one")
        assert ids(await post(house, "RetrieveInteractionHistory", mediaType="smssession")) == [session]
        assert ids(await post(house, "RetrieveInteractionHistory", source="main")) == [session]
        assert ids(await post(house, "RetrieveInteractionHistory", mediaType="chat")) == []
        assert ids(await post(house, "RetrieveInteractionHistory", source="archive")) == []


async def test_custom_attributes_are_searched_and_told() -> None:
    """A§1.3: equality only; one that is searched for is only told when it is named too."""
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        await text(house, "hello")
        session = (await desk(house, "agent1"))[0]["id"]
        await house.operate(session, "Accept")
        await house.attach(session, Order="17", Count=3, Nested={"a": "b"})
        search = {"Order": 17, "Count": "3"}
        told = await post(house, "RetrieveInteractionHistory", searchCustomAttributes=search)
        assert ids(told) == [session]
        assert "customAttributes" not in told["interactions"][0]
        told = await post(
            house,
            "RetrieveInteractionHistory",
            searchCustomAttributes=search,
            customAttributes=["Order", "Nested", "Missing"],
        )
        assert told["interactions"][0]["customAttributes"] == {"Order": "17", "Nested": {"a": "b"}}
        for other in ({"Order": "18"}, {"Missing": "x"}, {"Order": "17", "Count": 4}):
            told = await post(house, "RetrieveInteractionHistory", searchCustomAttributes=other)
            assert ids(told) == []


async def test_size_and_offset_part_what_is_told() -> None:
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        made = [await conversation(house, str(n)) for n in range(4)][::-1]
        told = await post(house, "RetrieveInteractionHistory", maxSize=3)
        assert (ids(told), told["truncated"]) == (made[:3], True)
        told = await post(house, "RetrieveInteractionHistory", maxSize=3, offset=1)
        assert (ids(told), "truncated" in told) == (made[1:], False)
        assert ids(await post(house, "RetrieveInteractionHistory", maxSize=100_000)) == made
        assert await get(house, f"{HISTORY}?limit=2&offset=3&fields=id") == {
            "interactions": [{"id": made[3]}],
            "more": False,
        }
        assert (await get(house, f"{HISTORY}?limit=2&offset=1&fields=id"))["more"] is True


async def test_an_answer_is_kept_for_replay() -> None:
    """Durable: history replies (SPEC 4.5)."""
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        session = await conversation(house, "one")
        body = {"operationName": "RetrieveInteractionHistory"}
        await house.ask("POST", HISTORY, body, basic())
        await house.application.settle()
        listener = await Listener(house).handshake()
        await listener.subscribe(TOPIC, replay=0)
        (told,) = data(await listener.connect())
        assert ids(told) == [session]


async def test_an_answer_has_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit is left out and said to be."""
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        session = await conversation(house, *"abcdef")
        monkeypatch.setattr(wire, "LIMIT", 900)
        told = await post(house, "GetInteractionContent", f"{HISTORY}/{session}")
        assert told["truncated"] is True
        assert [message["index"] for message in told["messages"]] == [1, 2]
        monkeypatch.setattr(wire, "LIMIT", 10)
        told = await post(house, "RetrieveInteractionHistory")
        assert (told["interactions"], told["truncated"]) == ([], True)


# -- one interaction -----------------------------------------------------------------------------------------
async def test_content_is_the_interaction_and_its_transcript() -> None:
    """A§1.3 GetInteractionContent."""
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        session = await conversation(house, "one")
        told = await post(house, "GetInteractionContent", f"{HISTORY}/{session}")
        assert told["messageType"] == "GetInteractionContentMessage"
        assert told["interaction"]["id"] == session
        assert told["interaction"]["userData"]["ContactId"] == told["interaction"]["contactId"]
        kinds = [message["type"] for message in told["messages"]]
        assert kinds == ["ParticipantJoined", "Text", "ParticipantJoined", "Text"]
        assert told["messages"][1]["text"] == "question one"
        assert told["messages"][1]["from"]["type"] == "Customer"
        one = await get(house, f"{HISTORY}/{session}")
        assert one == {"interaction": told["interaction"]}
        assert await get(house, f"{API}/interactions/{session}?fields=id,state") == {
            "interaction": {"id": session, "state": "Stopped"}
        }
        whole = await get(house, f"{HISTORY}/{session}/messages")
        assert whole == {"messages": told["messages"], "more": False}
        part = await get(house, f"{HISTORY}/{session}/messages?startIndex=2&count=2")
        assert part == {"messages": told["messages"][1:3], "more": True}


async def test_entries_for_supervisors_are_for_supervisors() -> None:
    """The one visibility rule (SPEC 3)."""
    async with House() as house:
        people = [
            {"id": "c", "type": "Customer", "nickname": "Carol"},
            {"id": "a", "type": "Agent", "nickname": "Ann", "user": "agent1"},
            {
                "id": "s",
                "type": "Agent",
                "nickname": "Sue",
                "user": "supervisor",
                "visibility": "Supervisors",
            },
        ]
        transcript = [
            {"index": 1, "type": "Text", "from": "c", "text": "for everybody secret"},
            {"index": 2, "type": "Text", "from": "a", "visibility": "Agents", "text": "for agents secret"},
            {"index": 3, "type": "Text", "from": "s", "visibility": "Supervisors", "text": "among us secret"},
        ]
        session = await house.put(
            actors={"agent1": "Ready", "supervisor": "Ready"},
            state={"agent1": "Chatting", "supervisor": "Chatting"},
            participants=people,
            transcript=transcript,
        )
        for user, seen in {"agent2": [1, 2], "supervisor": [1, 2, 3], "admin": [1, 2, 3]}.items():
            told = await post(house, "GetInteractionContent", f"{HISTORY}/{session}", user)
            assert [message["index"] for message in told["messages"]] == seen
            shown = await get(house, f"{HISTORY}/{session}/messages", user)
            assert [message["index"] for message in shown["messages"]] == seen
            found = await get(house, f"{HISTORY}?text=secret", user)
            assert sorted(each["match"]["index"] for each in found["interactions"]) == seen


async def test_a_note_is_the_comment_of_the_session() -> None:
    """A§1.4 SetCallNote; who has the session on his desk is told."""
    async with House() as house:
        session = await house.put()
        desk_of_agent = await Listener(house).ready(SMS)
        told = await post(house, "SetCallNote", f"{HISTORY}/{session}", "supervisor", note="called back")
        assert told == {
            "referenceId": told["referenceId"],
            "messageType": "UcsOperationResponse",
            "success": True,
        }
        (change,) = data(await desk_of_agent.connect())
        assert change["notificationType"] == "PropertiesUpdated"
        assert change["smssession"]["comment"] == "called back"
        assert "referenceId" not in change
        assert (await get(house, f"{HISTORY}/{session}"))["interaction"]["comment"] == "called back"
        await house.operate(session, "Complete", disposition="resolved")
        await post(house, "SetCallNote", f"{HISTORY}/{session}", note="")
        assert (await get(house, f"{HISTORY}/{session}"))["interaction"]["comment"] == ""


async def test_a_session_can_be_given_to_another_contact() -> None:
    """A§1.4 SetCallContact: userData ContactId changes with it; histories follow."""
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        other = await conversation(house, "other", phone=DAVE)
        dave = (await get(house, f"{HISTORY}/{other}"))["interaction"]["contactId"]
        await text(house, "hello")
        session = (await desk(house, "agent1"))[0]["id"]
        await house.operate(session, "Accept")
        maria = (await get(house, f"{HISTORY}/{session}"))["interaction"]["contactId"]
        listener = await Listener(house).ready(SMS)
        path = f"http://localhost/api/v2/ucs/contacts/{dave}/"
        told = await post(house, "SetCallContact", f"{HISTORY}/{session}", contactPath=path)
        assert told["success"] is True
        (change,) = data(await listener.connect())
        assert change["notificationType"] == "PropertiesUpdated"
        assert change["referenceId"] == told["referenceId"]
        assert change["smssession"]["contactId"] == change["smssession"]["userData"]["ContactId"] == dave
        assert ids(await get(house, f"{HISTORY}?contactId={dave}")) == [session, other]
        assert ids(await get(house, f"{HISTORY}?contactId={maria}")) == []
        told = await post(house, "SetCallContact", f"{HISTORY}/{session}", contactPath="/contacts/nobody")
        assert (told["success"], told["errorMessage"]) == (False, "there is no contact 'nobody'")


async def test_only_who_was_in_it_may_write() -> None:
    async with House() as house:
        session = await house.put()
        path, body = f"{HISTORY}/{session}", {"operationName": "SetCallNote", "note": "x"}
        assert await refused(house, "POST", path, body, "agent2") == (5, 403)
        for user in ("agent1", "supervisor", "admin"):
            assert (await post(house, "SetCallNote", path, user, note="x"))["success"] is True


# -- as resources --------------------------------------------------------------------------------------------
async def test_the_history_is_filtered_by_what_interactions_are_equal_to() -> None:
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        first = await conversation(house, "one")
        await conversation(house, "two", phone=DAVE)
        await house.put(actors={"agent1": "NotReady"})
        await text(house, "waiting")
        number = MARIA.replace("+", "%2B")
        assert ids(await get(house, f"{HISTORY}?customerNumber={number}&state=Stopped")) == [first]
        assert len(ids(await get(house, f"{HISTORY}?serviceNumber=%2B15550100"))) == 3
        assert len(ids(await get(house, f"{HISTORY}?queue=Support&disposition=resolved"))) == 2
        assert ids(await get(house, f"{HISTORY}?queue=Billing")) == []
        assert ids(await get(house, f"{HISTORY}?contactId=0000000000000000")) == []


async def test_texts_are_found_by_their_words() -> None:
    """Each hit with the entry that matched, the newest first [ext]."""
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        first = await conversation(house, "parcel 4711", "Zürich")
        second = await conversation(house, "parcel 4712", phone=DAVE)
        found = await get(house, f"{HISTORY}?text=ANSWER%20parcel")
        assert ids(found) == [second, first]
        assert [each["match"]["text"] for each in found["interactions"]] == [
            "answer parcel 4712",
            "answer parcel 4711",
        ]
        assert ids(await get(house, f"{HISTORY}?text=471*&limit=1&offset=1")) == [second]
        assert ids(await get(house, f"{HISTORY}?text=471")) == []
        (hit,) = (await get(house, f"{HISTORY}?text=zurich"))["interactions"]
        assert (hit["id"], hit["match"]["index"], hit["match"]["type"]) == (first, 5, "Text")
        number = DAVE.replace("+", "%2B")
        assert set(ids(await get(house, f"{HISTORY}?text=parcel&customerNumber={number}"))) == {second}
        contact = hit["contactId"]
        path = f"{API}/ucs/contacts/{contact}/interactions?text=question"
        assert ids(await get(house, path)) == [first]
        assert ids(await get(house, f"{HISTORY}?text=parcel&toDate=2000-01-01")) == []


# -- what is refused -----------------------------------------------------------------------------------------
WRONG: list[tuple[dict[str, Json], int]] = [
    ({}, 1),
    ({"operationName": "SetCallNote"}, 10),
    ({"operationName": "RetrieveInteractionHistory", "fromDate": "yesterday"}, 10),
    ({"operationName": "RetrieveInteractionHistory", "fromDate": "2020-02-30"}, 10),
    ({"operationName": "RetrieveInteractionHistory", "toDate": "2020-01-01T25:00"}, 10),
    ({"operationName": "RetrieveInteractionHistory", "toDate": 5}, 10),
    ({"operationName": "RetrieveInteractionHistory", "mediaType": "fax"}, 10),
    ({"operationName": "RetrieveInteractionHistory", "sort": "up"}, 10),
    ({"operationName": "RetrieveInteractionHistory", "maxSize": 0}, 10),
    ({"operationName": "RetrieveInteractionHistory", "maxSize": "many"}, 10),
    ({"operationName": "RetrieveInteractionHistory", "maxSize": 1.5}, 10),
    ({"operationName": "RetrieveInteractionHistory", "offset": -1}, 10),
    ({"operationName": "RetrieveInteractionHistory", "offset": 100_001}, 10),
    ({"operationName": "RetrieveInteractionHistory", "source": "attic"}, 10),
    ({"operationName": "RetrieveInteractionHistory", "customAttributes": "Order"}, 10),
    ({"operationName": "RetrieveInteractionHistory", "customAttributes": ["a\0b"]}, 10),
    ({"operationName": "RetrieveInteractionHistory", "customAttributes": ["x" * 256]}, 10),
    ({"operationName": "RetrieveInteractionHistory", "customAttributes": ["x"] * 51}, 10),
    ({"operationName": "RetrieveInteractionHistory", "searchCustomAttributes": {"a": [1]}}, 10),
    ({"operationName": "RetrieveAgentHistory", "userId": "a\0b"}, 10),
    ({"operationName": "RetrieveAgentHistory", "userId": "x" * 65}, 10),
    ({"operationName": "RetrieveAgentHistory", "userId": 7}, 10),
]


@pytest.mark.parametrize(("body", "code"), WRONG, ids=lambda value: str(value)[:80])
async def test_wrong_parameters_are_refused(body: Json, code: int) -> None:
    async with House() as house:
        assert await refused(house, "POST", HISTORY, body) == (code, 400)


@pytest.mark.parametrize(
    "query",
    [
        "fromDate=x", "toDate=2020-13-01", "limit=x", "offset=100001", "sort=up", "text=", "text=%20",
        "text=" + "a%20" * 21, "text=" + "a" * 1001, "contactId=%00", "userId=" + "x" * 65,
    ],
)  # fmt: skip
async def test_wrong_queries_are_refused(query: str) -> None:
    async with House() as house:
        assert await refused(house, "GET", f"{HISTORY}?{query}") == (10, 400)


async def test_what_is_not_there_is_not_found() -> None:
    async with House() as house:
        session = await house.put()
        nowhere = f"{HISTORY}/0000000000000000"
        content, note = {"operationName": "GetInteractionContent"}, {"operationName": "SetCallNote"}
        assert await refused(house, "GET", nowhere) == (6, 404)
        assert await refused(house, "GET", nowhere + "/messages") == (6, 404)
        assert await refused(house, "POST", nowhere, content) == (6, 404)
        assert await refused(house, "POST", nowhere, note) == (6, 404)  # before its parameters (SPEC 1.6)
        assert await refused(house, "POST", f"{HISTORY}/{session}", note) == (1, 400)
        long = note | {"note": "x" * 10_001}
        assert await refused(house, "POST", f"{HISTORY}/{session}", long) == (10, 400)
        contact = {"operationName": "SetCallContact", "contactPath": "a\0"}
        assert await refused(house, "POST", f"{HISTORY}/{session}", contact) == (10, 400)


async def test_the_feature_and_the_login_come_first() -> None:
    async with House() as house:
        house.application.performer.policy = Policy(features_off=frozenset({"api-multimedia"}))
        assert await refused(house, "GET", HISTORY) == (6, 404)
        assert await refused(house, "POST", HISTORY, {"operationName": "x"}) == (6, 404)
        answer = await house.ask("GET", HISTORY)
        assert (answer.status, answer.json["statusCode"]) == (403, 20)


async def test_a_store_that_cannot_read_is_said_so() -> None:
    async with House() as house:
        session = await house.put()
        house.store.broken = True
        assert await refused(house, "GET", HISTORY) == (4, 503)
        assert await refused(house, "GET", f"{HISTORY}?text=hello") == (4, 503)
        assert await refused(house, "GET", f"{HISTORY}/{session}") == (4, 503)
        body = {"operationName": "RetrieveInteractionHistory"}
        assert await refused(house, "POST", HISTORY, body) == (4, 503)
        house.store.broken = False


# -- the audit log -------------------------------------------------------------------------------------------
AUDIT = API + "/audit"


async def test_administrators_read_who_did_what() -> None:
    """Every start, switch and end of supervision is written to the audit log (SPEC 3)."""
    async with House() as house:
        await house.put(actors={"agent1": "Ready", "supervisor": "Ready"})
        users = house.application.performer.centre.user_names
        agent, supervisor = users["agent1"].id, users["supervisor"].id
        path = f"{API}/users/{agent}/channels/smssession"
        for name in ("Monitor", "CancelSupervisorMonitoring"):
            answer = await house.ask("POST", path, {"operationName": name}, basic("supervisor"))
            assert answer.json["statusCode"] == 0, answer.body
            await house.pass_time(1000)
        log = await get(house, AUDIT, "admin")
        assert [line["action"] for line in log["audit"]][:2] == ["monitoring ended", "Monitor started"]
        line = log["audit"][0]
        assert (line["actor"], line["subject"], log["more"]) == (supervisor, agent, False)
        assert line["at"].endswith("+0000")
        only = await get(
            house, f"{AUDIT}?action=Monitor%20started&actor={supervisor}&subject={agent}", "admin"
        )
        assert [each["action"] for each in only["audit"]] == ["Monitor started"]
        day = line["at"][:10]
        assert len((await get(house, f"{AUDIT}?from={day}&to={day}&limit=1", "admin"))["audit"]) == 1
        assert (await get(house, f"{AUDIT}?to=2000-01-01", "admin"))["audit"] == []
        page = await get(house, f"{AUDIT}?limit=1&offset=1&fields=action", "admin")
        assert page["audit"] == [{"action": "Monitor started"}]


async def test_the_audit_log_is_for_administrators() -> None:
    async with House() as house:
        for user in ("agent1", "supervisor"):
            assert await refused(house, "GET", AUDIT, user=user) == (5, 403)
        assert await refused(house, "GET", AUDIT + "?from=x", user="agent1") == (10, 400)
        assert await refused(house, "GET", AUDIT + "?offset=1000000", user="admin") == (10, 400)

"""Readiness, by oneself and by a supervisor; agent states; how work begins (C§3.2-3.4, C§4.3)."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.http.house import API, House, basic

ME = API + "/me"
STATES = API + "/settings/agent-states"
LUNCH = {"operationName": "OutToLunch", "displayName": "Out to lunch", "reason": "lunch"}


async def post(house: House, target: str, body: Any, user: str = "agent1") -> Any:
    return (await house.ask("POST", target, body, basic(user))).json


async def channel_of(house: House, user: str = "agent1") -> tuple[str, Any]:
    """The address by which a supervisor directs, and how the channel stands."""
    id = house.application.performer.centre.user_names[user].id
    target = f"{API}/users/{id}/channels/smssession"
    return target, (await house.ask("GET", target, headers=basic("admin"))).json["channel"]


async def audit(house: House) -> str:
    """The whole log."""
    documents = await house.store.due("audit", house.clock() + 1)
    return " ".join(document.body.decode() for document in documents)


# -- by a supervisor ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["supervisor", "admin"])
@pytest.mark.parametrize(
    ("operation", "state", "dnd"),
    [
        ("Ready", "Ready", "Off"),
        ("NotReady", "NotReady", "Off"),
        ("DoNotDisturbOn", "Ready", "On"),
        ("DoNotDisturbOff", "Ready", "Off"),
        ("Offline", "LoggedOut", None),
    ],
)
async def test_a_supervisor_directs_and_it_is_in_the_log(
    by: str, operation: str, state: str, dnd: str | None
) -> None:
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        target, _ = await channel_of(house)
        assert await post(house, target, {"operationName": operation}, by) == {"statusCode": 0}
        _, channel = await channel_of(house)
        assert (channel["userState"]["state"], channel.get("dndState")) == (state, dnd)
        names = house.application.performer.centre.user_names
        log = await audit(house)
        assert names[by].id in log
        assert names["agent1"].id in log


async def test_what_one_does_to_oneself_is_not_in_the_log() -> None:
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        assert await post(house, ME, {"operationName": "NotReady"}) == {"statusCode": 0}
        assert await audit(house) == ""


@pytest.mark.parametrize("operation", ["AfterCallWork", "AuxWork", "OutToLunch"])
async def test_reasons_are_for_everybody_to_give_for_himself(operation: str) -> None:
    """C§4.3 lists what a supervisor sets; why somebody is away is not among it."""
    async with House() as house:
        await post(house, STATES, LUNCH, "admin")
        await house.put(actors={"agent1": "Ready"})
        target, before = await channel_of(house)
        answer = await post(house, target, {"operationName": operation}, "supervisor")
        assert answer["statusCode"] == 5
        assert (await channel_of(house))[1] == before
        assert await post(house, ME, {"operationName": operation}) == {"statusCode": 0}


async def test_with_the_feature_off_nobody_directs_and_everybody_else_goes_on() -> None:
    async with House() as house:
        performer = house.application.performer
        performer.policy = replace(performer.policy, features_off=frozenset({"api-supervisor-agent-control"}))
        await house.put(actors={"agent1": "Ready"})
        target, _ = await channel_of(house)
        assert (await post(house, target, {"operationName": "NotReady"}, "supervisor"))["statusCode"] == 6
        assert await post(house, target, {"operationName": "Monitor"}, "supervisor") == {"statusCode": 0}
        assert await post(house, ME, {"operationName": "NotReady"}) == {"statusCode": 0}


async def test_who_supervises_others_or_nobody_may_not() -> None:
    async with House() as house:
        await house.put(actors={"agent1": "Ready", "supervisor": "NotReady"})
        target, _ = await channel_of(house, "supervisor")
        assert (await post(house, target, {"operationName": "Ready"}, "agent1"))["statusCode"] == 5
        target, _ = await channel_of(house, "admin")
        assert (await post(house, target, {"operationName": "Ready"}, "supervisor"))["statusCode"] == 5


# -- agent states ------------------------------------------------------------------------------------------


async def test_a_state_that_is_added_is_listed_and_set_and_shown() -> None:
    async with House() as house:
        made = await post(house, STATES, LUNCH, "admin")
        assert made["path"] == f"/settings/agent-states/{made['id']}"
        listed = (await house.ask("GET", STATES, headers=basic())).json
        assert listed["key"] == "operationName"
        assert listed["settings"][-1] == LUNCH | {
            "id": made["id"],
            "state": "NotReady",
            "uri": made["uri"],
            "path": made["path"],
        }
        await house.put(actors={"agent1": "Ready"})
        assert await post(house, ME + "/channels/sms", {"operationName": "OutToLunch"}) == {"statusCode": 0}
        _, channel = await channel_of(house)
        assert channel["userState"] == {
            "id": made["id"],
            "displayName": "Out to lunch",
            "reason": "lunch",
            "state": "NotReady",
        }


async def test_one_is_found_by_id_whatever_the_case_and_by_name() -> None:
    async with House() as house:
        made = await post(house, STATES, LUNCH, "admin")
        offline = "0F7F5003-EF26-4D13-A6Ef-D0C7EC819BEB"
        for name, found in [
            (made["id"].lower(), "OutToLunch"),
            ("OutToLunch", "OutToLunch"),
            (offline.upper(), "Offline"),
            (offline.lower(), "Offline"),
        ]:
            answer = (await house.ask("GET", f"{STATES}/{name}", headers=basic())).json
            assert answer["setting"]["operationName"] == found
        assert (await house.ask("GET", f"{STATES}/outtolunch", headers=basic())).json["statusCode"] == 6


@pytest.mark.parametrize(
    "name",
    [
        "Ready",
        "ready",
        "AuxWork",
        "StartContactCenterSession",
        "Monitor",
        "DoNotDisturbOn",
        "Accept",
        "OUTTOLUNCH",
    ],
)
async def test_a_name_that_means_something_already_is_refused(name: str) -> None:
    async with House() as house:
        await post(house, STATES, LUNCH, "admin")
        answer = await post(house, STATES, LUNCH | {"operationName": name}, "admin")
        assert answer["statusCode"] == 18
        assert name in answer["statusMessage"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"operationName": None}, 10),
        ({"operationName": ""}, 10),
        ({"operationName": "two words"}, 10),
        ({"operationName": "x" * 65}, 10),
        ({"operationName": "1st"}, 10),
        ({"displayName": "\0"}, 10),
        ({"displayName": "x" * 256}, 10),
        ({"displayName": ""}, 10),
        ({"state": "Logout"}, 10),
        ({"state": "LoggedOut"}, 10),
        ({"workMode": "Sleep"}, 10),
        ({"reason": 7}, 10),
        ({"reason": "x" * 256}, 10),
    ],
)
async def test_a_state_is_checked(change: Any, code: int) -> None:
    async with House() as house:
        assert (await post(house, STATES, LUNCH | change, "admin"))["statusCode"] == code
        for name in ("operationName", "displayName"):
            body = {key: value for key, value in LUNCH.items() if key != name}
            answer = await post(house, STATES, body, "admin")
            assert (answer["statusCode"], name in answer["statusMessage"]) == (1, True)
        assert len((await house.ask("GET", STATES, headers=basic())).json["settings"]) == 5


@pytest.mark.parametrize("user", ["agent1", "supervisor"])
async def test_only_administrators_change_them(user: str) -> None:
    async with House() as house:
        await post(house, STATES, LUNCH, "admin")
        there = f"{STATES}/OutToLunch"
        for method, target, body in [("POST", STATES, LUNCH), ("PUT", there, LUNCH), ("DELETE", there, {})]:
            answer = await house.ask(method, target, body, basic(user))
            assert (answer.status, answer.json["statusCode"]) == (403, 5)


async def test_those_of_the_system_stay_as_they_are() -> None:
    async with House() as house:
        for name in ("Ready", "AuxWork", "0f7f5003-ef26-4d13-a6ef-d0c7ec819beb"):
            for method, body in [("PUT", LUNCH | {"operationName": "Ready"}), ("DELETE", {})]:
                answer = await house.ask(method, f"{STATES}/{name}", body, basic("admin"))
                assert (answer.status, answer.json["statusCode"]) == (403, 3)
        for method in ("PUT", "DELETE"):
            answer = await house.ask(method, f"{STATES}/Nothing", LUNCH, basic("admin"))
            assert answer.json["statusCode"] == 6


async def test_one_that_somebody_is_in_stays_until_he_has_left_it() -> None:
    async with House() as house:
        made = await post(house, STATES, LUNCH, "admin")
        await house.put(actors={"agent1": "Ready"})
        await post(house, ME, {"operationName": "OutToLunch"})
        there = f"{STATES}/{made['id']}"
        other = LUNCH | {"displayName": "Lunch"}
        for method in ("PUT", "DELETE"):
            answer = await house.ask(method, there, other, basic("admin"))
            assert (answer.status, answer.json["statusCode"]) == (403, 19)
            assert "agent1" in answer.json["statusMessage"]
        await post(house, ME, {"operationName": "Ready"})
        assert (await house.ask("PUT", there, other, basic("admin"))).json == {"statusCode": 0}
        shown = (await house.ask("GET", there, headers=basic())).json["setting"]
        assert (shown["displayName"], shown["id"]) == ("Lunch", made["id"])
        renamed = await house.ask("PUT", there, LUNCH | {"operationName": "Else"}, basic("admin"))
        assert renamed.json["statusCode"] == 3
        assert (await house.ask("DELETE", there, headers=basic("admin"))).json == {"statusCode": 0}
        assert (await post(house, ME, {"operationName": "OutToLunch"}))["statusCode"] == 10


async def test_they_stand_in_the_file_of_the_centre() -> None:
    """SPEC 5.5: what is exported and applied again changes nothing; a file adds and takes away."""
    async with House() as house:
        await post(house, STATES, LUNCH, "admin")
        file = API + "/provisioning"
        whole = (await house.ask("GET", file, headers=basic("admin"))).json["provisioning"]
        assert whole["agent-states"] == [LUNCH]
        assert (await post(house, file, whole, "admin"))["steps"] == []
        other = {"operationName": "Training", "displayName": "Training", "workMode": "AuxWork"}
        answer = await post(house, file + "?prune=true", {"agent-states": [other]}, "admin")
        assert {(step["action"], step["name"]) for step in answer["steps"]} == {
            ("create", "Training"),
            ("delete", "OutToLunch"),
        }
        listed = (await house.ask("GET", STATES, headers=basic())).json["settings"]
        assert [state["operationName"] for state in listed][5:] == ["Training"]
        wrong = await post(house, file, {"agent-states": [other | {"operationName": "Ready"}]}, "admin")
        assert wrong["statusCode"] == 10
        assert "operation already" in wrong["statusMessage"]


# -- the beginning -----------------------------------------------------------------------------------------


def start(*channels: Any) -> Any:
    return {"operationName": "StartContactCenterSession", "channels": list(channels)}


async def test_channels_that_are_not_there_are_told_once_each() -> None:
    async with House() as house:
        answer = await post(house, ME, start("voice", "sms", "chat", "voice", "smssession"))
        assert answer["statusCode"] == 7
        assert answer["succeeded"] == [{"statusCode": 0, "channel": "smssession"}]
        assert [(f["channel"], f["statusCode"]) for f in answer["failed"]] == [("voice", 4), ("chat", 4)]


@pytest.mark.parametrize(
    "body",
    [
        start("voice"),
        start("voice", "chat"),
        start(),
        start("x" * 65, "sms"),
        start("a\0b"),
        start(*["sms"] * 51),
    ],
)
async def test_where_nothing_can_succeed_the_answer_is_a_plain_refusal(body: Any) -> None:
    async with House() as house:
        answer = await house.ask("POST", ME, body, basic())
        assert (answer.status, answer.json["statusCode"]) == (400, 10)
        assert "channels" in answer.json["statusMessage"]
        assert (await channel_of(house))[1]["userState"]["state"] == "LoggedOut"

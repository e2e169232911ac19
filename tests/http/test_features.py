"""Features: what is off is not there (C§1.9, SPEC 1.6)."""

import pytest

from smsdesk.config import SettingsError, load
from smsdesk.http.caller import Caller
from smsdesk.http.features import require_feature
from smsdesk.wire.features import FEATURES
from tests.http.house import API, House, basic
from tests.http.peers import Exchange

SESSION = "0000000000000000"


def gone(answer: Exchange) -> bool:
    return (answer.status, answer.json["statusCode"]) == (404, 6)


async def test_one_that_is_on_can_be_read_and_one_that_is_off_cannot() -> None:
    async with House(features_off="api-multimedia-chat") as house:
        for user in ("agent1", "admin"):
            one = await house.ask("GET", API + "/features/api-multimedia", headers=basic(user))
            assert one.json["feature"]["id"] == "api-multimedia"
            assert gone(await house.ask("GET", API + "/features/api-multimedia-chat", headers=basic(user)))
            assert gone(await house.ask("GET", API + "/features/nothing", headers=basic(user)))
            listed = (await house.ask("GET", API + "/features?fields=id", headers=basic(user))).json[
                "features"
            ]
            assert {f["id"] for f in listed} == set(FEATURES) - {"api-multimedia-chat"}


async def test_administrators_read_what_there_is() -> None:
    async with House(features_off="api-multimedia-chat") as house:
        answer = await house.ask("GET", API + "/system/features?fields=*", headers=basic("admin"))
        assert [f["id"] for f in answer.json["features"]] == list(FEATURES)
        for user in ("agent1", "supervisor"):
            answer = await house.ask("GET", API + "/system/features", headers=basic(user))
            assert (answer.status, answer.json["statusCode"]) == (403, 5)


@pytest.mark.parametrize(
    ("off", "method", "path", "body", "user"),
    [
        ("api-multimedia", "GET", "/me/smssessions", b"", "agent1"),
        ("api-multimedia", "POST", f"/me/smssessions/{SESSION}", {"operationName": "Accept"}, "agent1"),
        ("api-multimedia", "GET", f"/me/smssessions/{SESSION}/messages", b"", "agent1"),
        ("api-multimedia-chat", "GET", "/me/smssessions", b"", "agent1"),
        ("api-provisioning-read", "GET", "/users", b"", "admin"),
        ("api-provisioning-read", "GET", "/users/$agent1", b"", "admin"),
        ("api-provisioning-write", "POST", "/users", {}, "admin"),
        (
            "api-supervisor-agent-control",
            "POST",
            "/users/$agent1/channels/sms",
            {"operationName": "Ready"},
            "admin",
        ),
        (
            "api-supervisor-monitoring",
            "POST",
            "/users/$agent1/channels/sms",
            {"operationName": "Monitor"},
            "admin",
        ),
        (
            "api-supervisor-monitoring",
            "POST",
            f"/users/$agent1/smssessions/{SESSION}",
            {"operationName": "Intrude"},
            "admin",
        ),
    ],
)
async def test_what_is_off_is_not_there(off: str, method: str, path: str, body: object, user: str) -> None:
    answers = []
    for setting in ("", off):
        async with House(features_off=setting) as house:
            agent = house.application.performer.centre.user_names["agent1"].id
            answer = await house.ask(method, API + path.replace("$agent1", agent), body, basic(user))
            answers.append((answer.status, answer.json.get("statusMessage")))
    assert answers[1] == (404, "the resource not found")
    assert answers[0] != answers[1]


async def test_readiness_does_not_hang_on_supervisors() -> None:
    async with House(features_off="api-supervisor-monitoring,api-supervisor-agent-control") as house:
        body = {"operationName": "StartContactCenterSession", "channels": ["sms"]}
        assert (await house.ask("POST", API + "/me", body, basic())).status == 200
        answer = await house.ask("POST", API + "/me/channels/sms", {"operationName": "Ready"}, basic())
        assert answer.status == 200


async def test_the_operator_of_the_machine_is_not_held_up() -> None:
    async with House(features_off="api-provisioning-read") as house:
        caller = Caller(house.application.performer.centre.user_names["admin"], operator=True)
        require_feature(caller, house.application.performer.policy, "api-provisioning-read")
        with pytest.raises(ValueError, match="no feature api-nothing"):
            require_feature(caller, house.application.performer.policy, "api-nothing")


def test_what_is_no_feature_is_no_setting() -> None:
    with pytest.raises(SettingsError, match="one of api-multimedia, "):
        load(None, {}, {"features_off": "api-multimedia,api-voice"})


@pytest.mark.parametrize("path", ["/ucs/contacts", "/ucs/contacts/0000Na9B26EF002X", "/ucs/interactions"])
async def test_without_sessions_there_are_no_customers_and_no_history(path: str) -> None:
    """C§1.9: the resources of a feature that is off answer 404."""
    async with House(features_off="api-multimedia") as house:
        answer = await house.ask("GET", API + path, headers=basic())
        assert (answer.status, answer.json["statusCode"]) == (404, 6)
        assert answer.json["statusMessage"] == "the resource not found"

"""Settings of the contact centre and of users, read and changed (C§5.4, C§3.1)."""

from typing import Any

import pytest

from smsdesk.http.country import country
from tests.http.house import API, House, basic

SETTINGS, MINE = API + "/settings", API + "/me/settings"
DESK = "interaction-workspace"
NEW = {"name": "shop", "displayName": "The shop"}
OPEN = {"name": "open", "value": {"from": "09:00", "to": None}}


async def ask(house: House, method: str, target: str, body: Any = None, user: str = "admin") -> Any:
    sent = b"" if body is None else body
    return (await house.ask(method, target, sent, basic(user))).json


async def code(house: House, method: str, target: str, body: Any = None, user: str = "admin") -> int:
    return int((await ask(house, method, target, body, user))["statusCode"])


# -- of the contact centre ---------------------------------------------------------------------------------


async def test_the_groups_of_the_system_are_listed_for_administrators() -> None:
    async with House() as house:
        listed = await ask(house, "GET", SETTINGS)
        keys = {group["name"]: group["key"] for group in listed["settings"]}
        assert keys == {
            "general-settings": "name",
            "agent-states": "operationName",
            "access-control": "name",
            "dispositions": "name",
            "reporting-settings": "name",
            DESK: "name",
        }
        base = house.application.resources.base
        assert all(g["uri"] == f"{base}/settings/{g['name']}" for g in listed["settings"])
        for user in ("agent1", "supervisor"):
            assert await code(house, "GET", SETTINGS, user=user) == 5


async def test_every_group_that_is_listed_can_be_read() -> None:
    async with House() as house:
        for group in (await ask(house, "GET", SETTINGS))["settings"]:
            answer = await ask(house, "GET", f"{SETTINGS}/{group['name']}")
            assert answer["statusCode"] == 0, group
            assert answer.get("key", group["key"]) == group["key"]


async def test_general_settings_are_an_object() -> None:
    """C§8, 21."""
    async with House() as house:
        assert isinstance((await ask(house, "GET", SETTINGS + "/general-settings"))["settings"], dict)


@pytest.mark.parametrize(
    ("region", "shown"),
    [
        ("US", {"countryCode": "US", "countryDigits": "1", "countryName": "United States"}),
        ("AT", {"countryCode": "AT", "countryDigits": "43", "countryName": "Austria"}),
        ("", {}),
        ("ZZ", {}),
    ],
)
def test_a_country_by_its_code(region: str, shown: dict[str, str]) -> None:
    """C§5.4 prints the first one."""
    assert country(region) == shown


async def test_a_desk_reads_the_rules_it_has_to_keep() -> None:
    async with House(disposition_key="Outcome") as house:
        for target in (f"{SETTINGS}/{DESK}", f"{MINE}/{DESK}"):
            listed = (await ask(house, "GET", target, user="agent1"))["settings"]
            values = {setting["name"]: setting["value"] for setting in listed}
            assert values["interaction.disposition.key-name"] == "Outcome"
            assert values["interaction.disposition.is-mandatory"] == "False"
        dispositions = await ask(house, "GET", SETTINGS + "/dispositions", user="agent1")
        assert [d["name"] for d in dispositions["settings"]] == ["callback", "resolved", "spam"]


async def test_a_group_of_ones_own_lives_and_dies() -> None:
    async with House() as house:
        assert await ask(house, "POST", SETTINGS, NEW) == {"statusCode": 0}
        assert await ask(house, "POST", SETTINGS + "/shop", OPEN) == {"statusCode": 0}
        read = await ask(house, "GET", SETTINGS + "/shop", user="agent1")
        assert read == {"statusCode": 0, "settings": [OPEN], "key": "name"}
        one = await ask(house, "GET", SETTINGS + "/shop/open", user="agent1")
        assert one == {"statusCode": 0, "setting": OPEN}
        closed = {"name": "open", "value": False}
        assert await ask(house, "PUT", SETTINGS + "/shop/open", closed) == {"statusCode": 0}
        assert (await ask(house, "GET", SETTINGS + "/shop?value=false"))["settings"] == [closed]
        assert await ask(house, "DELETE", SETTINGS + "/shop/open") == {"statusCode": 0}
        assert (await ask(house, "GET", SETTINGS + "/shop"))["settings"] == []
        assert await ask(house, "DELETE", SETTINGS + "/shop") == {"statusCode": 0}
        assert await code(house, "GET", SETTINGS + "/shop") == 6


async def test_another_key_than_name() -> None:
    async with House() as house:
        await ask(house, "POST", SETTINGS, NEW | {"key": "day"})
        assert await code(house, "POST", SETTINGS + "/shop", OPEN) == 1
        assert await code(house, "POST", SETTINGS + "/shop", {"day": "monday", "name": "x"}) == 0
        assert (await ask(house, "GET", SETTINGS + "/shop"))["key"] == "day"
        assert await code(house, "PUT", SETTINGS + "/shop/monday", {"day": "tuesday"}) == 3


@pytest.mark.parametrize("name", ["SHOP", "general-settings", "Agent-States", "voice", DESK, "Dispositions"])
async def test_a_name_that_is_taken(name: str) -> None:
    async with House() as house:
        await ask(house, "POST", SETTINGS, NEW)
        assert await code(house, "POST", SETTINGS, NEW | {"name": name}) == 18


async def test_a_setting_that_is_there_or_is_not() -> None:
    async with House() as house:
        await ask(house, "POST", SETTINGS, NEW)
        await ask(house, "POST", SETTINGS + "/shop", OPEN)
        assert await code(house, "POST", SETTINGS + "/shop", OPEN) == 18
        for method in ("PUT", "DELETE", "GET"):
            assert await code(house, method, SETTINGS + "/shop/close", OPEN) == 6
            assert await code(house, method, SETTINGS + "/house/open", OPEN) == 6
        assert await code(house, "POST", SETTINGS + "/house", OPEN) == 6


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[", 10),
        ([], 10),
        ({}, 1),
        ({"name": ""}, 10),
        ({"name": "a/b"}, 10),
        ({"name": "-"}, 10),
        ({"name": "x" * 65}, 10),
        ({"name": 5}, 10),
        ({"name": "a\0"}, 10),
        ({"name": "a", "key": ""}, 10),
        ({"name": "a", "displayName": "x" * 256}, 10),
    ],
)
async def test_a_group_is_checked(body: Any, status: int) -> None:
    async with House() as house:
        assert await code(house, "POST", SETTINGS, body) == status
        assert await code(house, "POST", MINE, body, "agent1") == status


async def test_agents_change_nothing_of_the_centre_and_what_is_wrong_is_told_in_order() -> None:
    """SPEC 1.6: malformed, not there, parameters, role, rule."""
    async with House() as house:
        await ask(house, "POST", SETTINGS, NEW)
        await ask(house, "POST", SETTINGS + "/shop", OPEN)
        assert await code(house, "POST", SETTINGS + "/shop", b"x", "agent1") == 10
        assert await code(house, "POST", SETTINGS + "/house", {}, "agent1") == 6
        assert await code(house, "POST", SETTINGS + "/shop", {}, "agent1") == 1
        for method, target, body in [
            ("POST", "", NEW | {"name": "other"}),
            ("POST", "/shop", OPEN),
            ("PUT", "/shop/open", OPEN),
            ("DELETE", "/shop/open", None),
            ("DELETE", "/shop", None),
            ("DELETE", f"/{DESK}", None),
        ]:
            for user in ("agent1", "supervisor"):
                assert await code(house, method, SETTINGS + target, body, user) == 5
        assert (await ask(house, "GET", SETTINGS + "/shop"))["settings"] == [OPEN]


@pytest.mark.parametrize("group", [DESK, "reporting-settings"])
async def test_what_the_server_says_is_read_only(group: str) -> None:
    async with House() as house:
        name = (await ask(house, "GET", f"{SETTINGS}/{group}"))["settings"][0]["name"]
        for method, target, body in [
            ("POST", f"{SETTINGS}/{group}", OPEN),
            ("PUT", f"{SETTINGS}/{group}/{name}", {"name": name, "value": 1}),
            ("DELETE", f"{SETTINGS}/{group}/{name}", None),
            ("DELETE", f"{SETTINGS}/{group}", None),
        ]:
            assert await code(house, method, target, body) == 3


# -- of a user ---------------------------------------------------------------------------------------------


async def test_what_is_set_over_a_default_and_what_comes_back() -> None:
    async with House() as house:
        own = {"name": "login.sms.isselected", "value": "False"}
        target = f"{MINE}/{DESK}/login.sms.isselected"
        assert await ask(house, "PUT", target, own, "agent1") == {"statusCode": 0}
        assert await ask(house, "POST", f"{MINE}/{DESK}", OPEN, "agent1") == {"statusCode": 0}
        user = (await ask(house, "GET", API + "/me?subresources=settings", user="agent1"))["user"]
        assert user["settings"][DESK]["login.sms.isselected"] == "False"
        assert user["settings"][DESK]["open"] == OPEN["value"]
        assert user["settings"]["htcc"] == {"roles": "agent"}
        others = (await ask(house, "GET", API + "/me?subresources=settings", user="agent2"))["user"]
        assert others["settings"][DESK]["login.sms.isselected"] == "True"
        assert await ask(house, "DELETE", target, None, "agent1") == {"statusCode": 0}
        assert (await ask(house, "GET", target, user="agent1"))["setting"]["value"] == "True"
        assert await code(house, "DELETE", target, None, "agent1") == 3


async def test_a_listing_has_the_whole_with_fields_and_addresses_without() -> None:
    async with House() as house:
        assert await ask(house, "POST", MINE, NEW, "agent1") == {"statusCode": 0}
        base = house.application.resources.base
        uris = (await ask(house, "GET", MINE, user="agent1"))["uris"]
        assert uris == [f"{base}/me/settings/{name}" for name in ("htcc", DESK, "shop")]
        whole = (await ask(house, "GET", MINE + "?fields=*&name=shop", user="agent1"))["settings"]
        assert whole == [
            NEW
            | {
                "key": "name",
                "uri": f"{base}/me/settings/shop",
                "path": "/me/settings/shop",
                "settings": [],
            }
        ]


async def test_rights_are_not_given_to_oneself() -> None:
    async with House() as house:
        for method, target, body in [
            ("POST", "/htcc", OPEN),
            ("PUT", "/htcc/roles", {"name": "roles", "value": "admin"}),
            ("DELETE", "/htcc", None),
        ]:
            assert await code(house, method, MINE + target, body, "agent1") == 3


async def test_an_administrator_sees_to_the_settings_of_others() -> None:
    async with House() as house:
        id = house.application.performer.centre.user_names["agent1"].id
        theirs = f"{API}/users/{id}/settings"
        assert await ask(house, "POST", theirs, NEW) == {"statusCode": 0}
        assert await ask(house, "POST", theirs + "/shop", OPEN) == {"statusCode": 0}
        assert (await ask(house, "GET", MINE + "/shop", user="agent1"))["settings"] == [OPEN]
        assert (await ask(house, "GET", theirs + "/shop", user="agent1"))["settings"] == [OPEN]
        for user in ("agent2", "supervisor"):
            for method, target in [("GET", ""), ("GET", "/shop"), ("POST", "/shop"), ("DELETE", "/shop")]:
                body = {"name": "else"} if method == "POST" else None
                assert await code(house, method, theirs + target, body, user) == 5
        nobody = f"{API}/users/{'0' * 32}/settings"
        assert await code(house, "GET", nobody) == 6
        assert await code(house, "GET", nobody, user="agent1") == 6


async def test_the_settings_of_a_user_are_bounded() -> None:
    async with House() as house:
        await ask(house, "POST", MINE, NEW, "agent1")
        large = {"name": "large", "value": "x" * 65_000}
        assert await code(house, "POST", MINE + "/shop", large, "agent1") == 0
        more = await ask(house, "POST", MINE + "/shop", {"name": "more", "value": "x" * 600}, "agent1")
        assert (more["statusCode"], "64 KiB" in more["statusMessage"]) == (10, True)


async def test_settings_survive_a_restart(tmp_path: Any) -> None:
    async with House(tmp_path) as house:
        await ask(house, "POST", MINE, NEW, "agent1")
        await ask(house, "POST", MINE + "/shop", OPEN, "agent1")
        await ask(house, "POST", SETTINGS, NEW)
    async with House(tmp_path) as house:
        assert (await ask(house, "GET", MINE + "/shop", user="agent1"))["settings"] == [OPEN]
        assert (await ask(house, "GET", SETTINGS + "/shop", user="agent2"))["settings"] == []


async def test_who_is_deleted_leaves_no_settings() -> None:
    async with House() as house:
        id = house.application.performer.centre.user_names["agent3"].id
        await ask(house, "POST", MINE, NEW, "agent3")
        assert await ask(house, "DELETE", f"{API}/users/{id}") == {"statusCode": 0}
        assert await house.store.get("settings", [id]) == {}


async def test_changes_for_everybody_are_in_the_audit_log() -> None:
    async with House() as house:
        await ask(house, "POST", MINE, NEW, "agent1")
        await ask(house, "POST", SETTINGS, NEW | {"name": "stock"})
        documents = await house.store.due("audit", house.clock() + 1)
        words = b" ".join(document.body for document in documents)
        assert b"section stock created" in words
        assert b"shop" not in words


async def test_the_country_is_the_region_of_the_settings() -> None:
    """C§5.4."""
    async with House(default_region="US") as house:
        answer = await house.ask("GET", f"{API}/settings/general-settings", headers=basic())
        assert answer.json["settings"] == {
            "countryCode": "US",
            "countryDigits": "1",
            "countryName": "United States",
        }

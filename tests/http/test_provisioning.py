"""The configured contact centre over REST (C§1.2–1.4, C§5, SPEC 5.5)."""

from typing import Any

import pytest

from tests.http.house import API, House, Listener, basic
from tests.http.peers import Json, until

ADMIN = basic("admin")
DORA = {
    "userName": "dora",
    "password": "long enough",
    "firstName": "Dora",
    "lastName": "D",
    "roles": ["ROLE_AGENT"],
}
NEW: dict[str, dict[str, Any]] = {
    "skills": {"name": "french"},
    "users": DORA,
    "groups": {"name": "Night", "members": ["agent1"]},
    "business-hours": {"name": "Office", "regular": ["Mon-Fri 09:00-17:00"]},
    "queues": {"name": "Spanish", "target": "?:spanish>3"},
    "service-numbers": {"number": "+15550102", "queue": "Support", "carrier": "simulator"},
}
CHANGES: dict[str, dict[str, Any]] = {
    "skills": {"description": "Speaks French"},
    "users": {"lastName": "Delta"},
    "groups": {"members": []},
    "business-hours": {"regular": ["Sat 10:00-12:00"]},
    "queues": {"target": "Support"},
    "service-numbers": {"queue": "Billing"},
}
STAFF_ONLY = {"users", "business-hours", "service-numbers"}
SINGULAR = {"business-hours": "businessHours", "service-numbers": "serviceNumber"}
PLURAL = {"business-hours": "businessHours", "service-numbers": "serviceNumbers"}


def status(answer: Any) -> tuple[int, int]:
    return answer.status, answer.json["statusCode"]


@pytest.mark.parametrize("kind", NEW)
async def test_a_life_from_creation_to_deletion(kind: str) -> None:
    async with House() as house:
        made = await house.ask("POST", f"{API}/{kind}", NEW[kind], ADMIN)
        assert status(made) == (200, 0)
        assert set(made.json) == {"statusCode", "id", "uri", "path"}
        path = API + made.json["path"].replace("+", "%2B")
        assert made.json["uri"].endswith("/api/v2" + made.json["path"])
        assert status(await house.ask("POST", f"{API}/{kind}", NEW[kind], ADMIN)) == (403, 18)
        assert status(await house.ask("PUT", path, CHANGES[kind], ADMIN)) == (200, 0)
        shown = (await house.ask("GET", path, headers=ADMIN)).json[SINGULAR.get(kind, kind[:-1])]
        assert {name: shown.get(name, []) for name in CHANGES[kind]} == CHANGES[kind]
        assert (shown["uri"], shown["path"]) == (made.json["uri"], made.json["path"])
        listed = (
            await house.ask(
                "GET", f"{API}/{kind}?fields=id&id={shown['id'].replace('+', '%2B')}", headers=ADMIN
            )
        ).json
        assert listed == {"statusCode": 0, PLURAL.get(kind, kind): [{"id": shown["id"]}]}
        assert status(await house.ask("DELETE", path, headers=ADMIN)) == (200, 0)
        assert status(await house.ask("GET", path, headers=ADMIN)) == (404, 6)
        assert status(await house.ask("DELETE", path, headers=ADMIN)) == (404, 6)


@pytest.mark.parametrize("kind", NEW)
async def test_only_administrators_change_and_only_staff_reads_some(kind: str) -> None:
    async with House() as house:
        path = API + (await house.ask("POST", f"{API}/{kind}", NEW[kind], ADMIN)).json["path"]
        path = path.replace("+", "%2B")
        for user in ("agent1", "supervisor"):
            assert status(await house.ask("POST", f"{API}/{kind}", NEW[kind], basic(user))) == (403, 5)
            assert status(await house.ask("PUT", path, CHANGES[kind], basic(user))) == (403, 5)
            assert status(await house.ask("DELETE", path, headers=basic(user))) == (403, 5)
            may = user == "supervisor" or kind not in STAFF_ONLY
            for target in (path, f"{API}/{kind}"):
                assert status(await house.ask("GET", target, headers=basic(user))) == (
                    (200, 0) if may else (403, 5)
                )
        assert status(await house.ask("GET", path)) == (403, 20)


@pytest.mark.parametrize("kind", NEW)
async def test_the_same_request_again_makes_nothing_and_is_answered_the_same(kind: str) -> None:
    """SPEC 1.6."""
    async with House() as house:
        headers = ADMIN | {"Idempotency-Key": "once"}
        first = await house.ask("POST", f"{API}/{kind}", NEW[kind], headers)
        position = house.application.performer.live.peek("centre", "provisioned")
        again = await house.ask("POST", f"{API}/{kind}", NEW[kind], headers)
        assert (status(again), again.json) == ((200, 0), first.json)
        assert house.application.performer.live.peek("centre", "provisioned") == position
        other = await house.ask("POST", f"{API}/{kind}", NEW[kind], ADMIN | {"Idempotency-Key": "twice"})
        assert status(other) == (403, 18)


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("skills", b"[]", 10),
        ("skills", b"{", 10),
        ("skills", b"[" * 100_000, 10),
        ("skills", {}, 1),
        ("skills", {"name": 7}, 10),
        ("skills", {"name": "a b"}, 10),
        ("users", {k: v for k, v in DORA.items() if k != "password"}, 1),
        ("queues", {"name": "Q", "target": "?:klingon>1"}, 10),
    ],
)
async def test_a_body_with_a_mistake_makes_nothing(kind: str, body: Json, code: int) -> None:
    async with House() as house:
        before = house.application.performer.position
        assert status(await house.ask("POST", f"{API}/{kind}", body, ADMIN)) == (400, code)
        assert house.application.performer.position == before


async def test_a_name_is_read_only_and_what_is_in_use_stays() -> None:
    async with House() as house:
        skills = (await house.ask("GET", f"{API}/skills?fields=*&name=english", headers=ADMIN)).json["skills"]
        (english,) = skills
        assert english["level"] == "0"
        path = API + english["path"]
        renamed = await house.ask("PUT", path, {"name": "anglais"}, ADMIN)
        assert status(renamed) == (403, 3)
        assert (
            renamed.json["statusMessage"] == "This operation is not allowed: 'name' is a read-only property"
        )
        used = await house.ask("DELETE", path, headers=ADMIN)
        assert status(used) == (403, 19)
        assert "user agent1" in used.json["statusMessage"]


async def test_an_administrator_cannot_take_his_own_role() -> None:
    async with House() as house:
        admin = house.application.performer.centre.user_names["admin"].id
        answer = await house.ask("PUT", f"{API}/users/{admin}", {"roles": ["ROLE_AGENT"]}, ADMIN)
        assert status(answer) == (400, 2)
        assert answer.json["statusMessage"] == "You cannot remove role 'ROLE_ADMIN' from yourself."


async def test_a_new_password_counts_at_once_and_the_old_one_no_more() -> None:
    async with House() as house:
        path = f"{API}/users/{house.application.performer.centre.user_names['agent1'].id}"
        assert status(await house.ask("GET", f"{API}/me", headers=basic())) == (200, 0)
        body = {"password": "another one", "changePasswordOnFirstLogin": True}
        assert status(await house.ask("PUT", path, body, ADMIN)) == (200, 0)
        assert status(await house.ask("GET", f"{API}/me", headers=basic())) == (403, 20)
        assert status(await house.ask("GET", f"{API}/me", headers=basic("agent1", "another one"))) == (403, 8)


async def test_who_is_disabled_is_disconnected() -> None:
    async with House() as house:
        await Listener(house).ready()
        cookie = await house.cookie()
        path = f"{API}/users/{house.application.performer.centre.user_names['agent1'].id}"
        assert status(await house.ask("PUT", path, {"enabled": False}, ADMIN)) == (200, 0)
        await until(lambda: not house.application.notifications.listens(path.rpartition("/")[2]))
        assert status(await house.ask("GET", f"{API}/me", headers=cookie)) == (403, 20)


# -- files -------------------------------------------------------------------------------------------
TOML = b"""
[[skills]]
name = "french"

[[users]]
userName = "dora"
password = "long enough"
firstName = "Dora"
lastName = "Demo"
roles = ["ROLE_AGENT"]
skills = { french = 7 }

[[queues]]
name = "French"
target = "?:french>3"
"""


async def test_a_file_is_tried_carried_out_and_exported() -> None:
    async with House() as house:
        headers = ADMIN | {"Content-Type": "application/toml"}
        path = f"{API}/provisioning"
        tried = await house.ask("POST", path + "?dryRun=true", TOML, headers)
        assert status(tried) == (200, 0)
        assert (tried.json["dryRun"], len(tried.json["steps"])) == (True, 3)
        assert "long enough" not in tried.body.decode()
        assert "dora" not in house.application.performer.centre.user_names
        done = await house.ask("POST", path, TOML, headers)
        assert done.json == tried.json | {"dryRun": False}
        assert status(await house.ask("GET", f"{API}/me", headers=basic("dora", "long enough"))) == (200, 0)
        assert (await house.ask("POST", path, TOML, headers)).json["steps"] == []
        whole = (await house.ask("GET", path, headers=ADMIN)).json["provisioning"]
        assert [user["userName"] for user in whole["users"]][-2:] == ["dora", "supervisor"]
        assert (await house.ask("POST", path + "?prune=true", whole, ADMIN)).json["steps"] == []


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"[[skills]\n", "application/toml", "not TOML"),
        (b"\xff", "application/toml", "not TOML"),
        (b"{", "application/json", "not JSON"),
        (b"[[skills]]\nname = 7\n", "application/toml", "skills 1: name has the wrong type"),
    ],
)
async def test_a_file_that_cannot_be_read(body: bytes, kind: str, words: str) -> None:
    async with House() as house:
        answer = await house.ask("POST", f"{API}/provisioning", body, ADMIN | {"Content-Type": kind})
        assert status(answer) == (400, 10)
        assert words in answer.json["statusMessage"]


async def test_files_are_for_administrators_and_flags_are_true_or_false() -> None:
    async with House() as house:
        path = f"{API}/provisioning"
        for user in ("agent1", "supervisor"):
            assert status(await house.ask("POST", path, {}, basic(user))) == (403, 5)
            assert status(await house.ask("GET", path, headers=basic(user))) == (403, 5)
        assert status(await house.ask("POST", path + "?dryRun=maybe", {}, ADMIN)) == (400, 10)


async def test_five_thousand_users_in_one_file() -> None:
    async with House() as house:
        entry = {key: value for key, value in DORA.items() if key != "password"}
        users = [entry | {"userName": f"user{n}", "skills": {"english": n % 10}} for n in range(5000)]
        answer = await house.ask("POST", f"{API}/provisioning", {"users": users}, ADMIN)
        assert status(answer) == (200, 0)
        assert len(house.application.performer.centre.users) == 5005

"""Provisioned records and files: names, references, idempotence, nothing half done (SPEC 5.5, C§5)."""

import asyncio
from functools import partial
from typing import Any

import msgspec
import pytest

from smsdesk.core.centre import User
from smsdesk.core.draft import Draft
from smsdesk.core.errors import Fault, Refused
from smsdesk.operations.kinds import CONFIGURED
from smsdesk.operations.login import Credential
from smsdesk.operations.provisioning.adopt import adopt_skills
from smsdesk.operations.provisioning.change import create, delete, found, read_body, update
from smsdesk.operations.provisioning.kind import Surroundings
from smsdesk.operations.provisioning.kinds import BY_KIND, BY_PLURAL, TABLE, view_of
from smsdesk.operations.provisioning.plan import Step, carry_out, export, passwords, read_file
from tests.operations.world import World, fault

pytestmark = pytest.mark.anyio
WHOLE = {
    "userName": "dora",
    "password": "long enough",
    "firstName": "Dora",
    "lastName": "Demo",
    "roles": ["ROLE_AGENT"],
}
PLAIN = Surroundings(frozenset({"simulator"}), lambda name: name != "Mars/Base")
FILE: dict[str, Any] = {
    "skills": [{"name": "french"}],
    "users": [WHOLE | {"skills": {"french": 5, "english": 2}}],
    "groups": [{"name": "Night", "members": ["dora", "agent1"], "supervisors": ["supervisor"]}],
    "business-hours": [{"name": "Office", "timeZone": "Europe/Berlin", "regular": ["Mon-Fri 09:00-17:00"]}],
    "disposition-groups": [{"name": "DispositionCode/Night"}],
    "dispositions": [{"name": "done", "displayName": "Done", "group": "DispositionCode/Night"}],
    "strategies": [
        {
            "name": "French first",
            "hours": "Office",
            "texts": {"greeting": "Bonjour"},
            "steps": [
                {
                    "targets": ["queue", "?:french>4&english>0"],
                    "seconds": 60,
                    "relax": [{"skill": "french", "by": 1, "every": 10}],
                },
                {"targets": ["Night", "agent:dora", "queue:Night"]},
            ],
            "overflow": {"queue": "Night", "after": 120},
        }
    ],
    "queues": [
        {"name": "French", "target": "?:french>3&english>1", "hours": "Office", "strategy": "French first"},
        {"name": "Night", "target": "Night", "dispositions": ["done"], "dispositionMandatory": True},
    ],
    "service-numbers": [{"number": "+15550102", "queue": "French", "carrier": "simulator"}],
}


def mistake(kind: str, **fields: Any) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        read_body(BY_PLURAL[kind], fields)
    return caught.value.fault.code, caught.value.message


async def apply(world: World, content: Any, prune: bool = False, actor: str | None = None) -> list[Step]:
    wanted = read_file(content)
    steps: list[Step] = await world.performer.run(
        lambda draft: carry_out(draft, wanted, PLAIN, prune), actor and world.user(actor).id
    )
    return steps


async def exported(world: World) -> dict[str, Any]:
    made: dict[str, Any] = await world.run(lambda draft: export(view_of(draft, PLAIN)))
    return made


def make(kind: str, **fields: Any) -> Any:
    row = BY_PLURAL[kind]
    return lambda draft: create(draft, view_of(draft, PLAIN), row, read_body(row, fields))


def named(draft: Draft, kind: str, name: str) -> Any:
    return view_of(draft, PLAIN).named(BY_PLURAL[kind].kind, name)


def change(kind: str, name: str, /, **fields: Any) -> Any:
    row = BY_PLURAL[kind]
    return lambda draft: update(draft, view_of(draft, PLAIN), row, named(draft, kind, name), fields)


def remove(kind: str, name: str) -> Any:
    row = BY_PLURAL[kind]
    return lambda draft: delete(draft, view_of(draft, PLAIN), row, named(draft, kind, name))


# -- users -------------------------------------------------------------------------------------------
async def test_a_user_is_made_with_a_credential_and_a_line_in_the_audit_log() -> None:
    world = await World().open()
    row = BY_PLURAL["users"]
    body = read_body(row, WHOLE | {"emailAddress": "d@example.org", "changePasswordOnFirstLogin": True})
    hashes = Surroundings(hashes={"dora": "a hash"})
    made = await world.run(lambda draft: create(draft, view_of(draft, hashes), row, body))
    assert world.user("dora") == made
    assert (made.first_name, made.last_name, made.email, made.roles) == (
        *("Dora", "Demo", "d@example.org"),
        ("ROLE_AGENT",),
    )
    assert (made.enabled, made.change_password) == (True, True)
    assert await world.performer.read("credential", made.id) == Credential(made.id, "a hash")
    assert [place for place in world.store.places if place[0] == "audit"]


@pytest.mark.parametrize("name", ["dora", "DORA", "agent1"])
async def test_a_user_name_is_given_once_in_whatever_case(name: str) -> None:
    world = await World().open()
    await world.run(make("users", **WHOLE))
    assert await fault(world.run(make("users", **(WHOLE | {"userName": name})))) is Fault.EXISTS


@pytest.mark.parametrize("field", ["userName", "firstName", "lastName", "roles"])
def test_what_a_user_has_to_have(field: str) -> None:
    assert mistake("users", **(WHOLE | {field: None})) == (1, f"{field} is missing")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"userName": ""}, "userName has 0 characters"),
        ({"userName": "a:b"}, "userName may not hold a colon"),
        ({"userName": " dora"}, "userName may not begin or end with a blank"),
        ({"firstName": ""}, "firstName has 0 characters"),
        ({"lastName": "\0"}, "lastName holds a NUL character"),
        ({"skills": {"a\0": 1}}, "skills holds a NUL character"),
        ({"emailAddress": "x" * 256}, "emailAddress has 256 characters"),
        ({"password": "short"}, "password must have 8 to 256 characters"),
        ({"password": "x" * 257}, "password must have 8 to 256 characters"),
        ({"roles": []}, "roles is empty"),
        ({"roles": ["ROLE_KING"]}, "roles has the wrong type or value"),
        ({"roles": "ROLE_AGENT"}, "roles has the wrong type or value"),
        ({"enabled": "yes"}, "enabled has the wrong type or value"),
        ({"skills": {"english": -1}}, "skills english: the level has to be 0"),
        ({"capacity": 1001}, "capacity has to be 0 to 1000"),
    ],
)
def test_what_a_user_may_have(fields: dict[str, Any], words: str) -> None:
    code, message = mistake("users", **(WHOLE | fields))
    assert code == 10
    assert message.startswith(words)


async def test_nobody_locks_himself_out() -> None:
    world = await World().open()
    admin = world.user("admin").id
    run = partial(world.performer.run, actor=admin)
    assert await fault(run(change("users", "admin", roles=["ROLE_AGENT"]))) is Fault.STATE
    assert await fault(run(change("users", "admin", enabled=False))) is Fault.STATE
    assert await fault(run(remove("users", "admin"))) is Fault.STATE
    await run(change("users", "admin", lastName="Root"))
    assert world.user("admin").last_name == "Root"


async def test_who_is_disabled_leaves_his_work_and_who_is_at_work_is_not_deleted() -> None:
    world = await World().open()
    await world.ready("agent1")
    assert await fault(world.run(remove("users", "agent1"))) is Fault.IN_USE
    await world.run(change("users", "agent1", enabled=False))
    left = world.performer.live.peek("agent", world.user("agent1").id)
    assert left is not None
    assert not left.logged_in
    await world.run(remove("users", "agent1"))
    assert "agent1" not in world.performer.centre.user_names
    assert len(world.performer.centre.groups["Support"].members) == 2


# -- references --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("skills", "billing", "queue Billing"),
        ("skills", "spanish", "user agent2"),
        ("groups", "Support", "queue Support"),
        ("queues", "Support", "service number +15550100"),
    ],
)
async def test_what_is_referred_to_stays(kind: str, name: str, words: str) -> None:
    world = await World().open()
    with pytest.raises(Refused, match="is in use") as caught:
        await world.run(remove(kind, name))
    assert caught.value.fault is Fault.IN_USE
    assert words in caught.value.message


async def test_a_queue_with_open_interactions_stays() -> None:
    world = await World().open()
    await world.run(make("queues", name="Other", target="Support"))
    await world.run(change("service-numbers", "+15550100", queue="Other"))
    await world.text()
    await world.run(change("service-numbers", "+15550100", queue="Support"))
    with pytest.raises(Refused, match="1 open interactions"):
        await world.run(remove("queues", "Other"))


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("queues", {"name": "Q", "target": "?:klingon>1"}, "asks for skills that do not exist: klingon"),
        ("queues", {"name": "Q", "target": "Nobody's"}, "neither a group nor a skill expression"),
        ("queues", {"name": "Q", "target": "Support", "hours": "Never"}, "no business hours"),
        ("queues", {"name": "Q", "target": "Support", "strategy": "Magic"}, "no strategy"),
        ("groups", {"name": "G", "members": ["nobody"]}, "'nobody', who is no user"),
        ("groups", {"name": "G", "supervisors": ["nobody"]}, "'nobody', who is no user"),
        ("users", WHOLE | {"skills": {"klingon": 1}}, "no skill: klingon"),
        ("service-numbers", {"number": "+1", "queue": "Q", "carrier": "simulator"}, "no queue"),
        ("service-numbers", {"number": "+1", "queue": "Support", "carrier": "x"}, "carriers of this server"),
        ("business-hours", {"name": "H", "timeZone": "Mars/Base"}, "no IANA time zone"),
    ],
)
async def test_nothing_refers_to_nothing(kind: str, fields: dict[str, Any], words: str) -> None:
    world = await World().open()
    with pytest.raises(Refused) as caught:
        await world.run(make(kind, **fields))
    assert caught.value.fault is Fault.INVALID
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("skills", {"name": "two words"}),
        ("skills", {"name": "x" * 65}),
        ("groups", {"name": "G", "members": ["agent1", "AGENT1"]}),
        ("queues", {"name": "Q", "target": "Support", "strategy": " "}),
        ("queues", {"name": "Q", "target": "Support", "dispositions": [], "dispositionMandatory": True}),
        ("service-numbers", {"number": "+1 555", "queue": "Support", "carrier": "simulator"}),
        ("business-hours", {"name": "H", "timeZone": "no zone"}),
        ("business-hours", {"name": "H", "regular": ["always"]}),
    ],
)
def test_bodies_that_cannot_be(kind: str, fields: dict[str, Any]) -> None:
    assert mistake(kind, **fields)[0] == 10


async def test_a_name_never_changes_and_null_gives_the_default() -> None:
    world = await World().open()
    with pytest.raises(Refused, match="'name' is a read-only property") as caught:
        await world.run(change("skills", "english", name="anglais"))
    assert caught.value.fault is Fault.FORBIDDEN
    await world.run(change("skills", "english", name="english", description="Speaks it"))
    await world.run(change("skills", "english", description=None))
    assert (await world.run(lambda draft: named(draft, "skills", "english"))).description == ""


async def test_an_unknown_id_is_not_found() -> None:
    world = await World().open()
    for kind in TABLE:
        assert await fault(world.run(lambda d, k=kind: found(view_of(d, PLAIN), k, "0"))) is Fault.UNKNOWN  # type: ignore[misc]


async def test_skills_from_before_there_were_records_get_one() -> None:
    world = await World().open()
    user = world.user("agent1")
    await world.run(lambda d: d.put("user", user.id, msgspec.structs.replace(user, skills={"old": 1})))
    await world.run(adopt_skills)
    await world.run(adopt_skills)
    skills = [skill.name for skill in world.performer.centre.records["skill"].values()]
    assert skills.count("old") == 1


# -- files -------------------------------------------------------------------------------------------
async def test_a_file_is_carried_out_once_whatever_its_order() -> None:
    world = await World().open()
    steps = await apply(world, dict(reversed(FILE.items())))
    assert [(s.action, s.kind, s.name) for s in steps] == [
        ("create", "skills", "french"),
        ("create", "users", "dora"),
        ("create", "groups", "Night"),
        ("create", "business-hours", "Office"),
        ("create", "disposition-groups", "DispositionCode/Night"),
        ("create", "dispositions", "done"),
        ("create", "strategies", "French first"),
        ("create", "queues", "French"),
        ("create", "queues", "Night"),
        ("create", "service-numbers", "+15550102"),
    ]
    assert steps[1].changes["password"] == (None, "(hidden)")
    before = world.performer.position, await world.store.snapshot()
    assert await apply(world, FILE) == []
    assert (world.performer.position, await world.store.snapshot()) == before


async def test_what_is_exported_changes_nothing_when_it_is_applied_and_makes_the_same_elsewhere() -> None:
    world, other = await World().open(), await World().open()
    await apply(world, FILE)
    whole = await exported(world)
    assert await apply(world, whole, prune=True) == []
    assert await apply(other, whole)
    assert await exported(other) == whole
    assert "password" not in str(whole["users"]).replace("changePassword", "")


async def test_a_change_tells_what_was_and_what_is_and_leaves_other_fields_alone() -> None:
    world = await World().open()
    await apply(world, FILE)
    steps = await apply(world, {"users": [{"userName": "DORA", "lastName": "Delta"}]})
    assert steps == [Step("change", "users", "dora", {"lastName": ("Demo", "Delta")})]
    assert world.user("dora").skills == {"french": 5, "english": 2}


async def test_pruning_deletes_of_the_kinds_in_the_file_what_has_no_entry() -> None:
    world = await World().open()
    await apply(world, FILE)
    smaller = {"queues": FILE["queues"][:1], "groups": []} | {
        "queues": [{"name": "Support"}, {"name": "Billing"}]
    }
    with pytest.raises(Refused, match="is in use"):
        await apply(world, smaller, prune=True)
    assert "Night" in world.performer.centre.queues
    numbers = [{"number": "+15550100"}, {"number": "+15550101"}]
    kept: dict[str, Any] = {
        "service-numbers": numbers,
        "strategies": [],
        "queues": smaller["queues"],
        "groups": [{"name": "Support"}],
    }
    steps = await apply(world, kept, prune=True)
    assert sorted((s.action, s.name) for s in steps) == [
        ("delete", "+15550102"),
        ("delete", "French"),
        ("delete", "French first"),
        ("delete", "Night"),
        ("delete", "Night"),
    ]


async def test_every_mistake_of_a_file_is_told_at_once_and_nothing_has_changed() -> None:
    world = await World().open()
    before = await exported(world)
    content = {
        "skills": [{"name": "a b"}, {"name": "fine"}, {"name": "fine"}],
        "queues": [{"name": "Q", "target": "?:klingon>1"}, {"target": "Support"}],
    }
    with pytest.raises(Refused) as caught:
        await apply(world, content)
    lines = caught.value.message.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "skills 1 (a b)",
        "skills 3 (fine)",
        "queues 1 (Q)",
        "queues 2",
    ]
    assert await exported(world) == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "no table of kinds"),
        ({"skils": []}, "skils: unknown; perhaps skills"),
        ({"skills": {}}, "has to be a list of tables"),
        ({"skills": ["english"]}, "has to be a list of tables"),
        ({"queues": [{"name": "Q", "traget": "x"}]}, "queues 1 (Q): traget is no field; perhaps target"),
    ],
)
def test_the_form_of_a_file_is_checked_first(content: Any, words: str) -> None:
    with pytest.raises(Refused) as caught:
        read_file(content)
    assert words in caught.value.message


def test_only_passwords_that_can_be_are_taken_from_a_file() -> None:
    users: list[dict[str, Any]] = [
        WHOLE,
        {"userName": 7, "password": "x"},
        {"userName": "Eve", "password": None},
    ]
    assert passwords({"users": users}) == {"dora": "long enough"}


async def test_two_changes_at_one_moment_leave_no_reference_to_nothing() -> None:
    world = await World().open()
    await world.run(make("skills", name="french"))
    outcomes = await asyncio.gather(
        world.run(change("users", "agent1", skills={"french": 1})),
        world.run(remove("skills", "french")),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [User, Refused]
    assert "french" in {skill.name for skill in world.performer.centre.records["skill"].values()}


def test_the_table_names_kinds_that_are_kept() -> None:
    assert set(BY_KIND) <= set(CONFIGURED)
    assert len(BY_PLURAL) == len(TABLE)

"""Dispositions flat and as a tree, what a queue allows, settings, business attributes (A§1.7, C§5.3 to C§5.5,
SPEC 3 SetDisposition).
"""

import pytest

from tests.http.house import API, House, basic
from tests.http.peers import Exchange, Json

MINE = API + "/me/smssessions"
TREE = [
    {"name": "DispositionCode/Billing"},
    {"name": "DispositionCode/Billing/Refund"},
    {"name": "Mood"},
]
INSIDE = [
    {"name": "paid", "displayName": "Paid", "group": "DispositionCode/Billing"},
    {"name": "refunded", "group": "DispositionCode/Billing/Refund"},
    {"name": "happy", "group": "Mood"},
]


async def get(house: House, target: str, user: str = "agent1") -> Json:
    answer = await house.ask("GET", API + target, headers=basic(user))
    assert answer.json["statusCode"] == 0, answer.body
    return answer.json


async def write(house: House, method: str, target: str, body: Json = None, user: str = "admin") -> Exchange:
    return await house.ask(method, API + target, b"" if body is None else body, basic(user))


async def planted(house: House) -> None:
    """The tree is there."""
    file = {"disposition-groups": TREE, "dispositions": INSIDE}
    answer = await write(house, "POST", "/provisioning", file)
    assert answer.json["statusCode"] == 0, answer.body


async def group(house: House, name: str) -> Json:
    found = (await get(house, "/groups?type=dispositions&fields=*"))["groups"]
    return next(g for g in found if g["name"] == name)


@pytest.mark.parametrize("place", ["/groups", "/me/groups"])
async def test_groups_of_dispositions_are_groups_of_their_own_type(place: str) -> None:
    async with House() as house:
        (only,) = (await get(house, f"{place}?type=dispositions&fields=*"))["groups"]
        assert only["id"].startswith("1-")
        assert only == {
            "id": only["id"],
            "name": "DispositionCode",
            "type": "dispositions",
            "contains": ["dispositions"],
            "defaultGroup": True,
            "uri": f"http://localhost:8080{API}/groups/{only['id']}",
            "path": f"/groups/{only['id']}",
        }
        agents = (await get(house, f"{place}?fields=*"))["groups"]
        assert {g["type"] for g in agents} == {"BusinessUnit"}


async def test_one_level_and_the_whole_tree() -> None:
    async with House() as house:
        await planted(house)
        path = (await group(house, "DispositionCode"))["path"]
        bare = (await get(house, path))["group"]
        assert "dispositions" not in bare
        level = (await get(house, f"{path}?subresources=*"))["group"]
        assert [d["name"] for d in level["dispositions"]] == ["callback", "resolved", "spam"]
        assert [g["name"] for g in level["groups"]] == ["Billing"]
        assert "dispositions" not in level["groups"][0]
        whole = (await get(house, f"{path}?subresources=**"))["group"]
        (billing,) = whole["groups"]
        assert [d["displayName"] for d in billing["dispositions"]] == ["Paid"]
        assert [d["name"] for d in billing["groups"][0]["dispositions"]] == ["refunded"]


async def test_flat_and_with_parents_or_whole_trees_by_their_roots() -> None:
    async with House() as house:
        await planted(house)
        flat = (await get(house, "/groups?type=dispositions&fields=*"))["groups"]
        assert [g["name"] for g in flat] == ["DispositionCode", "Billing", "Refund", "Mood"]
        parents = {g["name"]: g.get("parentUri") for g in flat}
        assert parents["Refund"] == (await group(house, "Billing"))["uri"]
        assert parents["Mood"] is None
        trees = (await get(house, "/groups?type=dispositions&fields=*&subresources=**"))["groups"]
        assert [g["name"] for g in trees] == ["DispositionCode", "Mood"]
        assert len((await get(house, "/groups?type=dispositions"))["uris"]) == 4


async def test_one_is_made_in_a_group_changed_and_deleted() -> None:
    async with House() as house:
        path = (await group(house, "DispositionCode"))["path"]
        made = await write(house, "POST", f"{path}/dispositions", {"name": "vip", "displayName": "VIP"})
        assert made.json.keys() == {"statusCode", "id", "uri", "path"}
        inside = (await get(house, f"{path}/dispositions?fields=name,displayName"))["dispositions"]
        assert {"name": "vip", "displayName": "VIP"} in inside
        place = made.json["path"]
        assert (await write(house, "PUT", place, {"displayName": "Very"})).json == {"statusCode": 0}
        assert (await get(house, place))["disposition"]["displayName"] == "Very"
        assert (await write(house, "PUT", place, {"name": "other"})).json["statusCode"] == 3
        assert (await write(house, "DELETE", place)).json == {"statusCode": 0}
        assert (await house.ask("GET", API + place, headers=basic())).status == 404


async def test_mistakes_when_one_is_made() -> None:
    async with House() as house:
        path = (await group(house, "DispositionCode"))["path"] + "/dispositions"
        for user, target, body, code in (
            ("admin", path, {"name": "spam"}, 18),
            ("admin", path, {"displayName": "nameless"}, 1),
            ("admin", path, {"name": "a\0b"}, 10),
            ("admin", path, {"name": "x" * 256}, 10),
            ("admin", path, {"name": 7}, 10),
            ("admin", path, b"[]", 10),
            ("agent1", path, {"name": "new"}, 5),
            ("admin", "/groups/1-nobody/dispositions", {"name": "new"}, 6),
        ):
            answer = await write(house, "POST", target, body, user)
            assert answer.json["statusCode"] == code, (body, answer.body)
        agents = (await get(house, "/groups?fields=*"))["groups"][0]["path"]
        assert (await write(house, "POST", f"{agents}/dispositions", {"name": "new"})).json["statusCode"] == 6
        assert (await house.ask("GET", f"{API}/settings/dispositions")).json["statusCode"] == 20


async def test_what_a_queue_names_is_in_use() -> None:
    async with House() as house:
        await planted(house)
        spam = (await get(house, "/dispositions?fields=path&name=spam"))["dispositions"][0]["path"]
        answer = await write(house, "DELETE", spam)
        assert (answer.json["statusCode"], "queue Support" in answer.json["statusMessage"]) == (19, True)
        groups = (await get(house, "/disposition-groups?fields=*"))["dispositionGroups"]
        paths = {g["name"]: g["path"] for g in groups}
        for name, code in (("DispositionCode/Billing", 19), ("Mood", 19), ("DispositionCode", 19)):
            assert (await write(house, "DELETE", paths[name])).json["statusCode"] == code, name


async def test_a_queue_names_dispositions_or_a_root_group() -> None:
    async with House() as house:
        await planted(house)
        queue = (await get(house, "/queues?fields=path&name=Support"))["queues"][0]["path"]
        for wrong in ("nothing", "DispositionCode/Billing"):
            answer = await write(house, "PUT", queue, {"dispositions": [wrong]})
            assert answer.json["statusCode"] == 10, wrong
        assert (
            await write(house, "PUT", queue, {"dispositions": ["DispositionCode", "happy"]})
        ).status == 200
        id = await house.put()
        await house.operate(id, "SetDisposition", disposition="refunded")
        await house.operate(id, "SetDisposition", disposition="happy")
        session = (await get(house, f"/me/smssessions/{id}"))["smssession"]
        assert session["userData"]["DispositionCode"] == "happy"  # the name, not what is shown
        body = {"operationName": "SetDisposition", "disposition": "Paid"}
        assert (await house.ask("POST", f"{MINE}/{id}", body, basic())).json["statusCode"] == 10


async def test_pruning_takes_what_is_inside_before_its_group() -> None:
    async with House() as house:
        await planted(house)
        file = {
            "disposition-groups": [{"name": "DispositionCode"}],
            "dispositions": [{"name": n} for n in ("resolved", "callback", "spam")],
        }
        answer = await write(house, "POST", "/provisioning?prune=true", file)
        assert answer.json["statusCode"] == 0, answer.body
        gone = [s["name"] for s in answer.json["steps"] if s["action"] == "delete"]
        assert sorted(gone) == sorted(x["name"] for x in (*TREE, *INSIDE))


@pytest.mark.parametrize("name", ["", "/a", "a//b", "a/ b", "x" * 256, "/".join("abcdefghijk"), "Gone/a"])
async def test_a_group_is_named_by_its_path(name: str) -> None:
    async with House() as house:
        assert (await write(house, "POST", "/disposition-groups", {"name": name})).json["statusCode"] == 10


async def test_settings_hold_all_of_them_flat() -> None:
    async with House() as house:
        found = await get(house, "/settings/dispositions")
        assert found["key"] == "name"
        assert [(s["name"], s["displayName"]) for s in found["settings"]] == [
            ("callback", "Call back"),
            ("resolved", "Resolved"),
            ("spam", "Spam"),
        ]


async def test_business_attributes_are_derived_or_provisioned() -> None:
    async with House() as house:
        await planted(house)
        body = {"name": "Product", "values": [{"name": "phone", "displayName": "Phone", "default": True}]}
        made = await write(house, "POST", "/business-attributes", body)
        found = (await get(house, "/business-attributes?fields=*"))["businessAttributes"]
        assert [a["name"] for a in found] == ["DispositionCode", "Language", "Mood", "Product"]
        codes = {a["name"]: [v["name"] for v in a["values"]] for a in found}
        assert codes["DispositionCode"] == ["callback", "paid", "refunded", "resolved", "spam"]
        one = (await get(house, made.json["path"]))["businessAttribute"]
        assert one["displayName"] == "Product"
        assert one["values"] == [
            {
                "name": "phone",
                "displayName": "Phone",
                "description": "",
                "userProperties": [],
                "default": True,
            }
        ]
        for wrong, code in (
            ({"name": "DispositionCode"}, 18),
            ({"name": "Product"}, 18),
            ({"name": "Two", "values": [{"name": "a"}, {"name": "a"}]}, 10),
            ({"name": "Two", "values": [{"name": "a", "default": True}, {"name": "b", "default": True}]}, 10),
        ):
            answer = await write(house, "POST", "/business-attributes", wrong)
            assert answer.json["statusCode"] == code, answer.body
        assert (await house.ask("GET", f"{API}/business-attributes/none", headers=basic())).status == 404

"""The caller and what can be asked for beside him; the same of others for staff (C§1.7, C§3.1, C§4.4)."""

from typing import Any

import pytest

from tests.http.house import API, House, basic

NAMES = {
    *("devices", "skills", "channels", "channelStates", "interactions", "chats", "smssessions"),
    *("workbins", "settings", "calls", "groups", "features"),
}
LISTS = ["channels", "skills", "groups", "devices", "calls", "chats", "interactions", "workbins"]
PLAIN = {
    *("id", "userName", "firstName", "lastName", "emailAddress", "roles", "enabled"),
    *("changePasswordOnFirstLogin", "contactCenterId", "uri", "path"),
}


async def get(house: House, target: str, user: str = "agent1") -> Any:
    return (await house.ask("GET", API + target, headers=basic(user))).json


async def test_all_subresources_have_their_names() -> None:
    async with House() as house:
        user = (await get(house, "/me?subresources=*"))["user"]
        assert set(user) == PLAIN | NAMES
        assert user["channels"] == user["channelStates"]


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("", set()),
        ("?subresources=", set()),
        ("?subresources=channels,features,nonsense", {"channels", "features"}),
        ("?subresources=channels,,channels", {"channels"}),
        ("?subresources=Channels", set()),
        ("?subresources=**", NAMES),
    ],
)
async def test_only_what_is_asked_for_is_there(asked: str, there: set[str]) -> None:
    async with House() as house:
        assert set((await get(house, "/me" + asked))["user"]) == PLAIN | there


async def test_only_what_is_asked_for_is_read() -> None:
    """The sessions on the desk are not read for somebody who asks for his skills."""
    async with House() as house:
        await house.put()
        read: list[str] = []
        performer = house.application.performer
        whole = performer.read

        async def watched(kind: str, id: str) -> object | None:
            read.append(kind)
            return await whole(kind, id)

        performer.read = watched  # type: ignore[method-assign]  # watched, not replaced
        await get(house, "/me?subresources=skills,groups")
        assert "session" not in read
        await get(house, "/me?subresources=smssessions")
        assert "session" in read


async def test_the_shapes_of_skills_and_groups() -> None:
    async with House() as house:
        base = house.application.resources.base
        skills = (await get(house, "/me/skills?fields=*&sortBy=name"))["skills"]
        id = house.application.performer.centre.skills["billing"].id
        assert skills[0] == {
            "id": id,
            "name": "billing",
            "level": "5",
            "uri": f"{base}/skills/{id}",
            "path": f"/skills/{id}",
        }
        (group,) = (await get(house, "/me/groups?type=BusinessUnit&fields=*"))["groups"]
        assert (group["name"], group["contains"]) == ("Support", ["users", "skills", "queues"])
        (codes,) = (await get(house, "/me/groups?type=dispositions&fields=*"))["groups"]
        assert codes["name"] == "DispositionCode"
        assert (await get(house, "/me/groups?fields=*", "supervisor"))["groups"] == [group]


@pytest.mark.parametrize("name", LISTS)
async def test_every_list_follows_the_conventions(name: str) -> None:
    async with House() as house:
        bare, full = await get(house, f"/me/{name}/"), await get(house, f"/me/{name}?fields=*")
        assert bare["statusCode"] == full["statusCode"] == 0
        assert isinstance(full[name], list)
        assert (name if name == "channels" else "uris") in bare
        wrong = await house.ask("GET", f"{API}/me/{name}?limit=-1", headers=basic())
        assert (wrong.status, wrong.json["statusCode"]) == (400, 10)
        assert (await house.ask("GET", f"{API}/me/{name}")).json["statusCode"] == 20
        assert (await house.ask("PUT", f"{API}/me/{name}", {}, basic())).status == 405


async def test_channels_without_fields_are_whole_because_they_have_no_address() -> None:
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        listed = await get(house, "/me/channels")
        assert listed["channels"][0]["userState"]["state"] == "Ready"
        assert await get(house, "/me/channels/smssession?fields=dndState") == {
            "statusCode": 0,
            "channel": {"dndState": "Off"},
        }


# -- of others -------------------------------------------------------------------------------------------


async def test_staff_see_skills_channels_and_groups_of_others() -> None:
    async with House() as house:
        await house.put(actors={"agent1": "Ready"})
        for staff in ("supervisor", "admin"):
            users = (await get(house, "/users?fields=*&subresources=*&userName=agent1", staff))["users"]
            assert set(users[0]) == PLAIN | {"skills", "channels", "groups"}
            id = users[0]["id"]
            one = (await get(house, f"/users/{id}?subresources=channels,settings", staff))["user"]
            assert set(one) == PLAIN | {"channels"}
            assert one["channels"] == (await get(house, f"/users/{id}/channels", staff))["channels"]
            assert one["channels"][0]["userState"]["state"] == "Ready"
            assert (await get(house, f"/users/{id}/channels/sms", staff))["channel"] == one["channels"][0]
            assert len((await get(house, f"/users/{id}/skills?fields=*", staff))["skills"]) == 2


@pytest.mark.parametrize("what", ["skills", "channels", "channels/smssession"])
async def test_agents_see_their_own_only(what: str) -> None:
    async with House() as house:
        names = house.application.performer.centre.user_names
        mine, other = names["agent1"].id, names["agent2"].id
        assert (await get(house, f"/users/{mine}/{what}"))["statusCode"] == 0
        assert (await get(house, f"/users/{other}/{what}"))["statusCode"] == 5
        assert (await get(house, f"/users/{'0' * 32}/{what}", "admin"))["statusCode"] == 6


async def test_a_channel_that_is_not_there() -> None:
    async with House() as house:
        id = house.application.performer.centre.user_names["agent2"].id
        assert (await get(house, f"/users/{id}/channels/voice", "admin"))["statusCode"] == 6
        assert (await get(house, "/me/channels/voice"))["statusCode"] == 6

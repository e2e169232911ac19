"""A password is set by an administrator: PUT of a user (C§5.1, C§2.6, SPEC 8.11)."""

from tests.http.house import API, House, Listener, basic, data

NEW = "a longer one"


async def test_it_ends_the_logins_of_the_user_and_is_told() -> None:
    async with House() as house:
        cookie = await house.cookie()
        staff = await Listener(house, "supervisor").ready("/v2/users")
        user = house.application.performer.centre.user_names["agent1"].id
        body = {"password": NEW, "changePasswordOnFirstLogin": True}
        answer = await house.ask("PUT", f"{API}/users/{user}", body, basic("admin"))
        assert answer.json == {"statusCode": 0}
        await house.application.settle()
        assert (await house.ask("GET", API + "/me", headers=cookie)).json["statusCode"] == 20
        assert (await house.ask("GET", API + "/me", headers=basic())).json["statusCode"] == 20
        answer = await house.ask("GET", API + "/me", headers=basic("agent1", NEW))
        assert answer.json["statusCode"] == 8
        (told,) = data(await staff.connect())
        assert (told["notificationType"], told["userId"]) == ("PasswordChangeSuccessful", user)
        assert told["userUri"].endswith(f"/api/v2/users/{user}")
        lines = [a for a in house.application.performer.live.all("audit") if a.action == "password changed"]
        admin = house.application.performer.centre.user_names["admin"].id
        assert [(line.actor, line.subject) for line in lines] == [(admin, user)]


async def test_a_change_without_a_password_ends_no_login() -> None:
    async with House() as house:
        cookie = await house.cookie()
        user = house.application.performer.centre.user_names["agent1"].id
        answer = await house.ask("PUT", f"{API}/users/{user}", {"firstName": "Anna"}, basic("admin"))
        assert answer.json == {"statusCode": 0}
        assert (await house.ask("GET", API + "/me", headers=cookie)).json["user"]["firstName"] == "Anna"


async def test_a_refused_one_changes_nothing() -> None:
    async with House() as house:
        cookie = await house.cookie()
        user = house.application.performer.centre.user_names["agent1"].id
        for headers, body, code in (
            (basic("admin"), {"password": "short"}, 10),
            (basic("supervisor"), {"password": NEW}, 5),
            (basic("admin"), {"password": NEW, "userName": "other"}, 3),
        ):
            answer = await house.ask("PUT", f"{API}/users/{user}", body, headers)
            assert answer.json["statusCode"] == code
        assert (await house.ask("GET", API + "/me", headers=cookie)).status == 200
        assert (await house.ask("GET", API + "/me", headers=basic())).status == 200

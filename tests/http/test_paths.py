"""What a path may look like, and that no path reaches anything but the table of paths (SPEC 1.2, 1.6)."""

import builtins
import io
import os
from typing import Any

import pytest

from tests.http.house import API, House, basic
from tests.http.peers import Exchange

ALIASES = ["/me/smssessions", "/me/smsessions", "/me/smsssession", "/smssessions", "/smsessions"]


def unknown(answer: Exchange) -> bool:
    assert (answer.status, answer.json["statusCode"]) == (404, 6), answer.body
    return True


@pytest.mark.parametrize("slash", ["", "/", "//"])
@pytest.mark.parametrize("alias", ALIASES)
async def test_spellings_and_slashes_are_served_alike(alias: str, slash: str) -> None:
    async with House() as house:
        id = await house.put()
        for target in (
            f"{API}{alias}{slash}",
            f"{API}{alias}/{id}{slash}",
            f"{API}{alias}/{id}/messages{slash}",
        ):
            assert (await house.ask("GET", target, headers=basic())).json["statusCode"] == 0, target
        body = {"operationName": "AttachUserData", "userData": {"k": "v"}}
        answer = await house.ask("POST", f"{API}{alias}/{id}{slash}", body, basic())
        assert answer.json == {"statusCode": 0}


@pytest.mark.parametrize("target", ["/me", "/me/channels", "/features", "/settings/agent-states"])
async def test_everything_takes_a_slash_at_its_end(target: str) -> None:
    async with House() as house:
        for slash in ("", "/", "/?fields=*"):
            assert (await house.ask("GET", API + target + slash, headers=basic())).json["statusCode"] == 0


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("DELETE", "/me"),
        ("PUT", "/me/smssessions/0000000000000000"),
        ("DELETE", "/me/smssessions/0000000000000000/"),
        ("POST", "/me/smssessions"),
        ("POST", "/me/smssessions/0000000000000000/messages"),
        ("PATCH", "/me/channels/sms"),
        ("POST", "/features"),
        ("POST", "/diagnostics/version"),
        ("GET", "/notifications"),
        ("PUT", "/notifications/connect"),
        ("BREW", "/me"),
    ],
)
async def test_a_method_that_is_not_possible(method: str, target: str) -> None:
    async with House() as house:
        answer = await house.ask(method, API + target, headers=basic())
        assert (answer.status, answer.json["statusCode"]) == (405, 6)
        assert method in answer.json["statusMessage"] or "POST" in answer.json["statusMessage"]


@pytest.mark.parametrize(
    "target",
    [
        "/api",
        "/api/",
        "/api/v2",
        "/api/v2/",
        "/api/v1/me",
        "/api/v2/ME",
        "/API/v2/me",
        "/api/v2/me/nothing",
        "/api/v2//me",
        "//api/v2/me",
        "/api/v2/me/smssessions/../../me",
        "/api/v2/me/smssessions/%2e%2e/%2e%2e/me",
        "/api/v2/me/smssessions/..%2f..%2fme",
        "/api/v2/me/smssessions/%00",
        "/api/v2/me/smssessions/0000000000000000%00",
        "/api/v2/me/smssessions/0000000000000000%0a",
        "/api/v2/me/smssessions/" + "0" * 65,
        "/api/v2/me/smssessions/" + "0" * 100_000,
        "/api/v2/me/smssessions/%F0%9F%98%80",
        "/api/v2/me/smssessions/%ff%fe",
        "/api/v2/me/smssessions/;jsessionid=x",
        "/api/v2/notificationsx",
        "/api/v2/notifications.json",
        "/api/v2/users/%2e%2e/channels/sms",
        "/../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/etc/passwd",
        "/index.html/",
        "/index.html%00.js",
        "/simulator/../index.html",
        "/simulator/%2e%2e/index.html",
        "/simulator//",
        "/pages/index.html",
        "/app.py",
        "/__init__.py",
        "/%5c..%5capp.py",
        "/C:/Windows",
        "*",
        "//",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
async def test_tricks_lead_nowhere(method: str, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is opened while a request is served: the pages were read before."""
    async with House() as house:
        monkeypatch.setattr(builtins, "open", _forbidden)
        monkeypatch.setattr(io, "open", _forbidden)
        monkeypatch.setattr(os, "open", _forbidden)
        monkeypatch.setattr(os, "stat", _forbidden)
        answer = await house.ask(method, target, headers=basic())
        monkeypatch.undo()
        if target.startswith("/simulator/"):
            assert (answer.status, set(answer.json)) == (404, {"error"})
        else:
            unknown(answer)


async def test_an_encoded_slash_is_a_slash() -> None:
    """The path is what it decodes to, whoever decodes it."""
    async with House() as house:
        for method, status in (("GET", 200), ("POST", 405)):
            assert (await house.ask(method, API + "/me%2Fchannels%2f", headers=basic())).status == status


def _forbidden(*_arguments: Any, **_more: Any) -> Any:
    raise AssertionError("a request reached the disk")


async def test_an_unknown_path_of_the_api_asks_for_the_login_first() -> None:
    """SPEC 1.6: login before path, so that nobody outside learns what there is."""
    async with House() as house:
        house.application._serve.login = house.application.auth.caller
        for method, target in [("GET", "/nothing"), ("DELETE", "/me"), ("GET", "/notifications")]:
            answer = await house.ask(method, API + target)
            assert (answer.status, answer.json["statusCode"]) == (403, 20)
        unknown(await house.ask("GET", API + "/nothing", headers=basic()))
        unknown(await house.ask("GET", "/nothing"))
        assert (await house.ask("POST", "/healthz")).status == 405


async def test_an_id_is_looked_for_as_it_stands() -> None:
    async with House() as house:
        id = await house.put()
        for other in (id.swapcase(), id[:-1], id + "0", id[::-1]):
            if other != id:
                unknown(await house.ask("GET", f"{API}/me/smssessions/{other}", headers=basic()))

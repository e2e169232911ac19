"""Pages of other origins (C§1.8, SPEC 1.8, 7.3)."""

import pytest

from smsdesk.config import SettingsError, load
from smsdesk.http.cors import Origins
from tests.http.house import API, House, basic
from tests.http.peers import Exchange

ME = API + "/me"
DESK = "https://desk.example.com"


def allowed(answer: Exchange, origin: str) -> bool:
    """Allowed with everything that a browser wants to see, each once; or not allowed, with nothing of it."""
    said = answer.header("access-control-allow-origin")
    if said is None:
        assert not [name for name, _ in answer.headers if name.startswith("access-control-")]
        return False
    assert said == origin
    assert answer.header("access-control-allow-credentials") == "true"
    assert answer.header("access-control-expose-headers") == "X-CSRF-HEADER,X-CSRF-TOKEN"
    assert answer.header("vary") == "Origin"
    return True


async def test_an_allowed_page_may_read_success_and_refusal() -> None:
    async with House(allowed_origins=DESK) as house:
        for headers, status in ((basic(), 200), ({}, 403), (basic("agent1", "wrong"), 403)):
            answer = await house.ask("GET", ME, headers=headers | {"Origin": DESK})
            assert answer.status == status
            assert allowed(answer, DESK)
        answer = await house.ask("GET", API + "/nothing", headers=basic() | {"Origin": DESK})
        assert allowed(answer, DESK)


async def test_a_preflight_is_answered_without_login() -> None:
    async with House(allowed_origins=DESK) as house:
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        for target in (API + "/me/", API + "/me/smssessions/0000000000000000", API + "/notifications"):
            answer = await house.ask("OPTIONS", target, headers={"Origin": DESK, **asked})
            assert (answer.status, answer.body) == (200, b"")
            assert allowed(answer, DESK)
            assert answer.header("access-control-allow-methods") == "GET,POST,PUT,DELETE,OPTIONS"
            names = (answer.header("access-control-allow-headers") or "").split(",")
            assert {"Content-Type", "authorization", "X-CSRF-TOKEN", "Idempotency-Key"} <= set(names)
            assert int(answer.header("access-control-max-age") or 0) > 0


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example.net",
        "http://desk.example.com",
        "https://desk.example.com.evil.net",
        "https://evil-desk.example.com",
        "https://desk.example.com:8443",
        "https://deskXexample.com",
        "https://desk.example.com/",
        "https://desk.example.com\nx",
        "null",
        "",
        "*",
        "https://",
        "http://[::1",
        "http://[bad]",
        "ä://ö",
        "file://",
    ],
)
async def test_any_other_page_gets_no_headers(origin: str) -> None:
    async with House(demo=False, allowed_origins=DESK) as house:
        for method in ("GET", "OPTIONS", "POST"):
            answer = await house.ask(method, API + "/diagnostics/version", headers={"Origin": origin})
            assert answer.status in (200, 403)  # what is not served asks who it is first
            assert not allowed(answer, origin)
            assert answer.header("access-control-allow-methods") is None


async def test_a_program_without_origin_gets_none_either() -> None:
    async with House(allowed_origins=DESK) as house:
        answer = await house.ask("GET", ME, headers=basic())
        assert answer.header("access-control-allow-origin") is None


@pytest.mark.parametrize(
    ("pattern", "origin", "fits"),
    [
        ("https://*.example.com", "https://a.example.com", True),
        ("https://*.example.com", "https://a.b-c.example.com", True),
        ("https://*.example.com", "https://example.com", False),
        ("https://*.example.com", "https://evil.net/.example.com", False),
        ("https://*.example.com", "https://evil.net:443@a.example.com", False),
        ("https://*.example.com", "https://a.example.com.evil.net", False),
        ("https://*.example.com", "https://a.example.com\n", False),
        ("https://*.example.com", "https://aXexample.com", False),
        ("https://desk-*.example.com:8443", "https://desk-eu.example.com:8443", True),
        ("https://desk-*.example.com:8443", "https://desk-eu.example.com", False),
        ("https://Desk.Example.COM", "https://desk.example.com", True),
        ("https://desk.example.com:443", "https://desk.example.com", True),
        ("http://desk.example.com:80", "http://desk.example.com", True),
        ("http://desk.example.com:443", "http://desk.example.com", False),
        ("http://[2001:db8::1]:80", "http://[2001:db8::1]", True),
        ("http://a.b", "http://a+b", False),
        ("https://*", "https://evil.example.net", False),
        ("https://*.*", "https://evil.example.net", False),
        ("https://*:8443", "https://evil.example.net:8443", False),
    ],
)
def test_wildcards_stand_for_parts_of_a_host(pattern: str, origin: str, fits: bool) -> None:
    assert Origins([pattern], "http://localhost:8080").allows(origin) is fits


@pytest.mark.parametrize(
    "wrong", ["*", "desk.example.com", "https://desk.example.com/path", "//x", "https://"]
)
def test_what_is_no_origin_is_no_setting(wrong: str) -> None:
    with pytest.raises(SettingsError, match="allowed-origins"):
        load(None, {}, {"allowed_origins": wrong})


@pytest.mark.parametrize(
    "own", ["https://desk.example.com", "https://Desk.example.com:443", "https://DESK.example.com"]
)
async def test_the_servers_own_pages_may(own: str) -> None:
    async with House(demo=False, external_url=own) as house:
        assert allowed(await house.ask("GET", ME, headers={"Origin": DESK}), DESK)


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:3000",
        "http://127.0.0.1:5173",
        "https://localhost",
        "http://[::1]:8080",
        "http://localhost",
    ],
)
async def test_pages_of_this_machine_may_in_the_demo_only(origin: str) -> None:
    async with House(demo=True) as house:
        assert allowed(await house.ask("GET", ME, headers={"Origin": origin}), origin)
    async with House(demo=False) as house:
        assert not allowed(await house.ask("GET", ME, headers={"Origin": origin}), origin)


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost.evil.net",
        "http://evil.net/localhost",
        "ftp://localhost",
        "http://127.0.0.1.evil.net",
        "http://[::1",
        "http://[bad]",
        "http://",
    ],
)
async def test_what_only_looks_like_this_machine_may_not(origin: str) -> None:
    async with House(demo=True) as house:
        assert not allowed(await house.ask("GET", ME, headers={"Origin": origin}), origin)


async def test_pages_get_the_headers_too() -> None:
    async with House(allowed_origins=DESK) as house:
        assert allowed(await house.ask("GET", "/", headers={"Origin": DESK}), DESK)

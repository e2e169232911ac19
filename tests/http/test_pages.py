"""The pages that come with the server, and what those who run it ask (SPEC 7.1, 7.5)."""

import pytest

from smsdesk import __version__
from tests.http.house import API, House

POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
}


@pytest.mark.parametrize(
    ("target", "type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/simulator/", "text/html; charset=utf-8"),
        ("/simulator/index.html", "text/html; charset=utf-8"),
        ("/api.js", "text/javascript; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
        ("/?x=1", "text/html; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_page_has_its_type_and_runs_nothing_foreign(method: str, target: str, type: str) -> None:
    async with House() as house:
        answer = await house.ask(method, target)
        assert answer.status == 200
        assert answer.body
        assert answer.header("content-type") == type
        assert set((answer.header("content-security-policy") or "").split("; ")) == POLICY
        assert answer.header("x-content-type-options") == "nosniff"
        assert answer.header("referrer-policy") == "same-origin"
        assert answer.header("cache-control") == "no-cache"


async def test_no_page_holds_a_script_that_its_policy_forbids() -> None:
    async with House() as house:
        for target in ("/", "/simulator/"):
            page = (await house.ask("GET", target)).body.decode().lower()
            for piece in (
                "<script>",
                "javascript:",
                " onclick=",
                " onload=",
                "<style",
                " style=",
                "http://",
                "https://",
            ):
                assert piece not in page, piece


async def test_a_folder_without_its_slash_is_sent_there() -> None:
    async with House() as house:
        answer = await house.ask("GET", "/simulator")
        assert (answer.status, answer.header("location")) == (308, "/simulator/")


async def test_what_is_no_page_is_unknown() -> None:
    async with House() as house:
        for method, target, status in [("GET", "/no.html", 404), ("POST", "/", 404), ("GET", "/no/", 404)]:
            answer = await house.ask(method, target)
            assert (answer.status, answer.json["statusCode"]) == (status, 6)


async def test_the_version_needs_no_login() -> None:
    async with House() as house:
        for headers in ({}, {"Authorization": "nonsense"}):
            answer = await house.ask("GET", API + "/diagnostics/version", headers=headers)
            assert answer.json == {"statusCode": 0, "version": __version__}


async def test_health_and_readiness() -> None:
    async with House() as house:
        assert (await house.ask("GET", "/healthz")).json == {"status": "ok"}
        assert (await house.ask("GET", "/readyz")).json == {"status": "ready"}
        assert (await house.ask("HEAD", "/readyz")).status == 200


async def test_a_store_that_cannot_be_read_makes_it_not_ready_but_not_dead() -> None:
    async with House() as house:
        house.store.broken = True
        answer = await house.ask("GET", "/readyz")
        assert answer.status == 503
        assert answer.json["status"] == "not ready"
        assert "store" in answer.json["why"]
        assert "the disk is full" not in answer.json["why"], "what the store says is for the log"
        assert answer.header("retry-after")
        assert (await house.ask("GET", "/healthz")).status == 200
        house.store.broken = False
        assert (await house.ask("GET", "/readyz")).status == 200


async def test_on_its_way_out_it_is_not_ready() -> None:
    async with House() as house:
        house.application.stop_taking()
        answer = await house.ask("GET", "/readyz")
        assert (answer.status, answer.json["why"]) == (503, "stopping")
        assert (await house.ask("GET", "/healthz")).status == 200

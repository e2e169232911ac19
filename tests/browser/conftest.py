"""Fixtures of the browser tests: Debian's Chromium, the demo server, and pages that must not complain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from scripts import browser as chromium
from tests.browser.desk import Desk
from tests.browser.phones import Phones
from tests.e2e.server import Server

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WAIT_MS = 10_000

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium, without a window."""
    problem = chromium.ensure(tmp_path_factory.mktemp("chromium") / "install.log")
    if problem:
        pytest.fail(problem, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The demo contact centre, empty and ready, on its simulator."""
    with Server(tmp_path) as server:
        yield server
        assert server.running, f"the server did not outlive the browsers\n{server.log_tail()}"


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens a page in its own browser profile; a script error or a breach of the policy fails the test."""
    complaints: list[str] = []
    contexts = []

    def open_page(url: str, width: int = 1360, height: int = 800, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.extend(_complaints(message)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _complaints(message: ConsoleMessage) -> list[str]:
    """What a page said that it should not; a refused or broken request is the business of each test."""
    usual = message.text.startswith("Failed to load resource")
    return [message.text] if message.type in ("error", "warning") and not usual else []


@pytest.fixture
def desk(server: Server, open_page: OpenPage) -> Desk:
    """agent1 at the desk, signed in and ready."""
    desk = Desk(open_page(server.url))
    desk.sign_in("agent1")
    desk.be_ready()
    return desk


@pytest.fixture
def phones(server: Server, open_page: OpenPage) -> Phones:
    """The page with one phone, +15550111, that texts +15550100."""
    return Phones(open_page(f"{server.url}/simulator/"))

"""What must hold for every page at every size: nothing sticks out, nothing foreign or inline is loaded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Desk
from tests.browser.phones import Phones
from tests.e2e.server import Server

PAGES = Path(__file__).parents[2] / "src" / "smsdesk" / "http" / "pages"
FILES = [path for path in sorted(PAGES.rglob("*")) if path.suffix in (".html", ".js", ".css", ".svg")]
FORBIDDEN = {
    "addresses from the root, which break under a base path": r"""(?:href|src|action)=["']/|fetch\(["'`]/""",
    "something from elsewhere": r"https?://(?!www\.w3\.org/)(?!\[|\.|\$)[a-z]",
    "markup made of data": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write",
    "code made of data": r"\beval\(|new Function",
    "inline style or handler": r"<[^>]+\s(?:style|on[a-z]+)=|<style|<script(?![^>]*\ssrc=)",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PAGES).as_posix())
def test_files_keep_to_the_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = {why: match.group() for why, pattern in FORBIDDEN.items() if (match := re.search(pattern, text))}
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 800, 1360])
def test_nothing_sticks_out(server: Server, open_page: OpenPage, width: int, scheme: str) -> None:
    phones = Phones(open_page(f"{server.url}/simulator/", width, 640, scheme))
    desk = Desk(open_page(server.url, width, 640, scheme))
    _fits(desk.page)
    desk.sign_in("agent1")
    desk.be_ready()
    phones.say("Supercalifragilisticexpialidocious" * 4)
    expect(desk.offers).to_have_count(1)
    _fits(desk.page)
    desk.accept("+15550111")
    desk.say("word " * 60)
    _fits(desk.page)
    expect(phones.texts()).to_have_count(2)
    _fits(phones.page)


def _fits(page: Page) -> None:
    outside = page.evaluate(
        """() => [...document.body.querySelectorAll("*")].filter((node) => node.checkVisibility()
            && !node.closest(".hidden") && getComputedStyle(node).clipPath === "none"
            && node.getBoundingClientRect().right > innerWidth + 1)
            .map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert outside == []


def test_on_a_phone_one_thing_at_a_time(server: Server, open_page: OpenPage) -> None:
    phones = Phones(open_page(f"{server.url}/simulator/"))
    desk = Desk(open_page(server.url, 320, 640))
    desk.sign_in("agent1")
    desk.be_ready()
    phones.say("Hello")
    desk.accept("+15550111")
    expect(desk.conversations).to_be_hidden()
    desk.page.get_by_role("button", name="Details").click()
    expect(desk.disposition).to_be_visible()
    expect(desk.transcript).to_be_hidden()
    desk.page.get_by_role("button", name="Back to the conversation").click()
    expect(desk.transcript).to_be_visible()
    desk.page.get_by_role("button", name="Back to the list").click()
    expect(desk.transcript).to_be_hidden()
    desk.conversations.get_by_role("button").click()
    expect(desk.transcript).to_be_visible()

"""The page /docs/: every operation is on it, found, and readable without a login."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from smsdesk.http.reference.catalogue import entries
from smsdesk.http.reference.words import routes, terms
from tests.browser.conftest import OpenPage
from tests.e2e.server import Server


@pytest.fixture
def docs(server: Server, open_page: OpenPage) -> Page:
    page = open_page(f"{server.url}/docs")
    expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")
    return page


def test_everything_is_there_and_on_its_card(docs: Page) -> None:
    titles = set(docs.locator("article h3 a").all_inner_texts())
    assert {entry.name for entry in entries()} <= titles
    assert set(routes()) <= titles
    assert {*terms().resources, *terms().topics} <= titles
    card = docs.locator("#Transfer")
    for heading in ("Parameters", "Who may", "Notifications to the caller", "Errors", "Also accepted"):
        expect(card.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(card.get_by_role("rowheader", name="queueName")).to_be_visible()
    expect(card.get_by_role("rowheader", name="LeftChat")).to_be_visible()
    card.get_by_text("Example", exact=True).click()
    expect(card.get_by_text('"operationName": "Transfer"')).to_be_visible()
    expect(card.get_by_text("agent2 is notified").first).to_be_visible()


def test_finding_leaves_what_has_the_words_and_links_lead_to_cards(docs: Page) -> None:
    docs.get_by_role("searchbox", name="Find an operation").fill("typing colleagues")
    expect(docs.locator("article:visible h3")).to_have_text(
        ["SendStartTypingToAgentsNotification", "SendStopTypingToAgentsNotification"]
    )
    expect(docs.get_by_role("navigation").get_by_role("link")).to_have_count(2)
    docs.get_by_role("searchbox").fill("no such thing")
    expect(docs.get_by_role("status")).to_have_text("Nothing matches.")
    docs.get_by_role("searchbox").fill("")
    expect(docs.locator("#Accept")).to_be_visible()
    docs.get_by_role("navigation").get_by_role("link", name="SetDisposition").click()
    expect(docs.locator("#SetDisposition h3")).to_be_in_viewport()
    docs.locator("#Accept").get_by_role("link", name="Consult").first.click()
    expect(docs.locator("#Consult h3")).to_be_in_viewport()


def test_nothing_sticks_out(server: Server, open_page: OpenPage) -> None:
    for width in (320, 800, 1360):
        page = open_page(f"{server.url}/docs/", width, 640)
        expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width

"""The agent's page as an agent uses it: by names and roles, not by markup."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


class Desk:
    """One agent in one browser profile."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.connection = page.get_by_role("status")
        self.ready = page.get_by_role("switch")
        self.offers = page.get_by_role("region", name="Offers").get_by_role("listitem")
        self.conversations = page.get_by_role("navigation", name="Conversations").get_by_role("listitem")
        self.transcript = page.get_by_role("log", name="Transcript")
        self.text = page.get_by_role("textbox", name="Your text")
        self.disposition = page.get_by_role("combobox", name="Disposition")
        self.data = page.get_by_role("table", name="Attached data")

    def sign_in(self, user: str, password: str = "demo") -> None:
        """Sign in and wait until the page listens and the SMS channel is open."""
        self.page.get_by_label("User name").fill(user)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.connection).to_have_text("Live")
        expect(self.ready).to_have_text("Not ready")

    def be_ready(self) -> None:
        """Switch to ready."""
        self.ready.click()
        expect(self.ready).to_be_checked()

    def accept(self, customer: str) -> None:
        """Accept the offer of `customer` and wait until the conversation is open."""
        self.page.get_by_role("button", name=f"Accept {customer}").click()
        expect(self.page.get_by_role("heading", name=customer)).to_be_visible()
        expect(self.entry("You joined")).to_be_visible()

    def entry(self, text: str) -> Locator:
        """A transcript entry that contains `text`."""
        return self.transcript.get_by_role("listitem").filter(has_text=text)

    def say(self, text: str) -> None:
        """Write a text and send it with the keyboard."""
        self.text.fill(text)
        self.text.press("Enter")
        expect(self.text).to_have_value("")

    def value(self, key: str) -> Locator:
        """The field with the value of an attached key."""
        return self.data.get_by_role("textbox", name=key, exact=True)

    def attach(self, key: str, value: str) -> None:
        """Add a key to the attached data and wait until it is told."""
        self.page.get_by_role("textbox", name="New key").fill(key)
        self.page.get_by_role("textbox", name="New value").fill(value)
        self.page.get_by_role("button", name="Add", exact=True).click()
        expect(self.value(key)).to_have_value(value)

    def sign_out(self) -> None:
        """Ask to sign out; with work on the desk a question follows."""
        self.page.locator("summary", has_text=re.compile("Demo|agent", re.I)).click()
        self.page.get_by_role("button", name="Sign out").click()

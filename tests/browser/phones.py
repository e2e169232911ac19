"""The page with the phones as a customer uses it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class Phones:
    """The page; phones are counted from 0."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def phone(self, position: int = 0) -> Locator:
        """The phone at `position` from the left."""
        return self.page.get_by_role("region", name="Phone", exact=True).nth(position)

    def texts(self, position: int = 0) -> Locator:
        """All bubbles on one phone, oldest first."""
        return self.phone(position).get_by_role("log").get_by_role("listitem")

    def say(self, text: str, position: int = 0) -> None:
        """Text the chosen service number and wait until it has left."""
        box = self.phone(position).get_by_role("textbox", name="Your text")
        box.fill(text)
        box.press("Enter")
        expect(box).to_have_value("")
        expect(self.texts(position).filter(has_text=text[:40])).to_be_visible()

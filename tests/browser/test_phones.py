"""The phone page by itself: several phones, errors in words, parts."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.phones import Phones


def test_a_long_text_shows_its_parts(phones: Phones) -> None:
    phones.say("x" * 161)
    expect(phones.texts()).to_contain_text("2 parts")


def test_phones_side_by_side_keep_apart(phones: Phones) -> None:
    phones.page.get_by_role("button", name="Add a phone").click()
    assert phones.phone(1).get_by_label("My number").input_value() == "+15550112"
    phones.say("from the first", 0)
    phones.say("from the second", 1)
    expect(phones.texts(0)).to_have_count(1)
    expect(phones.texts(1)).to_have_count(1)
    phones.phone(1).get_by_label("Text to").select_option("Billing +15550101")
    expect(phones.texts(1)).to_have_text("No texts yet. Write the first one.")
    phones.page.reload()
    expect(phones.texts(0)).to_contain_text("from the first")
    assert phones.phone(1).get_by_label("Text to").input_value() == "+15550101"
    phones.phone(1).get_by_role("button", name="Put this phone away").click()
    expect(phones.phone(1)).to_have_count(0)


def test_an_unknown_service_number_is_said_in_words_and_the_text_kept(phones: Phones) -> None:
    phone = phones.phone()
    phone.get_by_label("Text to").select_option("Other number…")
    phone.get_by_label("Service number").fill("+15559999")
    box = phone.get_by_role("textbox", name="Your text")
    box.fill("Hello")
    box.press("Enter")
    expect(phone.get_by_role("alert")).to_contain_text("Not sent:")
    expect(phone.get_by_role("alert")).to_contain_text("+15559999")
    expect(box).to_have_value("Hello")

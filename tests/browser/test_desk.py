"""The main job in two browsers: a text from the phone page, answered and finished on the agent's page."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Desk
from tests.browser.phones import Phones
from tests.e2e.server import Server


def test_from_the_first_text_to_complete(desk: Desk, phones: Phones) -> None:
    phones.say("Hello, my router blinks red")
    expect(desk.offers).to_contain_text("Hello, my router blinks red")
    expect(desk.page).to_have_title("(1) New text · smsdesk")
    desk.accept("+15550111")
    expect(desk.entry("Hello, my router blinks red")).to_be_visible()

    desk.say("Please unplug it for ten seconds.")
    expect(phones.texts().filter(has_text="Please unplug it")).to_contain_text("1 part")
    phones.say("That helped, thank you!")
    expect(desk.entry("That helped, thank you!")).to_be_visible()

    desk.attach("Order", "4711")
    desk.page.reload()
    expect(desk.connection).to_have_text("Live")
    expect(desk.ready).to_be_checked()
    expect(desk.page.get_by_role("heading", name="+15550111")).to_be_visible()
    expect(desk.entry("Please unplug it for ten seconds.")).to_have_count(1)
    expect(desk.entry("That helped, thank you!")).to_have_count(1)

    desk.value("Order").fill("4712")
    desk.value("Order").press("Enter")
    desk.attach("Model", "X1")
    desk.page.get_by_role("button", name="Delete Model").click()
    expect(desk.value("Model")).to_have_count(0)
    desk.disposition.select_option("resolved")
    desk.page.reload()
    expect(desk.disposition).to_have_value("resolved")
    expect(desk.value("Order")).to_have_value("4712")
    expect(desk.value("Model")).to_have_count(0)

    desk.page.get_by_role("button", name="Complete").click()
    expect(desk.conversations).to_have_count(0)
    expect(desk.page.get_by_text("The next text will ring here.")).to_be_visible()
    phones.say("One more question")
    expect(desk.offers).to_contain_text("One more question")


def test_by_keyboard_alone(server: Server, open_page: OpenPage, phones: Phones) -> None:
    page = open_page(server.url)
    desk = Desk(page)
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.type("agent1")
    page.keyboard.press("Tab")
    page.keyboard.type("demo")
    page.keyboard.press("Enter")
    expect(desk.connection).to_have_text("Live")
    expect(desk.ready).to_be_focused()
    expect(desk.ready).to_have_text("Not ready")
    page.keyboard.press("Space")
    expect(desk.ready).to_be_checked()
    phones.say("Anybody there?")
    expect(desk.offers).to_have_count(1)
    expect(desk.ready).to_be_enabled()
    for _ in range(4):  # the menu, Reject, Accept, or one more where the browser counts the list
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Accept":
            break
    page.keyboard.press("Enter")
    expect(desk.text).to_be_focused()
    page.keyboard.type("Yes!")
    page.keyboard.press("Enter")
    expect(phones.texts().filter(has_text="Yes!")).to_be_visible()
    expect(desk.text).to_be_focused()


def test_rejected_it_rings_elsewhere(desk: Desk, server: Server, open_page: OpenPage, phones: Phones) -> None:
    phones.say("Hello")
    expect(desk.offers).to_have_count(1)
    other = Desk(open_page(server.url))
    other.sign_in("agent2")
    other.be_ready()
    desk.page.get_by_role("button", name="Reject +15550111").click()
    expect(desk.offers).to_have_count(0)
    other.accept("+15550111")
    expect(other.entry("Hello")).to_be_visible()
    expect(desk.conversations).to_have_count(0)


def test_leave_wraps_up(desk: Desk, phones: Phones) -> None:
    phones.say("Hello")
    desk.accept("+15550111")
    desk.page.get_by_role("button", name="Leave").click()
    expect(desk.conversations).to_contain_text("Wrap-up")
    expect(desk.text).to_be_hidden()
    desk.disposition.select_option("callback")
    desk.attach("Later", "yes")
    desk.page.get_by_role("button", name="Complete").click()
    expect(desk.conversations).to_have_count(0)


def test_a_restart_of_the_server_loses_nothing(desk: Desk, server: Server, phones: Phones) -> None:
    phones.say("Hello")
    desk.accept("+15550111")
    desk.text.fill("I am")
    server.kill()
    expect(desk.connection).to_contain_text("Offline")
    desk.text.fill("I am still here")
    desk.text.press("Enter")
    expect(desk.page.get_by_text("Not sent: The server cannot be reached.")).to_be_visible()
    expect(desk.text).to_have_value("I am still here")
    expect(phones.phone().get_by_role("status")).to_have_text("The server cannot be reached.")
    server.start()
    phones.page.reload()
    phones.say("Still there?")
    expect(desk.connection).to_have_text("Live", timeout=30_000)
    expect(desk.entry("Still there?")).to_have_count(1)
    desk.text.press("Enter")
    expect(desk.entry("I am still here")).to_have_count(1)
    expect(phones.texts().filter(has_text="I am still here")).to_have_count(1)


def test_signing_out_asks_when_there_is_work(
    desk: Desk, server: Server, open_page: OpenPage, phones: Phones
) -> None:
    phones.say("Hello")
    desk.accept("+15550111")
    desk.sign_out()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog).to_contain_text("One conversation goes back to the queue.")
    dialog.get_by_role("button", name="Stay").click()
    expect(desk.entry("Hello")).to_be_visible()
    desk.sign_out()
    dialog.get_by_role("button", name="Sign out").click()
    expect(desk.page.get_by_role("button", name="Sign in")).to_be_visible()
    desk.page.reload()
    expect(desk.page.get_by_role("button", name="Sign in")).to_be_visible()
    other = Desk(open_page(server.url))
    other.sign_in("agent2")
    other.be_ready()
    other.accept("+15550111")


def test_the_password_stays_nowhere(desk: Desk) -> None:
    stored = desk.page.evaluate(
        "JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])"
    )
    assert json.loads(stored)[2] == ""  # the cookie is for the server alone
    assert "demo" not in stored
    assert desk.page.locator("#password").input_value() == ""


def test_a_wrong_password_is_said_in_words(server: Server, open_page: OpenPage) -> None:
    page = open_page(server.url)
    page.get_by_label("User name").fill("agent1")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").filter(has_text="wrong")).to_have_text(
        "The user name or the password is wrong."
    )
    expect(page.get_by_role("button", name="Sign in")).to_be_enabled()


def test_a_password_that_is_over_is_changed_before_anything_else(server: Server, open_page: OpenPage) -> None:
    new = {
        "userName": "dora",
        "password": "only once",
        "firstName": "Dora",
        "lastName": "Demo",
        "roles": ["ROLE_AGENT"],
        "changePasswordOnFirstLogin": True,
    }
    made = httpx2.post(f"{server.url}/api/v2/users", json=new, auth=("admin", "demo"))
    assert made.json()["statusCode"] == 0
    page = open_page(server.url)
    page.get_by_label("User name").fill("dora")
    page.get_by_label("Password", exact=True).fill("only once")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").filter(has_text="choose")).to_be_visible()
    chosen = page.get_by_label("New password")
    expect(chosen).to_be_focused()
    chosen.fill("short")
    chosen.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="8 to 256")).to_be_visible()
    chosen.fill("mine from now on")
    chosen.press("Enter")
    desk = Desk(page)
    expect(desk.connection).to_have_text("Live")
    expect(desk.ready).to_have_text("Not ready")


def test_another_agent_in_the_same_browser(desk: Desk) -> None:
    second = desk.page.context.new_page()
    second.goto(desk.page.url)
    other = Desk(second)
    expect(other.connection).to_have_text("Live")
    other.sign_out()
    other.sign_in("agent2")
    expect(desk.page.get_by_role("button", name="Sign in")).to_be_visible()


def test_with_csrf_protection(tmp_path: Path, open_page: OpenPage) -> None:
    with Server(tmp_path, "enable_csrf_protection = true\n") as server:
        desk, phones = Desk(open_page(server.url)), Phones(open_page(f"{server.url}/simulator/"))
        desk.sign_in("agent1")
        desk.be_ready()
        phones.say("Hello")
        desk.accept("+15550111")
        desk.say("Good morning")
        expect(phones.texts().filter(has_text="Good morning")).to_be_visible()

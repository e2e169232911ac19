"""Takes the pictures of the README and the docs from a running demo: `python -m scripts.screenshots`."""

import json
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from scripts import browser

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "images"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
WAIT = 10_000  # milliseconds a page may take for anything


def main() -> int:
    """Start a demo, act a short scene, take the pictures."""
    PICTURES.mkdir(exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "smsdesk", "serve", "--demo", "--port", str(port), "--data", data]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert server.stdout is not None
            while "Stop with Ctrl-C" not in server.stdout.readline():
                pass
            take(f"http://localhost:{port}")
        finally:
            server.terminate()
            server.wait()
    return 0


def take(url: str) -> None:
    """The desk with an offer and a conversation, light and dark; a phone beside it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=ARGUMENTS)
        desk = chromium.new_page(viewport={"width": 1280, "height": 760})
        desk.set_default_timeout(WAIT)
        sign_in(desk, url)
        text(url, "+15550111", "Hello, my parcel has not arrived. Can you help?")
        desk.get_by_role("button", name="Accept").first.click()
        answer(desk, "I am sorry to hear that. What is the number on your receipt?")
        text(url, "+15550111", "It says 4711 \U0001f600")
        text(url, "+15550112", "Are you open on Saturday?")
        desk.get_by_role("button", name="Accept").first.wait_for()
        desk.get_by_text("It says 4711").last.wait_for()
        desk.screenshot(path=PICTURES / "desk.png")
        desk.emulate_media(color_scheme="dark")
        desk.screenshot(path=PICTURES / "desk-dark.png")
        phone = chromium.new_page(viewport={"width": 760, "height": 760})
        phone.goto(f"{url}/simulator/")
        phone.get_by_text("It says 4711").wait_for()
        phone.screenshot(path=PICTURES / "phone.png")
        chromium.close()


def sign_in(desk: Page, url: str) -> None:
    """As agent1, ready for texts."""
    desk.goto(url)
    desk.get_by_label("User name").fill("agent1")
    desk.get_by_label("Password", exact=True).fill("demo")
    desk.get_by_role("button", name="Sign in").click()
    desk.get_by_role("switch").first.click()


def answer(desk: Page, words: str) -> None:
    """Write to the customer."""
    composer = desk.get_by_placeholder("Write a text")
    composer.fill(words)
    composer.press("Enter")
    desk.get_by_text(words).last.wait_for()


def text(url: str, sender: str, words: str) -> None:
    """A phone writes to the Support number."""
    body = json.dumps({"from": sender, "to": "+15550100", "text": words}).encode()
    request = urllib.request.Request(f"{url}/simulator/messages", body)
    urllib.request.urlopen(request).read()


if __name__ == "__main__":
    sys.exit(main())

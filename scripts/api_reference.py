"""Write the API reference: a page for each operation and route, and the made sections of the other pages.

Nothing is written that a test does not hold to the code: see tests/reference/.
"""

import re
from pathlib import Path

from scripts import api_diagram
from scripts.api_pages import file_name, page
from scripts.api_tables import sections
from smsdesk.app import Application
from smsdesk.config import load
from smsdesk.http import openapi
from smsdesk.http.reference.cards import Card
from smsdesk.http.reference.examples import BASE
from smsdesk.http.reference.words import routes

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
API = FOLDER / "api"
NAV = ROOT / "properdocs.yml"
WRITTEN = (API / "index.md", *(FOLDER / f"{name}.md" for name in ("states", "errors", "notifications")))
WRITTEN += (FOLDER / "resources.md", FOLDER / "tolerance.md")
_SECTION = re.compile(r"(<!-- begin (?P<name>[a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_NAV = re.compile(r"(?P<begin> +# begin api: written by `make docs`\n).*?(?P<end> +# end api\n)", re.DOTALL)


def all_cards() -> list[Card]:
    """The cards of the demo server, which has every route."""
    application = Application(load(None, {}, {}), demo=True)
    application.auth.close()
    return openapi.cards(application.routes, BASE)


def pages(cards: list[Card]) -> dict[Path, str]:
    """Every file that is made, whole or in sections, with what has to be in it."""
    files = {card.title: _file(card) for card in cards}
    siblings = {card.group: [c.title for c in cards if c.group == card.group] for card in cards}
    made = {API / files[card.title]: page(card, files, siblings[card.group]) for card in cards}
    makers = sections(cards, files)
    for path in WRITTEN:
        made[path] = _SECTION.sub(
            lambda found: f"{found[1]}\n{makers[found['name']]()}\n\n{found[3]}", path.read_text()
        )
    made[FOLDER / "states.svg"] = api_diagram.svg()
    made[NAV] = _NAV.sub(lambda found: found["begin"] + _nav(cards, files) + found["end"], NAV.read_text())
    return made


def _file(card: Card) -> str:
    words = routes().get(card.title)
    return file_name(card, words.id if words else "")


def _nav(cards: list[Card], files: dict[str, str]) -> str:
    """The menu of the pages by group."""
    lines = []
    for group in dict.fromkeys(card.group for card in cards):
        lines.append(f'          - "{group}":\n')
        for card in cards:
            if card.group == group:
                lines.append(f'              - "{card.title.replace("/api/v2", "")}": ')
                lines.append(f"reference/api/{files[card.title]}\n")
    return "".join(lines)


def main() -> None:
    """Write what is not there yet, and remove the pages of what is gone."""
    made = pages(all_cards())
    for path, text in made.items():
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    for path in API.glob("*.md"):
        if path not in made:
            path.unlink()


if __name__ == "__main__":
    main()

"""The reference pages are what `make docs` writes now, link to what exists, and are all in the menu."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from scripts import api_diagram, api_reference
from scripts.api_pages import file_name, linked, table
from scripts.api_tables import AGENTS, OTHERS, sections
from smsdesk.core.states import PERMITS, TRANSITIONS
from smsdesk.http.reference.catalogue import entries

CARDS = api_reference.all_cards()
PAGES = api_reference.pages(CARDS)
BUILD_SECONDS = 60


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_is_current(path: Path) -> None:
    """`make docs` writes it again."""
    assert path.read_text() == PAGES[path]


def test_no_page_is_left_of_what_is_gone() -> None:
    assert set(api_reference.API.glob("*.md")) <= PAGES.keys()


def test_every_operation_and_route_has_a_page_of_its_own() -> None:
    names = [path.name for path in PAGES if path.parent == api_reference.API]
    assert len(names) == len(CARDS) + 1  # and the overview
    assert {file_name(card) for card in CARDS if card.title in {e.name for e in entries()}} <= set(names)


def test_every_section_is_used_and_every_page_has_its_sections() -> None:
    made = {found["name"] for path in api_reference.WRITTEN for found in matches(path)}
    assert made == set(sections(CARDS, {}))
    for path in api_reference.WRITTEN:
        assert path.read_text().count("<!-- begin ") == len(matches(path)) > 0


def matches(path: Path) -> list[dict[str, str]]:
    found = api_reference._SECTION.finditer(path.read_text())
    return [match.groupdict() for match in found]


def test_the_documentation_builds_without_a_dead_link(tmp_path: Path) -> None:
    """Links, anchors and the menu, of all pages. Not quietly: then warnings are not counted."""
    program = Path(sys.executable).with_name("properdocs")
    call = [str(program), "build", "--strict", "--site-dir", str(tmp_path)]
    done = subprocess.run(
        call, cwd=api_reference.ROOT, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "reference" / "states.svg").exists()


def test_the_diagram_has_every_transition_of_the_table_and_no_other() -> None:
    root = ElementTree.fromstring(api_diagram.svg())
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    drawn = [edge for edge in api_diagram.edges() if edge in api_diagram.WAYS]
    for edge in drawn:
        assert ", ".join(api_diagram.edges()[edge]) in texts
    repeated = {("Completed", t) for t in api_diagram.again()} | {("Revoked", t) for t in api_diagram.again()}
    assert {key for key, after in TRANSITIONS.items() if (key[0], after) not in drawn} == repeated
    assert set(api_diagram.WAYS) == set(drawn)
    assert {"Invited", "Chatting", "LeftChat", "Completed", "Revoked"} <= set(texts)


def test_the_matrix_has_every_permit() -> None:
    """Columns that the page leaves out say nothing new."""
    shown = {(state, kind, alone) for _, state, kind, alone in (*AGENTS, *OTHERS)}
    for row, permits in PERMITS.items():
        alike = {
            other for other in shown if other[0] == row[0] and (other[1] == row[1] or row[0] != "Chatting")
        }
        assert row in shown or permits in [PERMITS[other] for other in alike], row


def test_names_become_links_but_not_in_code_and_not_to_themselves() -> None:
    files = {"Accept": "accept.md", "Reject": "reject.md"}
    text = linked("Accept, `Accept` or Reject [ext]", files, "Reject")
    assert text == "[Accept](accept.md), `Accept` or Reject [[ext]](index.md#ext)"


def test_a_cell_may_hold_a_bar() -> None:
    assert table(["a"], [["x|y"]]).splitlines()[-1] == "| x\\|y |"

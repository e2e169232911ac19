"""The documentation is true: examples load and run, links lead somewhere, generated pages are current."""

import asyncio
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts import settings_page
from smsdesk.commands.forecast import prepare
from smsdesk.config import load
from smsdesk.operations.provisioning.kind import Surroundings
from smsdesk.operations.provisioning.kinds import BY_PLURAL
from smsdesk.operations.provisioning.plan import carry_out, read_file
from tests.operations.world import World

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("*.md", "changelog.d/*.md", "docs/**/*.md", "examples/*.md", "examples/*/*.md")
PAGES = sorted(page for place in PLACES for page in ROOT.glob(place))
BLOCK = re.compile(
    r"(?P<mark><!--[^\n]*-->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
RUN_SECONDS = 20
FORECASTS = sorted((ROOT / "examples" / "forecast").glob("*.toml"))


@dataclass(frozen=True)
class Block:
    """A fenced block of a page. A comment `<!-- run -->` right above it marks a console block to be run."""

    page: Path
    line: int
    kind: str
    text: str
    marked: bool

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text()
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("kind")) + 1
        marked = (match["mark"] or "").strip() == "<!-- run -->"
        yield Block(page, line, match["kind"], match["text"], marked)


ALL = [block for page in PAGES for block in blocks(page)]


def run_console(text: str, folder: Path) -> None:
    """Run the lines behind `$`; they must succeed, and print the lines between them."""
    commands = [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]
    expected = [line for line in text.splitlines() if not line.startswith("$ ")]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", "\n".join(commands)],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == expected


async def provision(text: str) -> None:
    """Carry a file out, in the demo contact centre."""
    world = await World().open()
    wanted = read_file(tomllib.loads(text))
    assert await world.run(lambda draft: carry_out(draft, wanted, Surroundings(frozenset({"acme"}))))


@pytest.mark.parametrize("block", [b for b in ALL if b.kind in ("toml", "json", "python")], ids=str)
def test_an_example_is_right(block: Block, tmp_path: Path) -> None:
    """TOML is a settings file, a contact centre or a forecast without mistakes, JSON is JSON, Python runs."""
    match block.kind:
        case "toml" if set(tomllib.loads(block.text)) <= set(BY_PLURAL):
            asyncio.run(provision(block.text))
        case "toml" if "arrivals" in tomllib.loads(block.text):
            (file,) = (file for file in FORECASTS if file.read_text() == block.text)
            prepare(file)
        case "toml":
            (tmp_path / "acme.password").write_text("secret\n")
            (tmp_path / "smsdesk.toml").write_text(block.text)
            load(tmp_path / "smsdesk.toml", {})
        case "json":
            json.loads(block.text)
        case _:
            exec(compile(block.text, str(block), "exec"), {"__name__": "__example__"})


@pytest.mark.parametrize("block", [b for b in ALL if b.kind == "console"], ids=str)
def test_a_console_block_shows_commands_and_runs_where_it_is_marked(block: Block) -> None:
    assert any(line.startswith("$ ") for line in block.text.splitlines())
    if block.marked:
        run_console(block.text, ROOT)


@pytest.mark.parametrize("block", ALL, ids=str)
def test_a_block_says_what_it_is(block: Block) -> None:
    assert block.kind in {"toml", "json", "python", "console", "text", "javascript", "sql", "html", "sh"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    for match in LINK.finditer(BLOCK.sub("", page.read_text())):
        target = match["target"].partition("#")[0]
        if target and not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


def test_the_settings_page_is_what_the_settings_say() -> None:
    """`make docs` writes it again."""
    assert settings_page.PAGE.read_text() == settings_page.page()


def test_a_marked_console_block_is_held_to_what_it_prints(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Words.\n\n<!-- run -->\n```console\n$ echo one\none\n$ echo two\ntwo\n```\n")
    (block,) = blocks(page)
    assert (block.line, block.kind, block.marked) == (4, "console", True)
    run_console(block.text, tmp_path)
    with pytest.raises(AssertionError):
        run_console("$ echo one\ntwo\n", tmp_path)
    with pytest.raises(AssertionError):
        run_console("$ false\n$ echo one\none\n", tmp_path)

"""`smsdesk apply` and `smsdesk export` beside a server and without one (SPEC 5.5, 7.2)."""

import json
from pathlib import Path

import pytest

from smsdesk import cli
from smsdesk.commands.provisioning import apply, diff, export, read
from smsdesk.commands.reach import CommandFailed
from tests.commands.test_commands import running, settings

FILE = """
[[skills]]
name = "english"

[[users]]
userName = "ann"
firstName = "Ann"
lastName = "Lee"
roles = ["ROLE_AGENT"]
skills = { english = 9 }

[[groups]]
name = "Support"
members = ["ann"]

[[queues]]
name = "Support"
target = "Support"
"""


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "centre.toml"
    path.write_text(FILE)
    return path


async def test_a_file_is_tried_applied_and_exported_without_a_server(file: Path, tmp_path: Path) -> None:
    here = settings(tmp_path / "data")
    lines = ["+ skills english", "+ users ann", "+ groups Support", "+ queues Support"]
    tried = await apply(here, file, dry_run=True, prune=False)
    assert tried.splitlines() == [*lines, "4 changes would be made"]
    done = await apply(here, file, dry_run=False, prune=False)
    assert done.splitlines() == [*lines, "4 changes made"]
    assert (
        await apply(here, file, dry_run=False, prune=False) == "nothing to do: everything is as the file says"
    )
    written(file, FILE.replace("Lee", "Park"))
    changed = await apply(here, file, dry_run=False, prune=False)
    assert changed.splitlines() == ["~ users ann", '    lastName: "Lee" -> "Park"', "1 change made"]
    copy = written(tmp_path / "copy.toml", await export(here))
    other = settings(tmp_path / "other")
    await apply(other, copy, dry_run=False, prune=False)
    assert await export(other) == await export(here)


async def test_a_file_is_applied_beside_a_server(file: Path, tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await apply(settings(tmp_path), file, dry_run=False, prune=False)
        assert "ann" in house.application.performer.centre.user_names
        wrong = written(tmp_path / "wrong.toml", 'queues = []\ngroups = []\n[[skills]]\nname = "no name"\n')
        with pytest.raises(CommandFailed, match="letters, digits or _"):
            await apply(settings(tmp_path), wrong, dry_run=False, prune=True)
        assert "Support" in house.application.performer.centre.groups


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.toml", "[[skills]\n", "line 1"),
        ("a.json", "{", "line 1"),
        ("a.json", "[]", "no table of kinds"),
        ("a.toml", "[[skils]]\nname = 'x'\n", "perhaps skills"),
    ],
)
async def test_a_file_that_cannot_be_read_is_explained(
    name: str, text: str, words: str, tmp_path: Path
) -> None:
    file = written(tmp_path / name, text)
    with pytest.raises(CommandFailed) as caught:
        await apply(settings(tmp_path / "data"), file, dry_run=False, prune=False)
    assert words in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="cannot be read: No such file"):
        read(tmp_path / "none.toml")


def test_json_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"skills": [{"name": "english"}]}))
    assert read(tmp_path / "a.json") == {"skills": [{"name": "english"}]}


def test_long_values_are_cut() -> None:
    step = {"action": "change", "kind": "skills", "name": "x", "changes": {"description": [None, "y" * 100]}}
    assert diff(step)[1] == '    description: null -> "' + "y" * 58 + "…"


def test_the_commands(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(tmp_path / "data")
    assert cli.apply(file, dry_run=True, data=data) == 0
    assert "4 changes would be made" in capsys.readouterr().out
    assert cli.apply(tmp_path / "none.toml", data=data) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert cli.export(data=data) == 0

"""`smsdesk contacts import` beside a server and without one (SPEC 5.4, 7.2)."""

from pathlib import Path

import pytest

from smsdesk import cli
from smsdesk.commands.contacts import take_over, told
from smsdesk.commands.reach import CommandFailed
from tests.commands.test_commands import settings

TABLE = "firstName,phoneNumber\nAnn,+15550121\nBob,+15550121\nCleo\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(TABLE)
    return path


async def test_a_table_is_tried_and_written_without_a_server(file: Path, tmp_path: Path) -> None:
    here = settings(tmp_path / "data")
    left_out = [
        "customers.csv:3: +15550121 is in line 2 already",
        "customers.csv:4: has 1 cells; the heading has 2",
    ]
    for write, end in ((False, "not written: add --write"), (True, "written")):
        lines = (await take_over(here, file, write)).splitlines()
        assert lines == [*left_out, f"1 new, 0 completed, 0 equal, 2 left out; {end}"]
    lines = (await take_over(here, file, write=False)).splitlines()
    assert lines[-1] == "0 new, 0 completed, 1 equal, 2 left out; not written: add --write"


async def test_what_is_no_table(tmp_path: Path) -> None:
    here = settings(tmp_path / "data")
    with pytest.raises(CommandFailed, match="cannot be read"):
        await take_over(here, tmp_path / "nothing.csv", write=False)
    (tmp_path / "other.csv").write_text("shoe size\n42\n")
    with pytest.raises(CommandFailed, match="'shoe size' is no column"):
        await take_over(here, tmp_path / "other.csv", write=False)


def test_what_does_not_fit_into_an_answer_is_counted() -> None:
    answer = {"collisions": [], "errors": [{"line": 2, "message": "is odd"}], "leftOut": 700, "dryRun": True}
    lines = told("t.csv", answer | {"new": 1, "completed": 2, "equal": 3})
    assert lines[:2] == ["t.csv:2: is odd", "and 699 more"]


def test_the_command(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["contacts", "import", str(file), "--write", "--data", str(tmp_path / "data")]
    assert cli.cli(arguments, result_action="return_value") == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("; written")

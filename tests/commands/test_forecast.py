"""`smsdesk forecast`: files in, tables out; no server, no store."""

import csv
import json
from pathlib import Path

import pytest

from smsdesk import cli
from smsdesk.commands.forecast import forecast
from smsdesk.commands.reach import CommandFailed
from tests.commands.test_provisioning import FILE

DAY = """
date = 2026-03-02
centre = "centre.toml"
[[handling]]
seconds = 300
[[shifts]]
users = ["ann"]
from = "08:00"
to = "10:00"
[[arrivals]]
queue = "Support"
file = "times.csv"
"""


@pytest.fixture
def day(tmp_path: Path) -> Path:
    (tmp_path / "centre.toml").write_text(FILE)
    (tmp_path / "times.csv").write_text("time\n08:00:00\n08:10:00\n23:00:00\n")
    (tmp_path / "day.toml").write_text(DAY)
    return tmp_path / "day.toml"


def test_a_day_is_told_in_tables_and_in_files(day: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree, rows = day.with_name("out.json"), day.with_name("out.csv")
    text = forecast(day, tree, rows)
    assert text.startswith("Monday 2026-03-02, UTC, seed 1\n\nQueue Support\n")
    assert text.endswith(
        "3 customers came: 2 were accepted after 0:00 on the average, 0 had gone, 1 wait at the end."
    )
    assert "3 interactions in" in capsys.readouterr().err
    found = json.loads(tree.read_text())
    assert found["total"]["accepted"] == 2
    assert [group["name"] for group in found["groups"]] == ["Support"]
    assert found["groups"][0]["total"]["hoursStaffed"] == 2
    with rows.open(newline="") as opened:
        lines = list(csv.DictReader(opened))
    assert len(lines) == 24
    assert {line["hour"]: line["offered"] for line in lines if line["offered"] != "0"} == {
        "08:00": "2",
        "23:00": "1",
    }
    assert lines[8]["averageWait"] == "0.0"
    assert lines[9]["averageWait"] == ""


def test_what_stands_in_the_forecast_itself_goes_on_top_of_the_centre(day: Path) -> None:
    day.write_text(DAY + '[[queues]]\nname = "Support"\ntarget = "?:english>10"\n')
    assert "0 were accepted" in forecast(day)


def test_every_mistake_is_told_at_once(day: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = DAY.replace("times.csv", "none.csv").replace('"08:00"', '"8"')
    day.write_text(wrong + '[[queues]]\nname = "Support"\ntarget = "?:dutch>1"\n')
    with pytest.raises(CommandFailed) as failed:
        forecast(day)
    words = str(failed.value)
    assert "shifts 1: from: '8' is no time" in words
    assert "none.csv cannot be read" in words
    assert "queues 1 (Support): target asks for skills that do not exist: dutch" in words
    assert cli.forecast(day) == 1
    assert "none.csv cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("centre", ["[[queue]]\n", "[[queues]]\nnam = 3\n", "nonsense"])
def test_mistakes_of_the_centre_are_told_with_its_file(day: Path, centre: str) -> None:
    day.with_name("centre.toml").write_text(centre)
    with pytest.raises(CommandFailed, match=r"centre\.toml"):
        forecast(day)


def test_a_file_that_cannot_be_written_is_told(day: Path) -> None:
    with pytest.raises(CommandFailed, match="cannot be written"):
        forecast(day, json_file=day.parent / "nowhere" / "out.json")


def test_the_command_leaves_no_trace(day: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(day.parent.iterdir())
    assert cli.forecast(day) == 0
    assert "3 customers came" in capsys.readouterr().out
    assert sorted(day.parent.iterdir()) == before

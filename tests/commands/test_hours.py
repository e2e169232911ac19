"""`smsdesk hours import` (A§4.6)."""

from pathlib import Path

import pytest

from smsdesk.commands.hours import take_over, told
from smsdesk.commands.provisioning import apply
from smsdesk.commands.reach import CommandFailed
from tests.commands.test_commands import settings
from tests.http.test_business_hours import CALENDAR

CENTRE = """
[[business-hours]]
name = "Office"
regular = ["Mon-Fri 09:00-17:00"]
"""


async def test_a_calendar_is_taken_over_and_again_there_is_nothing_to_add(tmp_path: Path) -> None:
    here = settings(tmp_path / "data")
    centre, calendar = tmp_path / "centre.toml", tmp_path / "days.ics"
    centre.write_text(CENTRE)
    calendar.write_text(CALENDAR)
    await apply(here, centre, dry_run=False, prune=False)
    said = await take_over(here, calendar, "Office")
    assert said.splitlines() == [
        "+ 2026-12-24 closed",
        "+ 2026-12-25 closed",
        "+ 2026-12-26 closed",
        "3 days added",
        "1 passed over: they begin at a time of day, or are cancelled",
    ]
    assert (await take_over(here, calendar, "Office")).startswith("nothing to add")
    with pytest.raises(CommandFailed, match="no business hours 'Night'; there are: Office"):
        await take_over(here, calendar, "Night")
    calendar.write_text("nonsense")
    with pytest.raises(CommandFailed, match="line 1"):
        await take_over(here, calendar, "Office")


async def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="cannot be read"):
        await take_over(settings(tmp_path / "data"), tmp_path / "none.ics", "Office")
    broken = tmp_path / "broken.ics"
    broken.write_bytes(b"\xff")
    with pytest.raises(CommandFailed, match="is not UTF-8"):
        await take_over(settings(tmp_path / "data"), broken, "Office")


def test_one_day_is_no_plural() -> None:
    assert told({"added": ["2026-12-25 closed"], "passedOver": 0}) == ["+ 2026-12-25 closed", "1 day added"]

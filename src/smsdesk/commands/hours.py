"""`smsdesk hours import`: the days of a calendar on which it is closed (A§4.6)."""

from pathlib import Path
from typing import Any

from smsdesk.commands.reach import CommandFailed, ask, reach
from smsdesk.config import Settings


async def take_over(settings: Settings, file: Path, name: str) -> str:
    """Add the days of an iCalendar file to business hours; what was added. Raises CommandFailed."""
    calendar = read(file)
    async with reach(settings) as client:
        there = (await ask(client, "GET", "/business-hours?fields=id,name"))["businessHours"]
        hours = next((hours for hours in there if hours["name"] == name), None)
        if hours is None:
            known = ", ".join(hours["name"] for hours in there) or "none"
            raise CommandFailed(f"there are no business hours {name!r}; there are: {known}")
        body = {"operationName": "ImportCalendar", "calendar": calendar}
        answer = await ask(client, "POST", f"/business-hours/{hours['id']}", body)
    return "\n".join(told(answer))


def read(file: Path) -> str:
    """The calendar as it is; the server knows what is right. Raises CommandFailed."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandFailed(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandFailed(f"{file} is not UTF-8") from None


def told(answer: dict[str, Any]) -> list[str]:
    """The answer as people read it."""
    added, passed_over = answer["added"], answer["passedOver"]
    lines = [f"+ {line}" for line in added]
    lines.append(f"{len(added)} day{'' if len(added) == 1 else 's'} added" if added else "nothing to add")
    if passed_over:
        lines.append(f"{passed_over} passed over: they begin at a time of day, or are cancelled")
    return lines

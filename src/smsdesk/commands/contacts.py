"""`smsdesk contacts import`: a table of customers (SPEC 5.4)."""

from pathlib import Path
from typing import Any

from smsdesk.commands.reach import CommandFailed, ask, reach
from smsdesk.config import Settings


async def take_over(settings: Settings, file: Path, write: bool) -> str:
    """Try a table, or with `write` take it over; what becomes of its rows, with what is left out by line.
    Raises CommandFailed.
    """
    table = read(file)
    dry = str(not write).lower()
    async with reach(settings) as client:
        answer = await ask(client, "POST", f"/ucs/contacts/import?dryRun={dry}", table)
    return "\n".join(told(file.name, answer))


def read(file: Path) -> bytes:
    """The table as it is; the server knows what is right. Raises CommandFailed."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{file} cannot be read: {error.strerror}") from None


def told(name: str, answer: dict[str, Any]) -> list[str]:
    """The answer as people read it."""
    out = [*answer["collisions"], *answer["errors"]]
    lines = [f"{name}:{mistake['line']}: {mistake['message']}" for mistake in out]
    more = answer["leftOut"] - len(out)
    if more:
        lines.append(f"and {more} more")
    counts = f"{answer['new']} new, {answer['completed']} completed, {answer['equal']} equal"
    end = "not written: add --write" if answer["dryRun"] else "written"
    return [*lines, f"{counts}, {answer['leftOut']} left out; {end}"]

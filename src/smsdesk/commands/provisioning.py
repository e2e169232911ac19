"""`smsdesk apply` and `smsdesk export`: the configured contact centre as one file (SPEC 5.5, 7.2)."""

import json
import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from smsdesk.commands.reach import CommandFailed, ask, reach
from smsdesk.config import Settings

SIGNS = {"create": "+", "change": "~", "delete": "-"}
LONGEST = 60  # characters of a value


async def apply(settings: Settings, file: Path, dry_run: bool, prune: bool) -> str:
    """Make the contact centre what the file says; what was changed, or with `dry_run` would be. Raises
    CommandFailed with every mistake of the file.
    """
    wanted = read(file)
    flags = f"dryRun={str(dry_run).lower()}&prune={str(prune).lower()}"
    async with reach(settings) as client:
        answer = await ask(client, "POST", f"/provisioning?{flags}", wanted)
    steps: list[dict[str, Any]] = answer["steps"]
    if not steps:
        return "nothing to do: everything is as the file says"
    count = f"{len(steps)} change{'s' if len(steps) > 1 else ''}"
    end = f"{count} would be made" if dry_run else f"{count} made"
    return "\n".join([*(line for step in steps for line in diff(step)), end])


async def export(settings: Settings) -> str:
    """Everything that is provisioned, as TOML. Raises CommandFailed."""
    async with reach(settings) as client:
        answer = await ask(client, "GET", "/provisioning")
    there = {kind: entries for kind, entries in answer["provisioning"].items() if entries}
    return tomli_w.dumps(there).rstrip("\n")


def read(file: Path) -> dict[str, Any]:
    """A file, TOML or JSON by the end of its name. Raises CommandFailed."""
    try:
        text = file.read_text(encoding="utf-8")
        content = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise CommandFailed(f"{file} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{file}: {error}") from None
    if not isinstance(content, dict):
        raise CommandFailed(f"{file} is no table of kinds")
    return content


def diff(step: dict[str, Any]) -> list[str]:
    """One step as people read it: a line, and one for each field that changes."""
    lines = [f"{SIGNS[step['action']]} {step['kind']} {step['name']}"]
    for field, (before, after) in step.get("changes", {}).items():
        if step["action"] == "change":
            lines.append(f"    {field}: {_short(before)} -> {_short(after)}")
    return lines


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

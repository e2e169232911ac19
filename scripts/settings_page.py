"""Write docs/reference/settings.md from the settings themselves, so that the page cannot lag behind."""

from pathlib import Path

import msgspec

from smsdesk.config import Secret
from smsdesk.config.carriers import CARRIER_KINDS, ServiceNumber
from smsdesk.config.check import Entry, entries, show
from smsdesk.config.settings import ROOMS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "settings.md"
HEAD = """\
# Settings

<!-- Written by `make docs` from the settings themselves: change src/smsdesk/config/, not this page. -->

A setting comes from the file given with `--config`, from the environment, or from the command line;
the later one wins.
In the environment, `some_name` is `SMSDESK_SOME_NAME`, and a list is separated by commas.
In the file, a setting stands under the heading of its group, or above the first heading.

`smsdesk check-config --config FILE` says what is set and where, and every mistake with its line:
a name that does not exist is a mistake, also in the environment.

```toml
[server]
port = 8080
log_level = "info"

[sessions]
ring_seconds = 30
time_zone = "Europe/Vienna"

[[carrier]]
name = "acme"
kind = "smpp"
host = "smsc.example.com"
system_id = "smsdesk"

[[service_number]]
number = "+15550100"
queue = "Support"
carrier = "acme"
```
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [HEAD]
    for room, struct in ROOMS.items():
        parts.append(_section(f"[{room}]", struct, in_environment=True))
    for kind, carrier in CARRIER_KINDS.items():
        parts.append(_section(f'[[carrier]], kind = "{kind}"', carrier, in_environment=False))
    parts.append(_section("[[service_number]]", ServiceNumber, in_environment=False))
    return "\n".join(parts)


def _section(title: str, struct: type[msgspec.Struct], *, in_environment: bool) -> str:
    """One group: its sentence, and a list with an item for each setting."""
    lines = [f"## {title}", "", (struct.__doc__ or "").partition("(SPEC")[0].strip().rstrip(".") + ".", ""]
    for entry in entries(struct).values():
        lines += [f"### `{entry.name}`", "", entry.description, ""]
        lines += [f"- Allowed: {entry.allowed}.", f"- Default: {_default(entry)}."]
        lines += [f"- Environment: `{entry.variable}`.", ""] if in_environment else [""]
    return "\n".join(lines)


def _default(entry: Entry) -> str:
    if entry.required:
        return "none, it has to be set"
    if isinstance(entry.default, Secret):
        return "empty"
    if entry.default in ("", ()):
        return "empty"
    return f"`{show(entry.default)}`"


if __name__ == "__main__":
    PAGE.write_text(page())

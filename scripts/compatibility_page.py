"""Write docs/reference/compatibility.md from the table that the tests hold the server to."""

from pathlib import Path

import msgspec

from smsdesk.http.reference.compatibility import Row, Section, sections

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "compatibility.md"
HEAD = """\
# Compatibility

<!-- Written by `make docs`: change src/smsdesk/http/reference/compatibility.toml, not this page. -->

What a desktop written for the Web Services API of Genesys (v2, 8.5.2) finds here, resource by resource.
Every line but those marked – is a request that the tests make; addresses are below `/api/v2` where they do
not say otherwise. A line stands for an agent, unless it says who asks.

| here | means |
|---|---|
| full | as documented |
| partly | as documented but for what is said beside it |
| empty | answered well-formed, with nothing in it: what desktops read when they start, and is not here |
| refused *n* | statusCode *n*, nothing has changed |
| – | no single request; said in words |
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *(_section(section) for section in sections())])


def _section(section: Section) -> str:
    lines = [f"## {section.title}", ""]
    if section.text:
        lines += [section.text, ""]
    lines += ["| request | here | |", "|---|---|---|", *map(_line, section.rows)]
    return "\n".join([*lines, ""])


def _line(row: Row) -> str:
    asked = row.ask
    if row.gets != "apart":
        method, path, operation = row.parts
        asked = f"`{method} {path}` {operation}".rstrip()
    if row.body and row.gets in ("partly", "refused"):
        asked += f" `{msgspec.json.encode(row.body).decode()}`"
    here = {"refused": f"refused {row.code}", "apart": "–"}.get(row.gets, row.gets)
    if row.code == 7:
        here += " (7)"
    who = f"By {_article(row.who)}. " if row.who != "agent1" else ""
    return f"| {asked} | {here} | {(who + row.words).strip()} |"


def _article(who: str) -> str:
    return {"supervisor": "a supervisor", "admin": "an administrator"}[who]


if __name__ == "__main__":
    PAGE.write_text(page())

"""The reference page of one operation or route, as Markdown, from its card."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from scripts.api_json import pretty
from smsdesk.http.reference.cards import Card, PermitRow
from smsdesk.http.reference.examples import Example, Step

MADE = "<!-- Written by `make docs`: change src/smsdesk/http/reference/, not this page. -->"
EXTENSION = "[[ext]](index.md#ext)"
_WORD = re.compile(r"(`[^`]*`)|\b([A-Z][A-Za-z]+)\b")


def file_name(card: Card, id: str = "") -> str:
    """`SendMessage` as send-message.md; a route by its id."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", id or card.title)
    return "-".join(words).lower() + ".md"


def page(card: Card, files: dict[str, str], siblings: Sequence[str]) -> str:
    """The whole page. `files`: the page of each operation; `siblings`: operations of the same group."""
    parts = [
        f"# {card.title.replace('/api/v2', '')}",
        MADE,
        f"**{card.summary}**" + (f" {EXTENSION}" if card.extension else ""),
        block("text", "\n".join(f"{card.method} {address}" for address in card.addresses)),
        linked(card.text, files, card.title),
        *_parameters(card, files),
        *_who(card, files),
        *_notifications(card, files),
        *_reply(card),
        *_errors(card),
        *_spellings(card),
        *(_example(card.example) if card.example else ()),
        *_see_also(card, files, siblings),
    ]
    return "\n\n".join(parts) + "\n"


def linked(text: str, files: dict[str, str], own: str = "", folder: str = "") -> str:
    """A text with links to the operations it names, and to the meaning of [ext]."""

    def link(found: re.Match[str]) -> str:
        code, word = found.groups()
        return f"[{word}]({folder}{files[word]})" if not code and word in files and word != own else found[0]

    return _WORD.sub(link, text).replace("[ext]", f"[[ext]]({folder}index.md#ext)")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def block(kind: str, text: str) -> str:
    """A fenced block."""
    return f"```{kind}\n{text}\n```"


def json(value: Any) -> str:
    """JSON in a block."""
    return block("json", pretty(value))


def numbered(lines: Sequence[str]) -> str:
    """An ordered list."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def anchor(fault: str) -> str:
    """Where a fault is explained on the page on errors."""
    return fault.lower().replace("_", "-")


def listed(lines: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {line}" for line in lines)


def _texts(card: Card) -> bool:
    """Whether its body is a text."""
    return card.example is not None and isinstance(card.example.steps[-1].body, str)


def _parameters(card: Card, files: dict[str, str]) -> list[str]:
    if not card.parameters:
        return (
            ["## Parameters", "None."] if card.method == "POST" and not card.body and not _texts(card) else []
        )
    rows = [
        [f"`{p.name}`", p.type, p.mandatory, p.limits, linked(p.text, files, card.title)]
        for p in card.parameters
    ]
    head = "## Query" if card.method == "GET" else "## Parameters"
    return [head, table(["name", "type", "mandatory", "limits", "meaning"], rows)]


def _who(card: Card, files: dict[str, str]) -> list[str]:
    if card.permits:
        rows = [[f"`{p.state}`", p.kind + _company(p), _advertised(p.advertised)] for p in card.permits]
        more = "See [states and permits](../states.md)."
        return ["## Who may", table(["in the state", "as", "advertised as"], rows), more]
    return ["## Who may", linked(card.who, files, card.title)] if card.who else []


def _company(permit: PermitRow) -> str:
    if permit.company is None:
        return ""
    return ", with a second agent there" if permit.company else ", alone"


def _advertised(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "not advertised"


def _notifications(card: Card, files: dict[str, str]) -> list[str]:
    if card.reply not in ("Done", "DoneWithReference", "LoggedIn"):
        return []
    asker = numbered([linked(line, files, card.title) for line in card.asker]) or "None."
    parts = ["## Notifications", "To the caller, in this order:" if card.asker else "To the caller:", asker]
    if card.others:
        parts += ["To others:", listed(linked(line, files, card.title) for line in card.others)]
    return parts


def _reply(card: Card) -> list[str]:
    if card.reply == "DoneWithReference":
        words = "`statusCode` 0 and the `referenceId` that the notification of the outcome repeats."
        return ["## Reply", words]
    if card.reply == "LoggedIn":
        words = (
            '`{"statusCode":0}`, or `statusCode` 7 with `succeeded` and `failed` when some channels failed.'
        )
        return ["## Reply", words]
    if card.reply == "Done":
        return ["## Reply", 'Exactly `{"statusCode":0}`.']
    if card.title.startswith("GET /api/v2/") and card.example:
        return [
            "## Reply",
            "The example below shows it; its fields are explained with the [resources](../resources.md).",
        ]
    return []


def _errors(card: Card) -> list[str]:
    if not card.refusals:
        return []
    rows = [
        [f"[{row.status_code}](../errors.md#{anchor(row.name)})", str(row.http), row.when]
        for row in card.refusals
    ]
    return ["## Errors", table(["statusCode", "HTTP", "when"], rows)]


def _spellings(card: Card) -> list[str]:
    lines = [f"`{name}` as `operationName`" for name in card.names]
    lines += [f"`{alias}`" for alias in card.aliases]
    return ["## Also accepted", listed(lines)] if lines else []


def _example(example: Example) -> list[str]:
    parts = ["## Example", example.scene]
    for step in example.steps:
        parts += _step(step)
    return parts


def _step(step: Step) -> list[str]:
    who = "Anybody" if step.actor == "anonymous" else f"`{step.actor}`"
    parts = [f"{who} asks:", block("text", f"{step.method} {step.path}")]
    if step.body is not None:
        parts.append(block("text", step.body) if isinstance(step.body, str) else json(step.body))
    parts += [f"and is answered with HTTP {step.status}:", json({} if step.reply is None else step.reply)]
    for user, messages in step.notifications.items():
        order = ", in this order" if len(messages) > 1 else ""
        parts += [f"`{user}` is notified{order}:", *(json(message) for message in messages)]
    return parts


def _see_also(card: Card, files: dict[str, str], siblings: Sequence[str]) -> list[str]:
    others = [title for title in siblings if title != card.title]
    if not others:
        return []
    links = ", ".join(f"[{title.replace('/api/v2', '')}]({files[title]})" for title in others)
    return ["## See also", f"{card.group}: {links}; [everything](index.md)."]

"""JSON for people: what fits on a line stands on one."""

import json
from typing import Any

WIDTH = 96


def pretty(value: Any, indent: int = 0, before: int = 0) -> str:
    """A value as JSON. `indent`: of the line it begins on; `before`: what stands on that line already."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent + before <= WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        heads = [json.dumps(key, ensure_ascii=False) + ": " for key in value]
        parts = [
            head + pretty(part, indent + 2, len(head) + 1)
            for head, part in zip(heads, value.values(), strict=True)
        ]
        return "{\n" + ",\n".join(inner + part for part in parts) + "\n" + " " * indent + "}"
    if all(isinstance(part, str) for part in value):
        return "[\n" + _filled([json.dumps(part) for part in value], inner) + "\n" + " " * indent + "]"
    parts = [pretty(part, indent + 2, 1) for part in value]
    return "[\n" + ",\n".join(inner + part for part in parts) + "\n" + " " * indent + "]"


def _filled(words: list[str], inner: str) -> str:
    """As many words on a line as fit."""
    lines = [inner]
    for word in words:
        if len(lines[-1]) + len(word) + 1 > WIDTH and lines[-1] != inner:
            lines.append(inner)
        lines[-1] += word + ", "
    return "\n".join(line.rstrip() for line in lines)[:-1]

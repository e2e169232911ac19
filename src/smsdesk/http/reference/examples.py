"""The recorded examples: requests, replies and notifications of the real application, with sample values
where ids and numbers differ from run to run.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

FILE = "examples.json"
BASE = "http://localhost:8080/api/v2"
_PLACEHOLDER = re.compile(r"\$([a-z]+(?::\w+)?\d*)")
_NUMBERS = {"ref": 34, "replay": 48127}  # what they are counted from
_LENGTHS = {
    "user": 32,
    "stay": 32,
    "new": 32,
    "group": 32,
    "queue": 32,
    "epoch": 16,
    "client": 32,
    "text": 16,
}


class Step(Struct, omit_defaults=True):
    """A request, what was answered, and what was notified: by user name, on which topic, what."""

    actor: str
    method: str
    path: str
    status: int
    reply: Any
    body: Any = None
    notifications: dict[str, list[dict[str, Any]]] = {}


class Example(Struct):
    """What happens in a scene."""

    scene: str
    steps: list[Step]


@cache
def recorded() -> dict[str, Example]:
    """All examples with their placeholders, by the name of the operation or route."""
    text = (files("smsdesk.http") / "reference" / FILE).read_bytes()
    return msgspec.json.decode(text, type=dict[str, Example])


def example(name: str, base: str = BASE) -> Example | None:
    """An example as it is shown; `base` ends in `/api/v2`."""
    found = recorded().get(name)
    if found is None:
        return None
    return msgspec.convert(show(msgspec.to_builtins(found), base), Example)


def show(value: Any, base: str) -> Any:
    """A value with samples in place of placeholders."""
    return replaced(value, lambda name: sample(name, base))


def replaced(value: Any, meaning: Callable[[str], Any]) -> Any:
    """A value with the meaning of each placeholder in its place."""
    if isinstance(value, dict):
        return {key: replaced(part, meaning) for key, part in value.items()}
    if isinstance(value, list):
        return [replaced(part, meaning) for part in value]
    if not isinstance(value, str):
        return value
    whole = _PLACEHOLDER.fullmatch(value)
    if whole:
        return meaning(whole[1])
    return _PLACEHOLDER.sub(lambda found: str(meaning(found[1])), value)


def sample(name: str, base: str) -> str | int:
    """What stands for a placeholder: always the same, in the shape of the real thing (SPEC 8.2)."""
    word = name.partition(":")[0].rstrip("0123456789")
    if word == "base":
        return base
    if word in _NUMBERS:
        return _NUMBERS[word] + int(name.removeprefix(word) or 1)
    digest = hashlib.sha256(name.encode()).hexdigest()
    if word in ("id", "contact"):
        return "0002Ha" + digest[:10].upper()
    if word in ("centre", "state"):
        return "-".join((digest[:8], digest[8:12], f"4{digest[13:16]}", f"8{digest[17:20]}", digest[20:32]))
    if word == "version":
        return "1.0.0"
    return digest[: _LENGTHS[word]] if word in _LENGTHS else digest[:16].upper()

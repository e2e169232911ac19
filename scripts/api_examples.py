"""Play the examples of the API reference in the application, in memory; run as a program, record them.

python -m scripts.api_examples            all
python -m scripts.api_examples Accept     these
"""

import asyncio
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from scripts.api_json import pretty
from smsdesk import __version__
from smsdesk.http.reference import examples
from tests.vectors.stage import Stage

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "examples"
TARGET = HERE.parent / "src" / "smsdesk" / "http" / "reference" / examples.FILE
OK = 200
SESSION = "/api/v2/me/smssessions/$id"
# Fields whose values the server makes up, and the placeholder that each gets.
_MADE_UP = {
    "participantId": "joined",
    "RVQID": "stay",
    "clientId": "client",
    "contactId": "contact",
    "epoch": "epoch",
    "secret": "secret",
    "categoryId": "category",
    "standardResponseId": "response",
}
_OPAQUE = {"epoch": "epoch", "contactCenterId": "centre"}  # known by their field, whatever they look like
_SINGLE = {"client", "epoch"}
_MADE_ID = re.compile(r"[0-9a-f]{32}|[0-9A-Za-z]{16}|1-[0-9a-f-]{36}")
# The same for ids, by where they stand.
_IDS = (
    (".replay", "replay"),
    (".smssession", "id"),
    (".made", "id"),
    ("/settings/agent-states", "state"),
    (".groups", "group"),
    (".categories", "category"),
    (".category", "category"),
    ("/api/v2/api-keys", "new"),
    (".audit", "line"),
    (".alarms", "alarm"),
    (".deliveries", "delivery"),
    ("/api/v2/ucs/contacts", "contact"),
    ("/api/v2/contacts", "entry"),
)


def source() -> dict[str, Any]:
    """The hand-written part, one file for each area."""
    whole: dict[str, Any] = {"situations": {}, "examples": {}}
    for file in sorted(SOURCES.glob("*.toml")):
        part = tomllib.loads(file.read_text())
        for kind, known in whole.items():
            known.update(part.get(kind, {}))
    return whole


class Names:
    """What the placeholders of one example stand for, learned as it goes. Every user counts his own
    references, so the same number of two users gets two names.
    """

    def __init__(self, env: dict[str, Any]) -> None:
        self.env = env
        self._references: dict[tuple[str, int], str] = {}

    def learn(self, document: Any, path: str = "") -> None:
        """Give a placeholder to everything in a document that is made up."""
        if isinstance(document, list):
            for part in document:
                self.learn(part, path)
        elif isinstance(document, dict):
            for key, value in document.items():
                if key in _MADE_UP:
                    self._name(_MADE_UP[key], value)
                elif key in ("id", "session") and (word := _word(path)) is not None:
                    self._name(word, value)
                elif key == "id" and isinstance(value, str) and _MADE_ID.fullmatch(value):
                    self._name(_made_word(path), value)
                else:
                    self.learn(value, f"{path}.{key}")

    def _name(self, word: str, value: Any) -> None:
        if value not in self.env.values():
            number = 1 + sum(name.rstrip("0123456789") == word for name in self.env)
            self.env[word if word in _SINGLE else f"{word}{number}"] = value

    def blank(self, value: Any, who: str, key: str = "") -> Any:
        """A value with placeholders again; `who` got it."""
        if isinstance(value, dict):
            return {name: self.blank(part, who, name) for name, part in value.items()}
        if isinstance(value, list):
            return [self.blank(part, who, key) for part in value]
        if key in _OPAQUE:
            return f"${_OPAQUE[key]}"
        if isinstance(value, str):
            return self._text(value) if (key, value) != ("version", __version__) else "$version"
        if key == "referenceId":
            return self._references.setdefault((who, value), f"$ref{len(self._references) + 1}")
        names = [f"${name}" for name, known in self.env.items() if known == value]
        return names[0] if key == "id" and names else value

    def _text(self, text: str) -> str:
        ids = {name: value for name, value in self.env.items() if name != "epoch"}
        known = [(value, name) for name, value in ids.items() if isinstance(value, str)]
        for value, name in sorted(known, key=lambda pair: -len(pair[0])):
            text = text.replace(value, f"${name}")
        return text


def _made_word(path: str) -> str:
    """The placeholder for an id by what has it: `new` for what was just made."""
    return path.rpartition(".")[2].rstrip("s") if "." in path else "new"


def _word(path: str) -> str | None:
    """The placeholder for an id in an object at this place."""
    if path.startswith("/simulator/") and not path.endswith(".made"):
        return "text"
    return next((word for end, word in _IDS if path.endswith(end)), None)


async def play(name: str, written: dict[str, Any], situations: dict[str, Any]) -> examples.Example:
    """Run one example; what came, with placeholders."""
    situation = dict(situations[written["situation"]])
    words = situation.pop("words")
    stage = Stage(situation)
    try:
        await stage.open()
        names = Names(stage.env)
        steps = [await _step(name, step, stage, names) for step in written["steps"]]
    finally:
        await stage.application.close()
    return examples.Example(words, steps)


async def _step(name: str, step: dict[str, Any], stage: Stage, names: Names) -> examples.Step:
    actor, method = step.get("actor", "agent1"), step.get("method", "POST")
    path, body = step.get("path", SESSION), step.get("body")
    if method == "POST" and not step.get("plain"):
        body = {"operationName": name} | (body or {})
    sent = b"" if body is None else msgspec.json.encode(examples.replaced(body, stage.env.__getitem__))
    if "text" in step:  # a body that is no JSON
        body = step["text"].strip()
        sent = body.encode()
    target = examples.replaced(path, stage.env.__getitem__)
    answer = await stage.ask(method, target, sent, stage.credentials(actor))
    if name == "ChangePassword" and body and answer.status == OK:
        stage.passwords[actor] = body["newPassword"]
    await stage.application.settle()
    heard = {who: await stage.heard(who) for who in stage.listeners()}
    reply = answer.json if answer.body else None
    names.learn(reply, path)
    names.learn(list(heard.values()))
    shown = names.blank(reply, actor)
    told = {who: names.blank(messages, who) for who, messages in heard.items() if messages}
    return examples.Step(actor, method, path, answer.status, shown, body, told)


async def play_all(wanted: list[str]) -> dict[str, examples.Example]:
    """Run the examples of these names, all of them without a name."""
    written = source()
    named = wanted or list(written["examples"])
    return {name: await play(name, written["examples"][name], written["situations"]) for name in named}


def main(wanted: list[str]) -> None:
    """Record."""
    known = msgspec.json.decode(TARGET.read_bytes()) if wanted else {}
    played = msgspec.to_builtins(asyncio.run(play_all(wanted)))
    merged = {name: (known | played)[name] for name in source()["examples"]}
    TARGET.write_text(pretty(merged) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])

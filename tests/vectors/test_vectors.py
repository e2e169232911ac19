"""Every conformance vector against the running application: request, reply, and what is heard of it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from smsdesk.store import Store
from tests.asgi import Answer
from tests.vectors.matching import fill, match, match_notifications
from tests.vectors.stage import Stage

HERE = Path(__file__).parent
PENDING = frozenset(json.loads((HERE / "pending.json").read_text())["cases"])
Case = dict[str, Any]


def _cases() -> dict[str, Case]:
    found = {}
    for path in sorted(HERE.glob("*.json")):
        if path.name != "pending.json":
            for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
                found[f"{path.stem}: {case['name']}"] = case
    return found


CASES = _cases()


@pytest.mark.parametrize("name", [name for name in CASES if name not in PENDING])
def test_vector(name: str) -> None:
    assert asyncio.run(play(CASES[name])) == []


def test_pending_vectors_fail_still() -> None:
    """Whoever makes one pass takes it off the list: the list only shrinks."""
    passing = [name for name in sorted(PENDING) if asyncio.run(play(CASES[name])) == []]
    assert passing == []


async def play(case: Case, store: Store | None = None) -> list[str]:
    """Run one case; the differences, none when all is as written. In memory, unless a store is given."""
    stage = Stage(case["given"], store)
    try:
        await stage.open()
        return await _act(case, stage)
    finally:
        await stage.application.close()


async def _act(case: Case, stage: Stage) -> list[str]:
    request, errors = case["request"], []
    phone = case.get("phone")
    before = await stage.texts(phone["number"]) if phone else []
    if request is None:
        await stage.happen(case["event"])
    else:
        there = await stage.snapshot()
        if "fault" in case["given"]:
            stage.fail(case["given"]["fault"])
        for _ in range(request.get("times", 1)):
            errors += check_reply(case["reply"], await send(request, stage), stage)
        stage.heal()
        if refused(case) and await stage.snapshot() != there:
            errors.append("refused, and yet something has changed (SPEC 1.6)")
    await stage.application.settle()
    for actor in stage.listeners():
        expected = case["notifications"].get(actor, [])
        errors += match_notifications(expected, await stage.heard(actor), stage.env, actor)
    if phone:
        new = (await stage.texts(phone["number"]))[len(before) :]
        if len(new) != phone["newMessages"] or new != phone.get("texts", new):
            errors.append(f"the phone received {new!r}")
    return errors


def refused(case: Case) -> bool:
    """Whether the case is about a request that is refused."""
    body = case["reply"]["body"]
    return "error" in body or body.get("statusCode", 0) not in (0, 7)


async def send(request: dict[str, Any], stage: Stage) -> Answer:
    """The request of a case."""
    if "rawHex" in request:
        body = bytes.fromhex(request["rawHex"])
    elif "raw" in request:
        body = request["raw"].encode()
    elif "body" in request:
        body = msgspec.json.encode(fill(request["body"], stage.env))
    else:
        body = b""
    headers = stage.credentials(request["actor"], request.get("password", "demo")) | request.get(
        "headers", {}
    )
    return await stage.ask(request["method"], fill(request["path"], stage.env), body, headers)


def check_reply(expected: dict[str, Any], answer: Answer, stage: Stage) -> list[str]:
    """The differences of a reply."""
    errors = [] if answer.status == expected["http"] else [f"HTTP {answer.status}: {answer.body[:300]!r}"]
    errors += match(expected["body"], answer.json, stage.env, "reply")
    for name, value in expected.get("headers", {}).items():
        if (name.lower() in answer.headers) != (value != "$absent"):
            errors.append(f"header {name}: {answer.headers.get(name.lower())}")
    said = str(answer.json.get("statusMessage", "")).lower()
    errors += [
        f"{word!r} is not mentioned: {said}"
        for word in expected.get("mentions", ())
        if word.lower() not in said
    ]
    return errors

"""Wherever the description takes an Idempotency-Key and something is made, it is made once (SPEC 1.6)."""

import asyncio

import msgspec
import pytest

from scripts.api_examples import Names, source
from smsdesk.http.reference import examples
from smsdesk.http.reference.words import routes
from tests.vectors.stage import Stage

MAKING = [name for name, words in routes().items() if words.reply == "Created"]


@pytest.mark.parametrize("name", MAKING)
def test_the_same_key_makes_it_once_and_answers_the_same(name: str) -> None:
    asyncio.run(make_twice(name))


async def make_twice(name: str) -> None:
    written = source()
    example = written["examples"][name]
    situation = dict(written["situations"][example["situation"]])
    del situation["words"]
    stage = Stage(situation)
    try:
        await stage.open()
        names = Names(stage.env)
        steps = example["steps"]
        at = next(n for n, step in enumerate(steps) if step.get("method", "POST") == "POST")
        before, last = steps[:at], steps[at]
        answers = []
        for step, key in [*((step, "") for step in before), (last, "once"), (last, "once"), (last, "again")]:
            body = msgspec.json.encode(examples.replaced(step.get("body"), stage.env.__getitem__))
            path = examples.replaced(step.get("path"), stage.env.__getitem__)
            headers = stage.credentials(step.get("actor", "agent1")) | (
                {"Idempotency-Key": key} if key else {}
            )
            answers.append(await stage.ask(step.get("method", "POST"), path, body, headers))
            names.learn(answers[-1].json, path)
        first, second, third = answers[-3:]
        assert first.json["statusCode"] == 0, first.json
        assert second.json == first.json
        assert third.json["statusCode"] == 18, third.json
    finally:
        await stage.application.close()

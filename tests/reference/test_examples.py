"""Every example of the reference is what the application answers and notifies."""

import asyncio
import re

import msgspec
import pytest

from scripts import api_examples
from smsdesk.http.reference import asyncapi
from smsdesk.http.reference.catalogue import entries
from smsdesk.http.reference.examples import Example, Step, example, recorded, sample
from smsdesk.http.reference.schemas import ref, schemas
from smsdesk.http.reference.words import operations, routes
from tests.reference.validation import problems

WITHOUT = {"GET /api/v2/openapi.json", "GET /api/v2/asyncapi.json"}  # they are examples of themselves
BESIDE = {"refused", "declined", "expired"}  # shown on other pages
SOURCE = api_examples.source()


@pytest.mark.parametrize("name", SOURCE["examples"])
def test_an_example_is_what_happens(name: str) -> None:
    """`python -m scripts.api_examples` records it again; look at the difference before you keep it."""
    played = asyncio.run(api_examples.play(name, SOURCE["examples"][name], SOURCE["situations"]))
    assert msgspec.to_builtins(played) == msgspec.to_builtins(recorded()[name])


def test_every_operation_and_route_has_an_example_and_nothing_else_has() -> None:
    wanted = {entry.name for entry in entries()} | (routes().keys() - WITHOUT)
    assert set(recorded()) == wanted | BESIDE
    assert list(SOURCE["examples"]) == list(recorded())


@pytest.mark.parametrize("name", [entry.name for entry in entries()])
def test_an_example_shows_the_operation_and_its_success(name: str) -> None:
    step = recorded()[name].steps[0]
    assert step.body["operationName"] == name
    assert step.reply["statusCode"] == 0
    assert problems(ref(name), step.body, strict=True) == []


@pytest.mark.parametrize("name", recorded())
def test_a_reply_has_the_shape_that_is_described(name: str) -> None:
    shown = example(name)
    assert shown is not None
    for step in shown.steps:
        if step is shown.steps[-1] or step.body:
            reply = _reply(step, name)
            assert problems(ref(reply), step.reply) == [], reply


def _operation(body: object) -> bool:
    """Whether a step of an example is an operation that has a page of its own."""
    return isinstance(body, dict) and body.get("operationName") in {entry.name for entry in entries()}


def _reply(step: Step, name: str) -> str:
    """The schema of a step's reply: of the operation or route that it asks for, which may come before the
    one that is shown.
    """
    body = step.body
    known = {entry.name: entry.reply for entry in entries()}
    if step.status >= 400 and not isinstance(body, list):
        return "Refusal"
    if isinstance(body, dict) and _operation(body):
        return known[str(body["operationName"])]
    if isinstance(body, list):
        return "BayeuxReplies"
    asked = f"{step.method} {step.path.partition('?')[0]}"
    found = [route for route in routes() if _template(route, asked)]
    return routes()[min(found, key=lambda route: route.count("{"))].reply if found else name


def _template(route: str, asked: str) -> bool:
    return re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(route)), asked) is not None


@pytest.mark.parametrize("name", recorded())
def test_notifications_have_the_shape_that_is_described(name: str) -> None:
    shown = example(name)
    assert shown is not None
    for data in _notified(shown):
        kind = asyncapi.kind(data)
        assert problems(ref(asyncapi.PAYLOADS.get(kind, "StateChange")), data) == [], kind


def _notified(shown: Example) -> list[dict[str, object]]:
    return [m["data"] for step in shown.steps for ms in step.notifications.values() for m in ms]


@pytest.mark.parametrize("name", [entry.name for entry in entries()])
def test_the_caller_is_told_in_the_order_that_is_written(name: str) -> None:
    """What always comes; what stands in parentheses comes only sometimes."""
    said = [line.split("`")[1] for line in operations().operations[name].asker if not line.startswith("(")]
    steps = recorded()[name].steps
    told = steps[0].notifications.get(steps[0].actor, []) if said else []
    kinds = [m["data"].get("notificationType") or m["data"]["messageType"] for m in told]
    assert [kind for kind in kinds if kind != "MessageUpdated" or "MessageUpdated" in said][
        : len(said)
    ] == said


def test_samples_are_alike_where_the_thing_is_and_look_like_it() -> None:
    assert sample("id", "b") == sample("id", "b") != sample("id2", "b")
    assert sample("ref1", "b") != sample("ref2", "b")
    for name, length in (("user:agent1", 32), ("id", 16), ("customer", 16), ("epoch", 16)):
        assert len(str(sample(name, "b"))) == length


def test_schemas_refuse_what_is_not_described() -> None:
    """The strictness that the tests above rest on."""
    assert problems(ref("Done"), {"statusCode": 0}) == []
    assert problems(ref("Done"), {"statusCode": 0, "more": 1}) != []
    assert problems(ref("Done"), {"statusCode": 1}) != []
    assert problems(ref("Session"), {}) != []
    assert "Session" in schemas()

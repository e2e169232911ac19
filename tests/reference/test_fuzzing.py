"""Requests made of the description by schemathesis, right ones and wrong ones, against a busy contact centre:
no 5xx, and to right ones only answers that are described.
"""

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from scripts.api_examples import source
from tests.asgi import Answer
from tests.reference import served
from tests.reference.validation import problems
from tests.vectors.stage import Stage

DESCRIPTION = served.openapi()
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
EVERY = [
    (path, method.upper())
    for path, item in DESCRIPTION["paths"].items()
    for method in ("get", "post")
    if method in item
]


def may_be_wrong(path: str, method: str) -> bool:
    """Whether a request of this kind has anything that could be wrong."""
    item = DESCRIPTION["paths"][path]
    return "{" in path or bool({"parameters", "requestBody"} & item[method.lower()].keys())


ACTORS = st.sampled_from(["agent1", "agent2", "supervisor", "admin"])
EXAMPLES = 6
QUICK = settings(
    max_examples=EXAMPLES,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


class Centre:
    """A contact centre with a conference going on, that outlives the requests of one test."""

    def __init__(self) -> None:
        situation = dict(source()["situations"]["conference"])
        del situation["words"]
        self.stage = Stage(situation)
        self._runner = asyncio.Runner()
        self._runner.run(self.stage.open())

    def known(self, name: str) -> str:
        """A value for a variable of the path that stands for something that is there."""
        named = {"id": self.stage.env["id"], "channel": "sms", "user": self.stage.env["user:agent1"]}
        named |= {
            "contact": self.stage.env["contact1"],
            "state": "Ready",
            "service": "sessions",
            "statistic": "waiting",
        }
        named["object"] = self.stage.env["queue:Support"]
        named |= {"section": "interaction-workspace", "setting": "login.sms.isselected"}
        named["entry"] = named["user"]
        records = self.stage.application.performer.centre.records.get(name, {})
        return str(named.get(name) or next(iter(records), "0" * 32))

    def ask(self, case: Case[Any], actor: str, real: bool) -> Answer:
        """Send what was generated; with `real`, to something that is there."""
        names = case.path_parameters or {}
        values = {n: self.known(n) if real else quote(str(v), safe="%") for n, v in names.items()}
        query = urlencode(dict(case.query or {}), doseq=True)
        headers = {
            n: v for n, v in (case.headers or {}).items() if n.lower() not in ("authorization", "cookie")
        }
        target = case.path.format(**values) + (f"?{query}" if query else "")
        if (
            case.path == "/simulator/scenario"
        ):  # one conversation per pair of numbers: the desk has to be empty
            self._runner.run(self.stage.ask("POST", "/simulator/reset", b"", {}))
        return self._runner.run(
            self.stage.ask(
                case.method,
                target,
                encoded(case.body, case.media_type),
                headers | self.stage.credentials(actor),
            )
        )

    def close(self) -> None:
        """Let everything end that was begun, and end."""
        self._runner.run(self.stage.application.settle())
        self._runner.run(self.stage.application.close())
        self._runner.close()


def encoded(body: Any, media: str | None) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, str) and media == "text/csv":
        return body.encode(errors="replace")
    return b"" if body is schemathesis.core.NOT_SET else msgspec.json.encode(body)


@pytest.fixture
def centre() -> Iterator[Centre]:
    centre = Centre()
    yield centre
    centre.close()


@pytest.mark.parametrize(("path", "method"), EVERY)
def test_a_right_request_gets_an_answer_that_is_described(centre: Centre, path: str, method: str) -> None:
    operation = SCHEMA[path][method]
    responses = DESCRIPTION["paths"][path][method.lower()]["responses"]

    @QUICK
    @given(operation.as_strategy(generation_mode=GenerationMode.POSITIVE), ACTORS, st.booleans())
    def asked(case: Case[Any], actor: str, real: bool) -> None:
        answer = centre.ask(case, actor, real)
        assert answer.status < 500, answer.body
        assert str(answer.status) in responses, answer.body
        if "fields" not in (case.query or {}):
            schema = responses[str(answer.status)]["content"]["application/json"]["schema"]
            assert problems(schema, answer.json, strict=False) == []

    asked()


@pytest.mark.parametrize(("path", "method"), [place for place in EVERY if may_be_wrong(*place)])
def test_a_wrong_request_gets_an_answer_that_is_described(centre: Centre, path: str, method: str) -> None:
    operation = SCHEMA[path][method]
    responses = DESCRIPTION["paths"][path][method.lower()]["responses"]

    @QUICK
    @given(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), ACTORS, st.booleans())
    def asked(case: Case[Any], actor: str, real: bool) -> None:
        answer = centre.ask(case, actor, real)
        assert answer.status < 500, answer.body
        assert answer.headers["content-type"] == "application/json"
        assert str(answer.status) in responses, answer.body

    asked()

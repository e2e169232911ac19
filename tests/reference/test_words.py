"""The hand-written words agree with the code: nothing unexplained, no limit or refusal that is not so."""

import json
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from scripts.settings_page import PAGE
from smsdesk.bayeux.topic import TOPICS
from smsdesk.config.check import entries as settings
from smsdesk.config.settings import ROOMS
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.message import MessageType
from smsdesk.core.states import Kind, State, Trigger
from smsdesk.http.reference.catalogue import Entry, entries
from smsdesk.http.reference.examples import example
from smsdesk.http.reference.parameters import fields, parameters
from smsdesk.http.reference.schemas import schemas
from smsdesk.http.reference.words import routes, terms
from smsdesk.operations.decoding import Decoder

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
BY_NAME = {entry.name: entry for entry in entries()}
ALIASES = {alias: entry.name for entry in entries() for alias in entry.aliases}
DATES = ("fromDate", "toDate")  # as long as a date is
TEXTS = [
    (entry.name, parameter.name)
    for entry in entries()
    for parameter in parameters(entry)
    if parameter.type == "string"
]


def test_everything_there_is_has_its_words() -> None:
    said = terms()
    assert list(said.faults) == [fault.name for fault in Fault]
    assert list(said.states) == list(get_args(State))
    assert list(said.kinds) == list(get_args(Kind))
    assert list(said.triggers) == list(get_args(Trigger))
    assert list(said.topics) == list(TOPICS)
    assert list(said.message_types) == list(get_args(MessageType))


def test_every_field_of_an_explained_object_has_its_words() -> None:
    for name, words in terms().resources.items():
        assert list(words.fields) == list(schemas()[name]["properties"]), name
        assert all(row.text for row in fields(name))


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_every_parameter_has_its_words(entry: Entry) -> None:
    assert set(entry.words.parameters) == {row.name for row in parameters(entry)}
    assert all(row.text.endswith(".") for row in parameters(entry))


def decode(entry: Entry, parameter: str, value: object) -> object:
    """What becomes of the example's body with another value."""
    assert entry.struct is not None
    shown = example(entry.name)
    assert shown is not None
    body = shown.steps[0].body | {parameter: value}
    return Decoder((entry.struct,)).decode(msgspec.json.encode(body))


def of_length(parameter: str, length: int) -> str:
    """A text of so many characters that is right in every other way."""
    return "https://example.com/".ljust(length, "x") if parameter == "url" else "x" * length


@pytest.mark.parametrize(("name", "parameter"), TEXTS)
def test_a_text_is_as_long_as_it_says(name: str, parameter: str) -> None:
    entry = BY_NAME[name]
    bounds = entry.words.parameters[parameter].length
    if parameter in DATES:
        assert isinstance(decode(entry, parameter, "x"), Refused)
        return
    if bounds is None:
        assert not isinstance(decode(entry, parameter, "x" * 100_000), Refused)
        return
    least, most = bounds
    assert not isinstance(decode(entry, parameter, of_length(parameter, most)), Refused)
    too_long = decode(entry, parameter, of_length(parameter, most + 1))
    assert isinstance(too_long, Refused)
    assert too_long.fault is Fault.INVALID
    if parameter != "url":
        assert not isinstance(decode(entry, parameter, "x" * least), Refused)
        assert least == 0 or isinstance(decode(entry, parameter, "x" * (least - 1)), Refused)


def refused() -> list[tuple[str, str, tuple[int, int]]]:
    """Of all vectors that are refused: the case, what was asked for, statusCode and HTTP status."""
    found = []
    for path in sorted(VECTORS.glob("*.json")):
        for case in json.loads(path.read_text()).get("cases", ()):
            asked = what(case) if isinstance(case, dict) and case.get("request") else None
            code = case["reply"]["body"].get("statusCode", 0) if asked else 0
            if asked and isinstance(code, int) and code not in (0, 7):
                found.append((f"{path.stem}: {case['name']}", asked, (code, case["reply"]["http"])))
    return found


def what(case: dict[str, Any]) -> str | None:
    """The operation or route that a vector asks for, None where it names nothing that exists."""
    request = case["request"]
    if request["method"] == "POST":
        body = request.get("body")
        name = body.get("operationName") if isinstance(body, dict) else None
        name = ALIASES.get(name, name) if isinstance(name, str) else None
        return name if name in BY_NAME else None
    path = request["path"].partition("?")[0].rstrip("/").replace("smsessions", "smssessions")
    name = f"{request['method']} {path.replace('$id', '{id}')}"
    return name if name in routes() else None


@pytest.mark.parametrize(("vector", "asked", "answer"), refused())
def test_a_refusal_is_among_those_written(vector: str, asked: str, answer: tuple[int, int]) -> None:
    if asked in BY_NAME:
        names = {refusal.fault.name for refusal in BY_NAME[asked].refusals}
    else:
        names = set(routes()[asked].errors)
    assert answer in {Fault[name].value for name in names}, vector


def test_the_vectors_refuse_enough_to_learn_from() -> None:
    assert len(refused()) > 200
    assert {asked for _, asked, _ in refused()} >= {"Accept", "Transfer", "Intrude"}


def test_every_setting_has_its_entry() -> None:
    page = PAGE.read_text()
    for room in ROOMS.values():
        for name in settings(room):
            assert f"### `{name}`" in page

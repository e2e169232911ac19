"""The AsyncAPI description: its references resolve, its topics and messages are those that exist."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from smsdesk.bayeux import errors
from smsdesk.bayeux.topic import ALIASES, TOPICS
from smsdesk.http.reference import asyncapi
from smsdesk.http.reference.replies import LogUpdated, StateChange
from smsdesk.http.reference.words import terms
from smsdesk.wire.notifications import CHANNELS, SESSIONS
from tests.reference import served
from tests.reference.validation import problems

DESCRIPTION = served.asyncapi()


def references(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for piece in part:
            yield from references(piece)
    elif isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for piece in part.values():
            yield from references(piece)


def test_references_resolve() -> None:
    found = set(references(DESCRIPTION))
    assert found
    for reference in found:
        part = DESCRIPTION
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def test_it_has_what_the_format_demands() -> None:
    """AsyncAPI 3.0: required fields of the document, its servers, channels, operations and messages."""
    assert DESCRIPTION["asyncapi"] == "3.0.0"
    assert DESCRIPTION["info"]["title"]
    assert DESCRIPTION["info"]["version"]
    assert all({"host", "protocol"} <= server.keys() for server in DESCRIPTION["servers"].values())
    for operation in DESCRIPTION["operations"].values():
        assert operation["action"] in ("send", "receive")
        assert "$ref" in operation["channel"]
    assert all("payload" in message for message in DESCRIPTION["components"]["messages"].values())


def test_every_topic_and_alias_is_there() -> None:
    addresses = {channel["address"]: channel for channel in DESCRIPTION["channels"].values()}
    assert {a for a in addresses if not a.startswith("/meta/")} == set(TOPICS)
    for alias, topic in ALIASES.items():
        assert alias in addresses[topic]["x-aliases"]


def test_every_kind_of_notification_is_on_its_topic() -> None:
    fields = [
        StateChange.__annotations__["notification_type"],
        LogUpdated.__annotations__["notification_type"],
    ]
    kinds = {kind for field in fields for kind in get_args(field)}
    assert set(asyncapi.MESSAGES[SESSIONS]) == kinds
    named = {kind for topic, names in asyncapi.MESSAGES.items() if topic != CHANNELS for kind in names}
    assert named == set(terms().notification_types)
    assert asyncapi.MESSAGES.keys() <= set(TOPICS)


@pytest.mark.parametrize("name", [name for names in asyncapi.MESSAGES.values() for name in names])
def test_a_message_has_an_example_that_fits_it(name: str) -> None:
    message = DESCRIPTION["components"]["messages"][name]
    assert message["examples"], "none of the examples of the reference shows it"
    assert problems(message["payload"], message["examples"][0]["payload"], strict=False) == []


def test_a_message_of_another_kind_does_not_fit() -> None:
    messages = DESCRIPTION["components"]["messages"]
    wrong = messages["StatusChange"]["examples"][0]["payload"]
    assert problems(messages["NewMessages"]["payload"], wrong, strict=False) != []
    assert problems(messages["Error"]["payload"], wrong, strict=False) != []


def test_every_bayeux_fault_has_words() -> None:
    assert set(terms().bayeux) == {fault.value for fault in errors.Fault}

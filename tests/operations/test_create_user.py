"""New users: what is mandatory, what is allowed, and that a name is given once (C§5.1, SPEC 1.6)."""

import json
from functools import partial
from typing import Any

import pytest

from smsdesk.core.errors import Fault, Refused
from smsdesk.operations.login import Credential
from smsdesk.operations.users.create_user import check_name, create_user, read_user
from tests.operations.world import World, fault

pytestmark = pytest.mark.anyio
WHOLE = {
    "userName": "dora",
    "password": "long enough",
    "firstName": "Dora",
    "lastName": "Demo",
    "roles": ["ROLE_AGENT"],
}


def body(**fields: Any) -> bytes:
    """The body of a request; None leaves a field out."""
    return json.dumps({name: value for name, value in (WHOLE | fields).items() if value is not None}).encode()


def mistake(raw: bytes) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        read_user(raw)
    return caught.value.fault.code, caught.value.message


async def test_a_user_is_made_with_a_credential_and_a_line_in_the_audit_log() -> None:
    world = await World().open()
    new = read_user(body(emailAddress="d@example.org", enabled=False, changePasswordOnFirstLogin=True))
    made = await world.run(partial(create_user, new=new, password_hash="a hash"))
    assert world.user("Dora".lower()) == made
    assert (made.first_name, made.last_name, made.email, made.roles) == (
        "Dora",
        "Demo",
        "d@example.org",
        ("ROLE_AGENT",),
    )
    assert (made.enabled, made.change_password) == (False, True)
    assert await world.performer.read("credential", made.id) == Credential(made.id, "a hash")
    assert [place for place in world.store.places if place[0] == "audit"]


@pytest.mark.parametrize("name", ["dora", "DORA", "agent1"])
async def test_a_name_is_given_once_in_whatever_case(name: str) -> None:
    world = await World().open()
    await world.run(partial(create_user, new=read_user(body()), password_hash="x"))
    again = partial(create_user, new=read_user(body(userName=name)), password_hash="y")
    assert await fault(world.run(again)) is Fault.EXISTS
    assert await fault(world.run(partial(check_name, name=name))) is Fault.EXISTS


@pytest.mark.parametrize("field", WHOLE)
def test_what_is_mandatory(field: str) -> None:
    assert mistake(body(**{field: None})) == (1, f"{field} is missing")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"userName": ""}, "userName has 0 characters"),
        ({"userName": "a:b"}, "userName may not hold a colon"),
        ({"userName": " dora"}, "userName may not hold a colon, nor begin or end with a blank"),
        ({"firstName": ""}, "firstName has 0 characters"),
        ({"lastName": "\0"}, "lastName holds a NUL character"),
        ({"emailAddress": "x" * 256}, "emailAddress has 256 characters"),
        ({"password": "short"}, "password must have 8 to 256 characters"),
        ({"password": "x" * 257}, "password must have 8 to 256 characters"),
        ({"roles": []}, "roles is empty"),
        ({"roles": ["ROLE_KING"]}, "roles has the wrong type or value"),
        ({"roles": "ROLE_AGENT"}, "roles has the wrong type or value"),
        ({"enabled": "yes"}, "enabled has the wrong type or value"),
    ],
)
def test_what_is_allowed(fields: dict[str, Any], words: str) -> None:
    code, message = mistake(body(**fields))
    assert code == 10
    assert message.startswith(words)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_object(raw: bytes) -> None:
    assert mistake(raw)[0] == 10

"""Bodies of requests: every mistake told apart, none of them brings the program down (SPEC 1.3, 1.6, 8.7)."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smsdesk.core.errors import Fault, Refused
from smsdesk.operations.base import Operation, SessionOperation, UserOperation
from smsdesk.operations.channel import OPERATIONS as CHANNEL_OPERATIONS
from smsdesk.operations.channel import SetAgentState
from smsdesk.operations.decoding import Decoder
from smsdesk.operations.me import OPERATIONS as ME_OPERATIONS
from smsdesk.operations.smssession import ALIASES, OPERATIONS
from smsdesk.operations.smssession.accept import Accept
from smsdesk.operations.smssession.complete import Complete
from smsdesk.operations.smssession.consult import Consult
from smsdesk.operations.smssession.delete_user_data import DeleteUserData
from smsdesk.operations.smssession.send_message import SendMessage
from smsdesk.operations.smssession.set_disposition import SetDisposition

SESSION: Decoder[SessionOperation] = Decoder(OPERATIONS, ALIASES)
NAMES = [str(operation.__struct_config__.tag) for operation in OPERATIONS]


def body(name: str, **parameters: Any) -> bytes:
    return json.dumps({"operationName": name, **parameters}).encode()


def mistake(raw: bytes) -> tuple[int, str]:
    """The statusCode and the words of a body whose mistake is answered once the session is known."""
    found = SESSION.decode(raw)
    assert isinstance(found, Refused)
    return found.fault.code, found.message


# -- what is right ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (body("Accept"), Accept()),
        (body("Accept", nickname="Ann", saveLAR=True), Accept("Ann", True)),
        (body("Complete", queueName="Billing"), Complete("Billing")),
        (body("DeleteUserData", keys=["UserData1", ""]), DeleteUserData(["UserData1", ""])),
        (body("SetDisposition", disposition="x", dispositionKey="Key"), SetDisposition("x", "Key")),
        (body("SendMessage", text="hello", unknown={"deep": [1, 2]}), SendMessage("hello")),
        (b' { "text" : "last", "operationName" : "SendMessage" } \n', SendMessage("last")),
        (body("Consult", targetUri="/users/1"), Consult("/users/1")),
    ],
)
def test_operations_are_read_with_their_parameters(raw: bytes, expected: SessionOperation) -> None:
    """Unknown fields are ignored (SPEC 1.3)."""
    assert SESSION.decode(raw) == expected


@pytest.mark.parametrize(("alias", "name"), ALIASES.items())
def test_other_spellings_mean_the_same(alias: str, name: str) -> None:
    assert type(SESSION.decode(body(alias))).__name__ == name
    assert type(SESSION.decode(body(alias, extra=1))).__name__ == name
    assert alias not in NAMES


# -- what is wrong with the body -------------------------------------------------------------------
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"operationName":"Accept"',
        b'{"operationName":"Accept"} and more',
        b'{"operationName":"Nope", garbage',  # the name is wrong, and so is what follows it
        b'{"operationName":"SwitchBargeIn", garbage',
        b'{"operationName":5, garbage',
        b'{"operationName":"Accept","text":"\xff"',
        b'\xef\xbb\xbf{"operationName":"Accept"}',
        b'{"operationName":"\\ud800"}',
        b'{"operationName":"DeleteUserData","keys":' + b"[" * 100_000,
        b'{"operationName":"Nope","keys":' + b"[" * 100_000,
        b'{"\xff":1,"operationName":"Nope"}',
        b"\0",
        b'{"operationName":"AttachUserData","userData":{"\xff":1}}',
    ],
    ids=lambda raw: repr(raw[:40]),
)
def test_what_is_no_json_is_told_at_once(raw: bytes) -> None:
    """Before a session is looked for (SPEC 1.6)."""
    with pytest.raises(Refused, match="not JSON") as caught:
        SESSION.decode(raw)
    assert caught.value.fault is Fault.INVALID


@pytest.mark.parametrize("raw", [b"[]", b"[1,2]", b'"Accept"', b"5", b"null", b"true", b"1.5"])
def test_what_is_no_object_is_told_at_once(raw: bytes) -> None:
    with pytest.raises(Refused, match="the body is not a JSON object") as caught:
        SESSION.decode(raw)
    assert caught.value.fault is Fault.INVALID


# -- what is wrong with the operation --------------------------------------------------------------
@pytest.mark.parametrize(
    ("raw", "code", "words"),
    [
        (b"{}", 1, "operationName is missing"),
        (b'{"text":"x"}', 1, "operationName is missing"),
        (body("SendMessage"), 1, "text is missing"),
        (body("DeleteUserData"), 1, "keys is missing"),
        (body("AttachUserData"), 1, "userData is missing"),
        (body("SendCustomNotice"), 1, "noticeText is missing"),
        (body("Consult"), 1, "targetUri is missing"),
        (body("Nope"), 10, "operationName 'Nope' is not known here"),
        (body("accept"), 10, "operationName 'accept' is not known here"),
        (body(""), 10, "operationName '' is not known here"),
        (b'{"operationName":5}', 10, "operationName is not a string"),
        (b'{"operationName":null}', 10, "operationName is not a string"),
        (b'{"operationName":{"a":1}}', 10, "operationName is not a string"),
        (body("SendMessage", text=5), 10, "text has the wrong type or value"),
        (body("SendMessage", text=None), 10, "text has the wrong type or value"),
        (body("DeleteUserData", keys="a"), 10, "keys has the wrong type or value"),
        (body("DeleteUserData", keys=["a", 1]), 10, "keys has the wrong type or value"),
        (body("AttachUserData", userData=[1]), 10, "userData has the wrong type or value"),
        (body("Accept", saveLAR="yes"), 10, "saveLAR has the wrong type or value"),
        (body("SendMessage", text=""), 10, "text has 0 characters"),
        (body("SendMessage", text="x" * 10_001), 10, "text has 10001 characters"),
        (body("SendMessage", text="a\0b"), 10, "text holds a NUL character"),
        (body("Accept", nickname="\0"), 10, "nickname holds a NUL character"),
        (body("SetDisposition", disposition="x" * 256), 10, "disposition has 256 characters"),
        (body("SetDisposition", disposition="x", dispositionKey=""), 10, "dispositionKey has 0 characters"),
        (body("SendUrl", url="ftp://example.org/"), 10, "url is no http or https address"),
        (body("SendUrl", url="http://[::1"), 10, "url is no address"),
    ],
    ids=lambda value: repr(value[:50]) if isinstance(value, bytes) else "",
)
def test_each_mistake_has_its_code_and_names_the_field(raw: bytes, code: int, words: str) -> None:
    found = mistake(raw)
    assert found[0] == code
    assert found[1].startswith(words)


def test_a_long_name_is_not_repeated_in_full() -> None:
    assert len(mistake(body("N" * 100_000))[1]) < 200


def test_the_longest_text_is_allowed() -> None:
    assert SESSION.decode(body("SendMessage", text="😀" * 10_000)) == SendMessage("😀" * 10_000)


# -- other families --------------------------------------------------------------------------------
def test_a_family_may_have_names_that_are_configured() -> None:
    states: Decoder[UserOperation] = Decoder(
        CHANNEL_OPERATIONS, others=lambda name: SetAgentState(name) if name == "Lunch" else None
    )
    assert states.decode(body("Lunch", reason="soup")) == SetAgentState("Lunch")
    assert isinstance(states.decode(body("Breakfast")), Refused)
    missing = states.decode(b"{}")
    assert isinstance(missing, Refused)
    assert missing.fault is Fault.MISSING


def test_an_operation_of_another_family_is_not_known() -> None:
    me: Decoder[Operation] = Decoder(ME_OPERATIONS)
    assert isinstance(me.decode(body("Accept")), Refused)
    assert mistake(body("StartContactCenterSession", channels=["sms"]))[0] == 10


def test_a_family_of_one_still_wants_the_name() -> None:
    lone: Decoder[SessionOperation] = Decoder((Accept,))
    assert lone.decode(body("Accept")) == Accept()
    found = lone.decode(b"{}")
    assert isinstance(found, Refused)
    assert found.fault is Fault.MISSING


# -- whatever comes --------------------------------------------------------------------------------
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("text", "keys", "userData", "disposition", "nickname", "targetUri", "url", "queueName", "comment")
objects = st.fixed_dictionaries(
    {"operationName": st.sampled_from((*NAMES, *ALIASES, "Nope")) | values},
    optional=dict.fromkeys(FIELDS, values),
)


def decode_anything(raw: bytes) -> None:
    try:
        found = SESSION.decode(raw)
    except Refused as refusal:
        found = refusal
    if isinstance(found, Refused):
        assert found.fault in (Fault.MISSING, Fault.INVALID)
        assert found.message
    else:
        assert isinstance(found, OPERATIONS)


@given(objects)
def test_every_object_is_an_operation_or_a_mistake(value: dict[str, Any]) -> None:
    decode_anything(json.dumps(value).encode())


@given(objects, st.integers(0, 400), st.binary(max_size=6))
def test_every_broken_object_is_a_mistake(value: dict[str, Any], at: int, noise: bytes) -> None:
    raw = json.dumps(value).encode()
    decode_anything(raw[:at] + noise + raw[at:])


@given(st.binary(max_size=200))
@example(b'{"operationName":"Nope",')
def test_no_bytes_bring_it_down(raw: bytes) -> None:
    decode_anything(raw)

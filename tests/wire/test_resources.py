"""Resources in their documented shapes (S§2.1, S§2.2, S§2.4, C§2.4, C§3.1, C§3.4; SPEC 2.1, 2.2)."""

from typing import Any

import msgspec
import pytest

from smsdesk.core.agent import AGENT_STATES, NOT_READY, READY, Agent, AgentState
from smsdesk.core.centre import User
from smsdesk.core.message import Delivery, Message, MessageType
from smsdesk.core.participant import Participant, Participation
from smsdesk.core.session import Session
from smsdesk.core.states import Visibility
from smsdesk.core.user_data import raw
from smsdesk.wire import agent_states
from smsdesk.wire.features import features
from smsdesk.wire.resources import Resources, mapping, user_state
from smsdesk.wire.timestamps import Timestamps, zone

NOW = 1_389_261_492_035
BASE = "http://localhost:8080/api/v2"
RESOURCES = Resources("http://localhost:8080/", Timestamps(zone("+0200")))
CUSTOMER = Participant("0" * 16, "Customer", "FirstL")
ANN = Participant("A" * 16, "Agent", "Ann", "All", "ann")
BEN = Participant("B" * 16, "Agent", "Ben", "Agents", "ben")
SUE = Participant("C" * 16, "Agent", "Sue", "Supervisors", "sue")
ANN_SHOWN = {
    "participantId": "A" * 16,
    "id": "A" * 16,
    "nickname": "Ann",
    "type": "Agent",
    "visibility": "All",
    "uri": f"{BASE}/users/ann",
    "path": "/users/ann",
}
CUSTOMER_SHOWN = {
    "participantId": "0" * 16,
    "id": "0" * 16,
    "nickname": "FirstL",
    "type": "Customer",
    "visibility": "All",
}


def session(**fields: Any) -> Session:
    return Session(
        "0000Na9B26EF002X", "+15550100", "+15550111", "simulator", NOW, {"Key": raw("value")}, 5, **fields
    )


def written(shape: object) -> dict[str, Any]:
    """As JSON writes it, and reads it again."""
    shown: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(shape))
    return shown


# -- sessions --------------------------------------------------------------------------------------
def test_what_a_session_always_has_and_nothing_that_is_not_set() -> None:
    bare = session(participants=(CUSTOMER, ANN))
    shown = written(RESOURCES.session(bare, "Agents", "Chatting", ("Leave", "Complete")))
    assert shown == {
        "id": "0000Na9B26EF002X",
        "uri": f"{BASE}/smssessions/0000Na9B26EF002X",
        "path": "/smssessions/0000Na9B26EF002X",
        "state": "Chatting",
        "capabilities": ["Leave", "Complete"],
        "participants": [CUSTOMER_SHOWN, ANN_SHOWN],
        "userData": {"Key": "value"},
        "receivedDate": "2014-01-09 11:58:12.035+0200",
        "chatType": "Inbound",
        "serviceNumber": "+15550100",
        "customerNumber": "+15550111",
        "carrier": "simulator",
        "inFocus": False,
    }


def test_what_is_set_is_shown() -> None:
    full = session(comment="", contact_id="c1", subject="hello", queue="Support", disposition="resolved")
    shown = written(RESOURCES.session(full, "Agents", "LeftChat", (), in_focus=True))
    more = {
        "comment": "",
        "contactId": "c1",
        "subject": "hello",
        "queue": "Support",
        "disposition": "resolved",
        "inFocus": True,
    }
    assert shown | more == shown
    assert (shown["capabilities"], shown["participants"]) == ([], [])


@pytest.mark.parametrize(
    ("sight", "seen"),
    [("All", "FirstL Ann"), ("Agents", "FirstL Ann Ben"), ("Supervisors", "FirstL Ann Ben Sue")],
)
def test_everybody_sees_whom_he_may_see_in_the_order_of_joining(sight: Visibility, seen: str) -> None:
    shown = RESOURCES.session(session(participants=(CUSTOMER, ANN, BEN, SUE)), sight, "Chatting", ())
    assert [p.nickname for p in shown.participants] == seen.split()
    assert (
        RESOURCES.session(session(participants=(ANN,)), sight, "Chatting", (), bare=True).participants == []
    )


def test_a_session_as_its_viewer_reads_it() -> None:
    parts = (
        Participation("ann", "Chatting", "agent", NOW, ANN.id),
        Participation("sue", "Chatting", "monitor", NOW, SUE.id),
    )
    now = session(participants=(CUSTOMER, ANN, SUE), participations=parts)
    mine, watched = RESOURCES.session_of(now, "ann", True), RESOURCES.session_of(now, "sue", False)
    assert mine is not None
    assert watched is not None
    assert (len(mine.participants), len(watched.participants)) == (2, 3)
    assert mine.capabilities == now.capabilities("ann")
    assert watched.capabilities == now.capabilities("sue")
    assert (mine.in_focus, watched.in_focus) == (True, False)
    assert RESOURCES.session_of(now, "nobody", False) is None


# -- messages --------------------------------------------------------------------------------------
def test_a_text() -> None:
    """`timestampSeconds` holds milliseconds, as documented."""
    message = Message(
        7, "Text", ANN, "All", NOW, "hello", delivery=Delivery("Failed", 2, NOW, "no such number")
    )
    assert written(RESOURCES.message(message)) == {
        "index": 7,
        "type": "Text",
        "from": ANN_SHOWN,
        "visibility": "All",
        "timestamp": "2014-01-09 11:58:12.035+0200",
        "timestampSeconds": NOW,
        "text": "hello",
        "delivery": {
            "state": "Failed",
            "parts": 2,
            "updated": "2014-01-09 11:58:12.035+0200",
            "error": "no such number",
        },
    }


@pytest.mark.parametrize(
    ("type", "fields", "shown"),
    [
        ("ParticipantJoined", {}, {}),
        ("PushUrl", {"url": "https://example.org"}, {"url": "https://example.org"}),
        ("CustomNotice", {"notice": "n"}, {"noticeText": "n"}),
        (
            "Text",
            {"text": "half", "incomplete": True, "carrier": "smpp"},
            {"text": "half", "incomplete": True, "carrier": "smpp"},
        ),
        (
            "Text",
            {"text": "", "delivery": Delivery("Sent", 1, 0)},
            {
                "text": "",
                "delivery": {"state": "Sent", "parts": 1, "updated": "1970-01-01 02:00:00.000+0200"},
            },
        ),
    ],
)
def test_other_entries_have_what_belongs_to_them(
    type: MessageType, fields: dict[str, Any], shown: dict[str, Any]
) -> None:
    always = {"index", "type", "from", "visibility", "timestamp", "timestampSeconds"}
    entry = written(RESOURCES.message(Message(1, type, CUSTOMER, "All", NOW, **fields)))
    assert {key: value for key, value in entry.items() if key not in always} == shown
    assert always <= set(entry)


# -- people ----------------------------------------------------------------------------------------
def test_a_user_and_never_anything_secret() -> None:
    user = User("ann", "agent1", "Ann", "Demo", "a@example.org", change_password=True, skills={"english": 9})
    assert RESOURCES.user(user, "centre") == {
        "id": "ann",
        "userName": "agent1",
        "firstName": "Ann",
        "lastName": "Demo",
        "emailAddress": "a@example.org",
        "roles": ["ROLE_AGENT"],
        "enabled": True,
        "changePasswordOnFirstLogin": True,
        "contactCenterId": "centre",
        "uri": f"{BASE}/users/ann",
        "path": "/users/ann",
    }


def test_a_channel() -> None:
    agent = Agent("ann", "NotReady", NOT_READY, do_not_disturb=True)
    assert RESOURCES.channel(agent) == {
        "channel": "smssession",
        "userState": {"id": NOT_READY.id, "displayName": "Not Ready", "state": "NotReady"},
        "dndState": "On",
    }
    assert RESOURCES.channel(Agent("ann", "Ready", READY))["dndState"] == "Off"
    out = RESOURCES.channel(Agent("ann"))
    assert (out["userState"]["state"], "dndState" in out) == ("LoggedOut", False)


def test_the_state_of_a_user_has_reason_and_work_mode_where_there_is_one() -> None:
    after_call = next(s for s in AGENT_STATES if s.work_mode == "AfterCallWork")
    assert user_state(Agent("a", "NotReady", after_call))["workMode"] == "AfterCallWork"
    lunch = AgentState("l", "Lunch", "At lunch", "NotReady", reason="lunch")
    assert user_state(Agent("a", "NotReady", lunch)) == {
        "id": "l",
        "displayName": "At lunch",
        "state": "NotReady",
        "reason": "lunch",
    }


def test_agent_states_as_settings() -> None:
    """C§3.4; here the logged-out state is called Logout."""
    listed = [agent_states.setting(BASE, state) for state in AGENT_STATES]
    assert [(s["operationName"], s["state"]) for s in listed] == [
        ("Ready", "Ready"),
        ("NotReady", "NotReady"),
        ("Offline", "Logout"),
        ("AfterCallWork", "NotReady"),
        ("AuxWork", "NotReady"),
    ]
    assert listed[3]["workMode"] == "AfterCallWork"
    assert listed[0]["uri"] == f"{BASE}/settings/agent-states/{AGENT_STATES[0].id}"


def test_features_that_are_off_are_not_listed() -> None:
    every = features(BASE, frozenset())
    assert "api-multimedia" in [f["id"] for f in every]
    assert all(f["uri"] == f"{BASE}/features/{f['id']}" for f in every)
    left = features(BASE, frozenset({"api-multimedia"}))
    assert [f["id"] for f in every if f not in left] == ["api-multimedia"]


def test_a_shape_under_its_documented_names() -> None:
    shape = RESOURCES.message(Message(1, "Text", ANN, "All", NOW, "hello"))
    assert msgspec.json.encode(mapping(shape)) == msgspec.json.encode(shape)
    assert mapping(shape)["timestampSeconds"] == NOW
    assert "noticeText" not in mapping(shape)

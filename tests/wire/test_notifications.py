"""Notifications are a pure function of a fact and the entries it names (SPEC 4.4, 8.6)."""

import msgspec

from smsdesk.core.agent import READY, Agent
from smsdesk.core.events import Fact, Tell, Told
from smsdesk.core.message import Message
from smsdesk.core.participant import Participant, Participation
from smsdesk.core.session import Session
from smsdesk.core.user_data import raw
from smsdesk.wire.notifications import entries_needed, notifications, replay_id
from smsdesk.wire.resources import Resources
from smsdesk.wire.timestamps import Timestamps

NOW = 1389261492035
CUSTOMER = Participant("A" * 16, "Customer", "FirstL")
ANN = Participant("B" * 16, "Agent", "Ann", "All", "u1")
SUE = Participant("C" * 16, "Agent", "Sue", "Supervisors", "u2")
SESSION = Session(
    "0000Na9B26EF002X",
    "+15550100",
    "+15550111",
    "simulator",
    NOW,
    {"Number": msgspec.Raw(b"1.50"), "Subject": raw("help")},
    4,
    participants=(CUSTOMER, ANN, SUE),
    participations=(Participation("u1", "Chatting", "agent", NOW, ANN.id),),
)
RESOURCES = Resources("http://localhost:8080", Timestamps())
ENTRIES = [
    Message(1, "ParticipantJoined", CUSTOMER, "All", NOW),
    Message(2, "Text", SUE, "Supervisors", NOW, "quiet"),
    Message(3, "Text", CUSTOMER, "All", NOW, "hello"),
]


def made(told: Told, fact: Fact | None = None) -> list[tuple[str, dict[str, object]]]:
    whole = fact or Fact("Something", NOW, (told,), session=SESSION)
    found = notifications(RESOURCES, whole, told, ENTRIES)
    return [(topic, msgspec.json.decode(data)) for topic, data in found]


def viewer(*tells: Tell) -> Told:
    return Told("u1", tells, "Agents", "Chatting", "agent", ("Leave",))


def test_a_state_change_is_the_frozen_resource_as_this_viewer_sees_it() -> None:
    ((topic, data),) = made(viewer(Tell("properties", reference=15)))
    assert topic == "/v2/me/smssessions"
    session = data.pop("smssession")
    assert data == {
        "messageType": "SMSsessionStateChangeMessage",
        "notificationType": "PropertiesUpdated",
        "referenceId": 15,
    }
    assert isinstance(session, dict)
    assert [p["nickname"] for p in session["participants"]] == ["FirstL", "Ann"]
    assert session["capabilities"] == ["Leave"]
    assert session["uri"] == "http://localhost:8080/api/v2/smssessions/0000Na9B26EF002X"


def test_numbers_keep_their_spelling() -> None:
    told = viewer(Tell("properties"))
    ((_, data),) = notifications(RESOURCES, Fact("Something", NOW, (told,), session=SESSION), told, [])
    assert b'"Number":1.50' in data


def test_without_a_reference_there_is_none() -> None:
    assert "referenceId" not in made(viewer(Tell("status")))[0][1]


def test_bare_leaves_the_participants_out() -> None:
    session = made(viewer(Tell("status", bare=True)))[0][1]["smssession"]
    assert isinstance(session, dict)
    assert session["participants"] == []


def test_an_error_carries_words_and_the_unchanged_session() -> None:
    data = made(viewer(Tell("error", reference=35, error="Request failed")))[0][1]
    assert (data["notificationType"], data["errorMessage"]) == ("Error", "Request failed")
    assert "smssession" in data


def test_entries_are_those_named_and_seen() -> None:
    ((_, data),) = made(viewer(Tell("messages", first=2, last=3)))
    assert isinstance(data["messages"], list)
    assert [m["index"] for m in data["messages"]] == [3]
    assert data["smssessionPath"] == "/smssessions/0000Na9B26EF002X"
    assert data["messages"][0]["timestampSeconds"] == NOW


def test_a_channel_message() -> None:
    told = Told("u1", (Tell("channels"),))
    fact = Fact("ReadinessChanged", NOW, (told,), agent=Agent("u1", "Ready", READY))
    ((topic, data),) = made(told, fact)
    assert topic == "/v2/me/channels"
    assert data["channels"] == [
        {
            "channel": "smssession",
            "dndState": "Off",
            "userState": {"id": READY.id, "displayName": "Ready", "state": "Ready"},
        }
    ]


def test_the_same_fact_from_the_log_gives_the_same_bytes() -> None:
    told = viewer(Tell("status", reference=1), Tell("messages", first=1, last=3))
    fact = Fact("OfferAccepted", NOW, (told,), "u1", SESSION)
    kept = msgspec.json.decode(msgspec.json.encode(fact), type=Fact)
    again = list(notifications(RESOURCES, kept, kept.audience[0], ENTRIES))
    assert again == list(notifications(RESOURCES, fact, told, ENTRIES))


def test_which_entries_a_fact_needs() -> None:
    several = viewer(Tell("status"), Tell("messages", first=3, last=4), Tell("updated", first=2, last=2))
    assert entries_needed(Fact("Something", NOW, (several,), session=SESSION)) == (2, 4)
    assert entries_needed(Fact("Something", NOW, (viewer(Tell("status")),), session=SESSION)) is None


def test_replay_ids_grow_and_stay_exact_in_javascript() -> None:
    assert replay_id(7, 3) == 7 * 1024 + 3
    assert replay_id(2**43 - 1, 1023) == 2**53 - 1

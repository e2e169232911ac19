"""The main job on real parts (SPEC 3, 4, 6): a text enters by SMPP, an agent on CometD works it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import pytest

from tests.e2e.agents import CHANNELS, SESSIONS, Agent, Client, Generation, Transport, is_on
from tests.e2e.nodes import Json
from tests.e2e.server import Server
from tests.e2e.smscs import Smsc

CUSTOMER = "+15550111"
CLIENTS = [
    Client(generation, transport, ack)
    for generation in get_args(Generation)
    for transport in get_args(Transport)
    for ack in (True, False)
]
ALONE = [
    "Transfer", "Leave", "Invite", "Consult", "SetInFocus", "SetDisposition",
    "AttachUserData", "DeleteUserData", "UpdateUserData", "Complete",
    "SendMessage", "SendStartTypingNotification", "SendStopTypingNotification",
]  # fmt: skip


def opened(
    agent: Agent, smsc: Smsc, text: str = "hello", topics: Sequence[str] = (SESSIONS, CHANNELS)
) -> str:
    """A session that the agent has accepted, by id; its notifications are consumed."""
    agent.sign_in(topics)
    agent.start()
    smsc.acknowledged(smsc.deliver(text))
    session: str = agent.invitation()["id"]
    agent.work(session, "Accept", nickname="Ann")
    for _ in range(3):
        agent.next()
    return session


def user_data(event: Json) -> Json:
    """The userData in a notification; empty where it has none."""
    found: Json = event["data"].get("smssession", {}).get("userData", {})
    return found


def texts(agent: Agent, session: str) -> list[str]:
    """The texts of a session's transcript, in order."""
    return [message["text"] for message in agent.transcript(session) if message["type"] == "Text"]


def check_invitation(session: Json) -> None:
    assert session["capabilities"] == ["Accept", "Reject"]
    assert session["chatType"] == "Inbound"
    [customer] = session["participants"]
    assert (customer["type"], customer["nickname"], customer["visibility"]) == ("Customer", CUSTOMER, "All")
    assert session["userData"], "the keys of the gateway and the router belong to the offer"


def check_accepted(agent: Agent, session: str) -> None:
    """SPEC 3, Accept: three notifications, in this order."""
    status, participants, log = agent.next(), agent.next(), agent.next()
    assert (status["notificationType"], status["smssession"]["state"]) == ("StatusChange", "Chatting")
    assert status["smssession"]["participants"] == []
    assert status["smssession"]["capabilities"] == ALONE
    assert isinstance(status["referenceId"], int)
    assert participants["notificationType"] == "ParticipantsUpdated"
    assert "referenceId" not in participants
    people = [(person["type"], person["nickname"]) for person in participants["smssession"]["participants"]]
    assert people == [("Customer", CUSTOMER), ("Agent", "Ann")]
    assert (log["messageType"], log["notificationType"]) == ("MessageLogUpdated", "NewMessages")
    assert log["smssessionPath"] == f"/smssessions/{session}"
    entries = [(entry["index"], entry["type"], entry.get("text")) for entry in log["messages"]]
    assert entries == [(1, "ParticipantJoined", None), (2, "Text", "hello"), (3, "ParticipantJoined", None)]


def check_conversation(agent: Agent, smsc: Smsc, session: str) -> None:
    agent.work(session, "SendMessage", text="How may I help you? [€]")
    [submit] = smsc.wait_text("How may I help you? [€]", CUSTOMER)
    assert (submit["from"].lstrip("+"), submit["dataCoding"]) == ("15550100", 0)
    sent = agent.next()
    [entry] = sent["messages"]
    assert (entry["type"], entry["text"], entry["from"]["nickname"]) == (
        "Text",
        "How may I help you? [€]",
        "Ann",
    )
    assert "referenceId" not in sent
    smsc.acknowledged(smsc.deliver("I have a question"))
    [entry] = agent.next()["messages"]
    assert (entry["text"], entry["from"]["type"]) == ("I have a question", "Customer")
    assert texts(agent, session) == ["hello", "How may I help you? [€]", "I have a question"]


def check_user_data(agent: Agent, session: str, before: Json) -> None:
    """SPEC 3: each operation notifies with the complete userData, and the answer's referenceId grows."""
    references = []

    def change(operation: str, expected: Json, **parameters: object) -> None:
        agent.work(session, operation, **parameters)
        data = agent.next()
        assert (data["messageType"], data["notificationType"]) == (
            "SMSsessionStateChangeMessage",
            "PropertiesUpdated",
        )
        assert data["smssession"]["userData"] == expected
        assert list(data["smssession"]["userData"]) == list(expected)
        assert data["smssession"]["capabilities"] == ALONE
        references.append(data["referenceId"])
        reply = agent.request("GET", f"/me/smssessions/{session}")
        assert reply["body"]["smssession"] == data["smssession"], "a notification must suffice (SPEC 4.5)"

    attached = before | {"UserData1": "DATA1", "UserData2": 123456789}
    change("AttachUserData", attached, userData={"UserData1": "DATA1", "UserData2": 123456789})
    updated = attached | {"UserData2": "DATAUPDATE-@123"}
    change("UpdateUserData", updated, userData={"UserData2": "DATAUPDATE-@123"})
    deleted = {key: value for key, value in updated.items() if key != "UserData1"}
    change("DeleteUserData", deleted, keys=["UserData1"])
    change("SetDisposition", deleted | {"DispositionCode": "resolved"}, disposition="resolved")
    assert references == sorted(set(references))


@pytest.mark.parametrize("client", CLIENTS, ids=str)
def test_the_main_job(smsc: Smsc, server: Server, client: Client) -> None:
    with Agent(server.url, "agent1", client) as agent:
        me = agent.sign_in()
        assert me["user"]["userName"] == "agent1"
        agent.start()
        smsc.acknowledged(smsc.deliver("hello"))
        offer = agent.invitation()
        session = offer["id"]
        check_invitation(offer)
        agent.work(session, "Accept", nickname="Ann")
        check_accepted(agent, session)
        check_conversation(agent, smsc, session)
        check_user_data(agent, session, offer["userData"])
        agent.work(session, "Complete")
        done = agent.next()
        assert (done["notificationType"], done["smssession"]["state"]) == ("StatusChange", "Completed")
        assert done["smssession"]["capabilities"] == []
        assert agent.sessions() == []
        assert agent.call("disconnect")["successful"]


@pytest.mark.parametrize("auth", ["cookie", "basic"])
@pytest.mark.parametrize("transport", get_args(Transport))
def test_both_ways_to_authenticate(smsc: Smsc, server: Server, transport: Transport, auth: str) -> None:
    client = Client(transport=transport, auth="basic" if auth == "basic" else "cookie")
    with Agent(server.url, "agent2", client) as agent:
        session = opened(agent, smsc)
        agent.work(session, "SendMessage", text="here I am")
        smsc.wait_text("here I am")


def test_a_wrong_password_gets_neither_reply_nor_notifications(smsc: Smsc, server: Server) -> None:
    with Agent(server.url, "agent1", password="wrong") as agent:
        reply = agent.call("login")
        assert (reply["status"], reply["body"]["statusCode"]) == (403, 20)
        assert agent.call("connect")["successful"] is False


def test_only_the_agent_who_was_asked_is_told(smsc: Smsc, server: Server) -> None:
    with Agent(server.url, "agent1") as first, Agent(server.url, "agent2") as second:
        second.sign_in()
        opened(first, smsc)
        # The second becomes ready now; the very next text is the first thing that agent hears about.
        second.start()
        smsc.acknowledged(smsc.deliver("another one", sender="+15550222"))
        assert second.invitation()["participants"][0]["nickname"] == "+15550222"


@pytest.mark.parametrize(
    "topics", [["/v2/me/*"], ["/v2/**"], ["/**"], ["/v2/me/*", SESSIONS, CHANNELS]], ids=str
)
@pytest.mark.parametrize("generation", get_args(Generation))
def test_wildcard_subscriptions(
    smsc: Smsc, server: Server, generation: Generation, topics: list[str]
) -> None:
    """SPEC 4.3: real clients subscribe like this; a message comes once, under its own name."""
    with Agent(server.url, "agent1", Client(generation)) as agent:
        session = opened(agent, smsc, topics=topics)
        agent.work(session, "AttachUserData", userData={"a": 1})
        agent.work(session, "AttachUserData", userData={"b": 2})
        agent.wait_for(lambda event: is_on(event, SESSIONS) and "b" in user_data(event))
        ids = [event["ext"]["replay"]["id"] for event in agent.seen(lambda event: "data" in event)]
        deliveries = 2 if len(topics) > 1 else 1  # a client calls each of its listeners for one message
        before_the_last = [one for one in ids if one < max(ids)]
        assert {before_the_last.count(one) for one in before_the_last} == {deliveries}


def test_a_user_signed_in_twice_is_told_on_both(smsc: Smsc, server: Server) -> None:
    """SPEC 4.3: each user gets his own messages, on all of his Bayeux sessions."""
    other = Client(3, "websocket", ack=True)
    with Agent(server.url, "agent1") as desk, Agent(server.url, "agent1", other) as tablet:
        tablet.sign_in()
        session = opened(desk, smsc)
        assert tablet.invitation()["id"] == session
        tablet.work(session, "SendMessage", text="from the other screen")
        assert tablet.until_text("from the other screen") == desk.until_text("from the other screen")


LONG_UCS2 = "Привет, это длинное сообщение 🙂, " * 9
LONG_GSM = "The price is 10 € {net}; " * 16


def test_a_long_text_from_the_customer_is_joined(smsc: Smsc, server: Server) -> None:
    """SPEC 6.2: parts in any order, one transcript entry, every part acknowledged."""
    with Agent(server.url, "agent1") as agent:
        session = opened(agent, smsc)
        key = smsc.deliver(LONG_UCS2, encoding="ucs2", order=[3, 1, 5, 2, 4])
        smsc.acknowledged(key, parts=5)
        assert agent.until_text(LONG_UCS2)["from"]["type"] == "Customer"
        key = smsc.deliver(LONG_GSM, order=[2, 1, 3])
        smsc.acknowledged(key, parts=3)
        agent.until_text(LONG_GSM)
        assert texts(agent, session) == ["hello", LONG_UCS2, LONG_GSM]


@pytest.mark.parametrize(("text", "coding", "room"), [(LONG_UCS2, 8, 140), (LONG_GSM, 0, 159)])
def test_a_long_text_to_the_customer_is_split(
    smsc: Smsc, server: Server, text: str, coding: int, room: int
) -> None:
    """SPEC 6.1: parts within the limit, one reference, numbered; the phone joins them to what was written."""
    with Agent(server.url, "agent1") as agent:
        session = opened(agent, smsc)
        agent.work(session, "SendMessage", text=text)
        parts = smsc.wait_text(text)
        assert len(parts) > 2
        assert {part["dataCoding"] for part in parts} == {coding}
        assert all(short_message_length(part) <= room for part in parts)
        assert agent.until_delivery(text, "Sent")["parts"] == len(parts)


def short_message_length(submit: Json) -> int:
    """sm_length of a recorded submit_sm that has no optional parameters: what follows it is the message."""
    raw = bytes.fromhex(submit["hex"])
    fields = raw[16:].split(b"\0", 1)[1]  # service_type
    fields = fields[2:].split(b"\0", 1)[1]  # source
    fields = fields[2:].split(b"\0", 1)[1]  # destination
    return fields[3:].split(b"\0", 2)[2][4]

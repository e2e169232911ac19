"""The conversation that everybody works on and pushes, so that all move about the same bytes."""

from typing import Any

import msgspec

STAMP = "0" * 20
"""What stands where a message carries its mark: 20 digits, unlike anything else in it."""

BASE = "http://127.0.0.1:8080/api/v2"
USER_DATA: dict[str, Any] = {
    "Stamp": STAMP,
    "ContactId": "0004Ea8yU2Vw00A3",
    "FirstName": "Margaret",
    "LastName": "Hamilton",
    "PhoneNumber": "+15550111",
    "EmailAddress": "margaret.hamilton@example.com",
    "AccountNumber": "4711-0815-2026",
    "CustomerSegment": "gold",
    "Subject": "Where is my order?",
    "OrderNumbers": "100023441, 100023502, 100023610",
    "LastAgent": "agent1",
    "Language": "english",
    "RTargetObjSelected": "Support",
    "RTargetTypeSelected": "2",
    "RStrategyName": "SimpleChatInStrategy",
    "RRequestedSkills": {"english": 5, "billing": 3},
    "Notes": "Called twice about the same parcel; promised an answer by text before the end of the week. "
    "Prefers short messages and does not want to be called during the day.",
}
CAPABILITIES = (
    "Transfer", "Leave", "Invite", "Consult", "SetInFocus", "SetDisposition", "AttachUserData",
    "DeleteUserData", "UpdateUserData", "Complete", "SendMessage", "SendStartTypingNotification",
    "SendStopTypingNotification",
)  # fmt: skip


def session(name: str) -> dict[str, Any]:
    """A session as in a notification, for servers that have none of their own."""
    path = f"/smssessions/{name}"
    return {
        "id": name,
        "uri": BASE + path,
        "path": path,
        "state": "Chatting",
        "capabilities": CAPABILITIES,
        "participants": [participant("Margaret", "Customer"), participant("Ann", "Agent")],
        "userData": dict(USER_DATA),
        "receivedDate": "2030-01-01 00:00:00.000+0000",
        "chatType": "Inbound",
        "contactId": "0004Ea8yU2Vw00A3",
        "serviceNumber": "+15550100",
        "customerNumber": "+15550111",
        "carrier": "simulator",
        "queue": "Support",
        "inFocus": False,
    }


def participant(nickname: str, kind: str) -> dict[str, Any]:
    """Somebody in a session."""
    path = "/users/0123456789abcdef0123456789abcdef"
    place = {"uri": BASE + path, "path": path} if kind == "Agent" else {}
    id = "01A2B3C4D5E6F701"
    return {"participantId": id, "id": id, "nickname": nickname, "type": kind, "visibility": "All", **place}


def notification(name: str) -> dict[str, Any]:
    """A session in its envelope."""
    return {
        "messageType": "SMSsessionStateChangeMessage",
        "notificationType": "PropertiesUpdated",
        "referenceId": 4711,
        "smssession": session(name),
    }


def update(stamp: str = STAMP) -> bytes:
    """The request that changes one key of the attached data."""
    return msgspec.json.encode({"operationName": "UpdateUserData", "userData": {"Stamp": stamp}})


def text(stamp: str = STAMP) -> bytes:
    """The request that sends a text to the customer."""
    words = f"Your parcel leaves our house today, number {stamp}. Have a nice day!"
    return msgspec.json.encode({"operationName": "SendMessage", "text": words})

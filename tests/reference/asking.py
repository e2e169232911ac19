"""Asks the whole demo what a row of the table of compatibility asks."""

from typing import Any

import msgspec

from smsdesk.core.session import Session
from smsdesk.http.reference.compatibility import Desk, Row
from tests.http.house import API, House, Listener, basic

Json = Any
CUSTOMER = {"id": "c", "type": "Customer", "nickname": "Carol"}
AGENTS = [
    {"id": "a", "type": "Agent", "nickname": "Ann", "user": "agent1"},
    {"id": "b", "type": "Agent", "nickname": "Ben", "user": "agent2"},
]
SITUATIONS: dict[Desk, dict[str, Json]] = {
    "chatting": {},
    "monitored": {},
    "supervised": {},
    "offered": {
        "actors": {"agent1": "Ready"},
        "state": {"agent1": "Invited"},
        "participants": [CUSTOMER],
    },
    "conference": {
        "actors": {"agent1": "Ready", "agent2": "Ready"},
        "state": {"agent1": "Chatting", "agent2": "Chatting"},
        "participants": [CUSTOMER, *AGENTS],
    },
}


async def answer(row: Row) -> Json:
    """The reply to the row's request, at a demo with the session that it needs."""
    method, path, operation = row.parts
    async with House() as house:
        names = await _names(house, row.desk)
        if method == "SUBSCRIBE":
            listener = await Listener(house, row.who).handshake()
            reply = await listener.subscribe(path)
            return {"statusCode": 0 if reply["successful"] else 5}
        given = {"operationName": operation, **row.body} if operation else row.body
        body = _filled(msgspec.json.encode(given).decode(), names) if given else ""
        target = _filled(path if path.startswith(("/api/", "/internal-api/")) else API + path, names)
        exchange = await house.ask(method, target, body.encode(), basic(row.who))
        reply = exchange.json
        assert isinstance(reply["statusCode"], int), exchange.body
        assert (exchange.status == 200) == (reply["statusCode"] in (0, 7)), exchange.body
        return reply


async def _names(house: House, desk: Desk) -> dict[str, str]:
    """Put the session on the desk; what stands for the names in braces."""
    session = await house.put(**SITUATIONS[desk])
    performer = house.application.performer
    users = {user.user_name: user.id for user in performer.centre.users.values()}
    if desk == "chatting":
        await house.operate(session, "SendMessage", text="good morning")
    if desk == "monitored":
        path = f"{API}/users/{users['agent1']}/channels/smssession"
        await house.ask("POST", path, {"operationName": "Monitor"}, basic("supervisor"))
    if desk == "supervised":
        path = f"{API}/users/{users['agent1']}/smssessions/{session}"
        intrude = {"operationName": "Intrude", "supervisorVisibilityMode": "Monitor"}
        await house.ask("POST", path, intrude, basic("supervisor"))
        await house.operate(session, "Accept", "supervisor")
    there = performer.live.committed("session", session)
    assert isinstance(there, Session)
    names = {"me": users["agent1"], "agent2": users["agent2"], "session": session}
    return {**names, "contact": there.contact_id or "none"}


def _filled(text: str, names: dict[str, str]) -> str:
    for name, id in names.items():
        text = text.replace("{" + name + "}", id)
    return text

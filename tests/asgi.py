"""A client for an ASGI application in the same process, as a real server would call it."""

from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import unquote

import msgspec

from smsdesk.http.exchange import Receive, Scope, Send


class Answer:
    """What came back."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return msgspec.json.decode(self.body)


async def call(
    application: Any, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Answer:
    """One request. `target` is a path with its query."""
    path, _, query = target.partition("?")
    pairs = [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()]
    pairs += [(b"host", b"localhost:8080"), (b"content-length", str(len(body)).encode())]
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": pairs,
        "client": ("127.0.0.1", 50000),
    }
    answer = Answer()
    sent = False

    async def receive() -> MutableMapping[str, Any]:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode().lower(): v.decode() for k, v in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    receiver: Receive = receive
    sender: Send = send
    await application(scope, receiver, sender)
    return answer

"""A conversation with a Bayeux server in literal JSON, with a clock that only moves when told."""

import json
from collections.abc import Iterator
from typing import Any

from smsdesk.bayeux import LONG_POLLING, BayeuxServer, BayeuxSettings, Delivery, Outcome

Json = Any
SMS = "/v2/me/smssessions"
RETRY = {"reconnect": "retry", "interval": 0, "timeout": 30000}
GO_HANDSHAKE = {"reconnect": "handshake", "interval": 0}


def ids() -> Iterator[str]:
    """c1, c2, … as client ids, so that expected JSON can be written down."""
    number = 0
    while True:
        number += 1
        yield f"c{number}"


def told(parts: list[bytes]) -> Json:
    """What the client reads: the parts joined into one array, as the edge writes them."""
    return json.loads(b"[" + b",".join(parts) + b"]")


class Talk:
    """One server and the time. ``say`` sends a body as a user over a transport."""

    def __init__(self, **settings: Any) -> None:
        self.now = 1_000_000
        made = ids()
        self.server = BayeuxServer(BayeuxSettings(**settings), lambda: next(made))

    def say(self, body: str | bytes, user: str | None = "agent1", transport: str = LONG_POLLING) -> Outcome:
        body = body.encode() if isinstance(body, str) else body
        return self.server.receive(body, user, transport, self.now)

    def hear(self, body: str | bytes, user: str | None = "agent1", transport: str = LONG_POLLING) -> Json:
        """Send, and read the reply."""
        return told(self.say(body, user, transport).replies)

    def release(self, client_id: str) -> Delivery:
        return self.server.release(client_id, self.now)

    def released(self, client_id: str) -> Json:
        """What a held connect says when it is released."""
        return told(self.release(client_id).parts)

    def handshake(self, user: str = "agent1", transport: str = LONG_POLLING, ack: bool = False) -> str:
        """A new client, by the shortest words; returns its id."""
        ext = ',"ext":{"ack":true}' if ack else ""
        (reply,) = self.hear(f'[{{"channel":"/meta/handshake"{ext}}}]', user, transport)
        client_id = reply["clientId"]
        assert isinstance(client_id, str)
        return client_id

    def connect(
        self, client_id: str, user: str = "agent1", transport: str = LONG_POLLING, ack: int | None = None
    ) -> Outcome:
        ext = "" if ack is None else f',"ext":{{"ack":{ack}}}'
        return self.say(
            f'[{{"channel":"/meta/connect","clientId":"{client_id}","connectionType":"{transport}"{ext}}}]',
            user,
            transport,
        )

    def subscribe(self, client_id: str, *topics: str, user: str = "agent1", ext: str = "") -> Outcome:
        ext = f',"ext":{ext}' if ext else ""
        return self.say(
            f'[{{"channel":"/meta/subscribe","clientId":"{client_id}",'
            f'"subscription":{json.dumps(topics[0] if len(topics) == 1 else topics)}{ext}}}]',
            user,
        )

    def ready(
        self,
        *topics: str,
        user: str = "agent1",
        transport: str = LONG_POLLING,
        ack: bool = False,
        hold: bool = True,
    ) -> str:
        """A client that shook hands, connected once, subscribed, and (``hold``) has a connect waiting."""
        client_id = self.handshake(user, transport, ack)
        self.connect(client_id, user, transport)
        if topics:
            self.subscribe(client_id, *topics, user=user)
        if hold:
            assert self.connect(client_id, user, transport, 1 if ack else None).held is not None
        return client_id

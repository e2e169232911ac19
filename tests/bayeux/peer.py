"""A Bayeux client that keeps account of what it should get and what it got, and complains at once."""

from typing import Any

from smsdesk.bayeux import Held
from smsdesk.bayeux.topic import canonical, covers
from tests.bayeux.talk import told


class Peer:
    """``due`` and ``got`` are message numbers per topic; numbers of one user only grow."""

    def __init__(self, client_id: str, user: str, transport: str, acknowledges: bool) -> None:
        self.client_id = client_id
        self.user = user
        self.transport = transport
        self.acknowledges = acknowledges
        self.batch = 0
        self.held: Held | None = None
        self.asked: set[str] = set()
        self.due: dict[str, list[int]] = {}
        self.got: dict[str, list[int]] = {}
        self.alive = True
        self.lossy = False
        """Something was sent that never arrived, and this client cannot ask for it again."""
        self.was_lossy = False
        self.may_be_dropped = False
        self.left = False
        self.replayed: set[str] = set()
        self.confirmed = 0
        self.idle_since = 0

    def wants(self, topic: str) -> bool:
        return any(covers(pattern, topic) for pattern in self.asked)

    def follows(self, topic: str) -> bool:
        """Whether it gets the topic from the log as well."""
        return any(covers(pattern, topic) for pattern in self.replayed)

    def expect(self, topic: str, number: int) -> None:
        if self.wants(topic):
            self.due.setdefault(topic, []).append(number)

    def hear_after_poll(self, parts: list[bytes], arrives: bool) -> None:
        """Read the response to a connect, which confirmed what was there before."""
        had = sum(map(len, self.got.values()))
        self.hear(parts, arrives)
        if self.alive and arrives:
            self.confirmed = had

    def leaves(self) -> None:
        """The server was told to let it go: nothing more is meant for it, and it may be unknown next time."""
        self.left = self.may_be_dropped = self.lossy = True

    def hear(self, parts: list[bytes], arrives: bool = True) -> None:
        """Read a response, or lose it."""
        self.was_lossy = self.lossy
        if not arrives:
            self.lossy = self.lossy or (not self.acknowledges and len(parts) > 0)
            return
        for message in told(parts):
            if "data" in message:
                self._note(message)
            elif message["channel"] == "/meta/connect":
                self._connected(message)

    def _note(self, message: dict[str, Any]) -> None:
        assert message["data"]["user"] == self.user, "another user's message"
        topic, number = canonical(message["channel"]), message["data"]["n"]
        got = self.got.setdefault(topic, [])
        assert not got or got[-1] < number, f"{number} after {got[-1]}: twice, or out of order"
        assert number in self.due.get(topic, []), f"{number} was never meant for {self.client_id}"
        got.append(number)

    def was_dropped(self, reply: dict[str, Any]) -> None:
        """Told to handshake: that must have had a reason."""
        assert (reply["error"], reply["advice"]["reconnect"]) == ("402::Unknown client", "handshake")
        self.alive = False
        kept = sum(map(len, self.due.values())) - self.confirmed
        assert self.may_be_dropped or kept > 5, "dropped without being slow"
        self.may_be_dropped = True

    def _connected(self, reply: dict[str, Any]) -> None:
        if not reply["successful"]:
            self.was_dropped(reply)
            return
        assert reply["clientId"] == self.client_id
        self.alive = reply["advice"]["reconnect"] == "retry"
        assert ("ext" in reply) is self.acknowledges
        if self.acknowledges:
            assert reply["ext"]["ack"] > self.batch
            self.batch = reply["ext"]["ack"]

    def check_nothing_lost(self) -> None:
        assert self.lossy or self.got == self.due

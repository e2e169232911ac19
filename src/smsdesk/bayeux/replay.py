"""Joining the durable log to the live stream for one client: no gap, nothing twice (SPEC 4.1, 9.16).

While a subscription is being replayed, live messages of its topics are held back; the log is delivered in
front of them. Knows neither the log nor the wire: pages come in, messages go out through the session.
"""

from typing import NamedTuple

import msgspec

from smsdesk.bayeux.topic import TOPICS, covers


class ReplayWindow(msgspec.Struct):
    """What the log can give: its epoch, the id up to which it was deleted (0: nothing was), the newest id."""

    epoch: str
    oldest: int
    current: int


class ReplayRequest(msgspec.Struct, frozen=True):
    """Read ``user``'s log after the id ``after``, for the topics that ``subscription`` covers."""

    client_id: str
    user: str
    subscription: str
    after: int
    number: int


class LogMessage(NamedTuple):
    """One message: its proper topic, the encoded JSON object, and its replay id."""

    topic: str
    data: bytes
    replay_id: int

    @property
    def weight(self) -> int:
        """Bytes, not less than it has on the wire: its envelope has about 90."""
        return len(self.data) + 128


class Pending:
    """One subscription that is being replayed. ``after`` moves with what was delivered."""

    __slots__ = ("after", "missed", "number", "waiting")

    def __init__(self, number: int, after: int) -> None:
        self.number = number
        self.after = after
        self.missed = False
        """Live messages were let go for want of room: the log has to be read once more."""
        self.waiting = False
        """A page did not fit: go on when the client has taken what it was given."""


class Replays:
    """All replays of one client, and what they leave behind: how far each topic was delivered."""

    __slots__ = ("_held", "_held_size", "_marks", "pending")

    def __init__(self) -> None:
        self.pending: dict[str, Pending] = {}
        self._marks: dict[str, int] = {}
        self._held: list[LogMessage] = []
        self._held_size = 0

    def begin(self, pattern: str, number: int, after: int) -> None:
        """Start (again): whatever was delivered before, everything after ``after`` comes."""
        self.pending[pattern] = Pending(number, after)
        for topic in {*TOPICS, *self._marks}:
            if covers(pattern, topic):
                self._marks[topic] = after

    def admits(self, message: LogMessage, room: int) -> bool:
        """Whether a live message goes out now; if not, it was replayed before or is held back."""
        if message.replay_id <= self._marks.get(message.topic, -1):
            return False
        if not self._replaying(message.topic):
            return True
        if self._held_size + message.weight > room:
            self._let_go()
        else:
            self._held.append(message)
            self._held_size += message.weight
        return False

    def is_new(self, pattern: str, message: LogMessage) -> bool:
        """Whether a message of a page belongs to the pattern and was not delivered yet."""
        return covers(pattern, message.topic) and message.replay_id > self._marks.get(message.topic, -1)

    def delivered(self, message: LogMessage) -> None:
        """Remember how far the topic got."""
        self._marks[message.topic] = message.replay_id

    def finish(self, pattern: str, room: int) -> list[LogMessage]:
        """The log was read to its end: what was held back and is due now. The replay is over, or goes on."""
        pending = self.pending[pattern]
        if self._held_size > room:
            self._let_go()
            pending.waiting = True
        if pending.missed:
            return []
        del self.pending[pattern]
        return self._due()

    def waiting(self) -> list[str]:
        """Subscriptions whose replay stopped for want of room."""
        return [pattern for pattern, pending in self.pending.items() if pending.waiting]

    def resume(self, pattern: str) -> Pending:
        """The log is going to be read again: whatever was let go until now will be found there."""
        pending = self.pending[pattern]
        pending.missed = pending.waiting = False
        return pending

    def _replaying(self, topic: str) -> bool:
        return any(covers(pattern, topic) for pattern in self.pending)

    def _let_go(self) -> None:
        # Every one of them is in the log: it was committed before it was published.
        self._held.clear()
        self._held_size = 0
        for pending in self.pending.values():
            pending.missed = True

    def _due(self) -> list[LogMessage]:
        due = [m for m in self._held if not self._replaying(m.topic)]
        self._held = [m for m in self._held if self._replaying(m.topic)]
        self._held_size = sum(m.weight for m in self._held)
        return [m for m in due if m.replay_id > self._marks.get(m.topic, -1)]

"""One Bayeux client: whose it is, what it subscribed to, what it has not got, and the connect it left open.

Data and its own bookkeeping only; who may do what is decided elsewhere.
"""

from collections.abc import Iterable
from enum import Enum

from smsdesk.bayeux.ack import AckQueue, MessageQueue, PlainQueue
from smsdesk.bayeux.replay import LogMessage, Replays
from smsdesk.bayeux.reply import TimeSync, data_message
from smsdesk.bayeux.settings import WEBSOCKET
from smsdesk.bayeux.topic import spelling


class Ending(Enum):
    """Why a client that is still owed an answer is on its way out."""

    DISCONNECTED = "it said so"
    LOGGED_OUT = "its user did; it still gets what was meant for it"
    TOO_SLOW = "it did not take what it was sent; it may come back by a handshake"


class Hold:
    """A ``/meta/connect`` that waits for something to say. Times in ms."""

    __slots__ = ("message_id", "number", "since", "timesync", "until")

    def __init__(
        self, number: int, message_id: str | int | None, timesync: TimeSync | None, since: int, until: int
    ) -> None:
        self.number = number
        self.message_id = message_id
        self.timesync = timesync
        self.since = since
        self.until = until


class Session:
    """The state of one client id. ``due`` is when its hold, or else the client itself, runs out."""

    __slots__ = (
        "_spellings",
        "armed",
        "client_id",
        "connected",
        "due",
        "ending",
        "hold",
        "login",
        "queue",
        "replays",
        "seen",
        "subscriptions",
        "transport",
        "user",
    )

    def __init__(
        self, client_id: str, user: str, transport: str, acknowledges: bool, now: int, login: str = ""
    ) -> None:
        self.client_id = client_id
        self.user = user
        self.login = login
        """By which login of the user it was made: a word of the caller's."""
        self.transport = transport
        self.queue: MessageQueue = AckQueue() if acknowledges else PlainQueue()
        self.subscriptions: set[str] = set()
        self._spellings: dict[str, str | None] = {}
        self.replays: Replays | None = None
        self.hold: Hold | None = None
        self.connected = False
        """Whether a connect was answered already: the first one never waits (SPEC 4.2)."""
        self.ending: Ending | None = None
        self.seen = now
        self.due = 0
        self.armed = 0
        """The time for which a timer is set; 0 for none."""

    @property
    def streams(self) -> bool:
        """Whether messages may go out while the connect stays open (a WebSocket without acknowledgement)."""
        return self.transport == WEBSOCKET and not self.queue.acknowledges

    def subscribe(self, names: Iterable[str]) -> None:
        """Add subscriptions, as spelled by the client."""
        self.subscriptions.update(names)
        self._spellings.clear()

    def unsubscribe(self, names: Iterable[str]) -> None:
        """Take subscriptions away; one that is not there is no error."""
        self.subscriptions.difference_update(names)
        self._spellings.clear()

    def spelled(self, topic: str) -> str | None:
        """The channel under which this client gets the canonical topic, None if it did not subscribe."""
        try:
            return self._spellings[topic]
        except KeyError:
            name = self._spellings[topic] = spelling(self.subscriptions, topic)
            return name

    def fits(self, message: bytes, limit: int) -> bool:
        """Whether the message may be queued. A single one always fits: else it could never be delivered."""
        return self.queue.size == 0 or self.queue.size + len(message) <= limit

    def take_page(self, replays: Replays, pattern: str, page: Iterable[LogMessage], limit: int) -> bool:
        """Queue a page of the log, in front of what is held back. False if it did not fit to the end."""
        pending = replays.pending[pattern]
        for message in page:
            if replays.is_new(pattern, message):
                if self.queue.size > 0 and self.queue.size + message.weight > limit:
                    pending.waiting = True
                    return False
                self._add_from_log(replays, message)
            pending.after = max(pending.after, message.replay_id)
        return True

    def finish_replay(self, replays: Replays, pattern: str, limit: int) -> None:
        """The log was read to its end: what was held back follows, unless it has to be read once more."""
        for message in replays.finish(pattern, limit - self.queue.size):
            self._add_from_log(replays, message)

    def _add_from_log(self, replays: Replays, message: LogMessage) -> None:
        spelled = self.spelled(message.topic)
        if spelled is not None:
            self.queue.add(data_message(spelled, message.data, message.replay_id))
        replays.delivered(message)

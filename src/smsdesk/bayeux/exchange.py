"""What one call of the server works with and hands back: its state, the request at hand, and the outcome."""

from typing import NamedTuple

import msgspec

from smsdesk.bayeux.clients import Clients
from smsdesk.bayeux.replay import ReplayRequest, ReplayWindow
from smsdesk.bayeux.reply import Advice
from smsdesk.bayeux.session import Session
from smsdesk.bayeux.settings import BayeuxSettings


class Held(NamedTuple):
    """A connect that stays unanswered; the number tells it from an earlier one of the same client."""

    client_id: str
    number: int


class Delivery(msgspec.Struct):
    """What leaves for one client now. ``parts`` are encoded messages, to be joined into one JSON array."""

    client_id: str
    messages: list[bytes] = []
    reply: bytes | None = None
    """The reply to the held connect. None: it stays open (WebSocket), or there was nothing to do."""
    replays: list[ReplayRequest] = []
    """Replays that can go on, because the client took what it was given."""

    @property
    def parts(self) -> list[bytes]:
        """Messages first: who handles them in order has them all before acknowledging them."""
        return self.messages if self.reply is None else [*self.messages, self.reply]


class Outcome(msgspec.Struct):
    """The answer to one batch. Act on it in this order: ``displaced``, ``wake``, ``replies``, ``replays``."""

    replies: list[bytes] = []
    """Encoded messages for this response, in the order of the batch. Empty while the only message is held."""
    held: Held | None = None
    """This request's connect waits: answer it with what ``release`` gives later."""
    displaced: list[str] = []
    """Clients whose earlier held connect must end now: HTTP 408 without a body; on a WebSocket, silence."""
    wake: list[str] = []
    """Clients whose held connect must be released, before the replies are written."""
    replays: list[ReplayRequest] = []
    """Logs to read; each result goes to ``replay``."""
    taken: list[Delivery] = []
    """What of ``replies`` came out of queues: for ``undelivered`` if the response was never written."""


class State(msgspec.Struct):
    """All that the server remembers."""

    settings: BayeuxSettings
    clients: Clients
    window: ReplayWindow | None = None
    draining: bool = False
    replays: int = 0

    def advice(self, busy: bool = False) -> Advice:
        """What a successful connect or handshake tells the client (SPEC 4.2)."""
        interval = self.settings.busy_interval if busy or self.draining else 0
        return Advice("retry", interval, self.settings.timeout)

    def resume_replays(self, session: Session) -> list[ReplayRequest]:
        """Replays of the session that stopped for want of room, if half of their room is free again."""
        limit = self.settings.replay_bytes
        if session.replays is None or session.ending is not None or session.queue.size * 2 > limit:
            return []
        return [self.request(session, pattern) for pattern in session.replays.waiting()]

    def request(self, session: Session, pattern: str) -> ReplayRequest:
        """Ask for the rest of the log of one subscription that is being replayed."""
        assert session.replays is not None
        pending = session.replays.resume(pattern)
        return ReplayRequest(session.client_id, session.user, pattern, pending.after, pending.number)


class Exchange(msgspec.Struct):
    """One batch being answered. ``alone``: it has a single message, so that a connect may be held."""

    state: State
    user: str | None
    transport: str
    now: int
    alone: bool
    outcome: Outcome
    login: str = ""

"""The Bayeux 1.0 server (SPEC 4): batches, publications and times in; encoded messages and wake-ups out.

It does no I/O and reads no clock: sockets, timers and the log belong to the caller, who does in order what an
``Outcome`` says. All times are integer milliseconds that never go back; all calls come from one thread.
"""

from collections.abc import Callable, Iterable, Sequence

from smsdesk.bayeux.clients import Clients, Expired
from smsdesk.bayeux.connect import connect, release
from smsdesk.bayeux.errors import REPLAY_FAULTS, Fault, Refused
from smsdesk.bayeux.exchange import Delivery, Exchange, Held, Outcome, State
from smsdesk.bayeux.message import Message, check, parse
from smsdesk.bayeux.meta import disconnect, handshake, position, subscribe, unsubscribe
from smsdesk.bayeux.replay import LogMessage, ReplayRequest, ReplayWindow
from smsdesk.bayeux.reply import Extensions, Reply, data_message, encode
from smsdesk.bayeux.session import Ending, Session
from smsdesk.bayeux.settings import BayeuxSettings
from smsdesk.bayeux.topic import canonical, is_name

_HANDLERS: dict[str, Callable[[Exchange, Message, Session], Reply | None]] = {
    "/meta/connect": connect,
    "/meta/subscribe": subscribe,
    "/meta/unsubscribe": unsubscribe,
    "/meta/disconnect": disconnect,
}


class BayeuxServer:
    """``new_id`` makes client ids: unguessable, never the same twice."""

    def __init__(self, settings: BayeuxSettings, new_id: Callable[[], str]) -> None:
        self._state = State(settings, Clients(new_id))
        self._clients = self._state.clients

    @property
    def window(self) -> ReplayWindow | None:
        """What the log can give. None (the default): ``ext.replay`` is ignored. The caller keeps it true."""
        return self._state.window

    @window.setter
    def window(self, window: ReplayWindow | None) -> None:
        self._state.window = window

    @property
    def sessions(self) -> int:
        """How many clients are known."""
        return len(self._clients)

    @property
    def held(self) -> int:
        """How many connects are held."""
        return self._clients.held

    @property
    def users(self) -> list[str]:
        """Users with at least one client; for what goes to everybody."""
        return self._clients.users

    def listens(self, user: str) -> bool:
        """Whether a client of this user is known, so that publishing to him has a point."""
        return self._clients.any_of(user)

    def subscribers(self, topic: str) -> list[str]:
        """Users of whose clients at least one subscribed to the topic."""
        topic = canonical(topic)
        users = self._clients.users
        return [user for user in users if any(s.spelled(topic) is not None for s in self._clients.of(user))]

    def clients_of(self, user: str) -> list[str]:
        """The clients of a user that are not ending."""
        return [session.client_id for session in self._clients.of(user)]

    def logins_of(self, user: str) -> dict[str, str]:
        """The same, each with the login by which it was made."""
        return {session.client_id: session.login for session in self._clients.of(user)}

    def on_deserted(self, deserted: Callable[[str], None]) -> None:
        """``deserted`` is called with a user whose last client is on its way out."""
        self._clients.deserted = deserted

    def receive(
        self, batch: bytes | Sequence[Message], user: str | None, transport: str, now: int, login: str = ""
    ) -> Outcome:
        """Answer one request body or frame. ``user``: who is logged in, None for nobody. ``login``: a word by
        which the clients that a handshake makes are found again (``logins_of``).

        Raises BadBatch, with nothing changed, for what is no batch of messages or larger than allowed.
        """
        settings = self._state.settings
        if isinstance(batch, bytes):
            batch = parse(batch, settings)
        else:
            check(batch, settings)
        x = Exchange(self._state, user, transport, now, len(batch) == 1, Outcome(), login)
        for message in batch:
            reply = _answer(x, message)
            if reply is not None:
                x.outcome.replies.append(encode(reply))
        return x.outcome

    def publish(self, user: str, topic: str, data: bytes, replay_id: int | None = None) -> list[str]:
        """Send ``data`` (an encoded JSON object) to the user's clients that subscribed to ``topic``.

        Returns the clients whose held connect has something to say now: call ``release`` for each.
        Raises ValueError for a topic that is not the name of a channel.
        """
        if not is_name(topic):
            raise ValueError(f"not a channel name: {topic!r}")
        topic = canonical(topic)
        self._advance(replay_id)
        encoded: dict[str, bytes] = {}
        due: list[str] = []
        for session in self._clients.of(user):
            spelled = session.spelled(topic)
            if spelled is None or not self._admits(session, topic, data, replay_id):
                continue
            message = encoded.get(spelled)
            if message is None:
                message = encoded[spelled] = data_message(spelled, data, replay_id)
            self._queue(session, message)
            if session.hold is not None:
                due.append(session.client_id)
        return due

    def release(self, client_id: str, now: int) -> Delivery:
        """What the client's held connect has to say now. Without reason to speak, an empty delivery."""
        session = self._clients.get(client_id)
        return Delivery(client_id) if session is None else release(self._state, session, now)

    def aborted(self, held: Held, now: int) -> None:
        """The connection of a held connect broke before it was released. A hold that is over is ignored."""
        session = self._clients.get(held.client_id)
        if session is None or session.hold is None or session.hold.number != held.number:
            return
        self._clients.end_hold(session)
        if session.ending in (Ending.DISCONNECTED, Ending.TOO_SLOW):
            self._clients.forget(session)
        else:
            self._clients.arm(session, now + self._state.settings.max_interval)

    def undelivered(self, delivery: Delivery) -> list[str]:
        """A delivery was certainly not written: its messages go back to the front. Returns whom to release.

        Only of use to clients that do not acknowledge; the others get repeated what they do not confirm.
        """
        session = self._clients.get(delivery.client_id)
        if session is None or session.ending is not None:
            return []
        session.queue.give_back(delivery.messages)
        return self._due(session)

    def expire(self, now: int) -> Expired:
        """What is due: release each client in ``over``; those in ``forgotten`` are gone already."""
        return self._clients.expire(now)

    def next_due(self) -> int | None:
        """When to call ``expire`` next, None if no client is known."""
        return self._clients.next_due()

    def drop_user(self, user: str) -> list[str]:
        """The user logged out: his clients get what is queued for them, and the advice ``none``.

        Returns whom to release; who has no held connect is told at the next one.
        """
        return self.drop(self.clients_of(user))

    def drop(self, clients: Iterable[str]) -> list[str]:
        """The same for some clients whose login has ended. Those that are gone are passed over."""
        known = [session for client in clients if (session := self._clients.get(client)) is not None]
        mine = [session for session in known if session.ending is None]
        for session in mine:
            self._clients.retire(session, Ending.LOGGED_OUT)
        return [session.client_id for session in mine if session.hold is not None]

    def drain(self) -> list[str]:
        """The server is going to stop: from now on no connect waits. Returns whom to release."""
        self._state.draining = True
        return self._clients.holding()

    def replay(
        self, request: ReplayRequest, messages: Sequence[LogMessage], done: bool
    ) -> tuple[list[str], list[ReplayRequest]]:
        """A page of the log, in order; ``done`` if the log ended with it when it was read.

        Returns whom to release, and the request to go on with, if there is one. What does not fit into the
        client's queue is asked for again by a later Outcome or Delivery. A request that was overtaken by a
        newer one, or whose client is gone, is ignored.
        """
        session = self._replaying(request)
        if session is None or session.replays is None:
            return [], []
        pattern, limit = request.subscription, self._state.settings.replay_bytes
        page = [message._replace(topic=canonical(message.topic)) for message in messages]
        if session.take_page(session.replays, pattern, page, limit) and done:
            session.finish_replay(session.replays, pattern, limit)
        unfinished = session.replays.pending.get(pattern)
        again = unfinished is not None and not unfinished.waiting
        return self._due(session), [self._state.request(session, pattern)] if again else []

    def replay_failed(self, request: ReplayRequest) -> list[str]:
        """The log could not be read: the client is dropped and told to handshake. Returns whom to release."""
        session = self._replaying(request)
        if session is None:
            return []
        self._clients.retire(session, Ending.TOO_SLOW)
        return [session.client_id] if session.hold is not None else []

    def _replaying(self, request: ReplayRequest) -> Session | None:
        session = self._clients.get(request.client_id)
        if session is None or session.ending is not None or session.replays is None:
            return None
        pending = session.replays.pending.get(request.subscription)
        return session if pending is not None and pending.number == request.number else None

    def _admits(self, session: Session, topic: str, data: bytes, replay_id: int | None) -> bool:
        if session.replays is None or replay_id is None:
            return True
        return session.replays.admits(LogMessage(topic, data, replay_id), self._state.settings.replay_bytes)

    def _queue(self, session: Session, message: bytes) -> None:
        if session.fits(message, self._state.settings.max_queue_bytes):
            session.queue.add(message)
        else:
            self._clients.retire(session, Ending.TOO_SLOW)

    def _advance(self, replay_id: int | None) -> None:
        """What was published cannot be ahead of the position that subscribe replies tell."""
        window = self._state.window
        if window is not None and replay_id is not None:
            window.current = max(window.current, replay_id)

    @staticmethod
    def _due(session: Session) -> list[str]:
        return [session.client_id] if session.hold is not None and session.queue.fresh else []


def _answer(x: Exchange, message: Message) -> Reply | None:
    try:
        return _handle(x, message)
    except Refused as refused:
        reply = Reply(message.channel, message.id, successful=False, error=refused.error)
        reply.subscription = message.subscription
        reply.advice = refused.advice(x.transport)
        if refused.fault in REPLAY_FAULTS:
            reply.ext = Extensions(replay=position(x.state))
        if message.channel == "/meta/handshake":
            reply.supported_connection_types = x.state.settings.transports
        return reply


def _handle(x: Exchange, message: Message) -> Reply | None:
    channel = message.channel
    if channel is None:
        raise Refused(Fault.CHANNEL_MISSING)
    if channel == "/meta/handshake":
        return handshake(x, message)
    handler = _HANDLERS.get(channel)
    if handler is None and (len(channel) > x.state.settings.max_topic_length or not is_name(channel)):
        raise Refused(Fault.CHANNEL_INVALID)
    session = _session(x, message)
    session.seen = x.now
    if handler is not None:
        return handler(x, message, session)
    raise Refused(Fault.CHANNEL_UNKNOWN if channel.startswith("/meta/") else Fault.PUBLISH_DENIED, channel)


def _session(x: Exchange, message: Message) -> Session:
    """The client that speaks. It must be the user's own (SPEC 4.2, 9.17)."""
    session = x.state.clients.get(message.client_id)
    if session is None:
        raise Refused(Fault.UNKNOWN_CLIENT)
    if session.user != x.user:
        raise Refused(Fault.NOT_YOUR_CLIENT)
    leaving = session.ending is Ending.LOGGED_OUT and message.channel == "/meta/connect"
    if session.ending is not None and not leaving:
        raise Refused(Fault.UNKNOWN_CLIENT)
    return session

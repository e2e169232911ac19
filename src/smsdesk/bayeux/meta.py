"""The other meta messages: handshake, subscribe, unsubscribe, disconnect. Each refuses before it changes."""

from smsdesk.bayeux.errors import Fault, Refused
from smsdesk.bayeux.exchange import Exchange, State
from smsdesk.bayeux.message import Message, ReplayWish, replay_wish, timesync
from smsdesk.bayeux.replay import Replays
from smsdesk.bayeux.reply import Extensions, Position, Reply
from smsdesk.bayeux.session import Ending, Session
from smsdesk.bayeux.topic import is_pattern, is_reserved, proper

VERSION = "1.0"


def handshake(x: Exchange, message: Message) -> Reply:
    """A new client for the user, always: a clientId in the message is ignored.

    Raises Refused: no login (403), version or transports not on offer (400), too many sessions (503).
    """
    if x.user is None:
        raise Refused(Fault.NO_LOGIN)
    if message.version is not None and message.version.split(".")[0] != "1":
        raise Refused(Fault.PARAMETER_INVALID, "version")
    offered = x.state.settings.transports
    wanted = message.supported_connection_types
    if wanted is not None and not set(wanted) & set(offered):
        raise Refused(Fault.CONNECTION_TYPE)
    _make_room(x, x.user)
    acknowledges = message.extension("ack") is True
    session = x.state.clients.add(x.user, x.transport, acknowledges, x.now, x.login)
    x.state.clients.arm(session, x.now + x.state.settings.max_interval)
    reply = _success(x, message, session)
    reply.version = reply.minimum_version = VERSION
    reply.supported_connection_types = offered
    reply.advice = x.state.advice()
    if acknowledges:
        reply.ext = reply.ext or Extensions()
        reply.ext.ack = True
    return reply


def _make_room(x: Exchange, user: str) -> None:
    """Pages that were closed without a word leave clients behind: the longest unseen one has to go."""
    mine = x.state.clients.of(user)
    if len(mine) < x.state.settings.max_sessions_per_user:
        return
    idle = [session for session in mine if session.hold is None]
    if not idle:
        raise Refused(Fault.TOO_MANY_SESSIONS)
    x.state.clients.forget(min(idle, key=lambda session: session.seen))


def subscribe(x: Exchange, message: Message, session: Session) -> Reply:
    """Subscribe to one or several channels, all or none; with ``ext.replay``, to their past as well.

    Raises Refused: no or invalid names (400, 405), reserved ones (403), too many (403), a replay that cannot
    be given (412; the reply's ``ext.replay`` says where the log stands).
    """
    names = _names(x, message)
    settings = x.state.settings
    if len(session.subscriptions.union(names)) > settings.max_subscriptions:
        raise Refused(Fault.TOO_MANY_SUBSCRIPTIONS, str(settings.max_subscriptions))
    wish = replay_wish(message) if x.state.window is not None else None
    if wish is not None:
        _check_wish(x, wish)
        _replay(x, session, names, wish.after)
    session.subscribe(names)
    reply = _success(x, message, session)
    reply.subscription = message.subscription
    return reply


def _names(x: Exchange, message: Message) -> list[str]:
    said = message.subscription
    names = [said] if isinstance(said, str) else said
    if not names:
        raise Refused(Fault.PARAMETER_MISSING, "subscription")
    if len(names) > x.state.settings.max_subscriptions:
        raise Refused(Fault.TOO_MANY_SUBSCRIPTIONS, str(x.state.settings.max_subscriptions))
    for name in names:
        if len(name) > x.state.settings.max_topic_length or not is_pattern(name):
            raise Refused(Fault.TOPIC_INVALID)
        if is_reserved(name):
            raise Refused(Fault.SUBSCRIBE_DENIED, name)
    return names


def _check_wish(x: Exchange, wish: ReplayWish) -> None:
    window = x.state.window
    assert window is not None
    if wish.epoch is not None and wish.epoch != window.epoch:
        raise Refused(Fault.REPLAY_EPOCH)
    if 0 < wish.after < window.oldest:
        raise Refused(Fault.REPLAY_GONE)
    # With the right epoch this is news from a node that is ahead of us; without it, it may be another stream.
    if wish.after > window.current and wish.epoch is None:
        raise Refused(Fault.REPLAY_AHEAD)


def _replay(x: Exchange, session: Session, names: list[str], after: int) -> None:
    replays = session.replays or Replays()
    patterns = proper(names)
    limit = x.state.settings.max_subscriptions
    if len(replays.pending.keys() | set(patterns)) > limit:
        raise Refused(Fault.TOO_MANY_SUBSCRIPTIONS, str(limit))
    session.replays = replays
    for pattern in patterns:
        x.state.replays += 1
        replays.begin(pattern, x.state.replays, after)
        x.outcome.replays.append(x.state.request(session, pattern))


def unsubscribe(x: Exchange, message: Message, session: Session) -> Reply:
    """Give subscriptions up; one that is not there is no error. Raises Refused as ``subscribe``."""
    session.unsubscribe(_names(x, message))
    reply = _success(x, message, session)
    reply.subscription = message.subscription
    return reply


def disconnect(x: Exchange, message: Message, session: Session) -> Reply:
    """The client leaves. Its held connect is released first, as the WebSocket client expects."""
    if session.hold is not None:
        x.outcome.wake.append(session.client_id)
    x.state.clients.retire(session, Ending.DISCONNECTED)
    return _success(x, message, session)


def _success(x: Exchange, message: Message, session: Session) -> Reply:
    reply = Reply(message.channel, message.id, session.client_id, successful=True)
    sync = timesync(message, x.now)
    where = position(x.state) if message.channel == "/meta/subscribe" else None
    if sync is not None or where is not None:
        reply.ext = Extensions(timesync=sync, replay=where)
    return reply


def position(state: State) -> Position | None:
    """Where the log stands, None without a log (SPEC 9.16)."""
    return None if state.window is None else Position(state.window.epoch, state.window.current)

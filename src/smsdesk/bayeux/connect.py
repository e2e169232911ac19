"""``/meta/connect``: answer it, or hold it until there is something to say; and let it go (SPEC 4.2).

With acknowledgement messages travel in connect replies only, on both transports. Without it, a WebSocket gets
them while its connect stays open. By long-polling they always travel in connect replies, never in the reply
to another request: on two connections they could overtake each other.
"""

from smsdesk.bayeux.errors import NONE, Fault, Refused
from smsdesk.bayeux.exchange import Delivery, Exchange, Held, State
from smsdesk.bayeux.message import Message, acknowledged, timeout, timesync
from smsdesk.bayeux.reply import Advice, Extensions, Reply, encode
from smsdesk.bayeux.session import Ending, Hold, Session

CHANNEL = "/meta/connect"


def connect(x: Exchange, message: Message, session: Session) -> None:
    """Answer or hold a connect. Raises Refused if ``connectionType`` is missing or not on offer."""
    if message.connection_type is None:
        raise Refused(Fault.PARAMETER_MISSING, "connectionType")
    if message.connection_type not in x.state.settings.transports:
        raise Refused(Fault.CONNECTION_TYPE)
    if session.hold is not None:
        # The client gave the old one up. Its response carries nothing, so nothing can be lost with it.
        x.state.clients.end_hold(session)
        x.outcome.displaced.append(session.client_id)
    session.transport = x.transport
    behind = session.queue.acknowledge(acknowledged(message))
    x.outcome.replays += x.state.resume_replays(session)
    hold = _hold(x, message)
    busy = x.state.clients.held >= x.state.settings.max_held
    if behind or busy or hold.until == x.now or not _may_wait(x, session):
        _answer_now(x, session, hold, x.state.advice(busy))
    else:
        _wait(x, session, hold)
    session.connected = True


def _hold(x: Exchange, message: Message) -> Hold:
    wish = timeout(message)
    longest = x.state.settings.timeout
    until = x.now + (longest if wish is None else min(wish, longest))
    return Hold(x.state.clients.next_hold(), message.id, timesync(message, x.now), x.now, until)


def _may_wait(x: Exchange, session: Session) -> bool:
    if not x.alone or not session.connected or session.ending is not None or x.state.draining:
        return False
    return session.streams or not session.queue.fresh


def _wait(x: Exchange, session: Session, hold: Hold) -> None:
    x.state.clients.hold(session, hold)
    x.outcome.held = Held(session.client_id, hold.number)
    if session.queue.fresh:
        _hand_out(x, _stream(x.state, session))


def _answer_now(x: Exchange, session: Session, hold: Hold, advice: Advice) -> None:
    _hand_out(x, _close(x.state, session, hold, advice, x.now))


def _hand_out(x: Exchange, delivery: Delivery) -> None:
    x.outcome.replies += delivery.parts
    x.outcome.replays += delivery.replays
    if delivery.messages:
        x.outcome.taken.append(delivery)


def release(state: State, session: Session, now: int) -> Delivery:
    """What a held connect has to say now: nothing, messages, or messages and its reply."""
    hold = session.hold
    if hold is None:
        return Delivery(session.client_id)
    over = now >= hold.until or session.ending is not None or state.draining
    if not over and not session.queue.fresh:
        return Delivery(session.client_id)
    if over or not session.streams:
        state.clients.end_hold(session)
        return _close(state, session, hold, state.advice(), now)
    return _stream(state, session)


def _stream(state: State, session: Session) -> Delivery:
    messages = session.queue.take().messages
    return Delivery(session.client_id, messages, replays=state.resume_replays(session))


def _close(state: State, session: Session, hold: Hold, advice: Advice, now: int) -> Delivery:
    """The last word on a connect: from here on the client has ``max_interval`` to come back."""
    if session.ending is Ending.TOO_SLOW:
        state.clients.forget(session)
        return Delivery(session.client_id, reply=encode(_too_slow(hold, session.transport)))
    reply = Reply(CHANNEL, hold.message_id, session.client_id, successful=True, advice=advice)
    if session.ending is not None:
        state.clients.forget(session)
        reply.advice = NONE
    else:
        state.clients.arm(session, now + state.settings.max_interval)
    batch = session.queue.take()
    if hold.timesync is not None:
        hold.timesync.p = now - hold.since
    if batch.number is not None or hold.timesync is not None:
        reply.ext = Extensions(ack=batch.number, timesync=hold.timesync)
    return Delivery(session.client_id, batch.messages, encode(reply), state.resume_replays(session))


def _too_slow(hold: Hold, transport: str) -> Reply:
    refused = Refused(Fault.UNKNOWN_CLIENT)
    advice = refused.advice(transport)
    return Reply(CHANNEL, hold.message_id, successful=False, error=refused.error, advice=advice)

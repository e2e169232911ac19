"""The client's side of Bayeux 1.0 over long-polling, sans-I/O (SPEC 4.1-4.3, 9.16): what to send next, and
what a response means. It knows no sockets, no clock and none of the desk's resources.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

import msgspec
from msgspec import Raw, Struct

CONNECT, HANDSHAKE, SUBSCRIBE = "/meta/connect", "/meta/handshake", "/meta/subscribe"
EVERYTHING = "/v2/**"
GRACE = 15.0  # seconds that an answer may take beyond the time the server holds a connect
PATIENCE = 30.0  # seconds that any other answer may take, and the hold until the server says its own
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0  # seconds of back-off
REPLAY_REFUSED = "412"
UNKNOWN_CLIENT = "402"


class Position(Struct, frozen=True):
    """A place in the user's durable log: `id` counts within `epoch`."""

    epoch: str
    id: int


class Note(Struct, frozen=True):
    """One data message: its topic, its data as JSON text, and its replay id, None for what is not durable."""

    topic: str
    data: Raw
    id: int | None = None


class Send(Struct, frozen=True):
    """Wait `pause` seconds, then post `body`; give up after `patience` seconds."""

    body: bytes
    pause: float
    patience: float


class Read(Struct, frozen=True):
    """Wait `pause` seconds, then read the resources anew and say with `resume` where the log stood before."""

    pause: float = 0.0


class Over(Struct, frozen=True):
    """There is nothing more to do; `words` say why."""

    words: str


Action = Send | Read | Over


class ProtocolError(Exception):
    """What came is no Bayeux response to what was asked."""


_NO_DATA = Raw()


class _Advice(Struct):
    reconnect: str | None = None
    interval: int | None = None
    timeout: int | None = None


class _Ext(Struct):
    ack: int | bool | None = None
    replay: Any = None


class _Message(Struct, rename="camel"):
    channel: str
    data: Raw = _NO_DATA
    client_id: str | None = None
    successful: bool | None = None
    error: str | None = None
    advice: _Advice | None = None
    ext: _Ext | None = None


_decode = msgspec.json.Decoder(list[_Message]).decode
_encode = msgspec.json.Encoder().encode


class _Stage(Enum):
    READING = "the resources have to be read"
    HANDSHAKING = "not known to the server"
    SUBSCRIBING = "known, not subscribed"
    CONNECTED = "subscribed"
    OVER = "done"


class Bayeux:
    """One subscription to all durable topics of the user, from a position on: nothing is lost, nothing comes
    twice, whatever breaks on the way.

    One pattern and not several, because the log of one pattern comes in its order: a single position then
    says what has arrived. `chance` gives numbers from 0 to 1, for the jitter of the back-off.
    """

    def __init__(self, chance: Callable[[], float], pattern: str = EVERYTHING) -> None:
        self.position: Position | None = None
        """Everything up to here has been handed over."""
        self._chance = chance
        self._pattern = pattern
        self._stage = _Stage.READING
        self._client_id: str | None = None
        self._batch = 0
        self._failures = 0
        self._failed = False
        self._interval = 0.0
        self._hold = PATIENCE
        self._count = 0
        self._words = ""

    @property
    def subscribed(self) -> bool:
        """Whether the server knows the subscription, as far as one can tell."""
        return self._stage is _Stage.CONNECTED

    def resume(self, position: Position) -> None:
        """The resources were read when the log stood at `position`: what is newer has to come."""
        self.position = position
        self._failed = False
        if self._stage is _Stage.READING:
            self._stage = _Stage.HANDSHAKING if self._client_id is None else _Stage.SUBSCRIBING

    def next(self) -> Action:
        """What to do now. Asked again without an answer in between, it is the same but for its pause."""
        pause = max(self._interval, self._back_off())
        match self._stage:
            case _Stage.OVER:
                return Over(self._words)
            case _Stage.READING:
                return Read(pause)
            case _Stage.HANDSHAKING:
                message = {
                    "version": "1.0",
                    "supportedConnectionTypes": ["long-polling"],
                    "ext": {"ack": True},
                }
                return self._send(HANDSHAKE, pause, PATIENCE, message)
            case _Stage.SUBSCRIBING:
                message = {"subscription": self._pattern, "ext": {"replay": self.position}}
                return self._send(SUBSCRIBE, pause, PATIENCE, message)
            case _Stage.CONNECTED:
                message = {"connectionType": "long-polling", "ext": {"ack": self._batch}}
                return self._send(CONNECT, pause, self._hold + GRACE, message)

    def _send(self, channel: str, pause: float, patience: float, fields: dict[str, Any]) -> Send:
        self._count += 1
        message = {"channel": channel, "id": str(self._count), **fields}
        if channel != HANDSHAKE:
            message["clientId"] = self._client_id
        return Send(_encode([message]), pause, patience)

    def goodbye(self) -> Send | None:
        """The last thing to send, if the server knows this client; nothing is done afterwards."""
        known, self._stage, self._words = self._client_id, _Stage.OVER, "closed"
        return self._send("/meta/disconnect", 0.0, PATIENCE, {}) if known is not None else None

    def failed(self) -> None:
        """No answer came, or none that could be used: the same again, later."""
        self._failures += 1
        self._failed = True

    def received(self, body: bytes) -> list[Note]:
        """Read the response to what was sent last: the messages that are new, in order.

        All of a response counts or nothing of it. Raises ProtocolError, and counts it as a failure.
        """
        asked = {_Stage.HANDSHAKING: HANDSHAKE, _Stage.SUBSCRIBING: SUBSCRIBE, _Stage.CONNECTED: CONNECT}
        channel = asked.get(self._stage)
        try:
            messages = _decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            self.failed()
            raise ProtocolError(f"no Bayeux messages: {error}") from error
        replies = [m for m in messages if m.channel == channel and m.successful is not None]
        if len(replies) != 1:
            self.failed()
            raise ProtocolError(f"{len(replies)} replies to one {channel}")
        notes = [note for m in messages if m.data is not _NO_DATA and (note := self._new(m)) is not None]
        self._replied(replies[0])
        return notes

    def _new(self, message: _Message) -> Note | None:
        replay = message.ext.replay if message.ext is not None else None
        id = replay.get("id") if isinstance(replay, dict) else None
        if id is None:
            return Note(message.channel, message.data)
        if self.position is None or id <= self.position.id:
            return None
        self.position = Position(self.position.epoch, id)
        return Note(message.channel, message.data, id)

    def _replied(self, reply: _Message) -> None:
        advice = reply.advice or _Advice()
        self._interval = (advice.interval or 0) / 1000
        if advice.timeout is not None:
            self._hold = advice.timeout / 1000
        if advice.reconnect == "none":
            self._stage = _Stage.OVER
            self._words = reply.error or "the server has ended the session; the user has logged out"
        elif not reply.successful:
            self._refused(reply.error or "", advice)
        else:
            self._failed = False
            self._succeeded(reply)

    def _refused(self, error: str, advice: _Advice) -> None:
        # Also a refusal that says what to do next is a failure: who is told so again and again goes slower.
        self.failed()
        if error.startswith(REPLAY_REFUSED) and self._stage is _Stage.SUBSCRIBING:
            self._stage = _Stage.READING
        elif error.startswith(UNKNOWN_CLIENT) or advice.reconnect == "handshake":
            self._client_id = None
            self._stage = _Stage.HANDSHAKING

    def _succeeded(self, reply: _Message) -> None:
        if self._stage is _Stage.HANDSHAKING:
            self._client_id, self._batch = reply.client_id, 0
            self._stage = _Stage.SUBSCRIBING
        elif self._stage is _Stage.SUBSCRIBING:
            self._stage = _Stage.CONNECTED
        else:
            self._failures = 0
            if reply.ext is not None and isinstance(reply.ext.ack, int):
                self._batch = reply.ext.ack

    def _back_off(self) -> float:
        if not self._failed:
            return 0.0
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._failures - 1, 16))
        return longest * (0.5 + 0.5 * self._chance())

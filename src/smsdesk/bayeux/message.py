"""What arrives: a batch of Bayeux messages, parsed and bounded. Knows no clients."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from smsdesk.bayeux.errors import Fault, Refused
from smsdesk.bayeux.reply import TimeSync
from smsdesk.bayeux.settings import BayeuxSettings

# JavaScript counts exactly up to here; larger numbers in an extension are nobody's honest value.
_EXACT = 2**53
_MAX_ID = 64


class Message(msgspec.Struct, rename="camel"):
    """One message of a client. Unknown fields are skipped; ``data`` too, because clients may not publish."""

    channel: str | None = None
    client_id: str | None = None
    id: str | int | None = None
    connection_type: str | None = None
    supported_connection_types: list[str] | None = None
    version: str | None = None
    subscription: str | list[str] | None = None
    advice: dict[str, Any] | None = None
    ext: dict[str, Any] | None = None

    def extension(self, name: str) -> object:
        """The client's word for one extension, None if absent."""
        return self.ext.get(name) if self.ext else None


class BadBatch(Exception):
    """The whole batch cannot be read: answer HTTP ``status``, or close the WebSocket with ``close_code``."""

    def __init__(self, status: int, close_code: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.close_code = close_code
        self.reason = reason


_decode = msgspec.json.Decoder(list[Message] | Message).decode


def parse(body: bytes, settings: BayeuxSettings) -> list[Message]:
    """The messages of one request body or frame: a JSON array, or a single object.

    Raises BadBatch: 413 for too many bytes or messages, 400 for anything else that is not such a batch.
    """
    if len(body) > settings.max_batch_bytes:
        raise BadBatch(413, 1009, f"more than {settings.max_batch_bytes} bytes")
    try:
        batch = _decode(body)
    except RecursionError:
        raise BadBatch(400, 1007, "nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadBatch(400, 1007, str(error)) from None
    messages = batch if isinstance(batch, list) else [batch]
    check(messages, settings)
    return messages


def check(messages: Sequence[Message], settings: BayeuxSettings) -> None:
    """Raise BadBatch unless the number of messages and the length of their ids are within bounds."""
    if not messages:
        raise BadBatch(400, 1007, "an empty batch")
    if len(messages) > settings.max_batch_messages:
        raise BadBatch(413, 1009, f"more than {settings.max_batch_messages} messages")
    if any(isinstance(message.id, str) and len(message.id) > _MAX_ID for message in messages):
        raise BadBatch(400, 1007, f"a message id longer than {_MAX_ID} characters")


def _whole(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if -_EXACT < value < _EXACT else None


def acknowledged(message: Message) -> int | None:
    """The batch number that the client acknowledges with a connect, if it says one."""
    return _whole(message.extension("ack"))


def timeout(message: Message) -> int | None:
    """How long the client wants its connect held at most (ms, not negative), if it says so."""
    wish = _whole(message.advice.get("timeout")) if message.advice else None
    return None if wish is None else max(wish, 0)


def timesync(message: Message, now: int) -> TimeSync | None:
    """The reply to the client's ``timesync``, with no processing time yet; None where it sent none."""
    said = message.extension("timesync")
    if not isinstance(said, dict):
        return None
    tc, lag, offset = (_whole(said.get(name)) for name in ("tc", "l", "o"))
    if tc is None or lag is None or offset is None:
        return None
    return TimeSync(tc=tc, ts=now, p=0, a=tc + offset + lag - now)


class ReplayWish(NamedTuple):
    """Everything after this id, in this epoch if the client says which."""

    after: int
    epoch: str | None


def replay_wish(message: Message) -> ReplayWish | None:
    """What a subscribe wants replayed (SPEC 9.16): ``n`` or ``{"id": n, "epoch": "…"}``.

    Raises Refused (400) for anything else, because a client that asks relies on it.
    """
    said = message.extension("replay")
    if said is None:
        return None
    epoch = said.get("epoch") if isinstance(said, dict) else None
    after = _whole(said.get("id") if isinstance(said, dict) else said)
    if after is None or after < 0 or not (epoch is None or isinstance(epoch, str)):
        raise Refused(Fault.PARAMETER_INVALID, "ext.replay")
    return ReplayWish(after, epoch)

"""What leaves the server: replies to meta messages, and data messages. Spells them, decides nothing."""

import msgspec

encode = msgspec.json.Encoder().encode


class Advice(msgspec.Struct, omit_defaults=True, frozen=True):
    """What a client shall do next. ``interval`` and ``timeout`` in milliseconds."""

    reconnect: str
    interval: int | None = None
    timeout: int | None = None


class TimeSync(msgspec.Struct):
    """The ``timesync`` extension: client time, server time of receipt, processing time, accuracy (ms)."""

    tc: int
    ts: int
    p: int
    a: int


class Position(msgspec.Struct):
    """Where the durable log stands: ``id`` counts within ``epoch`` (SPEC 4.1, 9.16)."""

    epoch: str
    id: int


class Extensions(msgspec.Struct, omit_defaults=True):
    """``ext`` of a reply."""

    ack: bool | int | None = None
    timesync: TimeSync | None = None
    replay: Position | None = None


class Reply(msgspec.Struct, omit_defaults=True, rename="camel"):
    """A reply to one message; fields left at None are not written."""

    channel: str | None = None
    id: str | int | None = None
    client_id: str | None = None
    successful: bool | None = None
    subscription: str | list[str] | None = None
    version: str | None = None
    minimum_version: str | None = None
    supported_connection_types: list[str] | None = None
    error: str | None = None
    advice: Advice | None = None
    ext: Extensions | None = None


def data_message(channel: str, data: bytes, replay_id: int | None) -> bytes:
    """One data message. ``channel`` is a valid name (nothing to escape), ``data`` an encoded JSON object."""
    tail = b"}" if replay_id is None else b',"ext":{"replay":{"id":%d}}}' % replay_id
    return b'{"channel":"' + channel.encode() + b'","data":' + data + tail

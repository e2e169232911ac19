"""What can be set about the Bayeux server, with its limits. Knows neither TOML nor the environment."""

import msgspec

LONG_POLLING = "long-polling"
WEBSOCKET = "websocket"


class BayeuxSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Times in ms, sizes in bytes (SPEC 4.1, 4.2, 8.10). Raises ValueError for a value below its least."""

    timeout: int = 30_000
    """How long an idle ``/meta/connect`` is held."""
    max_interval: int = 60_000
    """A client is forgotten this long after its last ``/meta/connect`` ended."""
    websocket: bool = True
    """Offer the transport ``websocket`` beside ``long-polling``."""
    max_batch_bytes: int = 262_144
    max_batch_messages: int = 64
    max_sessions_per_user: int = 16
    """The next handshake pushes out the client longest unseen that has no held connect."""
    max_held: int = 20_000
    """Held connects of all users; beyond it a connect is answered at once: come back in ``busy_interval``."""
    max_subscriptions: int = 64
    """Subscriptions of one client; as many may be replaying."""
    max_topic_length: int = 255
    max_queue_bytes: int = 4_194_304
    """Unsent and unacknowledged bytes of one client; beyond it the client is dropped: it may handshake."""
    busy_interval: int = 2_000
    """Advised pause while the server is full or stopping."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            least = 0 if name == "busy_interval" else 1
            if name != "websocket" and getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, not {getattr(self, name)}")

    @property
    def replay_bytes(self) -> int:
        """How far a replay may fill the queue: the rest is for live messages, lest they find it full."""
        return self.max_queue_bytes // 2

    @property
    def transports(self) -> list[str]:
        """The connection types on offer, in the order of the handshake reply."""
        return [WEBSOCKET, LONG_POLLING] if self.websocket else [LONG_POLLING]

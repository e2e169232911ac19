"""What one client has not got yet: with the acknowledged-messages extension, and without it.

Both queues hold encoded messages in order and count their bytes; they know neither topics nor connects.
"""

from collections import deque
from typing import NamedTuple, Protocol


class Batch(NamedTuple):
    """Messages to send now; ``number`` goes into ``ext.ack`` of the connect reply (None without ack)."""

    messages: list[bytes]
    number: int | None


class MessageQueue(Protocol):
    """The one interface of both queues."""

    size: int
    """Bytes kept."""

    @property
    def acknowledges(self) -> bool:
        """Whether the client acknowledges, so that messages travel in connect replies only."""

    @property
    def fresh(self) -> bool:
        """Whether something waits that was never sent."""

    def add(self, message: bytes) -> None:
        """Put a message at the end."""

    def acknowledge(self, number: int | None) -> bool:
        """Forget what the client has; whether something is left that must be sent at once."""

    def take(self) -> Batch:
        """What a reply written now has to carry."""

    def give_back(self, messages: list[bytes]) -> None:
        """Messages taken before that were certainly never sent."""


class PlainQueue:
    """Without the extension: what is taken is gone, unless the caller knows that it was never sent."""

    __slots__ = ("_messages", "size")
    acknowledges = False

    def __init__(self) -> None:
        self._messages: deque[bytes] = deque()
        self.size = 0

    @property
    def fresh(self) -> bool:
        return bool(self._messages)

    def add(self, message: bytes) -> None:
        self._messages.append(message)
        self.size += len(message)

    def acknowledge(self, number: int | None) -> bool:
        return False

    def take(self) -> Batch:
        messages = list(self._messages)
        self._messages.clear()
        self.size = 0
        return Batch(messages, None)

    def give_back(self, messages: list[bytes]) -> None:
        self._messages.extendleft(reversed(messages))
        self.size += sum(map(len, messages))


class AckQueue:
    """With the extension: a message stays until the client says that it has the batch that carried it.

    Every message is marked with the batch that is open when it is added; taking closes that batch and sends
    all that is kept, so a reply that got lost is repeated by the next one. Number and messages are taken in
    one step: two overlapping connects can never share a number, nor one of them lose what the other carried.
    """

    __slots__ = ("_fresh", "_kept", "_open", "size")
    acknowledges = True

    def __init__(self) -> None:
        self._kept: deque[tuple[int, bytes]] = deque()
        self._open = 1
        self._fresh = False
        self.size = 0

    @property
    def fresh(self) -> bool:
        return self._fresh

    def add(self, message: bytes) -> None:
        self._kept.append((self._open, message))
        self._fresh = True
        self.size += len(message)

    def acknowledge(self, number: int | None) -> bool:
        """A number never sent is ignored: it can only be an error, and would lose messages."""
        if number is None:
            return False
        if number < self._open:
            while self._kept and self._kept[0][0] <= number:
                self.size -= len(self._kept.popleft()[1])
        return bool(self._kept)

    def take(self) -> Batch:
        batch = Batch([message for _, message in self._kept], self._open)
        self._open += 1
        self._fresh = False
        return batch

    def give_back(self, messages: list[bytes]) -> None:
        """Nothing to do: they are still here."""

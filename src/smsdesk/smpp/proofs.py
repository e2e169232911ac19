"""Which of our answers the peer has provably received (SPEC 6.2). Knows no PDU.

TCP keeps the order: when the peer answers a request of ours, it has received every answer sent before that.
"""

from collections import deque


class Proofs:
    """Answers sent, in order, until proven."""

    def __init__(self) -> None:
        self._sent = 0
        self._open: deque[tuple[int, int]] = deque()
        self._since = 0

    @property
    def mark(self) -> int:
        """What to remember with a request sent now: an answer to it proves the answers sent so far."""
        return self._sent

    @property
    def since(self) -> int | None:
        """Since when answers have been waiting for their proof; None when none are."""
        return self._since if self._open else None

    def sent(self, number: int, now: int) -> None:
        """The answer to delivery `number` went out."""
        self._sent += 1
        if not self._open:
            self._since = now
        self._open.append((self._sent, number))

    def prove(self, mark: int, now: int) -> tuple[int, ...]:
        """The request with this mark was answered: the deliveries whose answers that proves, in order."""
        proven: list[int] = []
        while self._open and self._open[0][0] <= mark:
            proven.append(self._open.popleft()[1])
        if proven:
            self._since = now
        return tuple(proven)

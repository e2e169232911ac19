"""What waits, in order: a line for every queue, and in it a bucket for every phase of its strategy. Knows
what is in front, not who takes it.

Within a queue everything ages alike, so the order in a line never changes by itself. What left a bucket stays
in its heap until it comes up.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from itertools import count
from typing import NamedTuple

from smsdesk.core.interaction import Interaction
from smsdesk.core.timeline import Phase, Timeline
from smsdesk.routing.seats import Target

Key = tuple[int, int, str]  # what is in front is smaller: points to be reached, arrived, id
Served = dict[Target, set["Bucket"]]
Place = tuple[int, str]  # the index of the phase; the user when it is for one alone
_turns = count()
SLACK = 64  # entries that are over, beyond as many as there are others, before a heap is cleared of them


class Waiting:
    """An interaction that waits, and where. `bucket` None: nobody is looked for now. `due`: when it has to be
    looked at again.
    """

    __slots__ = ("bucket", "due", "interaction", "key", "line", "not_before", "turn")

    def __init__(self, interaction: Interaction, line: "Line") -> None:
        self.interaction = interaction
        self.line = line
        self.key: Key = line.key(interaction)
        self.bucket: Bucket | None = None
        self.turn = -1
        self.due: int | None = None
        self.not_before = 0


class Bucket:
    """What waits for the same targets. `served`: all buckets that are not empty, by target."""

    def __init__(
        self, line: "Line", place: Place, phase: Phase, targets: tuple[Target, ...], served: Served
    ) -> None:
        self.line = line
        self.place = place
        self._served = served
        self.phase = phase
        self.targets = targets
        self.credit = line.credit.setdefault(place[0], [0] * len(phase.targets))
        self.count = 0
        self._heap: list[tuple[Key, int, Waiting]] = []

    def add(self, waiting: Waiting) -> None:
        """Take one in."""
        if not self.count:
            for target in self.targets:
                self._served.setdefault(target, set()).add(self)
        self.count += 1
        waiting.bucket = self
        self.put_back(waiting)

    def put_back(self, waiting: Waiting) -> None:
        """One that was popped is in the line again."""
        waiting.turn = next(_turns)
        heappush(self._heap, (waiting.key, waiting.turn, waiting))
        if len(self._heap) > 2 * self.count + SLACK:
            self._heap = [entry for entry in self._heap if entry[2].turn == entry[1]]
            heapify(self._heap)

    def remove(self, waiting: Waiting) -> None:
        """Let one go, wherever it stands."""
        waiting.bucket = None
        waiting.turn = -1
        self.count -= 1
        if not self.count:
            self._heap.clear()
            for target in self.targets:
                self._served[target].discard(self)
            if self.place[1]:
                self.line.buckets.pop(self.place, None)

    def head(self) -> Waiting | None:
        """What is in front."""
        heap = self._heap
        while heap:
            _, turn, waiting = heap[0]
            if waiting.turn == turn:
                return waiting
            heappop(heap)
        return None

    def pop(self) -> None:
        """Pass over what is in front, until it is put back."""
        heappop(self._heap)


class Heads:
    """What is in front of several buckets, the highest priority first, then the oldest."""

    def __init__(self, buckets: Iterable[Bucket], now: int) -> None:
        self._now = now
        self._passed: list[Waiting] = []
        self._heap: list[tuple[int, int, str, Bucket]] = []
        for bucket in buckets:
            self._push(bucket)

    def _push(self, bucket: Bucket) -> None:
        head = bucket.head()
        if head is not None:
            points, arrived, id = head.key
            heappush(self._heap, (points - bucket.line.weight * self._now, arrived, id, bucket))

    def next(self) -> Bucket | None:
        """The bucket whose head is first of all; `more` or `pass_over` brings the one behind it."""
        return heappop(self._heap)[3] if self._heap else None

    def more(self, bucket: Bucket) -> None:
        """The head of this bucket is gone."""
        self._push(bucket)

    def pass_over(self, bucket: Bucket) -> None:
        """The head of this bucket cannot be served; perhaps those behind it can."""
        head = bucket.head()
        assert head is not None
        self._passed.append(head)
        bucket.pop()
        self._push(bucket)

    def close(self) -> None:
        """Those that were passed over are in line again."""
        for waiting in self._passed:
            if waiting.bucket is not None:
                waiting.bucket.put_back(waiting)


class Count(NamedTuple):
    """How many wait in a queue, and since when the oldest does (UTC milliseconds)."""

    number: int
    oldest: int | None


class Line:
    """Everything that waits in a queue. `weight`: points that waiting a millisecond is worth; a point of
    priority is worth `scale` of them. `until`: how long it stays open, or closed; None for ever.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.timeline: Timeline | None = None
        self.priority = self.weight = 0
        self.scale = 1
        self.open = False
        self.until: int | None = 0
        self.buckets: dict[Place, Bucket] = {}
        self.credit: dict[int, list[int]] = {}  # by phase: by how much each target is behind its share
        self._order: list[Key] = []
        self._arrivals: list[tuple[int, str]] = []

    def key(self, interaction: Interaction) -> Key:
        """Where an interaction stands."""
        points = (interaction.priority + self.priority) * self.scale - self.weight * interaction.arrived
        return -points, interaction.arrived, interaction.id

    def add(self, waiting: Waiting) -> None:
        """One more waits."""
        insort(self._order, waiting.key)
        insort(self._arrivals, waiting.key[1:])

    def remove(self, waiting: Waiting) -> None:
        """One waits no longer."""
        if waiting.bucket is not None:
            waiting.bucket.remove(waiting)
        del self._order[bisect_left(self._order, waiting.key)]
        del self._arrivals[bisect_left(self._arrivals, waiting.key[1:])]

    def ids(self) -> list[str]:
        """All that wait, the first in front."""
        return [id for _, _, id in self._order]

    def position(self, waiting: Waiting) -> int:
        """How many are in front of one."""
        return bisect_left(self._order, waiting.key)

    def count(self) -> Count:
        """How many, and how long."""
        return Count(len(self._order), self._arrivals[0][0] if self._arrivals else None)

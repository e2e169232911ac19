"""The lines of all queues: how their strategies look now, and when each opens and closes."""

from math import lcm

from smsdesk.core.centre import Centre
from smsdesk.core.opening import closes, opens
from smsdesk.core.timeline import SECOND, Timeline
from smsdesk.routing.buckets import Line

Shape = tuple[Timeline | None, int, int, int]  # timeline, priority, weight, scale


class Lines:
    """A line for every queue, and for every name under which something waits without a queue."""

    def __init__(self, centre: Centre) -> None:
        self._lines: dict[str, Line] = {}
        self._shapes: dict[str, Shape] = {}
        self._centre = centre
        self._next_turn: int | None = 0
        self._timed: list[Line] = []
        for line in self.configure(centre):
            self.reshape(line)

    def configure(self, centre: Centre) -> list[Line]:
        """The centre has changed. Returns the lines to be emptied, given their new shape and filled again."""
        self._centre = centre
        agings = [centre.strategy_of(queue).ageing for queue in centre.queues.values()]
        scale = lcm(*(ageing.every * SECOND for ageing in agings if ageing.points)) or 1
        self._shapes = {name: self._shape(name, scale) for name in centre.queues}
        for name in self._shapes.keys() - self._lines.keys():
            self._lines[name] = Line(name)
        for line in self._lines.values():
            line.until = 0
        self._next_turn = 0
        return [line for line in self._lines.values() if _shape(line) != self._wanted(line)]

    def reshape(self, line: Line) -> None:
        """Give an empty line the shape that the centre wants."""
        old = line.timeline
        line.timeline, line.priority, line.weight, line.scale = self._wanted(line)
        if line.timeline != old:
            line.credit = {}
        line.buckets = {}

    def of(self, queue: str) -> Line:
        """The line of a queue."""
        line = self._lines.get(queue)
        if line is None:
            line = self._lines[queue] = Line(queue)
        return line

    def targets(self) -> set[str]:
        """Every target that may be tried in any of them."""
        return {
            target for line in self._lines.values() if line.timeline for target in line.timeline.targets()
        }

    def _wanted(self, line: Line) -> Shape:
        return self._shapes.get(line.name, (None, 0, 0, 1))

    def _shape(self, name: str, scale: int) -> Shape:
        strategy = self._centre.strategy_of(self._centre.queues[name])
        ageing = strategy.ageing
        weight = ageing.points * (scale // (ageing.every * SECOND)) if ageing.points else 0
        return self._centre.timelines[name], strategy.priority, weight, scale

    # -- business hours ----------------------------------------------------------------------------
    def turn(self, now: int) -> list[Line]:
        """Open and close what has to be. Returns the lines that opened."""
        if self._next_turn is None or now < self._next_turn:
            return []
        opened = [line for line in self._lines.values() if self._turn(line, now)]
        self._timed = [line for line in self._lines.values() if line.until is not None]
        self._next_turn = min((line.until for line in self._timed if line.until is not None), default=None)
        return opened

    def _turn(self, line: Line, now: int) -> bool:
        if line.until is None or now < line.until:
            return False
        was = line.open
        opening = opens(self._centre, line.name, now) if line.timeline is not None else None
        line.open = opening == now
        line.until = closes(self._centre, line.name, now) if line.open else opening
        return line.open and not was

    def next_opening(self) -> int | None:
        """When a line opens in which something waits."""
        closed = (line for line in self._timed if not line.open and line.count().number)
        return min((line.until for line in closed if line.until), default=None)


def _shape(line: Line) -> Shape:
    return line.timeline, line.priority, line.weight, line.scale

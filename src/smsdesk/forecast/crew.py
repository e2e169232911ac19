"""The agents of a forecast: when they are Ready, what lies on their desks, and how much of their time it
takes. Knows nothing of what waits.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from smsdesk.core.agent import Agent, Readiness
from smsdesk.forecast.drawing import HOUR

Tell = Callable[[Agent], None]


class Presence(NamedTuple):
    """Milliseconds in one hour, of one agent or added up over several: at work, with a session on the desk,
    places on the desk that were taken, and that there were.
    """

    staffed: int = 0
    busy: int = 0
    taken: int = 0
    places: int = 0

    def plus(self, other: "Presence") -> "Presence":
        """Both together."""
        return Presence(*(mine + its for mine, its in zip(self, other, strict=True)))


class Worker:
    """One agent. At work is who is Ready, or not free of his sessions yet. `tell` is told how he stands."""

    def __init__(self, user: str, room: int, begin: int, hours: int, tell: Tell) -> None:
        self.id = user
        self.room = room
        self._begin = begin
        self._hours = [[0, 0, 0] for _ in range(hours)]  # staffed, busy, taken
        self._booked = begin
        self._tell = tell
        self._on = False
        self._home = False
        self._away_until = 0
        self._agent = Agent(user)

    # -- work --------------------------------------------------------------------------------------
    def come(self, now: int) -> None:
        """Work begins, or a break is over."""
        self._on = True
        self._stand(now, self._agent.desk)

    def go(self, now: int, home: bool) -> None:
        """A break begins; or work is over, and he logs out as soon as his desk is empty."""
        self._on, self._home = False, home
        self._stand(now, self._agent.desk)

    def miss(self, now: int, until: int) -> None:
        """He did not answer: NotReady until then."""
        self._away_until = until
        self._stand(now, self._agent.desk)

    def back(self, now: int) -> None:
        """Perhaps the time after a missed offer is over."""
        self._stand(now, self._agent.desk)

    # -- the desk ----------------------------------------------------------------------------------
    def take(self, now: int, session: str) -> None:
        """An offer lies on the desk."""
        self._stand(now, (*self._agent.desk, session))

    def leave(self, now: int, session: str) -> None:
        """A session is off the desk."""
        self._stand(now, tuple(there for there in self._agent.desk if there != session))

    def _stand(self, now: int, desk: tuple[str, ...]) -> None:
        self._book(now)
        old = self._agent
        readiness: Readiness = "Ready" if self._on and now >= self._away_until else "NotReady"
        if not self._on and (old.readiness == "LoggedOut" or (self._home and not desk)):
            readiness = "LoggedOut"
        since = old.since if readiness == old.readiness else now
        if readiness == old.readiness and desk is old.desk:
            return
        self._agent = Agent(self.id, readiness, since=since, desk=desk)
        self._tell(self._agent)

    # -- time --------------------------------------------------------------------------------------
    def _book(self, now: int) -> None:
        load = len(self._agent.desk)
        at, self._booked = self._booked, now
        if not load and self._agent.readiness != "Ready":
            return
        while at < now:
            hour = (at - self._begin) // HOUR
            until = min(now, self._begin + (hour + 1) * HOUR)
            spent = self._hours[hour]
            spent[0] += until - at
            if load:
                spent[1] += until - at
                spent[2] += (until - at) * load
            at = until

    def presence(self, end: int) -> list[Presence]:
        """What became of every hour. Nothing is told after it."""
        self._book(end)
        return [Presence(spent[0], spent[1], spent[2], spent[0] * self.room) for spent in self._hours]


def together(presences: Iterable[list[Presence]], hours: int) -> list[Presence]:
    """Several agents, hour by hour."""
    total = [Presence()] * hours
    for presence in presences:
        total = [one.plus(other) for one, other in zip(total, presence, strict=True)]
    return total

"""Takes every change to the board and the tallies, and notes whose figures are others now. Tells nobody and
keeps nothing.
"""

from collections.abc import Callable
from typing import Any

from smsdesk.core.agent import Agent
from smsdesk.core.board import Board
from smsdesk.core.interaction import Interaction
from smsdesk.core.outgoing import OutgoingText
from smsdesk.core.session import Session
from smsdesk.core.tallies import Tallies
from smsdesk.operations.live import Live, Made, NotLoaded

Step = Callable[[str, Any, Any], None]  # id of a record, before, after


class Counting:
    """`serving(user)`: the names of the queues that somebody serves. `fresh` holds whose figures have
    changed, as `queue NAME` and `agent ID`, until somebody empties it.
    """

    def __init__(self, live: Live, tallies: Tallies, serving: Callable[[str], list[str]]) -> None:
        self.board = Board()
        self.tallies = tallies
        self.fresh: set[str] = set()
        self._live = live
        self._serving = serving
        self._steps: dict[str, Step] = {
            "session": self._session,
            "interaction": self._interaction,
            "agent": self._agent,
            "outgoing": self._outgoing,
        }
        self._now = 0
        self._events: dict[str, str] = {}
        self._queues: dict[str, str | None] = {}  # of the sessions that this change is about

    def follow(self, change: Made, now: int) -> None:
        """A change is on disk. `now` in UTC milliseconds."""
        self._now = now
        self.tallies.at(now)
        self._queues = {
            id: v.queue for kind, id, v, _ in change.values if kind == "session" and v is not None
        }
        self._events = {}
        for fact in change.facts:
            if fact.session is not None:
                self._events.setdefault(fact.session.id, fact.event)
        for (kind, id, after, _), (before, _) in zip(change.values, change.before, strict=True):
            step = self._steps.get(kind)
            if step is not None:
                step(id, before, after)
        for id, message in change.messages:
            if message.type == "Text" and message.author.type == "Customer":
                self.tallies.text_in(self._queue(id))
        self.fresh |= self.tallies.changed

    def _session(self, id: str, before: Session | None, after: Session | None) -> None:
        if before is not None and after is not None and after.participations is before.participations:
            if after.queue != before.queue:
                self.board.session(id, after)
            return
        self.board.session(id, after)
        if after is not None:
            self.tallies.participations(before, after, self._events.get(id, ""))
            self.fresh.update(f"agent {p.user}" for p in after.participations)
        self.fresh.update(f"queue {s.queue}" for s in (before, after) if s is not None and s.queue)

    def _interaction(self, id: str, before: Interaction | None, after: Interaction | None) -> None:
        self.board.interaction(id, after)
        self.tallies.interaction(before, after, self._events.get(id, ""), self._now)
        self.fresh.update(f"queue {i.queue}" for i in (before, after) if i is not None)

    def _agent(self, id: str, before: Agent | None, after: Agent | None) -> None:
        """Who becomes ready, or no longer is, changes the figures of the queues he serves."""
        self.board.agent(id, after)
        self.tallies.agent(before, after)
        if before is None or after is None or _standing(before) != _standing(after):
            self.fresh.add(f"agent {id}")
            self.fresh.update(f"queue {name}" for name in self._serving(id))

    def _outgoing(self, id: str, before: OutgoingText | None, after: OutgoingText | None) -> None:
        if after is not None:
            self.tallies.text_out(before, after, self._queue(after.session))

    def _queue(self, session: str) -> str | None:
        """The queue of a session that a text belongs to: it was read for the change, if not changed by it."""
        if session not in self._queues:
            try:
                found = self._live.committed("session", session)
            except NotLoaded:
                return None
            self._queues[session] = found.queue if isinstance(found, Session) else None
        return self._queues[session]


def _standing(agent: Agent) -> tuple[str, str, bool]:
    return agent.readiness, agent.state.operation, agent.do_not_disturb

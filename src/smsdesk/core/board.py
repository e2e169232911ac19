"""How queues and agents stand now, kept up to date from every change; always exact. Counts nothing that is
over, knows no store.
"""

from collections.abc import Callable, Iterable

from smsdesk.core.agent import Agent
from smsdesk.core.interaction import Interaction
from smsdesk.core.session import Session
from smsdesk.core.states import FINAL, SUPERVISOR_KINDS, State

QUEUED = ("waiting", "offered")


class Board:
    """Interactions in queues, sessions on desks, agents. `places` of a session: its agents' states by user
    id; supervisors are not on the board.
    """

    def __init__(self) -> None:
        self.queued: dict[str, Interaction] = {}
        self.agents: dict[str, Agent] = {}
        self.places: dict[str, tuple[str | None, dict[str, State]]] = {}

    def interaction(self, id: str, value: Interaction | None) -> None:
        """An interaction is so now. Those that look for a further agent are not on the board."""
        if value is not None and value.place in QUEUED and value.purpose is None:
            self.queued[id] = value
        else:
            self.queued.pop(id, None)

    def agent(self, id: str, value: Agent | None) -> None:
        """An agent is so now."""
        if value is None:
            self.agents.pop(id, None)
        else:
            self.agents[id] = value

    def session(self, id: str, value: Session | None) -> None:
        """A session is so now."""
        there: dict[str, State] = {}
        for p in value.participations if value is not None else ():
            if p.state not in FINAL and p.kind not in SUPERVISOR_KINDS:
                there[p.user] = p.state
        if there and value is not None:
            self.places[id] = (value.queue, there)
        else:
            self.places.pop(id, None)

    def queues(self, names: Iterable[str], serving: Callable[[str], Iterable[str]]) -> dict[str, "QueueNow"]:
        """How all queues of these names stand. `serving`: the ids of the users who serve a queue."""
        found = {name: QueueNow() for name in names}
        for interaction in self.queued.values():
            now = found.get(interaction.queue)
            if now is not None:
                now.take(interaction)
        for queue, there in self.places.values():
            now = found.get(queue or "")
            if now is not None and "Chatting" in there.values():
                now.in_conversation += 1
            elif now is not None and "LeftChat" in there.values():
                now.in_wrap_up += 1
        for name, now in found.items():
            for user in serving(name):
                agent = self.agents.get(user)
                now.ready += agent is not None and agent.readiness == "Ready" and not agent.do_not_disturb
                now.not_ready += agent is not None and agent.logged_in and agent.readiness != "Ready"
                now.not_ready += agent is not None and agent.readiness == "Ready" and agent.do_not_disturb
        return found

    def desk(self, user: str) -> dict[State, int]:
        """How many sessions on a user's desk are in which state."""
        found: dict[State, int] = {}
        agent = self.agents.get(user)
        for id in agent.desk if agent is not None else ():
            state = self.places.get(id, (None, {}))[1].get(user)
            if state is not None:
                found[state] = found.get(state, 0) + 1
        return found


class QueueNow:
    """How one queue stands. `oldest`: when the longest waiting arrived, UTC milliseconds."""

    def __init__(self) -> None:
        self.waiting = 0
        self.offered = 0
        self.oldest: int | None = None
        self.in_conversation = 0
        self.in_wrap_up = 0
        self.ready = 0
        self.not_ready = 0

    def take(self, interaction: Interaction) -> None:
        """One more that waits, or rings at an agent; both grow older."""
        if interaction.place == "waiting":
            self.waiting += 1
        else:
            self.offered += 1
        self.oldest = interaction.arrived if self.oldest is None else min(self.oldest, interaction.arrived)

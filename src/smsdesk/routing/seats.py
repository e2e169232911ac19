"""Who is free, by target: the least loaded or the longest ready in front. Knows agents and targets, not what
waits for them.

An entry in a heap is good while its `turn` is that of its agent: whenever something about him changes he gets
a new turn and new entries, and the old ones go when they come up.
"""

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Policy, User
from smsdesk.core.strategy import Order
from smsdesk.routing.rules import free
from smsdesk.routing.targets import Meaning, TargetError, meaning

SLACK = 64  # entries that are over, beyond as many as there are others, before a heap is cleared of them
Entry = tuple[int, int, str, int, "Seat"]


class Seat:
    """An agent as routing sees him. `held`: sessions that are being offered to him, not on his desk yet."""

    __slots__ = ("agent", "free", "held", "load", "room", "since", "targets", "turn", "user")

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.user: User | None = None
        self.room = 0
        self.held: set[str] = set()
        self.load = self.since = 0
        self.free = False
        self.turn = 0
        self.targets: set[Target] = set()

    def has(self, session: str) -> bool:
        """Whether he is in a session, or about to be asked."""
        return session in self.agent.desk or session in self.held


class Target:
    """Users who may be tried together, by id."""

    def __init__(self, meant: Meaning, test: Callable[[User], bool] | None) -> None:
        self.meant = meant
        self.test = test or (lambda user: False)
        self.members: dict[str, Seat] = {}
        self._loaded: list[Entry] | None = None
        self._ready: list[Entry] | None = None

    def push(self, seat: Seat) -> None:
        """A free member has a new turn."""
        for heap, load in ((self._loaded, seat.load), (self._ready, 0)):
            if heap is not None:
                heappush(heap, (load, seat.since, seat.agent.id, seat.turn, seat))
                if len(heap) > 2 * len(self.members) + SLACK:
                    heap[:] = [entry for entry in heap if self._good(entry)]
                    heapify(heap)

    def first(self, order: Order, fits: Callable[[Seat], bool]) -> Entry | None:
        """The first free member who fits."""
        heap = self._heap(order)
        passed: list[Entry] = []
        found: Entry | None = None
        while heap:
            entry = heap[0]
            if self._good(entry):
                if fits(entry[4]):
                    found = entry
                    break
                passed.append(entry)
            heappop(heap)
        for entry in passed:
            heappush(heap, entry)
        return found

    def anybody(self, order: Order) -> bool:
        """Whether a member is free at all."""
        heap = self._heap(order)
        while heap and not self._good(heap[0]):
            heappop(heap)
        return bool(heap)

    def _heap(self, order: Order) -> list[Entry]:
        """The heap for an order; made when it is asked for first."""
        if order == "longestReady":
            if self._ready is None:
                self._ready = [(0, *entry[1:]) for entry in self._entries()]
                heapify(self._ready)
            return self._ready
        if self._loaded is None:
            self._loaded = self._entries()
            heapify(self._loaded)
        return self._loaded

    def _entries(self) -> list[Entry]:
        seats = (seat for seat in self.members.values() if seat.free)
        return [(seat.load, seat.since, seat.agent.id, seat.turn, seat) for seat in seats]

    def _good(self, entry: Entry) -> bool:
        seat = entry[4]
        return seat.turn == entry[3] and seat.free and entry[2] in self.members


class Seats:
    """All agents and all targets. `stirred`: those for whom somebody may have become free."""

    def __init__(self, centre: Centre, policy: Policy) -> None:
        self._centre = centre
        self._policy = policy
        self._seats: dict[str, Seat] = {}
        self._targets: dict[str, Target] = {}
        self._alone: dict[str, Target] = {}
        self.stirred: set[Target] = set()
        self.configure(centre, policy, ())

    # -- the configured centre ---------------------------------------------------------------------
    def configure(self, centre: Centre, policy: Policy, named: Iterable[str]) -> set[str]:
        """The centre has changed; `named`: the targets of all strategies. Returns whose user changed."""
        old, self._centre = self._centre.users, centre
        users = old.keys() | centre.users.keys() if self._seats else centre.users.keys()
        changed = {id for id in users if old.get(id) is not centre.users.get(id) or id not in self._seats}
        rooms = {id for id, seat in self._seats.items() if seat.room != centre.capacity(id, policy)}
        self._policy = policy
        for id in changed - self._seats.keys():
            self._seats[id] = Seat(Agent(id))
        for name in self._targets.keys() - set(named):
            target = self._targets.pop(name)
            for seat in target.members.values():
                seat.targets.discard(target)
        moved = {id for name, target in self._targets.items() for id in self._again(name, target, changed)}
        for id in changed | rooms | moved:
            self._refresh(self._seats[id], gained=id in moved)
        return changed

    def target(self, name: str) -> Target:
        """The target of a name; compiled when it is asked for first."""
        if name not in self._targets:
            target = self._targets[name] = self._compiled(meaning(self._centre, name))
            self._fill(target, self._centre.users)
        return self._targets[name]

    def alone(self, user: str) -> Target:
        """The target that is this user alone."""
        if user not in self._alone:
            seat = self._seats[user]
            target = self._alone[user] = self._compiled(Meaning((user,)))
            target.members[user] = seat
            seat.targets.add(target)
        return self._alone[user]

    def _compiled(self, meant: Meaning) -> Target:
        try:
            return Target(meant, meant.test())
        except TargetError:  # said when the queue was configured; nobody can serve it
            return Target(meant, None)

    def _again(self, name: str, target: Target, changed: set[str]) -> set[str]:
        """Bring a target up to date; returns who has come in."""
        meant = meaning(self._centre, name)
        if meant != target.meant:
            compiled = self._compiled(meant)
            target.meant, target.test = meant, compiled.test
            return self._fill(target, self._centre.users.keys() | changed)
        return self._fill(target, changed)

    def _fill(self, target: Target, users: Iterable[str]) -> set[str]:
        gained = set()
        for id in users:
            user = self._centre.users.get(id)
            belongs = user is not None and target.test(user)
            if belongs and id not in target.members:
                target.members[id] = self._seats[id]
                self._seats[id].targets.add(target)
                gained.add(id)
            elif not belongs and id in target.members:
                del target.members[id]
                self._seats[id].targets.discard(target)
        return gained

    # -- agents ------------------------------------------------------------------------------------
    def agent(self, agent: Agent) -> bool:
        """An agent stands like this now. Returns whether he came, went, or took or left a session."""
        seat = self._seats.get(agent.id)
        if seat is None:
            seat = self._seats[agent.id] = Seat(Agent(agent.id))
        old, seat.agent = seat.agent, agent
        left = old.desk != agent.desk and any(session not in agent.desk for session in old.desk)
        self._refresh(seat, gained=left)
        return old.desk != agent.desk or old.logged_in != agent.logged_in

    def seat(self, user: str) -> Seat | None:
        """How a user stands."""
        return self._seats.get(user)

    def hold(self, seat: Seat, session: str) -> None:
        """Count a session that is about to be offered."""
        seat.held.add(session)
        self._refresh(seat)

    def release(self, user: str, session: str) -> None:
        """Count it no longer, unless it is on the desk."""
        seat = self._seats[user]
        seat.held.discard(session)
        self._refresh(seat, gained=session not in seat.agent.desk)

    def _refresh(self, seat: Seat, gained: bool = False) -> None:
        """`gained`: there may be something for him now that was not before, though he was free."""
        agent, was = seat.agent, (seat.free, seat.load, seat.since)
        seat.user = self._centre.users.get(agent.id)
        seat.room = self._centre.capacity(agent.id, self._policy)
        seat.load = len(agent.desk) + sum(session not in agent.desk for session in seat.held)
        seat.free, seat.since = free(seat.user, agent, seat.load, seat.room), agent.since
        if not gained and was == (seat.free, seat.load, seat.since):
            return
        seat.turn += 1
        if seat.free:
            for target in seat.targets:
                target.push(seat)
            if gained or not was[0]:
                self.stirred |= seat.targets

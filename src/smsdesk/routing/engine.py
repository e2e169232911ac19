"""Who gets what: the highest priority, then the oldest; for it an agent of its phase, in the order that its
strategy names (SPEC 5.3, A§4.3). Pure: told what has changed and what time it is, it says what to offer.

Between two decisions nothing that waits could be taken by anybody. So a decision looks only at the buckets
into which something came, and at those for which somebody became free; how many wait makes no difference.
"""

from heapq import heapify, heappop, heappush
from itertools import count
from typing import NamedTuple

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Policy
from smsdesk.core.interaction import Interaction
from smsdesk.routing.buckets import SLACK, Bucket, Count, Heads, Served, Waiting
from smsdesk.routing.choosing import choose
from smsdesk.routing.lines import Lines
from smsdesk.routing.rules import fits, may_wait_for, phase_now
from smsdesk.routing.seats import Seats


class Decision(NamedTuple):
    """Offer this interaction to this user."""

    interaction: str
    user: str


class Engine:
    """Keeps what waits and who is free. Times are UTC milliseconds."""

    def __init__(self, centre: Centre, policy: Policy) -> None:
        self._policy = policy
        self._seats = Seats(centre, policy)
        self._lines = Lines(centre)
        self._served: Served = {}
        self._waiting: dict[str, Waiting] = {}
        self._held: dict[str, tuple[str, str]] = {}  # what is being offered: user, session
        self._unplaced: set[str] = set()
        self._stirred: set[Bucket] = set()
        self._hoping: dict[str, set[str]] = {}  # last agent -> what may be for him alone
        self._times: list[tuple[int, int, Waiting]] = []
        self._count = count()

    # -- what is told ------------------------------------------------------------------------------
    def configure(self, centre: Centre, policy: Policy) -> None:
        """The configured centre has changed."""
        self._policy = policy
        for line in self._lines.configure(centre):
            moved = [self._waiting[id] for id in line.ids()]
            for waiting in moved:
                line.remove(waiting)
            self._lines.reshape(line)
            for waiting in moved:
                waiting.key = line.key(waiting.interaction)
                line.add(waiting)
            self._unplaced.update(waiting.interaction.id for waiting in moved)
        for user in self._seats.configure(centre, policy, self._lines.targets()):
            self._unplaced |= self._hoping.get(user, set())

    def agent(self, agent: Agent) -> None:
        """An agent stands like this now."""
        if self._seats.agent(agent):
            self._unplaced |= self._hoping.get(agent.id, set())

    def interaction(self, interaction: Interaction) -> None:
        """An interaction stands like this now; one that does not wait is forgotten."""
        self.forget(interaction.id)
        if interaction.place == "waiting":
            line = self._lines.of(interaction.queue)
            waiting = self._waiting[interaction.id] = Waiting(interaction, line)
            line.add(waiting)
            self._unplaced.add(interaction.id)

    def forget(self, id: str) -> None:
        """An interaction is gone."""
        old = self._waiting.pop(id, None)
        if old is not None:
            old.line.remove(old)
            old.due = None
            self._hope(old, None)
            self._unplaced.discard(id)

    def done(self, decision: Decision, again: int = 0) -> None:
        """The offer was made, or could not be: what was told meanwhile holds. `again`: when an offer that
        could not be made is thought of again, unless something is told about the interaction.
        """
        user, session = self._held.pop(decision.interaction)
        self._seats.release(user, session)
        waiting = self._waiting.get(decision.interaction)
        if waiting is not None:
            waiting.not_before = again
            self._unplaced.add(decision.interaction)

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    # -- what is asked -----------------------------------------------------------------------------
    def decide(self, now: int) -> list[Decision]:
        """All offers that can be made now. Each counts as load at once, and is not decided again until it is
        `done`.
        """
        self._advance(now)
        for target in self._seats.stirred:
            self._stirred |= self._served.get(target, set())
        self._seats.stirred.clear()
        heads = Heads((bucket for bucket in self._stirred if bucket.line.open), now)
        self._stirred.clear()
        decisions = []
        while (bucket := heads.next()) is not None:
            waiting = bucket.head()
            assert waiting is not None
            seat = choose(bucket, waiting.interaction, self._policy, now)
            if seat is not None:
                interaction = waiting.interaction
                decisions.append(Decision(interaction.id, seat.agent.id))
                bucket.remove(waiting)
                self._held[interaction.id] = seat.agent.id, interaction.session
                self._seats.hold(seat, interaction.session)
                heads.more(bucket)
            elif any(target.anybody(bucket.phase.order) for target in bucket.targets):
                heads.pass_over(bucket)
        heads.close()
        return decisions

    def next_look(self) -> int | None:
        """When something is worth deciding again though nothing is told: a phase begins, a rejection is
        forgotten, a queue opens.
        """
        while self._times and self._times[0][2].due != self._times[0][0]:
            heappop(self._times)
        times = [self._times[0][0]] if self._times else []
        opening = self._lines.next_opening()
        return min((*times, *([] if opening is None else [opening])), default=None)

    def next_for(self, user: str, now: int, queue: str | None = None) -> str | None:
        """What this agent would get first if he were free now, of all queues or of one; None for nothing."""
        self._advance(now)
        seat = self._seats.seat(user)
        if seat is None:
            return None
        mine = {bucket for target in seat.targets for bucket in self._served.get(target, ())}
        heads = Heads((b for b in mine if b.line.open and queue in (None, b.line.name)), now)
        found = None
        while found is None and (bucket := heads.next()) is not None:
            waiting = bucket.head()
            assert waiting is not None
            interaction = waiting.interaction
            if fits(interaction, user, seat.has(interaction.session), self._policy, now):
                found = interaction.id
            else:
                heads.pass_over(bucket)
        heads.close()
        return found

    def waiting(self, queue: str) -> Count:
        """How many wait in a queue, what is being offered among them, and since when the oldest does."""
        return self._lines.of(queue).count()

    def position(self, interaction: str) -> int | None:
        """How many are in front of one in its queue; None when it does not wait."""
        waiting = self._waiting.get(interaction)
        return None if waiting is None else waiting.line.position(waiting)

    # -- time --------------------------------------------------------------------------------------
    def _advance(self, now: int) -> None:
        """Everything is where it belongs at this time."""
        for line in self._lines.turn(now):
            self._stirred.update(line.buckets.values())
        while self._times and self._times[0][0] <= now:
            due, _, waiting = heappop(self._times)
            if waiting.due == due:
                waiting.due = None
                self._unplaced.add(waiting.interaction.id)
        unplaced, self._unplaced = self._unplaced, set()
        for id in unplaced:
            if id in self._waiting and id not in self._held:
                self._place(self._waiting[id], now)

    def _place(self, waiting: Waiting, now: int) -> None:
        interaction, line = waiting.interaction, waiting.line
        if line.timeline is None:
            return
        elapsed = now - (interaction.began or interaction.arrived)
        times = [at + self._policy.reject_memory for at in interaction.rejected.values()]
        bucket: Bucket | None = None
        if elapsed < 0 or now < waiting.not_before:
            times += [now - elapsed, waiting.not_before]
        else:
            bucket = self._bucket(waiting, now, elapsed)
            following = line.timeline.next_phase(elapsed)
            times += [] if following is None else [now - elapsed + following]
        if bucket is not waiting.bucket:
            if waiting.bucket is not None:
                waiting.bucket.remove(waiting)
            if bucket is not None:
                bucket.add(waiting)
        if bucket is not None:
            self._stirred.add(bucket)
        self._look_again(waiting, min((time for time in times if time > now), default=None))

    def _bucket(self, waiting: Waiting, now: int, elapsed: int) -> Bucket | None:
        """Where it waits, so long after its strategy began with it. The search for the last agent is passed
        over while he cannot be asked.
        """
        line, user = waiting.line, waiting.interaction.last_agent or ""
        assert line.timeline is not None
        for_last = line.timeline.phases[line.timeline.phase_at(elapsed)].last_agent
        self._hope(waiting, user if for_last and user else None)
        alone = for_last and self._may_ask(user, waiting.interaction, now)
        index = phase_now(line.timeline, elapsed, alone)
        if index is None:
            return None
        place = index, user if alone else ""
        if place not in line.buckets:
            phase = line.timeline.phases[index]
            found = (self._seats.alone(user),) if alone else map(self._seats.target, phase.targets)
            line.buckets[place] = Bucket(line, place, phase, tuple(found), self._served)
        return line.buckets[place]

    def _may_ask(self, user: str, interaction: Interaction, now: int) -> bool:
        seat = self._seats.seat(user)
        return seat is not None and may_wait_for(interaction, seat.user, seat.agent, self._policy, now)

    def _hope(self, waiting: Waiting, user: str | None) -> None:
        """It may be for this last agent alone; None: for nobody."""
        last = waiting.interaction.last_agent or ""
        if user is not None:
            self._hoping.setdefault(user, set()).add(waiting.interaction.id)
        elif last in self._hoping:
            self._hoping[last].discard(waiting.interaction.id)
            if not self._hoping[last]:
                del self._hoping[last]

    def _look_again(self, waiting: Waiting, due: int | None) -> None:
        if due != waiting.due and due is not None:
            heappush(self._times, (due, next(self._count), waiting))
            if len(self._times) > 4 * len(self._waiting) + SLACK:
                waiting.due = due
                self._times = [entry for entry in self._times if entry[2].due == entry[0]]
                heapify(self._times)
        waiting.due = due

"""Plays a day: a heap of what happens next, and the real routing engine deciding in between. What is due for
an interaction by its strategy is done by the same rules as in the contact centre (`core.advancing`).

Each customer draws how long he will take when he comes, not when he is served: so the same seed brings the
same customers to any configuration.
"""

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from msgspec.structs import replace

from smsdesk.core.acts import next_due
from smsdesk.core.advancing import advanced
from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Policy
from smsdesk.core.interaction import Interaction
from smsdesk.forecast.crew import Worker, together
from smsdesk.forecast.customers import Case, Source
from smsdesk.forecast.drawing import HOUR, Chances, Time
from smsdesk.forecast.outcome import Cell, Outcome
from smsdesk.forecast.plan import Plan
from smsdesk.routing.engine import Decision, Engine

Action = Callable[[int, Any, Any], None]
KNOWN = 1000  # customers of a queue whose agents are remembered, for those who return


class Day:
    """One day of one plan. The policy's times count as in the contact centre."""

    def __init__(self, centre: Centre, policy: Policy, plan: Plan, chances: Chances) -> None:
        self._centre = centre
        self._policy = policy
        self._plan = plan
        self._engine = Engine(centre, policy)
        self._heap: list[tuple[int, int, Action, Any, Any]] = []
        self._pushed = 0
        self._look = 0
        self._stirred = False  # something was told to the engine, or it asked to be asked
        self._cases: dict[str, Case] = {}
        self._came = 0
        hours = len(plan.slots)
        self._cells = {name: [Cell() for _ in range(hours)] for name in centre.queues}
        self._objectives = {
            name: centre.strategy_of(queue).objective * 1000 for name, queue in centre.queues.items()
        }
        busy = {name for name in centre.queues if name in centre.openings or centre.timelines[name].acts}
        self._eventful = busy
        self._workers = {
            user: Worker(user, centre.capacity(user, policy), plan.begin, hours, self._tell_agent)
            for user in dict.fromkeys(work.user for work in plan.work)
        }
        self._times: dict[tuple[str, str], Time] = {}
        self._served: dict[str, deque[str]] = {name: deque(maxlen=KNOWN) for name in centre.queues}
        self._answers = chances("answers")
        self._streams = [Source(stream, plan, chances, n) for n, stream in enumerate(plan.streams)]

    def play(self) -> Outcome:
        """Play it to the end, and say what it came to."""
        self._begin()
        heap, end, decide = self._heap, self._plan.end, self._engine.decide
        while heap and (now := heap[0][0]) < end:
            while heap and heap[0][0] == now:
                _, _, action, one, other = heappop(heap)
                action(now, one, other)
            if self._stirred:
                self._stirred = False
                for decision in decide(now):
                    self._offer(now, decision)
                self._look_again(now)
        return self._outcome()

    def _begin(self) -> None:
        for work in self._plan.work:
            worker = self._workers[work.user]
            self._at(work.end, self._go, worker, work.home)
            self._at(work.begin, self._come, worker, None)
        for source in self._streams:
            self._next_arrival(source)

    def _at(self, time: int, action: Action, one: Any, other: Any) -> None:
        self._pushed += 1
        heappush(self._heap, (time, self._pushed, action, one, other))

    def _look_again(self, now: int) -> None:
        look = self._engine.next_look()
        if look is not None and not now < self._look <= look:
            self._look = max(look, now + 1)
            self._at(self._look, self._stir, None, None)

    def _stir(self, now: int, one: None, other: None) -> None:
        self._stirred = True

    def _tell_interaction(self, interaction: Interaction) -> None:
        self._stirred = True
        self._engine.interaction(interaction)

    def _tell_agent(self, agent: Agent) -> None:
        self._stirred = True
        self._engine.agent(agent)

    # -- agents ------------------------------------------------------------------------------------
    def _come(self, now: int, worker: Worker, _: None) -> None:
        worker.come(now)

    def _go(self, now: int, worker: Worker, home: bool) -> None:
        worker.go(now, home)

    def _back(self, now: int, worker: Worker, _: None) -> None:
        worker.back(now)

    def _finish(self, now: int, session: str, worker: Worker) -> None:
        worker.leave(now, session)

    # -- customers ---------------------------------------------------------------------------------
    def _next_arrival(self, source: Source) -> None:
        time = next(source.times, None)
        if time is not None:
            self._at(time, self._arrive, source, None)

    def _arrive(self, now: int, source: Source, _: None) -> None:
        self._next_arrival(source)
        stream = source.stream
        self._came += 1
        number, patience, returning, which = (source.draw() for _ in range(4))
        served = self._served[stream.queue]
        last = served[int(which * len(served))] if served and returning < stream.returning else None
        id = f"{self._came:09d}"
        interaction = Interaction(id, stream.queue, now, priority=stream.priority, last_agent=last)
        gone = now + stream.patience.at(patience) if stream.patience is not None else None
        case = self._cases[id] = Case(interaction, number, gone, self._cell(stream.queue, now))
        case.cell.offered += 1
        if gone is not None:
            self._at(gone, self._lose, case, None)
        self._wait(now, case)

    def _cell(self, queue: str, now: int) -> Cell:
        return self._cells[queue][(now - self._plan.begin) // HOUR]

    def _wait(self, now: int, case: Case) -> None:
        """It waits or rests."""
        self._do(now, case)
        self._tell_interaction(case.interaction)

    def _do(self, now: int, case: Case) -> None:
        """Do what is due for it by its strategy, and come back when more is."""
        if case.interaction.queue in self._eventful:
            while (step := advanced(self._centre, case.interaction, now)) is not None:
                case.cell.texts += step.words is not None
                if step.interaction.queue != case.interaction.queue:
                    self._move(now, case, step.interaction.queue)
                case.interaction = step.interaction
            due = next_due(self._centre, case.interaction, now)
            if due is not None:
                self._at(due, self._act, case, case.interaction)

    def _move(self, now: int, case: Case, queue: str) -> None:
        case.cell.overflowed += 1
        case.cell = self._cell(queue, now)
        case.cell.offered += 1
        case.cell.entered += 1

    def _act(self, now: int, case: Case, interaction: Interaction) -> None:
        if case.interaction is interaction:  # else it has been offered, or has moved since
            self._do(now, case)
            if _where(case.interaction) != _where(interaction):  # a text alone changes nothing for routing
                self._tell_interaction(case.interaction)

    def _lose(self, now: int, case: Case, _: None) -> None:
        interaction = case.interaction
        if interaction.place in ("waiting", "parked"):
            case.interaction = replace(interaction, place="closed")
            case.cell.abandoned += 1
            del self._cases[interaction.id]
            self._tell_interaction(case.interaction)

    # -- offers ------------------------------------------------------------------------------------
    def _offer(self, now: int, decision: Decision) -> None:
        case, worker = self._cases[decision.interaction], self._workers[decision.user]
        case.interaction = replace(case.interaction, place="offered", offered_to=worker.id)
        worker.take(now, decision.interaction)
        self._engine.interaction(case.interaction)
        self._engine.done(decision)
        answering = self._plan.answering
        time, rejects = answering.time.at(self._answers()), self._answers() < answering.rejects
        if time > self._policy.ring:
            self._at(now + self._policy.ring, self._miss, case, worker)
        elif rejects:
            self._at(now + time, self._reject, case, worker)
        elif time:
            self._at(now + time, self._accept, case, worker)
        else:
            self._accept(now, case, worker)

    def _accept(self, now: int, case: Case, worker: Worker) -> None:
        interaction = case.interaction
        case.interaction = replace(interaction, place="assigned")
        del self._cases[interaction.id]
        case.cell.accept(now - interaction.arrived, self._objectives[interaction.queue])
        self._served[interaction.queue].append(worker.id)
        time = self._time(interaction.queue, worker.id).at(case.number)
        self._at(now + time, self._finish, interaction.id, worker)

    def _time(self, queue: str, user: str) -> Time:
        found = self._times.get((queue, user))
        if found is None:
            skills = self._centre.users[user].skills
            found = self._times[queue, user] = next(
                handling.time
                for handling in self._plan.handling
                if handling.queue in (None, queue)
                and (handling.skill is None or skills.get(handling.skill, 0) >= handling.level)
            )
        return found

    def _miss(self, now: int, case: Case, worker: Worker) -> None:
        if self._policy.agent_no_answer_action != "none":
            until = now + self._plan.answering.back
            worker.miss(now, until)
            self._at(until, self._back, worker, None)
        self._reject(now, case, worker)

    def _reject(self, now: int, case: Case, worker: Worker) -> None:
        interaction = case.interaction
        worker.leave(now, interaction.id)
        rejected = {**interaction.rejected, worker.id: now}
        case.interaction = replace(interaction, place="waiting", offered_to=None, rejected=rejected)
        case.cell.returned += 1
        if case.gone is not None and case.gone <= now:
            self._lose(now, case, None)
        else:
            self._wait(now, case)

    # -- the end -----------------------------------------------------------------------------------
    def _outcome(self) -> Outcome:
        for case in self._cases.values():
            case.cell.waiting += 1
            case.cell.parked += case.interaction.place == "parked"
        presence = {id: worker.presence(self._plan.end) for id, worker in self._workers.items()}
        groups = {}
        for group in self._centre.groups.values():
            found = [presence[user] for user in group.members if user in presence]
            if found:
                groups[group.name] = together(found, len(self._plan.slots))
        return Outcome(self._cells, groups, self._objectives, self._pushed)


def _where(interaction: Interaction) -> tuple[str, str, int]:
    """What routing sees of it, as far as strategies change it."""
    return interaction.place, interaction.queue, interaction.began

"""The engine decides what the plain reference decides, whatever happens (SPEC 3, 5.3, A§4.3)."""

from collections.abc import Iterator
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Policy
from smsdesk.core.interaction import Interaction
from smsdesk.routing.engine import Decision, Engine
from tests.routing.centres import QUEUES, USERS, centre
from tests.routing.centres import user as new_user
from tests.routing.reference import Reference

NOW = 1_700_000_000_000  # a Tuesday, 22:13:20 UTC
POLICY = Policy(capacity=2, reject_memory=60_000)
numbers = st.integers(0, 2**32)


class Routing(RuleBasedStateMachine):
    """Interactions come and go, agents change, offers are made, come late or fail, time passes."""

    @initialize(number=numbers, eager=st.booleans())
    def begin(self, number: int, eager: bool) -> None:
        self.eager = eager  # it decides after everything that happens
        self.now = NOW
        first = centre(number)
        self.engine = Engine(first, POLICY)
        self.reference = Reference(first, POLICY)
        self.count = 0
        self.offered: dict[str, Interaction] = {}
        self.under_way: list[Decision] = []
        for n, user in enumerate(USERS):
            self._agent(Agent(user, "Ready", since=NOW - n % 3))
        for n in range(8):
            last = (None, "a", "b", "c")[number % 4]
            self._interaction(Interaction(f"f{n}", QUEUES[n % 3], NOW, priority=n % 5 % 2, last_agent=last))

    # -- what happens ------------------------------------------------------------------------------
    @rule(
        queues=st.lists(st.sampled_from((*QUEUES, *QUEUES, "gone")), min_size=1, max_size=5),
        before=st.sampled_from([0, 0, 500, 40_000]),
        priority=st.sampled_from([0, 0, 0, 1, 2]),
        last=st.sampled_from([None, None, "a", "b", "nobody"]),
        began=st.sampled_from([None, None, None, -10_000, 10_000]),
    )
    def some_come(
        self, queues: list[str], before: int, priority: int, last: str | None, began: int | None
    ) -> None:
        for queue in queues:
            self.count += 1
            one = Interaction(
                f"i{self.count:03}", queue, self.now - before, priority=priority, last_agent=last
            )
            self._interaction(one if began is None else replace(one, began=self.now + began))

    @rule(data=st.data())
    def a_colleague_is_looked_for(self, data: st.DataObject) -> None:
        desks = sorted({session for agent in self.reference.agents.values() for session in agent.desk})
        if desks:
            session, queue = data.draw(st.sampled_from(desks)), data.draw(st.sampled_from(QUEUES))
            further = Interaction(f"{session}+", queue, self.now, purpose="Consult", of=session)
            if further.id not in self.reference.held:
                self._interaction(further)

    @rule(data=st.data(), how=st.sampled_from(["leaves", "rejected", "moved", "raised"]))
    def one_changes(self, data: st.DataObject, how: str) -> None:
        waiting = sorted(self.reference.waiting.keys() - self.reference.held.keys())
        if waiting:
            old = self.reference.waiting[data.draw(st.sampled_from(waiting))]
            user = data.draw(st.sampled_from(USERS))
            changes: dict[str, dict[str, object]] = {
                "leaves": {"place": "closed"},
                "rejected": {"rejected": {**old.rejected, user: self.now}},
                "moved": {"queue": "q1", "began": self.now},
                "raised": {"priority": old.priority + 1},
            }
            self._interaction(replace(old, **changes[how]))

    @rule(
        user=st.sampled_from(USERS),
        readiness=st.sampled_from(["Ready", "Ready", "Ready", "NotReady", "LoggedOut"]),
        disturb=st.sampled_from([False, False, True]),
    )
    def an_agent_changes(self, user: str, readiness: str, disturb: bool) -> None:
        old = self.reference.agents[user]
        since = self.now if readiness != old.readiness else old.since
        self._agent(replace(old, readiness=readiness, do_not_disturb=disturb, since=since))

    @rule(users=st.sets(st.sampled_from(USERS), min_size=1), number=st.sampled_from([1, 1, 2, 9]))
    def sessions_are_over(self, users: set[str], number: int) -> None:
        for user in sorted(users):
            agent = self.reference.agents[user]
            self._agent(replace(agent, desk=agent.desk[number:]))

    @rule(users=st.sets(st.sampled_from(USERS), min_size=1), missed=st.booleans())
    def offers_come_back(self, users: set[str], missed: bool) -> None:
        """Rejected, or missed by somebody who is NotReady then (SPEC 3)."""
        for user in sorted(users):
            agent = self.reference.agents[user]
            for session in agent.desk:
                old = self.offered.pop(session, None)
                if old is not None:
                    self._interaction(replace(old, rejected={**old.rejected, user: self.now}))
            self._agent(replace(agent, desk=(), readiness="NotReady" if missed else agent.readiness))

    @rule(milliseconds=st.sampled_from([1, 1000, 4999, 5000, 10_000, 30_000, 60_000, 300_000]))
    def time_passes(self, milliseconds: int) -> None:
        self.now += milliseconds

    @rule(parts=st.lists(st.sampled_from(["users", "groups", "queues"]), max_size=3), number=numbers)
    def something_is_configured_anew(self, parts: list[str], number: int) -> None:
        old, next_one = self.reference.centre, centre(number)
        users, groups = (next_one if part in parts else old for part in ("users", "groups"))
        queues = next_one if "queues" in parts else old
        more = {kind: queues.records[kind].values() for kind in ("strategy", "hours")}
        self._configure(
            Centre(users.users.values(), groups.groups.values(), queues.queues.values(), more=more)
        )

    @rule(user=st.sampled_from(USERS), number=numbers)
    def a_user_is_changed(self, user: str, number: int) -> None:
        old = self.reference.centre
        changed = {**old.users, user: new_user(Random(number), user)}
        kept = {"strategy": old.records["strategy"].values(), "hours": old.records["hours"].values()}
        parts = old.groups.values(), old.queues.values()
        self._configure(Centre(changed.values(), *parts, more=kept))

    @rule()
    def it_starts_again(self) -> None:
        """All that was under way is known by then."""
        while self.under_way:
            self._offered(self.under_way.pop(0), made=True)
        self.engine = Engine(self.reference.centre, POLICY)
        self.reference.credit.clear()
        for agent in self.reference.agents.values():
            self.engine.agent(agent)
        for interaction in self.reference.waiting.values():
            self.engine.interaction(interaction)

    @invariant()
    def it_decides_at_once(self) -> None:
        if self.eager:
            self.it_decides()

    # -- deciding ----------------------------------------------------------------------------------
    @rule()
    def it_decides(self) -> None:
        found = self.engine.decide(self.now)
        assert found == self.reference.decide(self.now)
        assert self.engine.decide(self.now) == []  # each counts at once
        self.under_way += found

    @precondition(lambda self: self.under_way)
    @rule(results=st.lists(st.sampled_from([True, True, True, False]), min_size=1, max_size=9))
    def offers_are_done(self, results: list[bool]) -> None:
        for made, decision in zip(results, self.under_way, strict=False):
            self._offered(decision, made)
        del self.under_way[: len(results)]

    @rule()
    def it_looks_when_it_said(self) -> None:
        """Before that nothing can be decided if nothing is told."""
        self.it_decides()
        due = self.engine.next_look()
        assert due is None or due > self.now
        for later in self._times(due):
            assert self.reference.decide(later) == []
        if due is not None:
            self.now = due
            self.it_decides()

    @rule(user=st.sampled_from((*USERS, "nobody")), queue=st.sampled_from([None, None, *QUEUES]))
    def somebody_pulls(self, user: str, queue: str | None) -> None:
        queues = QUEUES if queue is None else (queue,)
        assert self.engine.next_for(user, self.now, queue) == self.reference.next_for(user, self.now, queues)

    @invariant()
    def the_lines_are_right(self) -> None:
        for queue in (*QUEUES, "gone"):
            waiting = [i for i in self.reference.waiting.values() if i.queue == queue]
            waiting.sort(key=lambda i: (-self.reference.priority(i, self.now), i.arrived, i.id))
            oldest = min((i.arrived for i in waiting), default=None)
            assert self.engine.waiting(queue) == (len(waiting), oldest)
            if queue != "gone":
                assert [self.engine.position(i.id) for i in waiting] == list(range(len(waiting)))
        assert self.engine.position("unknown") is None

    # -- telling both ------------------------------------------------------------------------------
    def _times(self, due: int | None) -> Iterator[int]:
        last = self.now + 200_000 if due is None else due - 1
        yield from (time for time in (self.now + 1, (self.now + last) // 2, last) if self.now < time <= last)

    def _configure(self, found: Centre) -> None:
        old = self.reference.centre
        self.engine.configure(found, POLICY)
        self.reference.centre = found
        for queue, phase in list(self.reference.credit):
            if old.timelines[queue] != found.timelines[queue]:
                del self.reference.credit[queue, phase]

    def _interaction(self, interaction: Interaction) -> None:
        self.engine.interaction(interaction)
        if interaction.place == "waiting":
            self.reference.waiting[interaction.id] = interaction
        else:
            self.reference.waiting.pop(interaction.id, None)

    def _agent(self, agent: Agent) -> None:
        self.engine.agent(agent)
        self.reference.agents[agent.id] = agent

    def _offered(self, decision: Decision, made: bool) -> None:
        interaction = self.reference.waiting[decision.interaction]
        if made:
            agent = self.reference.agents[decision.user]
            self._agent(replace(agent, desk=(*agent.desk, interaction.session)))
            self._interaction(replace(interaction, place="offered", offered_to=decision.user))
            if interaction.purpose is None:
                self.offered[interaction.id] = interaction
        self.engine.done(decision)
        del self.reference.held[decision.interaction]


Routing.TestCase.settings = settings(max_examples=80, stateful_step_count=50, deadline=None)
TestRouting = Routing.TestCase

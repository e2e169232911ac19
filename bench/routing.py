"""Routing under load: many wait, everybody is busy, and every few milliseconds somebody gets room.

python -m bench.routing            a table of how the cost of a decision grows with how many wait
python -m bench.routing --chart docs/benchmarks/routing.svg
"""

import argparse
import gc
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import mean, median
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from bench import chart, machine
from bench.sampling import Sample
from bench.scan import Scan
from smsdesk.core.agent import Agent
from smsdesk.core.centre import Centre, Policy, Queue, User
from smsdesk.core.interaction import Interaction
from smsdesk.core.strategy import OWN, Ageing, Relax, Step, Strategy
from smsdesk.routing.engine import Decision, Engine

AGENTS, QUEUES, SKILLS_EACH, CAPACITY = 5_000, 100, 4, 5
SIZES = (100, 1_000, 10_000, 100_000)
SCANNED = 1_000  # the most that the plain way is asked to look at
EVERY = 25  # milliseconds between two that get room: 40 sessions a second end
NOW = 1_700_000_000_000
SUBJECTS: dict[str, type[Engine] | type[Scan]] = {"smsdesk": Engine, "scan": Scan}


class Router(Protocol):
    """What is measured."""

    def agent(self, agent: Agent) -> None: ...
    def interaction(self, interaction: Interaction) -> None: ...
    def done(self, decision: Decision) -> None: ...
    def decide(self, now: int) -> list[Decision]: ...


class Measured(NamedTuple):
    """Microseconds of processor time for single decisions, with all that has to be told before and after.
    `building`: seconds to take in what waits and everybody.
    """

    waiting: int
    each: list[float]
    building: float


def centre(random: Random) -> Centre:
    """Agents with a few skills each, queues that ask for one each: above 6 at first, above 3 after half a
    minute, which makes 200 targets.
    """
    names = [f"s{n}" for n in range(QUEUES)]
    users = [
        User(
            f"u{n:05}",
            f"u{n:05}",
            skills={name: random.randint(1, 10) for name in random.sample(names, SKILLS_EACH)},
        )
        for n in range(AGENTS)
    ]
    strategies = [
        Strategy(
            name,
            name,
            priority=n % 3,
            ageing=Ageing(1, 60),
            steps=(Step((OWN,), relax=(Relax(name, 3, 30, to=3),)),),
        )
        for n, name in enumerate(names)
    ]
    queues = [Queue(name, name, f"?:{name}>6", name) for name in names]
    return Centre(users, (), queues, more={"strategy": strategies})


class Load:
    """The floor, full: every agent has as many sessions as he may, and so many wait."""

    def __init__(self, kind: type[Engine] | type[Scan], waiting: int, seed: int = 1) -> None:
        self._random = Random(seed)
        there = centre(self._random)
        self._names = list(there.queues)
        self._users = list(there.users)
        self._now, self._count = NOW, 0
        began = time.process_time()
        self._router: Router = kind(there, Policy(capacity=CAPACITY))
        self._agents = {
            id: Agent(id, "Ready", since=NOW - n, desk=tuple(f"{id}-{k}" for k in range(CAPACITY)))
            for n, id in enumerate(self._users)
        }
        for agent in self._agents.values():
            self._router.agent(agent)
        self._waiting: dict[str, Interaction] = {}
        for n in range(waiting):
            self._come(NOW - (waiting - n) * EVERY)
        self._router.decide(NOW)
        self.building = time.process_time() - began

    def _come(self, arrived: int) -> None:
        self._count += 1
        id = f"i{self._count:08}"
        one = Interaction(id, self._random.choice(self._names), arrived, priority=self._count % 2)
        self._waiting[id] = one
        self._router.interaction(one)

    def step(self) -> int:
        """Somebody gets room, what is decided is offered to him, and as many come as went. Returns the number
        of decisions.
        """
        self._now += EVERY
        self._change(self._random.choice(self._users), leaves=True)
        found = self._router.decide(self._now)
        for decision in found:
            self._change(decision.user, takes=decision.interaction)
            offered = replace(
                self._waiting.pop(decision.interaction), place="offered", offered_to=decision.user
            )
            self._router.interaction(offered)
            self._router.done(decision)
        for _ in found:
            self._come(self._now)
        return len(found)

    def _change(self, user: str, leaves: bool = False, takes: str | None = None) -> None:
        agent = self._agents[user]
        desk = agent.desk[1:] if leaves else agent.desk
        agent = self._agents[user] = replace(agent, desk=desk if takes is None else (*desk, takes))
        self._router.agent(agent)


def measure(subject: str, waiting: int, seconds: float) -> Measured:
    """Decide for so many seconds."""
    load = Load(SUBJECTS[subject], waiting)
    each: list[float] = []
    gc.collect()
    gc.freeze()
    end = time.process_time() + seconds
    while (began := time.process_time()) < end:
        made = load.step()
        if made:
            each.append((time.process_time() - began) / made * 1e6)
    gc.unfreeze()
    return Measured(waiting, each, load.building)


def sample(case: str, subject: str, waiting: int, seconds: float) -> Sample:
    """One measurement as a line of the big table; nothing but decisions is in it."""
    found = measure(subject, waiting, seconds)
    each = sorted(found.each)
    rate = 1e6 / mean(each)
    p50, p99 = (each[int(len(each) * part)] / 1000 for part in (0.5, 0.99))
    return Sample(
        case, subject, rate=rate, published=rate, p50=p50, p99=p99, reply_p50=p50, reply_p99=p99,
        cpu=mean(each), server_share=1, load_share=0, size=0, start=0, memory_rest=0, memory_each=0,
        memory_load=0, faults={},
    )  # fmt: skip


def table(found: dict[str, list[Measured]]) -> str:
    """How the cost grows."""
    lines = [
        "| waiting | µs a decision | p50 | p99 | × the line above | looking at everything | built in ms |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    plain = {m.waiting: mean(m.each) for m in found["scan"]}
    before: float | None = None
    for m in found["smsdesk"]:
        each, now = sorted(m.each), mean(m.each)
        growth = f"{now / before:.2f}" if before else ""
        other = f"{plain[m.waiting]:,.0f}" if m.waiting in plain else ""
        lines.append(
            f"| {m.waiting:,} | {now:.0f} | {median(each):.0f} | {each[int(len(each) * 0.99)]:.0f} "
            f"| {growth} | {other} | {m.building * 1000:,.0f} |"
        )
        before = now
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Measure all sizes, print the table, and draw the curve."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.routing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=float, default=5, help="how long a size is measured (5)")
    parser.add_argument("--chart", type=Path, help="where the curve goes, an SVG")
    options = parser.parse_args(arguments)
    print(f"{machine.describe()}; {AGENTS:,} agents, {2 * QUEUES} targets", flush=True)
    found = {
        subject: [measure(subject, n, options.seconds) for n in SIZES if subject == "smsdesk" or n <= SCANNED]
        for subject in SUBJECTS
    }
    print(f"\n{table(found)}")
    if options.chart is not None:
        titles = {"smsdesk": "smsdesk", "scan": "looking at everything"}
        curves = {titles[name]: [(m.waiting, mean(m.each)) for m in rows] for name, rows in found.items()}
        options.chart.write_text(chart.logarithmic("A decision", "waiting", "microseconds", curves))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

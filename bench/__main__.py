"""The command: measure all cases round by round, print a table, keep a file.

python -m bench                   everything; about a quarter of an hour
python -m bench --quick           a first impression in less than two minutes
python -m bench --only texts-smpp --rounds 1
python -m bench --before build/bench/earlier.json
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import uvloop

from bench import machine, peers, report, routing, texting
from bench.cases import CASES, Case, Decisions, Pushes, Texts
from bench.process import NotStarted, Server, free_address
from bench.pushing import push
from bench.sampling import Sample, Stalled
from bench.subjects import Subject
from smsdesk import __version__

FAULTS = (NotStarted, Stalled, peers.Missing, ConnectionError, TimeoutError)
SERVERS = (s.name for case in CASES if isinstance(case, Pushes) for s in case.subjects)
WHO = list(dict.fromkeys((*SERVERS, *routing.SUBJECTS)))
Step = tuple[str, str, Callable[[], Sample]]  # case, who, measure


def main(arguments: Sequence[str]) -> int:
    """Run; the exit code is 1 when smsdesk itself could not be measured."""
    options = parse(arguments)
    cores = machine.cores()
    if not cores.apart:
        print("There is one core only: server and load take time from each other.", flush=True)
    busy = machine.busy()
    machine_line = machine.describe()
    machine.settle_on(cores.load)
    before = report.read(options.before) if options.before else None
    run = report.Run(report.now(), machine_line, busy, options.rounds, options.seconds, __version__, [], [])
    with tempfile.TemporaryDirectory(prefix="smsdesk-bench-", dir=options.folder) as folder:
        bench = Bench(Path(folder), cores.server, options.warm, options.seconds)
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", flush=True)
            measure(run, (step for step in bench.steps(options.cases) if step[1] in options.who))
    report.save(run, options.out)
    print(f"\n{report.table(run, before)}\n\nkept in {options.out}")
    return 1 if any(words.startswith(report.OURS) for words in run.left_out) else 0


def measure(run: report.Run, steps: Iterator[Step]) -> None:
    """One round."""
    for case, who, step in steps:
        try:
            sample = step()
        except FAULTS as fault:
            words = f"{who} in {case}: {in_short(fault)}"
            run.left_out += [] if words in run.left_out else [words]
            print(f"  left out: {words}", flush=True)
        else:
            run.samples.append(sample)
            print(f"  {case:22} {who:22} {sample.rate:8,.0f}/s  {sample.cpu:5.0f} µs each", flush=True)


def in_short(fault: Exception) -> str:
    """What happened, and the end of what the server said about it."""
    lines = [line for words in (str(fault), *getattr(fault, "__notes__", ())) for line in words.splitlines()]
    shown = lines if len(lines) < 3 else (lines[0], lines[-1])
    return " ... ".join(line[:300] for line in shown)


class Bench:
    """Starts servers, each on a folder of its own, and measures them. Decisions need no server."""

    def __init__(self, folder: Path, core: int, warm: float, seconds: float) -> None:
        self._folder = folder
        self._core = core
        self._times = warm, seconds
        self._count = 0

    def steps(self, cases: Sequence[Case]) -> Iterator[Step]:
        """All measurements of one round."""
        for case in cases:
            if isinstance(case, Texts):
                for who in texting.WHO:
                    yield case.name, who, lambda case=case, who=who: self._texts(case, who)  # type: ignore[misc]
            elif isinstance(case, Decisions):
                for name in routing.SUBJECTS if case.scanned else (report.OURS,):
                    yield case.name, name, lambda case=case, who=name: self._decisions(case, who)  # type: ignore[misc]
            else:
                for subject in case.subjects:
                    yield case.name, subject.name, lambda case=case, s=subject: self._pushes(case, s)  # type: ignore[misc]

    def _pushes(self, case: Pushes, subject: Subject) -> Sample:
        folder, address = self._new_folder(), free_address()
        subject.prepare(folder, case.desks)
        command = subject.command(folder, address)
        with Server(command, self._core, address, subject.ready, folder / "log") as server:
            return uvloop.run(push(case, subject, server, *self._times))

    def _texts(self, case: Texts, who: texting.Who) -> Sample:
        folder, address, carrier = self._new_folder(), free_address(), free_address()
        command = texting.command(who, folder, address, carrier)
        with Server(command, self._core, address, "/readyz", folder / "log") as server:
            return uvloop.run(texting.text(case, who, carrier, server, *self._times))

    def _decisions(self, case: Decisions, who: str) -> Sample:
        return routing.sample(case.name, who, case.waiting, self._times[1])

    def _new_folder(self) -> Path:
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        return folder


class Options(msgspec.Struct):
    """What was asked for."""

    cases: list[Case]
    who: list[str]
    rounds: int
    warm: float
    seconds: float
    out: Path
    before: Path | None
    folder: Path | None


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line; ends the program with words when it is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [case.name for case in CASES]
    parser.add_argument("--quick", action="store_true", help="one short round without the largest case")
    parser.add_argument("--rounds", type=int, help="how often everything is measured (3; quick: 1)")
    parser.add_argument("--seconds", type=float, help="how long a measurement takes (5; quick: 2)")
    parser.add_argument("--only", nargs="+", choices=names, metavar="CASE", help=", ".join(names))
    parser.add_argument("--who", nargs="+", choices=WHO, default=WHO, metavar="NAME", help=", ".join(WHO))
    parser.add_argument(
        "--out", type=Path, default=Path("build/bench/latest.json"), help="where the JSON goes"
    )
    parser.add_argument("--before", type=Path, help="an earlier JSON to compare with")
    parser.add_argument(
        "--folder", type=Path, help="whose disk is measured (the system's place for temporary files)"
    )
    found = parser.parse_args(arguments)
    asked = found.only or [case.name for case in CASES if case.quick or not found.quick]
    chosen = [case for case in CASES if case.name in asked]
    rounds, warm, seconds = (1, 1.0, 2.0) if found.quick else (3, 2.0, 5.0)
    rounds, seconds = found.rounds or rounds, found.seconds or seconds
    return Options(chosen, found.who, rounds, warm, seconds, found.out, found.before, found.folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

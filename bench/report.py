"""What was found, as a table for people and as a file for the next comparison."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from bench.cases import CASES
from bench.sampling import Sample

OURS = "smsdesk"
BUSY_LOAD = 0.9
"""From this share of its core on, the load generator may be what is measured."""
HEAD = (
    "| who | a second | smsdesk to it | p50 ms | p99 ms | CPU µs each | server core | load core | bytes "
    "| KiB a client | start ms |"
)
RULE = "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"


class Run(msgspec.Struct):
    """One run of the benchmark. `samples`: all rounds; `left_out`: what could not be measured, and why."""

    at: str
    machine: str
    others: float
    rounds: int
    seconds: float
    version: str
    samples: list[Sample]
    left_out: list[str]


def now() -> str:
    """The time, for the record."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def middle(samples: Sequence[Sample]) -> Sample:
    """The median of several rounds, field by field."""
    first = samples[0]
    values: dict[str, Any] = {}
    for name in first.__struct_fields__:
        found = [getattr(sample, name) for sample in samples]
        values[name] = median(found) if isinstance(found[0], int | float) else found[0]
    values["size"] = int(values["size"])
    return Sample(**values)


def medians(run: Run, case: str) -> list[Sample]:
    """One sample for each who was measured in a case, in the order of the first round."""
    names = dict.fromkeys(sample.subject for sample in run.samples if sample.case == case)
    return [middle([s for s in run.samples if (s.case, s.subject) == (case, name)]) for name in names]


def table(run: Run, before: Run | None = None) -> str:
    """Everything as Markdown. `before`: an earlier run to be compared with."""
    lines = [f"{run.machine}; {run.rounds} rounds of {run.seconds:g} s, medians; {run.at}"]
    if run.others > 1:
        lines.append(
            f"The machine was busy with other work (load average {run.others:.1f}): take it as a hint."
        )
    for case in CASES:
        found = medians(run, case.name)
        if found:
            lines += ["", f"**{case.title}**", "", HEAD, RULE, *_rows(found)]
            if before is not None:
                lines += _compared(found, medians(before, case.name))
    lines += ["", *_footprint(run.samples), *(f"Left out: {words}" for words in run.left_out)]
    return "\n".join(lines)


def _rows(found: Sequence[Sample]) -> Iterable[str]:
    ours = next((sample for sample in found if sample.subject == OURS), None)
    for s in found:
        ratio = f"{ours.rate / s.rate:.2f}" if ours is not None and s is not ours and s.rate else ""
        load = f"{s.load_share:.2f}" + (" (!)" if s.load_share > BUSY_LOAD else "")
        yield (
            f"| {s.subject} | {s.rate:,.0f} | {ratio} | {s.p50:.2f} | {s.p99:.2f} | {s.cpu:.0f} "
            f"| {s.server_share:.2f} | {load} | {s.size:,} | {s.memory_each:.0f} | {s.start:,.0f} |"
        )


def _compared(found: Sequence[Sample], before: Sequence[Sample]) -> Iterable[str]:
    earlier = {sample.subject: sample for sample in before}
    for s in found:
        old = earlier.get(s.subject)
        if old is not None and old.rate and old.cpu:
            yield f"\n{s.subject} then and now: rate × {s.rate / old.rate:.2f}, CPU × {s.cpu / old.cpu:.2f}"


def _footprint(samples: Sequence[Sample]) -> Iterable[str]:
    ours = [sample for sample in samples if sample.subject == OURS and sample.start]
    if ours:
        starts, rest = [s.start for s in ours], [s.memory_rest for s in ours]
        yield (
            f"smsdesk from the start of its process to ready: {median(starts):,.0f} ms; "
            f"memory at rest: {median(rest) / 1024:.0f} MiB (medians of {len(ours)} starts)."
        )
    if any(sample.load_share > BUSY_LOAD for sample in samples):
        yield "(!) The load generator had little time left: these rates are at least so high."


def save(run: Run, path: Path) -> None:
    """Write the run as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(msgspec.to_builtins(run), indent=1) + "\n")


def read(path: Path) -> Run:
    """An earlier run. Raises OSError, msgspec.DecodeError."""
    return msgspec.json.decode(path.read_bytes(), type=Run)

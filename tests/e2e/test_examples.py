"""The examples that users are shown do what their pages say, against a demo server."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.server import Server
from tests.e2e.toolchain import HERE, NODE, environment

EXAMPLES = HERE.parent.parent / "examples"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Server]:
    """The demo as `make run` starts it, with the simulator."""
    with Server(tmp_path) as server:
        yield server


def test_every_example_is_listed() -> None:
    listed = (EXAMPLES / "README.md").read_text()
    for entry in EXAMPLES.iterdir():
        assert entry.name == "README.md" or f"]({entry.name}{'/' if entry.is_dir() else ''})" in listed


@pytest.mark.skipif(not shutil.which("curl"), reason="the tour is made with curl")
def test_the_curl_tour(demo: Server) -> None:
    done = subprocess.run(
        ["bash", str(EXAMPLES / "curl-tour.sh"), demo.url],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.rstrip().endswith("# Done.")
    assert '"text":"It is. You will have it tomorrow."' in done.stderr
    assert done.stdout == ""


def test_the_node_agent(demo: Server, node_modules: Path, tmp_path: Path) -> None:
    folder = tmp_path / "node-agent"
    shutil.copytree(EXAMPLES / "node-agent", folder, ignore=shutil.ignore_patterns("node_modules"))
    (folder / "node_modules").symlink_to(node_modules)
    agent = subprocess.Popen(
        [str(NODE), "agent.js", demo.url], cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True
    )
    watchdog = threading.Timer(60, agent.kill)
    watchdog.start()
    with agent:
        try:
            assert agent.stdout is not None
            lines = iter(agent.stdout)
            assert [next(lines), next(lines)] == ["signed in as agent1\n", "ready\n"]
            demo.simulate("+15550111", "hello")
            rest = list(lines)
            assert agent.wait(30) == 0
        finally:
            watchdog.cancel()
            agent.kill()
    assert [line for line in rest if line.startswith(("+", "Ann"))] == [
        "+15550111: hello\n",
        "Ann: Thank you for your message. It is taken care of.\n",
    ]
    assert any(line.startswith("data:") and '"HandledBy":"agent1"' in line for line in rest)
    assert rest[-1] == "done\n"


def test_the_versions_are_those_that_are_tested() -> None:
    sample = json.loads((EXAMPLES / "node-agent" / "package.json").read_text())["dependencies"]
    tested = json.loads((HERE / "package.json").read_text())["dependencies"]
    assert sample == {name: tested[name] for name in sample}

"""The examples that users are shown do what their pages say, against a demo server."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsdesk.client import Client, StatusChange
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
    assert '"userName":"agent2"' in done.stderr
    assert '"mediaType":"smssession"' in done.stderr
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


def test_the_python_bot(demo: Server) -> None:
    """It greets, answers, hands over to a person with its words, and completes what is done."""
    command = [sys.executable, str(EXAMPLES / "python-bot" / "bot.py"), demo.url]
    bot = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    watchdog = threading.Timer(60, bot.kill)
    watchdog.start()
    with bot:
        try:
            assert bot.stdout is not None
            assert next(bot.stdout) == "ready as agent3\n"
            asyncio.run(customers_and_a_person(demo, iter(bot.stdout)))
        finally:
            watchdog.cancel()
            bot.kill()


async def customers_and_a_person(demo: Server, said: Iterator[str]) -> None:
    async def write(phone: str, text: str, *then: str) -> None:
        """A text, and how the lines begin that the bot prints about it."""
        await asyncio.to_thread(demo.simulate, phone, text)
        for line in then:
            printed = await asyncio.to_thread(next, said)
            assert printed.startswith(line), printed

    first, second = "+15550111", "+15550222"
    offer = (f"offered: {first}", f"chatting: {first}")
    await write(first, "hello", *offer, f"{first}: hello", "bot: Hello! I am a machine")
    await write(first, "your hours please", f"{first}: your hours", "bot: We are open")
    async with Client(demo.url, "agent1", "demo") as person:
        await person.start()
        await person.ready()
        await write(first, "an agent please", f"{first}: an agent please", f"completed: {first}")
        async for event in person.events():
            if isinstance(event, StatusChange) and event.state == "Invited":
                await event.session.accept("Ann")
                assert event.session.user_data["BotSaid"] == "the customer wants a person"
                said_before = [m.text or "" for m in await event.session.transcript() if m.type == "Text"]
                assert [text.split()[0] for text in said_before] == [
                    *("hello", "Hello!", "your", "We", "an", "A")
                ]
                break
        await person.not_ready()
    offer = (f"offered: {second}", f"chatting: {second}")
    await write(second, "hi", *offer, f"{second}: hi", "bot: Hello!")
    await write(second, "bye", f"{second}: bye", "bot: Good bye!", f"completed: {second}")


def test_the_versions_are_those_that_are_tested() -> None:
    sample = json.loads((EXAMPLES / "node-agent" / "package.json").read_text())["dependencies"]
    tested = json.loads((HERE / "package.json").read_text())["dependencies"]
    assert sample == {name: tested[name] for name in sample}

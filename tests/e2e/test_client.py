"""The Python client over a network that breaks, at a server that is killed: what was answered 0 is there
once, and the desk is what a GET shows (SPEC 1.4, 1.6, 4.1, 4.5).
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from smsdesk.client import Client, Event, NewMessages, Session, Snapshot, StatusChange
from tests.e2e.cutting import Cutting
from tests.e2e.server import Server

CUSTOMERS = ["+15550111", "+15550222", "+15550333"]
AGENT = ("--user", "agent1", "--password", "demo")
SECONDS = 60


class Worker:
    """Takes what is offered, and keeps account of the texts that customers wrote."""

    def __init__(self, desk: Client) -> None:
        self.desk = desk
        self.heard: dict[str, list[str]] = {}
        self._changed = asyncio.Event()

    async def work(self) -> None:
        async for event in self.desk.events():
            await self._take(event)
            self._changed.set()

    async def _take(self, event: Event) -> None:
        match event:
            case Snapshot():
                for session in self.desk.sessions.values():
                    assert session.state != "Invited"
            case StatusChange(session=session, state="Invited"):
                await session.accept("Ann")
            case NewMessages(session=session, messages=messages):
                heard = self.heard.setdefault(session.id, [])
                heard += [message.text or "" for message in messages if message.from_customer]

    async def until(self, condition: Callable[[], object]) -> None:
        while not condition():
            self._changed.clear()
            await self._changed.wait()


def on_phone(server: Server, phone: str) -> list[str]:
    """The texts that a simulated phone has got."""
    with urlopen(f"{server.url}/simulator/messages?phone=%2B{phone[1:]}") as reply:
        messages = json.load(reply)["messages"]
    return [message["text"] for message in messages if message["direction"] == "out"]


def test_a_working_day(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        asyncio.run(asyncio.wait_for(working_day(server), SECONDS))


async def working_day(server: Server) -> None:
    async with Cutting(server.port) as network, Client(network.url, "agent1", "demo") as desk:
        worker = Worker(desk)
        listening = asyncio.create_task(worker.work())
        await desk.start()
        await desk.ready()
        for customer in CUSTOMERS:
            await asyncio.to_thread(server.simulate, customer, "hello")
        await worker.until(lambda: len(worker.heard) == len(CUSTOMERS))
        sessions = list(desk.sessions.values())
        sent: dict[str, list[str]] = {session.id: [] for session in sessions}

        async def talk(session: Session, first: int) -> None:
            for number in range(first, first + 5):
                await session.send(f"answer {number}")
                sent[session.id].append(f"answer {number}")
                await session.attach({f"key{number}": number})

        for first in (0, 5):
            network.swallow = 4
            await asyncio.gather(*(talk(session, first) for session in sessions))
            network.cut()
        for session in sessions:
            phone = await asyncio.to_thread(on_phone, server, session.customer_number)
            assert phone == sent[session.id]
        # The server dies while everybody is talking, and customers write as soon as it is back.
        talking = asyncio.gather(*(talk(session, 10) for session in sessions))
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        for customer in CUSTOMERS:
            await asyncio.to_thread(server.simulate, customer, "still there?")
        network.cut()
        await talking
        await worker.until(lambda: all(heard[-1] == "still there?" for heard in worker.heard.values()))
        assert network.cuts >= 10
        await check(server, worker, sent)
        await sessions[0].complete()
        await worker.until(lambda: sessions[0].id not in desk.sessions)
        await check_equals_get(server, desk)
        await desk.end()
        await listening


async def check(server: Server, worker: Worker, sent: dict[str, list[str]]) -> None:
    for session in worker.desk.sessions.values():
        assert worker.heard[session.id] == ["hello", "still there?"]
        texts = [m for m in await session.transcript() if m.type == "Text"]
        assert [m.text for m in texts if not m.from_customer] == sent[session.id]
        # The phones live in the server and have forgotten what came before its death.
        phone = await asyncio.to_thread(on_phone, server, session.customer_number)
        assert phone == sent[session.id][-len(phone) :]
        await worker.until(partial(has_all, session))
    await check_equals_get(server, worker.desk)


def has_all(session: Session) -> bool:
    return {f"key{number}" for number in range(15)} <= session.user_data.keys()


async def check_equals_get(server: Server, desk: Client) -> None:
    async with Client(server.url, "agent1", "demo") as fresh:
        there = {id: session.resource for id, session in fresh.sessions.items()}
        assert {id: session.resource for id, session in desk.sessions.items()} == there
        assert desk.channels == fresh.channels


def desk(server: Server, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """`smsdesk desk …` as agent1."""
    login = {"DESK_URL": server.url, "DESK_USER": "agent1", "DESK_PASSWORD": "demo"}
    command = [sys.executable, "-m", "smsdesk.client", *words]
    return subprocess.run(
        command, env={**os.environ, **login}, capture_output=True, text=True, timeout=30, check=False, **more
    )


def test_the_commands(tmp_path: Path) -> None:
    """`watch`, `sessions`, `say` and `call`, as a shell would use them."""
    with Server(tmp_path) as server:
        start = {"operationName": "StartContactCenterSession", "channels": ["smssession"]}
        assert json.loads(desk(server, "call", "POST", "/me", json.dumps(start)).stdout) == {"statusCode": 0}
        ready = '{"operationName":"Ready"}'
        assert desk(server, "call", "post", "/me/channels/smssession", ready).returncode == 0
        server.simulate("+15550111", "hello")
        (line,) = desk(server, "sessions").stdout.splitlines()
        id = json.loads(line)["id"]
        refused = desk(server, "say", id, "good morning")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "SendMessage is not permitted" in refused.stderr
        accept = '{"operationName":"Accept"}'
        assert desk(server, "call", "POST", f"/me/smssessions/{id}", accept).returncode == 0
        watching = subprocess.Popen(
            [sys.executable, "-m", "smsdesk.client", "watch", "--url", server.url, *AGENT],
            stdout=subprocess.PIPE,
            text=True,
        )
        with watching:
            assert watching.stdout is not None
            assert json.loads(next(watching.stdout)) == {"event": "Snapshot"}
            assert desk(server, "say", id, "good morning").returncode == 0
            told = json.loads(next(watching.stdout))
            assert (told["event"], told["session"]) == ("NewMessages", id)
            assert told["messages"][0]["text"] == "good morning"
            end = '{"operationName":"EndContactCenterSession"}'
            assert desk(server, "call", "POST", "/me", end).returncode == 0
            assert watching.wait(20) == 0
        assert on_phone(server, "+15550111") == ["good morning"]

"""A data directory to begin with: agents, each with a conversation on the desk. Made through the program
itself, because nothing in its interface hires a thousand agents.
"""

import asyncio
from functools import partial
from pathlib import Path

import msgspec
from argon2 import PasswordHasher

from bench import sample
from smsdesk.app import Application
from smsdesk.config import load
from smsdesk.core.centre import Queue, ServiceNumber, User
from smsdesk.core.draft import Draft
from smsdesk.core.user_data import raw
from smsdesk.operations.login import Credential
from smsdesk.operations.system.scenario import build
from smsdesk.operations.system.situation import Situation, Somebody

PASSWORD = "bench"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A thousand logins before each measurement shall not take a minute; what is measured begins behind them."""
QUEUE = "Bench"
NUMBER = "+15550100"


def furnish(data: Path, desks: int) -> list[str]:
    """Make a data directory with agents `agent_name(0)` and so on; the ids of their sessions."""
    return asyncio.run(_furnish(data, desks))


def agent_name(number: int) -> str:
    """The user name of an agent."""
    return f"bench{number}"


async def _furnish(data: Path, desks: int) -> list[str]:
    application = Application(load(None, {}, {"data": str(data)}), demo=True)
    await application.store.open()
    try:
        await application.performer.open()
        await application.performer.run(partial(_hire, desks=desks, password=CHEAP.hash(PASSWORD)))
        seat = application.performer.run
        made = await asyncio.gather(*(seat(partial(build, scenario=situation(n))) for n in range(desks)))
    finally:
        application.auth.close()
        await application.store.close()
    return [labels["session"] for labels in made]


def _hire(draft: Draft, desks: int, password: str) -> None:
    queue = Queue(draft.ids.user(), QUEUE, QUEUE)
    draft.put("queue", queue.id, queue)
    draft.put("number", NUMBER, ServiceNumber(NUMBER, QUEUE, "simulator"))
    for number in range(desks):
        user = User(draft.ids.user(), agent_name(number), "Ann", "Bench")
        draft.put("user", user.id, user)
        draft.put("credential", user.id, Credential(user.id, password))


def situation(number: int) -> Situation:
    """One agent, one customer, and what everybody else works on too."""
    name = agent_name(number)
    people = [Somebody("c", "Customer", "Margaret"), Somebody("a", "Agent", "Ann", user=name)]
    data: dict[str, msgspec.Raw] = {key: raw(value) for key, value in sample.USER_DATA.items()}
    return Situation(
        {name: "NotReady"}, {name: "Chatting"}, people, data, customer=f"+1556{number:07d}", service=NUMBER
    )

"""`smsdesk explain` without a server: why a session goes to nobody, in words (SPEC 7.2)."""

from functools import partial
from pathlib import Path

import pytest

from smsdesk.commands.reach import CommandFailed
from smsdesk.commands.routing import explain
from smsdesk.config import load
from smsdesk.core.agent import AGENT_STATES, Agent
from smsdesk.core.draft import Draft
from smsdesk.core.interaction import Interaction, Step
from tests.http.house import House

TRACE = (Step(1_700_000_000_000, "arrived", queue="Support"),)


def fill(draft: Draft, agent: str) -> None:
    draft.save(Interaction("abc123", "Support", 1_700_000_000_000, trace=TRACE))
    draft.save(Agent(agent, "NotReady", AGENT_STATES[1], 1_700_000_000_000))


async def test_it_says_what_stands_against_each_and_what_happened(tmp_path: Path) -> None:
    async with House(tmp_path) as house:
        performer = house.application.performer
        user = performer.centre.user_names["agent1"].id
        await performer.run(partial(fill, agent=user))
    settings = load(None, {}, {"data": str(tmp_path)})
    said = await explain(settings, "abc123", "supervisor")
    assert "waiting in Support since 2023-11-14 22:13:20.000+0000" in said
    assert "strategy SimpleChatInStrategy, step 1: " in said
    lines = said.splitlines()
    assert any(line.startswith("agent1 ") and "is not ready (Not Ready)" in line for line in lines)
    assert any(line.startswith("supervisor ") and "is not in the group" in line for line in lines)
    assert lines[-1] == "2023-11-14 22:13:20.000+0000  came into Support"
    with pytest.raises(CommandFailed, match="the interaction not found"):
        await explain(settings, "nothing", None)
    with pytest.raises(CommandFailed, match="there is no user 'nobody'"):
        await explain(settings, "abc123", "nobody")

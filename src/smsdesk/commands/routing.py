"""`smsdesk explain`: why a waiting session goes to somebody or to nobody, by the operator (SPEC 5.3, 7.2)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from smsdesk.commands.reach import ask, reach
from smsdesk.commands.users import find_user
from smsdesk.config import Settings


async def explain(settings: Settings, interaction: str, agent: str | None) -> str:
    """The explanation as text. Raises CommandFailed."""
    async with reach(settings) as client:
        user = await find_user(client, agent) if agent is not None else None
        about = f"?userId={user['id']}" if user is not None else ""
        answer = await ask(client, "GET", f"/interactions/{quote(interaction, safe='')}/routing{about}")
    return "\n".join(_lines(answer["routing"]))


def _lines(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['id']}  {found['place']} in {found['queue']} since {found['arrived']}"
    if found["position"] is not None:
        yield f"priority {found['priority']:g}, {found['position']} in front of it"
    if not found["open"]:
        yield "the queue is closed" if found["strategy"] is not None else "there is no such queue any more"
    phase = found["phase"]
    if phase is not None:
        tried = "the last agent" if phase["lastAgent"] else ", ".join(phase["targets"])
        following = f", the next phase at {found['nextPhase']}" if found["nextPhase"] else ""
        yield f"strategy {found['strategy']}, step {phase['step']}: {tried}{following}"
    yield ""
    width = max((len(agent["userName"]) for agent in found["agents"]), default=0)
    for agent in found["agents"]:
        yield f"{agent['userName'].ljust(width)}  {agent['words']}"
    if not found["agents"]:
        yield "nobody is tried now"
    yield ""
    yield from (f"{step['time']}  {step['words']}" for step in found["trace"])

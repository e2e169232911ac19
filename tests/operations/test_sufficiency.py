"""Notifications suffice: what one held, plus what one was told, is what a fresh GET returns (SPEC 4.5).

And whatever anybody does, everything hangs together: no session is lost, no timer left behind (see `order`).

A model of good clients beside the whole application, which anybody may ask anything in any order. A new
operation gets a row in `asking.PARAMETERS`; anything else that may happen, a method and a weight in
`HAPPENINGS`.
"""

import asyncio
import json
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from smsdesk.core.ids import Ids
from smsdesk.operations.smssession import OPERATIONS
from tests.asgi import Answer
from tests.operations.asking import CERTAIN, OFTEN, PARAMETERS, SILENT, Parameters, nothing, words
from tests.operations.desks import Desk
from tests.operations.order import disorder
from tests.vectors.stage import Stage

Draw = Callable[[st.SearchStrategy[Any]], Any]

AGENTS = ("agent1", "agent2", "agent3")
VIEWERS = (*AGENTS, "supervisor")
CUSTOMERS = ("+15550111", "+15550112")
NUMBERS = ("+15550100", "+15550101")
MODES = ("Monitor", "Coach", "BargeIn")
SETTINGS = {"assigned_idle_hours": 1, "waiting_idle_hours": 1, "max_interval_ms": 3_600_000}
HAPPENINGS = {
    "somebody_does_what_is_advertised": 24,
    "customer_writes": 5,
    "colleagues_meet_and_part": 6,
    "somebody_tries_anything": 4,
    "supervisor_watches": 2,
    "supervisor_intrudes": 2,
    "agent_changes_state": 2,
    "everybody_is_ready_again": 3,
    "phone_confirms": 1,
    "time_passes": 1,
}
happenings = st.sampled_from([name for name, weight in HAPPENINGS.items() for _ in range(weight)])


def test_every_operation_is_tried() -> None:
    assert {str(operation.__struct_config__.tag) for operation in OPERATIONS} == set(PARAMETERS)


class Floor(RuleBasedStateMachine):
    """Three agents, a supervisor, two customers; whatever happens, all that is held is compared."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        actors = dict.fromkeys(AGENTS, "Ready") | {"supervisor": "NotReady"}
        self.stage = Stage({"actors": actors, "settings": SETTINGS})
        self.desks = {viewer: Desk() for viewer in VIEWERS}

    @initialize()
    def begin(self) -> None:
        self.runner.run(self._begin())

    async def _begin(self) -> None:
        self.stage.application.performer.ids = Ids(Random(1).randbytes)  # the same story is the same again
        await self.stage.open()
        for viewer, desk in self.desks.items():
            desk.channels = (await self._get(viewer, "/me/channels"))["channels"]
            desk.client.snapshot([], desk.channels)

    def teardown(self) -> None:
        self.runner.run(self.stage.application.close())
        self.runner.close()

    @rule(happening=happenings, choice=st.data())
    def something_happens(self, happening: str, choice: Any) -> None:
        getattr(self, happening)(choice.draw)
        self.runner.run(self._compare())

    # -- asking ------------------------------------------------------------------------------------
    async def _get(self, viewer: str, path: str) -> dict[str, Any]:
        answer = await self.stage.ask("GET", "/api/v2" + path, b"", self.stage.credentials(viewer))
        assert answer.status == 200, answer.body
        shown: dict[str, Any] = answer.json
        return shown

    def post(self, path: str, body: object, headers: dict[str, str]) -> Answer:
        """Ask for something, a moment later than the last."""
        self.stage.clock.jump(10)
        return self.runner.run(self.stage.ask("POST", path, json.dumps(body).encode(), headers))

    def ask(self, viewer: str, path: str, operation: str, parameters: Parameters) -> Answer:
        """Ask for an operation; targets are spelt out. Whatever is asked, nothing of ours may fail."""
        named = parameters.get("targetUri")
        if named is not None:
            kind = named.partition(":")[0]
            parameters = parameters | {"targetUri": f"/{kind}s/{self.stage.env.get(named, 'nobody')}"}
        body = {"operationName": operation} | parameters
        answer = self.post("/api/v2" + path, body, self.stage.credentials(viewer))
        assert answer.status in (200, 400, 403, 404), answer.body
        return answer

    def everywhere(self) -> list[str]:
        """Every session that somebody holds."""
        return list(dict.fromkeys(id for desk in self.desks.values() for id in desk.sessions))

    def offers(self) -> dict[str, list[tuple[str, str]]]:
        """For each operation that is advertised: to whom, and on which session."""
        offers: dict[str, list[tuple[str, str]]] = {}
        for viewer, desk in self.desks.items():
            for id, session in desk.sessions.items():
                for name in session["capabilities"]:
                    offers.setdefault(name, []).append((viewer, id))
        offers.pop("SwitchBargeIn", None)  # the other spelling of one that is there
        return offers

    # -- people ------------------------------------------------------------------------------------
    def somebody_does_what_is_advertised(self, draw: Draw) -> None:
        """A capability is never refused for the state one is in."""
        offers = self.offers()
        if not offers:
            return self.customer_writes(draw)
        name = draw(st.sampled_from([name for name in sorted(offers) for _ in range(OFTEN.get(name, 1))]))
        viewer, id = draw(st.sampled_from(offers[name]))
        answer = self.ask(viewer, f"/me/smssessions/{id}", name, draw(PARAMETERS[name]))
        assert name not in CERTAIN or answer.status == 200, answer.body
        return None

    def somebody_tries_anything(self, draw: Draw) -> None:
        """Also what is not advertised, or not permitted: then nothing has changed, the comparison shows."""
        own = [(viewer, id) for viewer, desk in self.desks.items() for id in desk.sessions]
        foreign = [(viewer, id) for viewer in VIEWERS for id in self.everywhere() if (viewer, id) not in own]
        if own:
            viewer, id = draw(st.sampled_from(own * 2 + foreign))
            name = draw(st.sampled_from(SILENT) | st.sampled_from(sorted(PARAMETERS)))
            self.ask(viewer, f"/me/smssessions/{id}", name, draw(PARAMETERS[name]))

    def colleagues_meet_and_part(self, draw: Draw) -> None:
        """With whom is in the session; whether an invitation is pending is nowhere to be seen."""
        together = [
            (viewer, session)
            for viewer, desk in self.desks.items()
            for session in desk.sessions.values()
            if "Consult" in session["capabilities"]
        ]
        if together:
            viewer, session = draw(st.sampled_from(together))
            people = [person["path"] for person in session["participants"] if "path" in person]
            name = draw(
                st.sampled_from(["CancelConsult", "RemoveParticipantFromConference", "Invite", "Transfer"])
            )
            more = (
                {} if name == "CancelConsult" or not people else {"targetPath": draw(st.sampled_from(people))}
            )
            self.ask(viewer, f"/me/smssessions/{session['id']}", name, more)

    def customer_writes(self, draw: Draw) -> None:
        sender, to = draw(st.sampled_from(CUSTOMERS)), draw(st.sampled_from(NUMBERS))
        said = draw(words | st.sampled_from(["STOP", "START"]))
        answer = self.post("/simulator/messages", {"from": sender, "to": to, "text": said}, {})
        assert answer.status == 202, answer.body

    def phone_confirms(self, draw: Draw) -> None:
        phone = "+15550111"
        asked = self.stage.ask("GET", f"/simulator/messages?phone={phone.replace('+', '%2B')}", b"", {})
        sent = [m["id"] for m in self.runner.run(asked).json["messages"] if m["direction"] == "out"]
        if sent:
            state = draw(st.sampled_from(["delivered", "failed", "unknown"]))
            receipt = {"id": draw(st.sampled_from(sent)), "state": state}
            assert self.post("/simulator/receipts", receipt, {}).status == 202

    def agent_changes_state(self, draw: Draw) -> None:
        names = ["Ready", "NotReady", "AuxWork", "Offline", "DoNotDisturbOn", "DoNotDisturbOff"]
        self.ask(draw(st.sampled_from(AGENTS)), "/me", draw(st.sampled_from(names)), {})

    def everybody_is_ready_again(self, draw: Draw) -> None:
        for agent in AGENTS:
            self.ask(agent, "/me", "StartContactCenterSession", {"channels": ["smssession"]})
            self.ask(agent, "/me", "DoNotDisturbOff", {})
            assert self.ask(agent, "/me", "Ready", {}).status == 200

    def supervisor_watches(self, draw: Draw) -> None:
        user = self.stage.env[f"user:{draw(st.sampled_from(AGENTS))}"]
        name = draw(st.sampled_from([*MODES, "CancelSupervisorMonitoring"]))
        more = draw(nothing | st.just({"supervisorMonitoringMode": "NextChat", "nickname": "Boss"}))
        self.ask("supervisor", f"/users/{user}/channels/smssession", name, more)

    def supervisor_intrudes(self, draw: Draw) -> None:
        running = [
            (v, id) for v in AGENTS for id, state in self.desks[v].states().items() if state == "Chatting"
        ]
        if running:
            agent, id = draw(st.sampled_from(running))
            path = f"/users/{self.stage.env[f'user:{agent}']}/smssessions/{id}"
            mode = draw(st.sampled_from(MODES))
            self.ask("supervisor", path, "Intrude", {"supervisorVisibilityMode": mode})

    def time_passes(self, draw: Draw) -> None:
        """Ring times, the wait for a colleague from a queue, idle limits. Everybody keeps listening."""
        minutes = draw(st.sampled_from([0.51, 5.1, 61]))
        while minutes > 0:
            self.stage.clock.jump(int(min(minutes, 20) * 60_000))
            self.runner.run(self._listen())
            minutes -= 20

    # -- comparing ---------------------------------------------------------------------------------
    async def _settle(self) -> None:
        """Until nothing is due and nothing follows from what was done."""
        application, position = self.stage.application, -1
        while position != application.performer.position:
            position = application.performer.position
            await application.timers.fire()
            for _ in range(3):
                await application.settle()
                await asyncio.sleep(0)

    async def _listen(self) -> None:
        await self._settle()
        for viewer, desk in self.desks.items():
            for notification in await self.stage.heard(viewer):
                desk.apply(notification)

    async def _compare(self) -> None:
        await self._listen()
        wrong = disorder(self.stage.application.performer.live)
        assert not wrong, wrong
        for viewer, desk in self.desks.items():
            assert len(set(desk.answered)) == len(desk.answered)  # each operation is answered once
            fresh = (await self._get(viewer, "/me/smssessions?fields=*"))["smssessions"]
            compare(desk.sessions, {session["id"]: session for session in fresh}, viewer)
            compare(desk.channels, (await self._get(viewer, "/me/channels"))["channels"], viewer)
            for session in fresh:
                await self._compare_transcript(viewer, desk, session)

    async def _compare_transcript(self, viewer: str, desk: Desk, session: dict[str, Any]) -> None:
        path = f"/me/smssessions/{session['id']}/messages"
        fresh = {message["index"]: message for message in (await self._get(viewer, path))["messages"]}
        held = desk.transcripts[session["id"]]
        if session["state"] == "Invited":  # the transcript so far comes with Accept
            fresh = {index: message for index, message in fresh.items() if index in held}
        compare(held, fresh, viewer)


def compare(held: Any, fresh: Any, viewer: str) -> None:
    """Equal in every field, and written in the same order."""
    assert held == fresh, viewer
    if isinstance(held, dict):
        for key, value in held.items():
            assert msgspec.json.encode(value) == msgspec.json.encode(fresh[key]), viewer


# Finding the shortest story takes minutes: whoever looks for it adds Phase.shrink.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
TestFloor = Floor.TestCase
TestFloor.settings = settings(max_examples=30, stateful_step_count=50, phases=PHASES)

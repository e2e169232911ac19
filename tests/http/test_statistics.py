"""Figures of queues and agents, as read and as notified (A§5.1 to A§5.3, C§6.2, SPEC 4.5)."""

from pathlib import Path

import pytest

from tests.clock import JumpingClock
from tests.http.house import API, House, Listener, basic, data
from tests.http.peers import Json

TOPIC = "/v2/statistics"
SECOND = 1000


async def figures(house: House, kind: str, name: str, user: str = "admin") -> Json:
    """The figures of the queue or agent of this name."""
    answer = await house.ask("GET", f"{API}/statistics/{kind}?fields=*", headers=basic(user))
    assert answer.json["statusCode"] == 0, answer.body
    (found,) = [f for f in answer.json[kind] if name in (f.get("name"), f.get("userName"))]
    return found


async def some(house: House, kind: str, name: str, *names: str) -> list[Json]:
    """Some of them, in this order."""
    found = await figures(house, kind, name)
    return [found[name] for name in names]


async def text(house: House, sender: str = "+15550111", words: str = "hello") -> None:
    """A customer writes to the queue Support."""
    body = {"from": sender, "to": "+15550100", "text": words}
    answer = await house.ask("POST", "/simulator/messages", body)
    assert answer.status == 202, answer.body
    await house.application.settle()


async def ready(house: House, *users: str) -> None:
    """These agents are Ready, and nobody else is."""
    await house.put(actors=dict.fromkeys(users, "Ready"))


async def offered(house: House, user: str = "agent1") -> str:
    """The session that rings at an agent."""
    answer = await house.ask("GET", f"{API}/me/smssessions?fields=id&state=Invited", headers=basic(user))
    (session,) = answer.json["smssessions"]
    return str(session["id"])


async def test_a_conversation_from_the_first_text_to_the_end() -> None:
    """The day of one queue and one agent: waiting, offered, in conversation, wrap-up, over."""
    async with House() as house:
        await text(house)
        await house.pass_time(20 * SECOND)
        now = ("waiting", "offering", "longestWait", "inConversation", "inWrapUp", "agentsReady")
        assert await some(house, "queues", "Support", *now) == [1, 0, 20, 0, 0, 0]
        await ready(house, "agent1")
        await house.application.settle()
        assert await some(house, "queues", "Support", *now) == [0, 1, 20, 0, 0, 1]
        id = await offered(house)
        await house.pass_time(10 * SECOND)
        await house.operate(id, "Accept")
        assert await some(house, "queues", "Support", *now) == [0, 0, 0, 1, 0, 1]
        day = ("entered", "offered", "accepted", "abandoned", "averageSpeedOfAccept", "longestSpeedOfAccept")
        assert await some(house, "queues", "Support", *day) == [1, 1, 1, 0, 30.0, 30]
        assert await some(house, "queues", "Support", "acceptedPercent", "withinObjectivePercent") == [
            100,
            100,
        ]
        await house.operate(id, "SendMessage", text="x" * 200)
        await house.pass_time(40 * SECOND)
        await house.operate(id, "Leave")
        assert await some(house, "queues", "Support", *now) == [0, 0, 0, 0, 1, 1]
        await house.pass_time(5 * SECOND)
        await house.operate(id, "Complete")
        assert await some(house, "queues", "Support", *now) == [0, 0, 0, 0, 0, 1]
        texts = ("textsOut", "segments", "deliveryFailures")
        assert await some(house, "queues", "Support", "textsIn", *texts) == [1, 1, 2, 0]
        agent = ("offered", "accepted", "handled", "handleTime", "averageHandleTime", *texts)
        assert await some(house, "agents", "agent1", *agent) == [1, 1, 1, 45, 45.0, 1, 2, 0]


async def test_an_agent_on_the_desk_and_in_his_states() -> None:
    async with House() as house:
        await ready(house, "agent1")
        await text(house)
        await text(house, "+15550112")
        desk = ("state", "sessions", "invited", "chatting", "inWrapUp")
        assert await some(house, "agents", "agent1", *desk) == ["Ready", 2, 2, 0, 0]
        await house.pass_time(9 * SECOND)
        url = f"{API}/me/channels/smssession"
        await house.ask("POST", url, {"operationName": "AfterCallWork"}, basic())
        await house.pass_time(4 * SECOND)
        found = await figures(house, "agents", "agent1")
        assert (found["state"], found["stateName"], found["timeInState"]) == ("NotReady", "AfterCallWork", 4)
        assert found["timeInStates"]["AfterCallWork"] == 4
        assert found["timeInStates"]["Ready"] >= 9
        assert await some(house, "queues", "Support", "agentsReady", "agentsNotReady") == [0, 1]
        assert await some(house, "agents", "agent2", *desk) == ["LoggedOut", 0, 0, 0, 0]


async def test_rejected_missed_and_withdrawn_are_told_apart() -> None:
    async with House() as house:
        await ready(house, "agent1")
        await text(house)
        await house.operate(await offered(house), "Reject")
        outcomes = ("offered", "rejected", "missed", "withdrawn")
        assert await some(house, "queues", "Support", *outcomes) == [1, 1, 0, 0]
        assert await some(house, "agents", "agent1", *outcomes) == [1, 1, 0, 0]
        await ready(house, "agent2")
        await house.application.settle()
        await house.pass_time(31 * SECOND)
        assert await some(house, "queues", "Support", *outcomes) == [2, 1, 1, 0]
        assert await some(house, "agents", "agent2", *outcomes) == [1, 0, 1, 0]
        await ready(house, "agent3")
        await house.application.settle()
        await house.ask("POST", f"{API}/me", {"operationName": "EndContactCenterSession"}, basic("agent3"))
        await house.application.settle()
        assert await some(house, "queues", "Support", *outcomes, "waiting") == [3, 1, 1, 1, 1]


async def test_what_comes_back_is_no_second_entry_and_no_second_speed() -> None:
    """An agent logs out with a session: it returns to its queue with its age (SPEC 3, 4.7)."""
    async with House() as house:
        await ready(house, "agent1")
        await text(house)
        await house.operate(await offered(house), "Accept")
        await house.pass_time(3600 * SECOND)
        await house.ask("POST", f"{API}/me", {"operationName": "EndContactCenterSession"}, basic())
        await house.application.settle()
        counts = ("entered", "returned", "accepted", "resumed", "waiting", "longestSpeedOfAccept")
        assert await some(house, "queues", "Support", *counts) == [1, 1, 1, 0, 1, 0]
        await ready(house, "agent1")
        await house.application.settle()
        await house.operate(await offered(house), "Accept")
        assert await some(house, "queues", "Support", *counts) == [1, 1, 1, 1, 0, 0]


async def test_a_customer_who_falls_silent_while_waiting_is_abandoned() -> None:
    """A§5.3: the rule of our own."""
    async with House(waiting_idle_hours=1, time_zone="+0000") as house:
        await text(house)
        await house.pass_time(3601 * SECOND)
        assert await some(house, "queues", "Support", "waiting", "abandoned", "acceptedPercent") == [0, 1, 0]


async def test_what_is_beyond_the_objective_is_not_within_it() -> None:
    async with House(default_service_level_seconds=10) as house:
        await text(house)
        await house.pass_time(11 * SECOND)
        await ready(house, "agent1")
        await house.application.settle()
        await house.operate(await offered(house), "Accept")
        names = ("accepted", "withinObjective", "withinObjectivePercent")
        assert await some(house, "queues", "Support", *names) == [1, 0, 0]


async def test_a_text_to_another_queue_moves_there() -> None:
    async with House() as house:
        await ready(house, "agent1")
        await text(house)
        id = await offered(house)
        await house.operate(id, "Accept")
        await house.pass_time(60 * SECOND)
        await house.put(actors={"agent1": "NotReady"})
        await house.operate(id, "Transfer", queueName="Billing")
        assert await some(house, "queues", "Billing", "entered", "waiting", "longestWait") == [1, 1, 0]
        assert await some(house, "queues", "Support", "inConversation", "accepted") == [0, 1]


async def test_a_failed_delivery_is_counted_once() -> None:
    async with House() as house:
        await ready(house, "agent1")
        await text(house)
        id = await offered(house)
        await house.operate(id, "Accept")
        await house.operate(id, "SendMessage", text="hi")
        phone = await house.ask("GET", "/simulator/messages?phone=%2B15550111")
        sent = phone.json["messages"][-1]["id"]
        for _ in range(2):
            await house.ask("POST", "/simulator/receipts", {"id": sent, "state": "failed"})
            await house.application.settle()
        assert await some(house, "queues", "Support", "deliveryFailures") == [1]
        assert await some(house, "agents", "agent1", "deliveryFailures") == [1]


# -- the day and the disk ------------------------------------------------------------------------------
async def test_the_day_survives_a_restart(tmp_path: Path) -> None:
    clock = JumpingClock()
    async with House(tmp_path, clock=clock) as house:
        await text(house)
        await ready(house, "agent1")
        await house.application.settle()
        await house.operate(await offered(house), "Accept")
        before = await figures(house, "queues", "Support")
        agent = await figures(house, "agents", "agent1")
    async with House(tmp_path, clock=clock) as house:
        assert await figures(house, "queues", "Support") == before
        assert await figures(house, "agents", "agent1") == agent


async def test_the_day_is_kept_now_and_then() -> None:
    """What a crash loses is what was counted since the last checkpoint."""
    async with House(statistics_checkpoint_seconds=5) as house:
        await text(house)
        await house.application.statistics.save()
        kept = await house.store.tagged("tally", "live")
        assert [document.id for document in kept] == ["queue Support"]
        await house.application.statistics.save()
        assert [d.version for d in await house.store.tagged("tally", "live")] == [1]  # nothing new, no write


async def test_counts_that_cannot_be_kept_are_kept_the_next_time() -> None:
    async with House() as house:
        await text(house)
        house.store.broken = True
        await house.application.statistics.save()
        house.store.broken = False
        assert await house.store.tagged("tally", "live") == []
        await house.application.statistics.save()
        assert len(await house.store.tagged("tally", "live")) == 1


async def test_at_midnight_everything_is_counted_anew_and_what_waits_still_waits() -> None:
    async with House(time_zone="Europe/Vienna", waiting_idle_hours=100) as house:
        await text(house)
        day = (await figures(house, "queues", "Support"))["day"]
        await house.pass_time(24 * 3600 * SECOND)
        found = await figures(house, "queues", "Support")
        assert (found["entered"], found["waiting"], found["longestWait"]) == (0, 1, 86_400)
        assert found["day"] > day


# -- who may see what ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("user", "seen"),
    [
        ("admin", ["agent1", "agent2", "agent3"]),
        ("supervisor", ["agent1", "agent2", "agent3"]),
        ("agent2", ["agent2"]),
    ],
)
async def test_agents_see_themselves_supervisors_their_groups(user: str, seen: list[str]) -> None:
    async with House() as house:
        url = f"{API}/statistics/agents?fields=userName&sortBy=userName"
        answer = await house.ask("GET", url, headers=basic(user))
        assert [agent["userName"] for agent in answer.json["agents"]] == seen


async def test_a_supervisor_sees_nobody_outside_his_groups() -> None:
    async with House() as house:
        await house.put(groups={"Support": {"members": ["agent1"], "watchedBy": ["supervisor"]}})
        url = f"{API}/statistics/agents?fields=userName"
        answer = await house.ask("GET", url, headers=basic("supervisor"))
        assert answer.json["agents"] == [{"userName": "agent1"}]
        other = (await figures(house, "agents", "agent2"))["path"]
        answer = await house.ask("GET", API + other, headers=basic("supervisor"))
        assert (answer.status, answer.json["statusCode"]) == (403, 5)


async def test_one_queue_one_agent_and_their_mistakes() -> None:
    async with House() as house:
        path = (await figures(house, "queues", "Support"))["path"]
        answer = await house.ask("GET", f"{API}{path}?fields=name,waiting", headers=basic())
        assert answer.json == {"statusCode": 0, "queue": {"name": "Support", "waiting": 0}}
        mine = (await figures(house, "agents", "agent1"))["path"]
        answer = await house.ask("GET", API + mine, headers=basic())
        assert answer.json["agent"]["userName"] == "agent1"
        others = (await figures(house, "agents", "agent2"))["path"]
        answer = await house.ask("GET", API + others, headers=basic())
        assert answer.json["statusCode"] == 5
        for unknown in ("/statistics/queues/nobody", "/statistics/agents/nobody"):
            answer = await house.ask("GET", API + unknown, headers=basic())
            assert (answer.status, answer.json["statusCode"]) == (404, 6)
        for path in ("/statistics/queues", "/statistics/agents", mine):
            assert (await house.ask("GET", API + path)).json["statusCode"] == 20


async def test_figures_are_sorted_as_numbers() -> None:
    async with House() as house:
        for customer in range(11):
            await text(house, f"+155501{customer:02d}")
        body = {"from": "+15550999", "to": "+15550101", "text": "hello"}
        for sender in ("+15550998", "+15550999"):
            await house.ask("POST", "/simulator/messages", body | {"from": sender})
        url = f"{API}/statistics/queues?fields=name,waiting&sortBy=waiting&order=Descending"
        answer = await house.ask("GET", url, headers=basic())
        assert [queue["waiting"] for queue in answer.json["queues"]] == [11, 2]


# -- the older shape -----------------------------------------------------------------------------------
async def test_the_older_statistics_api() -> None:
    """C§6.2: `GET /api/v1/stats/{objectId}` and one statistic of it."""
    async with House() as house:
        await text(house)
        id = (await figures(house, "queues", "Support"))["id"]
        answer = await house.ask("GET", f"/api/v1/stats/{id}", headers=basic())
        assert (answer.json["statusCode"], answer.json["objectId"]) == (0, id)
        now = house.clock()
        assert {"statistic": "waiting", "value": 1, "time": now} in answer.json["statistics"]
        url = f"/api/v1/stats/{id}/CurrNumberWaitingCalls?numValues=1&from={now - 1}&to={now}"
        answer = await house.ask("GET", url, headers=basic())
        assert answer.json["statistics"] == [{"statistic": "CurrNumberWaitingCalls", "value": 1, "time": now}]
        answer = await house.ask("GET", f"/api/v1/stats/{id}/waiting?to={now - 1}", headers=basic())
        assert answer.json["statistics"] == []


async def test_the_older_statistics_api_refuses_the_same() -> None:
    async with House() as house:
        queue = (await figures(house, "queues", "Support"))["id"]
        agent = (await figures(house, "agents", "agent2"))["id"]
        for path, status, code in (
            (f"{queue}/nonsense", 404, 6),
            ("nobody", 404, 6),
            (agent, 403, 5),
            (f"{queue}/waiting?numValues=0", 400, 10),
            (f"{queue}/waiting?from=yesterday", 400, 10),
        ):
            answer = await house.ask("GET", f"/api/v1/stats/{path}", headers=basic())
            assert (answer.status, answer.json["statusCode"]) == (status, code), path
        answer = await house.ask("GET", f"/api/v1/stats/{agent}/accepted", headers=basic("supervisor"))
        assert answer.json["statistics"][0]["value"] == 0
        assert (await house.ask("GET", f"/api/v1/stats/{queue}")).json["statusCode"] == 20


# -- what is told --------------------------------------------------------------------------------------
async def test_what_changes_is_told_at_most_once_a_second() -> None:
    async with House() as house:
        listener = await Listener(house, "admin").ready(TOPIC)
        await house.pass_time(2 * SECOND)
        await text(house)
        (message,) = await listener.connect()
        assert "ext" not in message
        (said,) = data([message])
        assert (said["messageType"], said["agents"]) == ("StatisticsMessage", [])
        assert [(q["name"], q["waiting"]) for q in said["queues"]] == [("Support", 1)]
        await text(house, "+15550112")
        await text(house, "+15550113")
        assert await listener.connect() == []  # the second is not over
        await house.pass_time(SECOND)
        (said,) = data(await listener.connect())
        assert said["queues"][0]["waiting"] == 3
        await house.pass_time(5 * SECOND)
        assert await listener.connect() == []  # nothing new


async def test_an_agent_is_told_of_himself_and_the_queues_a_supervisor_of_his_group() -> None:
    async with House() as house:
        people = ("agent1", "agent2", "supervisor")
        listeners = {user: await Listener(house, user).ready(TOPIC) for user in people}
        await house.pass_time(2 * SECOND)
        await ready(house, "agent1")
        await house.application.settle()
        said = {user: data(await listener.connect()) for user, listener in listeners.items()}
        named = {user: [a["userName"] for a in s[0]["agents"]] for user, s in said.items()}
        assert named == {"agent1": ["agent1"], "agent2": [], "supervisor": ["agent1"]}
        assert {q["name"]: q["agentsReady"] for q in said["agent2"][0]["queues"]} == {
            "Support": 1,
            "Billing": 1,
        }


@pytest.mark.parametrize("pattern", ["/**", "/v2/**", "/v2/*"])
async def test_a_wildcard_does_not_ask_for_statistics(pattern: str) -> None:
    """Clients of the API subscribe to wildcards; an extension does not flood them."""
    async with House() as house:
        listener = await Listener(house, "admin").ready(pattern)
        await house.pass_time(2 * SECOND)
        await text(house)
        assert [m for m in await listener.connect() if m["channel"] == TOPIC] == []

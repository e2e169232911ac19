"""The scripted agent alone, against a stub: it reports failures as failures, and comes back after them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.agents import SESSIONS, Agent, Client
from tests.e2e.bayeux_stub import BayeuxStub, bayeux_stub
from tests.e2e.server import free_port

pytestmark = pytest.mark.usefixtures("node_modules")
GENERATIONS = [Client(9), Client(3), Client(9, ack=True), Client(3, ack=True)]


@pytest.fixture
def stub(node_modules: Path) -> Iterator[BayeuxStub]:
    with bayeux_stub() as stub:
        yield stub


@pytest.mark.parametrize("client", GENERATIONS, ids=str)
def test_what_is_pushed_is_reported_in_order_with_the_cookie(stub: BayeuxStub, client: Client) -> None:
    with Agent(stub.url, "agent1", client) as agent:
        agent.sign_in([SESSIONS])
        stub.push(SESSIONS, {"number": 1})
        stub.push(SESSIONS, {"number": 2})
        assert [agent.next()["number"], agent.next()["number"]] == [1, 2]
        assert {cookie for _, cookie in stub.received} == {"JSESSIONID=abc"}
        stub.push(SESSIONS, {"number": 3})  # frees the held poll, so that the disconnect need not wait
        assert agent.call("disconnect") == {"successful": True}


@pytest.mark.parametrize("client", GENERATIONS, ids=str)
def test_a_refused_handshake_is_a_failure_with_its_reason(stub: BayeuxStub, client: Client) -> None:
    stub.answers["/meta/handshake"] = lambda message: {
        "successful": False, "error": "403::denied", "advice": {"reconnect": "none"},
    }  # fmt: skip
    with Agent(stub.url, "agent1", client) as agent, pytest.raises(AssertionError, match="403::denied"):
        agent.sign_in()


@pytest.mark.parametrize("client", GENERATIONS[:2], ids=str)
def test_a_server_that_is_not_there(node_modules: Path, client: Client) -> None:
    with Agent(f"http://127.0.0.1:{free_port()}", "agent1", client) as agent:
        with pytest.raises(AssertionError, match="ECONNREFUSED"):
            agent.call("login")
        assert agent.call("connect")["successful"] is False


@pytest.mark.parametrize("client", GENERATIONS[:2], ids=str)
def test_told_to_handshake_it_subscribes_again(stub: BayeuxStub, client: Client) -> None:
    with Agent(stub.url, "agent1", client) as agent:
        agent.sign_in([SESSIONS])
        stub.answers["/meta/connect"] = lambda message: {
            "successful": False, "error": "402::unknown", "advice": {"reconnect": "handshake", "interval": 0},
        }  # fmt: skip
        stub.push(SESSIONS, {"number": 1})  # ends the poll if one is held already; the next one is refused
        agent.wait_for(lambda event: event["event"] == "disconnected")
        del stub.answers["/meta/connect"]
        agent.wait_for(lambda event: event["event"] == "subscribed" and event["topic"] == SESSIONS)
        stub.push(SESSIONS, {"number": 2})
        agent.wait_for(lambda event: event.get("data") == {"number": 2})


def test_a_cut_connection_is_made_again(stub: BayeuxStub) -> None:
    with Agent(stub.url, "agent1") as agent:
        agent.sign_in([SESSIONS])
        stub.push(SESSIONS, {"number": 1})
        assert agent.next()["number"] == 1
        assert agent.call("break")["cut"] >= 1
        stub.push(
            SESSIONS, {"number": 2}
        )  # for the poll whose connection is cut: lost without the ack extension
        agent.wait_for(lambda event: event["event"] == "disconnected")
        agent.wait_for(lambda event: event["event"] == "connected")
        stub.push(SESSIONS, {"number": 3})
        assert agent.next()["number"] == 3


def test_requests_and_unknown_commands(stub: BayeuxStub) -> None:
    with Agent(stub.url, "agent1") as agent:
        reply = agent.request("GET", "/me")
        assert (reply["status"], reply["type"], reply["body"]["statusCode"]) == (200, "application/json", 0)
        with pytest.raises(AssertionError, match="unknown command dance"):
            agent.call("dance")

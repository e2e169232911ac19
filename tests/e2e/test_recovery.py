"""What survives (SPEC 4, 6.2, 9.19): restarts of the server, lost connections, a carrier that goes away."""

from __future__ import annotations

from typing import get_args

import pytest

from tests.e2e.agents import SESSIONS, Agent, Client, Generation, Transport, is_on
from tests.e2e.server import Server
from tests.e2e.smscs import Smsc
from tests.e2e.test_main_job import opened, texts

CLIENTS = [
    Client(9, "long-polling", ack=True),
    Client(3, "long-polling"),
    Client(9, "websocket"),
    Client(3, "websocket"),
]


def wait_subscribed_again(agent: Agent) -> None:
    """Until the client has noticed the loss, made its handshake anew and subscribed."""
    agent.wait_for(lambda event: event["event"] == "disconnected", what="the client to notice the loss")
    agent.wait_for(
        lambda event: event["event"] == "subscribed" and event["topic"] == SESSIONS and event["successful"],
        seconds=30,
        what="the client to subscribe again",
    )


@pytest.mark.parametrize("client", CLIENTS, ids=str)
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_restart_in_the_middle(smsc: Smsc, server: Server, client: Client, end: str) -> None:
    with Agent(server.url, "agent1", client) as agent:
        session = opened(agent, smsc)
        agent.work(session, "AttachUserData", userData={"before": 1})
        before = agent.next()["smssession"]
        if end == "kill":
            server.kill()
        else:
            assert server.stop() == 0
        key = smsc.deliver("are you there?", later=True)
        server.start()
        smsc.acknowledged(key)
        wait_subscribed_again(agent)
        assert agent.sessions() == [before]
        agent.work(session, "SendMessage", text="yes, I am")
        smsc.wait_text("yes, I am")
        agent.until_text("yes, I am")
        assert texts(agent, session) == ["hello", "are you there?", "yes, I am"]
        # Readiness has survived: the next customer is offered without another Ready.
        smsc.acknowledged(smsc.deliver("me too", sender="+15550222"))
        assert agent.invitation()["participants"][0]["nickname"] == "+15550222"


@pytest.mark.parametrize("client", [Client(9, ack=True), Client(3, ack=True)], ids=str)
def test_with_ack_a_cut_connection_loses_nothing(smsc: Smsc, server: Server, client: Client) -> None:
    """SPEC 4.1: with the ack extension, replies that did not arrive are repeated."""
    with Agent(server.url, "agent1", client) as agent:
        session = opened(agent, smsc)
        for number in range(5):
            text = f"number {number}"
            key = smsc.deliver(text)
            agent.call("break")
            smsc.acknowledged(key)
            agent.until_text(text, seconds=30)
        assert texts(agent, session) == ["hello", *(f"number {number}" for number in range(5))]


@pytest.mark.parametrize("transport", get_args(Transport))
@pytest.mark.parametrize("generation", get_args(Generation))
def test_with_replay_a_restart_loses_nothing(
    smsc: Smsc, server: Server, generation: Generation, transport: Transport
) -> None:
    """SPEC 4.1 [ext]: what the client missed comes with its subscription, once and in order."""
    with Agent(server.url, "agent1", Client(generation, transport, replay=True)) as agent:
        session = opened(agent, smsc)
        server.kill()
        while_away = [f"number {number}" for number in range(5)]
        keys = [smsc.deliver(text, later=True) for text in while_away]
        server.start()
        for key in keys:
            smsc.acknowledged(key)
        agent.until_text(while_away[-1], seconds=30)
        agent.work(session, "SendMessage", text="I was away")
        agent.until_text("I was away")
        events = agent.seen(lambda event: is_on(event, SESSIONS))
        entries = [message for event in events for message in event["data"].get("messages", ())]
        customers = [
            entry["text"] for entry in entries if entry["type"] == "Text" and "delivery" not in entry
        ]
        assert customers == ["hello", *while_away]
        ids = [event["ext"]["replay"]["id"] for event in agent.seen(lambda event: "data" in event)]
        assert ids == sorted(set(ids))


def test_texts_wait_while_the_carrier_is_down(smsc: Smsc, server: Server) -> None:
    with Agent(server.url, "agent1") as agent:
        session = opened(agent, smsc)
        smsc.stop()
        for text in ("first", "second"):
            agent.work(session, "SendMessage", text=text)
        smsc.listen()
        smsc.wait_bound()
        smsc.wait_text("second")
        assert smsc.texts() == ["first", "second"]
        smsc.acknowledged(smsc.deliver("got it"))
        agent.until_text("got it")


def test_a_text_whose_acknowledgement_was_lost_is_there_once(smsc: Smsc, server: Server) -> None:
    """SPEC 6.2: the identical PDU after a reconnect is the same text; an equal text sent later is not."""
    with Agent(server.url, "agent1") as agent:
        session = opened(agent, smsc)
        sent = ["first", "second"]
        for text in sent:
            smsc.behave(lose=1)
            key = smsc.deliver(text)
            smsc.wait_for(lambda event: event["event"] == "lost", what="a response that gets lost")
            smsc.acknowledged(key)
        assert texts(agent, session) == ["hello", *sent]
        again = smsc.seen(lambda event: event["event"] == "acknowledged" and event["again"])
        assert len(again) == len(sent)
        # The repetition has come; whoever writes the same again after it has written it again.
        for _ in range(2):
            smsc.acknowledged(smsc.deliver("second"))
        assert texts(agent, session) == ["hello", *sent, "second", "second"]


def test_a_connection_that_is_cut_at_any_moment(smsc: Smsc, server: Server) -> None:
    """The cut races with the text, its commit and its acknowledgement; the text is there once."""
    with Agent(server.url, "agent1") as agent:
        session = opened(agent, smsc)
        sent = [f"cut {number}" for number in range(4)]
        for text in sent:
            key = smsc.deliver(text)
            smsc.drop()
            smsc.wait_bound()
            smsc.acknowledged(key)
        assert texts(agent, session) == ["hello", *sent]

"""A carrier that misbehaves (SPEC 6.4): refusing, throttling, silent, garbled. Nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.agents import Agent
from tests.e2e.server import Server, smpp_config
from tests.e2e.smscs import Smsc
from tests.e2e.test_main_job import opened, texts


@pytest.fixture
def quick_server(smsc: Smsc, tmp_path: Path) -> Iterator[Server]:
    """A server that notices a silent carrier within seconds."""
    config = smpp_config(smsc.port, response_timeout_seconds=1, enquire_link_seconds=1)
    with Server(tmp_path, config) as server:
        yield server


def test_a_refused_bind_is_tried_again(smsc: Smsc, tmp_path: Path) -> None:
    smsc.behave(bind="refuse")
    with Server(tmp_path, smpp_config(smsc.port)) as server, Agent(server.url, "agent1") as agent:
        for _ in range(2):
            smsc.wait_for(lambda event: event["event"] == "refused", what="a refused bind")
        smsc.behave(bind="accept")
        smsc.wait_bound()
        opened(agent, smsc)
        assert "carrier1" in server.log.read_text()


def test_a_wrong_password_does_not_stop_the_server(smsc: Smsc, tmp_path: Path) -> None:
    config = smpp_config(smsc.port, password="wrong")
    with Server(tmp_path, config) as server, Agent(server.url, "agent1") as agent:
        event = smsc.wait_for(lambda event: event["event"] == "refused", what="a refused bind")
        assert event["known"] is False
        agent.sign_in()
        log = server.log.read_text()
        assert "carrier1" in log
        assert "password=wrong" not in log


def test_a_bind_without_an_answer_is_given_up(smsc: Smsc, quick_server: Server) -> None:
    smsc.wait_bound()
    smsc.behave(bind="hang")
    smsc.drop()
    for _ in range(2):
        smsc.wait_for(lambda event: event["event"] == "bind", what="a bind")
    smsc.behave(bind="accept")
    smsc.wait_bound()


def test_a_silent_link_is_made_anew(smsc: Smsc, quick_server: Server) -> None:
    smsc.wait_bound()
    smsc.wait_for(lambda event: event["event"] == "enquire", what="an enquire_link")
    smsc.behave(enquire="hang")
    smsc.wait_for(lambda event: event["event"] == "closed", what="the server to give the link up")
    smsc.behave(enquire="answer")
    smsc.wait_bound()


def test_a_throttled_text_is_sent_again(smsc: Smsc, server: Server) -> None:
    with Agent(server.url, "agent1") as agent:
        session = opened(agent, smsc)
        smsc.behave(throttle=2)
        agent.work(session, "SendMessage", text="slowly")
        agent.work(session, "SendMessage", text="in order")
        smsc.wait_text("in order", seconds=30)
        assert smsc.texts() == ["slowly", "in order"]


def test_a_text_without_an_answer_is_sent_again(smsc: Smsc, quick_server: Server) -> None:
    """SPEC 6.4: the outcome is hidden, the default policy is to send again: at least once, never lost."""
    smsc.wait_bound()
    with Agent(quick_server.url, "agent1") as agent:
        session = opened(agent, smsc)
        smsc.behave(submit="hang")
        agent.work(session, "SendMessage", text="did you get this?")
        smsc.wait_text("did you get this?")
        smsc.wait_for(lambda event: event["event"] == "closed", what="the server to give the link up")
        smsc.behave(submit="accept")
        smsc.wait_bound()
        smsc.wait_until(
            lambda events: sum(event.get("text") == "did you get this?" for event in events) >= 2,
            what="the text to come again",
        )
        assert texts(agent, session) == ["hello", "did you get this?"]


@pytest.mark.parametrize(
    "octets",
    [
        "ffffffff000000050000000000000001",  # longer than any PDU
        "00000004",  # shorter than a header
        "00000010000000990000000000000007",  # unknown command
        "000000140000000500000000000000070001ffff",  # deliver_sm that ends within its fields
    ],
    ids=["too long", "too short", "unknown", "cut off"],
)
def test_a_malformed_pdu_harms_nobody(smsc: Smsc, server: Server, octets: str) -> None:
    with Agent(server.url, "agent1") as agent:
        session = opened(agent, smsc)
        smsc.call("raw", hex=octets)
        key = smsc.deliver("still there?", later=True)
        smsc.acknowledged(key, seconds=30)
        agent.until_text("still there?")
        agent.work(session, "SendMessage", text="yes")
        smsc.wait_text("yes")


def test_a_receipt_becomes_the_delivery_state(smsc: Smsc, server: Server) -> None:
    """SPEC 6.3: Queued, Sent, Delivered; notified as MessageUpdated."""
    smsc.behave(receipts=True)
    with Agent(server.url, "agent1") as agent:
        session = opened(agent, smsc)
        agent.work(session, "SendMessage", text="tell me when")
        agent.until_delivery("tell me when", "Delivered")
        [entry] = [message for message in agent.transcript(session) if message.get("text") == "tell me when"]
        assert entry["delivery"]["state"] == "Delivered"

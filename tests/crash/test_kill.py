"""SIGKILL in the middle of traffic (SPEC 1.4, 6.2, 6.4): what was answered or acknowledged is there once."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.crash.desk import Answers, Book, Desk
from tests.e2e.server import Server, smpp_config
from tests.e2e.smscs import Smsc
from tests.e2e.toolchain import install

AGENTS = ("agent1", "agent2", "agent3")
CUSTOMERS = tuple(f"+155502{number:02}" for number in range(6))
ROUNDS = 4


class Crash:
    """The server under test, its desks, and everything that customers wrote: key -> (customer, text)."""

    def __init__(self, server: Server, smsc: Smsc, seed: int) -> None:
        self.server, self.smsc = server, smsc
        self.random = random.Random(seed)
        self.answers = Answers()
        self.desks = [Desk(server.port, user, seed, self.answers.up) for user in AGENTS]
        self.written: dict[str, tuple[str, str]] = {}

    @property
    def books(self) -> list[tuple[Desk, Book]]:
        return [(desk, book) for desk in self.desks for book in desk.books.values()]

    def write(self, customer: str, text: str) -> None:
        """A customer's text; an SMSC that lost its connection sends it as soon as it can."""
        self.written[self.smsc.deliver(text, customer, later=True)] = (customer, text)

    def open_sessions(self) -> None:
        """Every customer writes once; the agents accept, each two of them."""
        for desk in self.desks:
            desk.do("/me", "StartContactCenterSession", channels=["smssession"])
            desk.do("/me/channels/smssession", "Ready")
        for customer in CUSTOMERS:
            self.write(customer, "hello")
        self.wait_acknowledged()
        deadline = time.monotonic() + 15
        while len(self.books) < len(CUSTOMERS) and time.monotonic() < deadline:
            for desk in self.desks:
                desk.accept_offers()  # an offer follows the acknowledgement, it does not precede it
        assert sorted(book.customer for _, book in self.books) == sorted(CUSTOMERS)

    def wait_acknowledged(self) -> None:
        for key in self.written:
            self.smsc.acknowledged(key, seconds=30)

    def traffic_until_killed(self, round_: int) -> None:
        """All agents work at once and customers write; after a number of answers the server is killed."""
        threads = [threading.Thread(target=desk.work_until_lost) for desk in self.desks]
        for thread in threads:
            thread.start()
        try:
            for number in range(self.random.randint(10, 40)):
                self.answers.wait_for_more(self.random.randint(0, 4))
                self.write(self.random.choice(CUSTOMERS), f"customer text {round_}-{number}")
        finally:
            self.server.kill()
            for thread in threads:
                thread.join(30)
        assert not any(thread.is_alive() for thread in threads)

    def check(self) -> None:
        """Every session holds exactly what was answered and acknowledged, and perhaps what was under way."""
        for desk, book in self.books:
            [session] = [found for found in desk.sessions() if found["id"] == book.session]
            messages = desk.messages(book.session)
            assert [message["index"] for message in messages] == list(range(1, len(messages) + 1))
            texts = [message["text"] for message in messages if message["type"] == "Text"]
            ours = {k: v for k, v in session["userData"].items() if k.startswith(("key-", "last-"))}
            book.settle(texts, ours)
            theirs = [text for customer, text in self.written.values() if customer == book.customer]
            assert Counter(texts) == Counter(book.sent + theirs)
            assert [text for text in texts if text.startswith("from ")] == book.sent

    def check_sent(self, kills: int) -> None:
        """The phones have every text that was answered 0: in order, and only those twice that a crash hid."""
        for _, book in self.books:
            if book.sent:
                self.smsc.wait_text(book.sent[-1], book.customer, seconds=30)
            received = self.smsc.texts(book.customer)
            assert list(dict.fromkeys(received)) == book.sent
            assert all(count <= 1 + kills for count in Counter(received).values())


@pytest.mark.parametrize("seed", [1, 2])
def test_kill_in_the_middle_of_traffic(tmp_path: Path, seed: int) -> None:
    install()
    with ExitStack() as stack:
        smsc = stack.enter_context(Smsc())
        server = stack.enter_context(Server(tmp_path, smpp_config(smsc.port)))
        smsc.wait_bound()
        crash = Crash(server, smsc, seed)
        for desk in crash.desks:
            stack.callback(desk.close)
        crash.open_sessions()
        for round_ in range(ROUNDS):
            crash.traffic_until_killed(round_)
            server.start()
            smsc.wait_bound()
            crash.wait_acknowledged()
            crash.check()
            crash.check_sent(round_ + 1)
        for desk, book in crash.books:
            desk.do(f"/me/smssessions/{book.session}", "Complete")
            assert book.session not in [session["id"] for session in desk.sessions()]

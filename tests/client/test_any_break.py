"""Whatever breaks between the client's protocol and the real Bayeux server: of what was committed after the
resources were read, everything arrives, once and in order (SPEC 4.1, 9.16)."""

import json

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from smsdesk.bayeux import (
    LONG_POLLING,
    BayeuxServer,
    BayeuxSettings,
    Delivery,
    Held,
    LogMessage,
    ReplayRequest,
    ReplayWindow,
)
from smsdesk.client.bayeux import Bayeux, Over, Position, ProtocolError, Read, Send
from tests.bayeux.talk import ids

USER = "agent1"
TOPICS = st.sampled_from(["/v2/me/smssessions", "/v2/me/channels", "/v2/me"])
SETTINGS = BayeuxSettings(max_queue_bytes=2_000)
FATES = st.sampled_from(["arrives", "arrives", "arrives", "response lost", "request lost", "rubbish"])


class Breaking(RuleBasedStateMachine):
    """One client, servers that come and go on one log, and a network that loses requests and responses."""

    def __init__(self) -> None:
        super().__init__()
        self.made = ids()
        self.now = 1_000_000
        self.log: list[LogMessage] = []
        # The place of an empty log is 1023, not 0: a wish for 0 means everything that is kept (SPEC 9.16).
        self.epoch, self.oldest, self.number = "e1", 0, 1023
        self.requests: list[ReplayRequest] = []
        self.held: Held | None = None
        self.read_at: int | None = None
        self.got: list[int] = []
        self.client = Bayeux(lambda: 0.5)
        self.start()

    def start(self) -> None:
        self.server = BayeuxServer(SETTINGS, lambda: next(self.made))
        self.server.window = ReplayWindow(self.epoch, self.oldest, self.number)
        self.requests.clear()
        if self.held is not None:
            self.held = None
            self.client.failed()

    # What the client does, and what becomes of it.

    @initialize(topics=st.lists(TOPICS, max_size=3))
    def begins(self, topics: list[str]) -> None:
        self.commit(topics)
        for _ in range(4):
            self.act("arrives")

    @precondition(lambda self: self.held is None)
    @rule(fate=FATES)
    def act(self, fate: str) -> None:
        action = self.client.next()
        assert not isinstance(action, Over)
        if isinstance(action, Read):
            self.read_at, self.got = self.number, []
            self.client.resume(Position(self.epoch, self.number))
            return
        assert isinstance(action, Send)
        assert 0 <= action.pause <= 15
        if fate == "request lost":
            self.client.failed()
            return
        outcome = self.server.receive(action.body, USER, LONG_POLLING, self.now)
        self.requests += outcome.replays
        if outcome.held is not None:
            self.held = outcome.held
        else:
            self.answer(outcome.replies, fate)

    def answer(self, parts: list[bytes], fate: str) -> None:
        body = b"[" + b",".join(parts) + b"]"
        if fate == "rubbish":
            body = body[: len(body) // 2]
        if fate in ("response lost", "request lost"):
            self.client.failed()
            return
        try:
            notes = self.client.received(body)
        except ProtocolError:
            assert fate == "rubbish"
            return
        assert self.read_at is not None
        for note in notes:
            assert note.id is not None
            assert json.loads(bytes(note.data))["n"] == note.id
            self.got.append(note.id)
        due = [message.replay_id for message in self.log if message.replay_id > self.read_at]
        assert self.got == due[: len(self.got)], "lost, doubled, or out of order"

    # What happens around it.

    @rule(topics=st.lists(TOPICS, min_size=1, max_size=6))
    def commit(self, topics: list[str]) -> None:
        for topic in topics:
            self.number += 1
            message = LogMessage(topic, json.dumps({"n": self.number}).encode(), self.number)
            self.log.append(message)
            self.server.publish(USER, topic, message.data, self.number)

    @rule(size=st.integers(1, 4))
    def log_is_read(self, size: int) -> None:
        if self.requests:
            request = self.requests.pop(0)
            page = [m for m in self.log if m.replay_id > max(request.after, self.oldest)]
            _, again = self.server.replay(request, page[:size], done=len(page) <= size)
            self.requests += again

    @precondition(lambda self: self.held is not None)
    @rule(fate=FATES)
    def poll_is_released(self, fate: str) -> None:
        assert self.held is not None
        delivery: Delivery = self.server.release(self.held.client_id, self.now)
        self.requests += delivery.replays
        if delivery.reply is not None:
            self.held = None
            self.answer(delivery.parts, fate)

    @precondition(lambda self: self.held is not None)
    @rule()
    def connection_breaks(self) -> None:
        assert self.held is not None
        self.server.aborted(self.held, self.now)
        self.held = None
        self.client.failed()

    @rule(passed=st.sampled_from([1_000, 30_000, 60_000, 90_000]))
    def time_passes(self, passed: int) -> None:
        self.now += passed
        for client_id in self.server.expire(self.now).over:
            delivery = self.server.release(client_id, self.now)
            self.requests += delivery.replays
            if self.held is not None and self.held.client_id == client_id and delivery.reply is not None:
                self.held = None
                self.answer(delivery.parts, "arrives")

    @rule()
    def server_restarts(self) -> None:
        self.start()

    @rule()
    def store_is_restored(self) -> None:
        """Another epoch: what was committed since the backup is gone, the client has to read again."""
        self.epoch += "'"
        self.start()

    @rule()
    def log_is_trimmed(self) -> None:
        """While the server is down for long, so that who has not got everything is told to read again."""
        self.oldest = self.number
        self.start()

    def quiet(self) -> bool:
        return self.held is not None and not self.requests

    def teardown(self) -> None:
        """When nothing breaks any more, it all comes."""
        for _ in range(400):
            self.log_is_read(50)
            if self.held is None:
                self.act("arrives")
            else:
                self.poll_is_released("arrives")
                if self.quiet():
                    break
        due = [m.replay_id for m in self.log if self.read_at is not None and m.replay_id > self.read_at]
        assert self.got == due


TestAnyBreak = Breaking.TestCase
TestAnyBreak.settings = settings(
    max_examples=120,
    stateful_step_count=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

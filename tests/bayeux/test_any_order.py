"""Whatever two users' clients do in whatever order, over both transports, with lost replies, broken
connections and replays: nothing crashes, nothing reaches a stranger, nothing comes twice or out of order, and
who acknowledges gets everything (SPEC 4)."""

import json
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from smsdesk.bayeux import (
    LONG_POLLING,
    WEBSOCKET,
    BadBatch,
    BayeuxServer,
    BayeuxSettings,
    Delivery,
    LogMessage,
    Outcome,
    ReplayRequest,
    ReplayWindow,
)
from smsdesk.bayeux.topic import TOPICS, covers
from tests.bayeux.peer import Peer
from tests.bayeux.talk import ids, told

QUEUE = 900
USERS = ("agent1", "agent2")
DURABLE = ("/v2/me/smssessions", "/v2/me/channels")
PATTERNS = (*DURABLE, "/v2/me/smssession", "/v2/me/*", "/v2/**", "/**", "/v2/ucs/interactions")
TRANSPORTS = st.sampled_from([LONG_POLLING, WEBSOCKET])
ARRIVES = st.sampled_from([True, True, True, False])
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(["c1", "c2", *PATTERNS])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
FIELDS = ("clientId", "id", "connectionType", "subscription", "version", "advice", "ext", "data")
TOPIC_LISTS = st.lists(st.sampled_from(DURABLE), min_size=1, max_size=8)
CHANNELS = st.sampled_from(
    [f"/meta/{kind}" for kind in ("handshake", "connect", "subscribe", "disconnect", "x")]
)
NOISE = st.lists(
    st.fixed_dictionaries({"channel": CHANNELS}, optional=dict.fromkeys(FIELDS, JSON)) | JSON, max_size=3
)


class Bayeux(RuleBasedStateMachine):
    """The edge, the log and the clients around one server."""

    def __init__(self) -> None:
        super().__init__()
        made = ids()
        self.server = BayeuxServer(BayeuxSettings(max_queue_bytes=QUEUE), lambda: next(made))
        self.server.window = ReplayWindow("e1", 0, 0)
        self.now = 1_000_000
        self.peers: dict[str, Peer] = {}
        self.log: list[tuple[str, LogMessage]] = []
        self.requests: list[ReplayRequest] = []
        self.woken: list[str] = []
        self.number = 0
        self.published = 0

    # What a client does.

    @initialize(kinds=st.lists(st.tuples(TRANSPORTS, st.booleans()), min_size=2, max_size=4), old=TOPIC_LISTS)
    def some_are_there(self, kinds: list[tuple[str, bool]], old: list[str]) -> None:
        for user in USERS:
            self.commit(user, old)
        for n, (transport, ack) in enumerate(kinds):
            peer = self.handshake(USERS[n % 2], transport, ack)
            self.poll(peer, True, None)
            if n % 3 == 0:
                self.say(peer, "subscribe", subscription="/v2/**")
                peer.asked.add("/v2/**")
            else:
                self.replay_from(peer, "/v2/me/*", 0)
            self.poll(peer, True, None)

    @precondition(lambda self: len(self.living()) < 6)
    @rule(user=st.sampled_from(USERS), transport=TRANSPORTS, ack=st.booleans())
    def one_more_comes(self, user: str, transport: str, ack: bool) -> None:
        self.handshake(user, transport, ack)

    def handshake(self, user: str, transport: str, ack: bool) -> Peer:
        ext = {"ack": True} if ack else {}
        (reply,) = told(self.send(user, transport, channel="/meta/handshake", ext=ext).replies)
        peer = self.peers[reply["clientId"]] = Peer(reply["clientId"], user, transport, ack)
        peer.idle_since = self.now
        return peer

    @precondition(lambda self: self.living())
    @rule(data=st.data(), arrives=ARRIVES, at_once=st.booleans(), transport=st.none() | TRANSPORTS)
    def connect(self, data: st.DataObject, arrives: bool, at_once: bool, transport: str | None) -> None:
        peer = data.draw(st.sampled_from(self.living()))
        peer.transport = transport or peer.transport
        self.poll(peer, arrives, {"timeout": 0} if at_once else None)

    @precondition(lambda self: self.living())
    @rule(data=st.data(), patterns=st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=2))
    def subscribe(self, data: st.DataObject, patterns: list[str]) -> None:
        peer = data.draw(st.sampled_from(self.living()))
        self.say(peer, "subscribe", subscription=patterns)
        peer.asked.update(patterns)

    @precondition(lambda self: self.living())
    @rule(data=st.data(), pattern=st.sampled_from(PATTERNS))
    def subscribe_with_replay(self, data: st.DataObject, pattern: str) -> None:
        peer = data.draw(st.sampled_from(self.living()))
        if any(peer.wants(topic) or topic in peer.due for topic in TOPICS if covers(pattern, topic)):
            return  # it would rightly get again what it has
        after = data.draw(st.sampled_from([0, *(m.replay_id for _, m in self.log)]))
        self.replay_from(peer, pattern, after)

    def replay_from(self, peer: Peer, pattern: str, after: int) -> None:
        outcome = self.say(
            peer, "subscribe", subscription=pattern, ext={"replay": {"id": after, "epoch": "e1"}}
        )
        assert len(outcome.replays) == (1 if peer.alive else 0)
        peer.asked.add(pattern)
        peer.replayed.add(pattern)
        for user, message in self.log:
            if user == peer.user and covers(pattern, message.topic) and message.replay_id > after:
                peer.expect(message.topic, message.replay_id)

    @precondition(lambda self: self.living())
    @rule(data=st.data())
    def unsubscribe(self, data: st.DataObject) -> None:
        peer = data.draw(st.sampled_from(self.living()))
        if peer.asked and not peer.replayed:  # a replay goes on, and would bring what is not expected
            pattern = data.draw(st.sampled_from(sorted(peer.asked)))
            before = [topic for topic in TOPICS if peer.wants(topic)]
            self.say(peer, "unsubscribe", subscription=pattern)
            peer.asked.discard(pattern)
            # What comes after a pause would look like a gap: such a topic is not asked for again.
            peer.lossy = peer.lossy or any(not peer.wants(topic) for topic in before)

    @precondition(lambda self: len(self.living()) > 3)
    @rule(data=st.data())
    def disconnect(self, data: st.DataObject) -> None:
        peer = data.draw(st.sampled_from(self.living()))
        self.say(peer, "disconnect")
        peer.alive = False
        peer.leaves()

    # What happens around it.

    @rule(user=st.sampled_from(USERS), topics=TOPIC_LISTS)
    def commit(self, user: str, topics: list[str]) -> None:
        for topic in topics:
            self.number += 1
            data = json.dumps({"user": user, "n": self.number}).encode()
            self.log.append((user, LogMessage(topic, data, self.number)))
            for peer in self.of(user):
                if peer.follows(topic):
                    peer.expect(topic, self.number)

    @rule(most=st.integers(1, 4))
    def publish(self, most: int) -> None:
        """The notifier comes after the log, and may be behind it."""
        for user, message in self.log[self.published : self.published + most]:
            self.published += 1
            for peer in self.of(user):
                if not peer.follows(message.topic):
                    peer.expect(message.topic, message.replay_id)
            self.woken += self.server.publish(user, message.topic, message.data, message.replay_id)

    @rule(user=st.sampled_from(USERS))
    def publish_what_is_not_kept(self, user: str) -> None:
        self.number += 1
        for peer in self.of(user):
            peer.expect("/notifications/services", self.number)
        data = json.dumps({"user": user, "n": self.number}).encode()
        self.woken += self.server.publish(user, "/notifications/services", data)

    @precondition(lambda self: self.woken)
    @rule(fate=st.sampled_from(["arrives", "arrives", "lost", "not written"]))
    def flush(self, fate: str) -> None:
        peer = self.peers[self.woken.pop(0)]
        delivery = self.server.release(peer.client_id, self.now)
        assert peer.held is not None or not delivery.messages
        self.take(peer, delivery, arrives=fate == "arrives")
        if fate == "not written":
            peer.lossy = peer.was_lossy
            self.woken += self.server.undelivered(delivery)

    @precondition(lambda self: self.living())
    @rule(data=st.data())
    def release_without_reason(self, data: st.DataObject) -> None:
        peer = data.draw(st.sampled_from(self.living()))
        self.take(peer, self.server.release(peer.client_id, self.now), arrives=True)

    @precondition(lambda self: self.requests)
    @rule(data=st.data(), size=st.integers(1, 4), fails=st.sampled_from([False] * 9 + [True]))
    def read_the_log(self, data: st.DataObject, size: int, fails: bool) -> None:
        request = data.draw(st.sampled_from(self.requests))
        self.requests.remove(request)
        if fails:
            self.peers[request.client_id].may_be_dropped = True
            self.woken += self.server.replay_failed(request)
        else:
            self.bring(request, size)

    @precondition(lambda self: self.living())
    @rule(data=st.data())
    def connection_breaks(self, data: st.DataObject) -> None:
        peer = data.draw(st.sampled_from(self.living()))
        if peer.held is not None:
            self.server.aborted(peer.held, self.now)
            peer.held, peer.idle_since = None, self.now

    @rule(passed=st.sampled_from([0, 1, 1_000, 10_000, 29_999, 30_000, 60_000]))
    def time_passes(self, passed: int) -> None:
        self.now += passed
        expired = self.server.expire(self.now)
        self.woken += expired.over
        for peer in (self.peers[client_id] for client_id in expired.forgotten if client_id in self.peers):
            assert not peer.alive or (peer.held is None and self.now - peer.idle_since >= 60_000)
            peer.alive = False

    @precondition(lambda self: len(self.living()) > 4)
    @rule(user=st.sampled_from(USERS))
    def logout(self, user: str) -> None:
        for peer in self.of(user):
            peer.leaves()
        self.woken += self.server.drop_user(user)

    @precondition(lambda self: self.living())
    @rule(data=st.data(), kind=st.sampled_from(["connect", "subscribe", "disconnect"]))
    def hijack(self, data: st.DataObject, kind: str) -> None:
        peer = data.draw(st.sampled_from(self.living()))
        thief = USERS[peer.user == USERS[0]]
        fields = {"clientId": peer.client_id, "subscription": "/**", "connectionType": LONG_POLLING}
        outcome = self.send(thief, peer.transport, channel=f"/meta/{kind}", **fields)
        (reply,) = told(outcome.replies)
        assert reply["error"] in ("403::Forbidden client", "402::Unknown client")
        assert outcome == Outcome(replies=outcome.replies)

    @rule(
        noise=NOISE | st.binary(max_size=40), user=st.sampled_from([None, "intruder"]), transport=TRANSPORTS
    )
    def noise(self, noise: Any, user: str | None, transport: str) -> None:
        body = noise if isinstance(noise, bytes) else json.dumps(noise).encode()
        with suppress(BadBatch):
            told(self.server.receive(body, user, transport, self.now).replies)

    def teardown(self) -> None:
        """Let the dust settle: everything is read, every client polls until there is nothing left."""
        self.publish(len(self.log))
        before = -1
        while self.woken or self.requests or before != self.heard():
            before = self.heard()
            while self.woken:
                self.flush("arrives")
            for request in [self.requests.pop() for _ in self.requests[:]]:
                self.bring(request, 50)
            for peer in self.living():
                self.poll(peer, True, {"timeout": 0})
        for peer in self.living():
            peer.check_nothing_lost()
        self.server.expire(self.now + 60_000)
        self.server.expire(self.now + 120_000)

    # The edge.

    def send(self, user: str, transport: str, **message: Any) -> Outcome:
        return self.server.receive(json.dumps([message]).encode(), user, transport, self.now)

    def say(self, peer: Peer, kind: str, **fields: Any) -> Outcome:
        outcome = self.send(
            peer.user, peer.transport, channel=f"/meta/{kind}", clientId=peer.client_id, **fields
        )
        (reply,) = told(outcome.replies)
        if not reply["successful"]:
            peer.was_dropped(reply)
        self.requests += outcome.replays
        self.woken += outcome.wake
        return outcome

    def poll(self, peer: Peer, arrives: bool, advice: dict[str, int] | None) -> None:
        message = {
            "channel": "/meta/connect",
            "clientId": peer.client_id,
            "connectionType": peer.transport,
            "ext": {"ack": peer.batch} if peer.acknowledges else {},
            "advice": advice or {},
        }
        outcome = self.send(peer.user, peer.transport, **message)
        self.requests += outcome.replays
        had_one = peer.held is not None
        peer.held, peer.idle_since = outcome.held, self.now
        peer.hear_after_poll(outcome.replies, arrives)
        if arrives and peer.alive:
            assert outcome.displaced == ([peer.client_id] if had_one else [])

    def take(self, peer: Peer, delivery: Delivery, arrives: bool) -> None:
        self.requests += delivery.replays
        if delivery.reply is not None:
            peer.held, peer.idle_since = None, self.now
        if peer.alive:
            peer.hear(delivery.parts, arrives)

    def bring(self, request: ReplayRequest, size: int) -> None:
        after = [m for user, m in self.log if user == request.user and m.replay_id > request.after]
        woken, again = self.server.replay(request, after[:size], done=len(after) <= size)
        self.requests += again
        self.woken += woken

    def of(self, user: str) -> list[Peer]:
        return [peer for peer in self.peers.values() if peer.user == user and not peer.left]

    def heard(self) -> int:
        return sum(len(got) for peer in self.peers.values() for got in peer.got.values())

    def living(self) -> list[Peer]:
        return [peer for peer in self.peers.values() if peer.alive]


TestAnyOrder = Bayeux.TestCase
TestAnyOrder.settings = settings(
    max_examples=90,
    stateful_step_count=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

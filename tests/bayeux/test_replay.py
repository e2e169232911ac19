"""The ``replay`` extension: the log first, then the live stream; no gap, nothing twice (SPEC 4.1, 9.16)."""

import pytest

from smsdesk.bayeux import WEBSOCKET, LogMessage, ReplayRequest, ReplayWindow
from tests.bayeux.talk import SMS, Talk, told

CHANNELS = "/v2/me/channels"


class Desk(Talk):
    """A talk with a log: what is published is committed to it first."""

    def __init__(self, **settings: int) -> None:
        super().__init__(**settings)
        self.server.window = ReplayWindow("e1", 0, 1000)
        self.log: list[LogMessage] = []

    def commit(self, replay_id: int, topic: str = SMS) -> None:
        self.log.append(LogMessage(topic, str(replay_id).encode(), replay_id))

    def live(self, replay_id: int, topic: str = SMS) -> list[str]:
        """Commit and publish."""
        self.commit(replay_id, topic)
        return self.server.publish("agent1", topic, str(replay_id).encode(), replay_id)

    def page(self, request: ReplayRequest, size: int = 100) -> tuple[list[LogMessage], bool]:
        after = [m for m in self.log if m.replay_id > request.after]
        return after[:size], len(after) <= size

    def read(self, requests: list[ReplayRequest], size: int = 100) -> None:
        """Read the log for the requests, and for those that follow."""
        while requests:
            request = requests.pop(0)
            messages, done = self.page(request, size)
            requests += self.server.replay(request, messages, done)[1]

    def waiting(self, *topics: str, after: int = 0, ack: bool = False) -> tuple[str, list[ReplayRequest]]:
        """A client with a held connect that has just asked for replays."""
        client = self.ready(ack=ack)
        return client, self.subscribe(client, *topics, ext=f'{{"replay":{after}}}').replays

    def got(self, client: str) -> list[int]:
        """What a release of the held connect delivers."""
        return [m["data"] for m in self.released(client) if "data" in m]


def test_the_subscription_is_confirmed_and_the_log_asked_for() -> None:
    talk = Desk()
    client = talk.handshake()
    outcome = talk.subscribe(client, SMS, ext='{"replay":17}')
    (reply,) = told(outcome.replies)
    assert reply["successful"] is True
    assert reply["ext"] == {"replay": {"epoch": "e1", "id": 1000}}
    assert outcome.replays == [ReplayRequest(client, "agent1", SMS, 17, 1)]


def test_the_backlog_is_delivered_under_the_name_subscribed_to() -> None:
    talk = Desk()
    client, requests = talk.waiting("/v2/me/smssession")
    assert requests[0].subscription == SMS
    woken, again = talk.server.replay(requests[0], [LogMessage(SMS, b'{"n":1}', 5)], done=True)
    assert (woken, again) == ([client], [])
    assert talk.released(client)[0] == {
        "channel": "/v2/me/smssession",
        "data": {"n": 1},
        "ext": {"replay": {"id": 5}},
    }


def test_live_messages_wait_for_the_backlog_and_follow_it() -> None:
    talk = Desk()
    talk.commit(1)
    client, requests = talk.waiting(SMS)
    messages, done = talk.page(requests[0])
    assert talk.live(2) == []
    assert talk.released(client) == []
    talk.server.replay(requests[0], messages, done)
    assert talk.got(client) == [1, 2]


def test_what_was_both_in_the_log_and_live_comes_once() -> None:
    talk = Desk()
    client, requests = talk.waiting(SMS)
    talk.live(1)
    talk.live(2)
    talk.read(requests)
    talk.live(3)
    assert talk.got(client) == [1, 2, 3]


def test_what_is_published_late_but_was_read_from_the_log_comes_once() -> None:
    talk = Desk()
    talk.commit(1)
    talk.commit(2)
    client, requests = talk.waiting(SMS)
    talk.read(requests)
    talk.server.publish("agent1", SMS, b"1", 1)
    talk.server.publish("agent1", SMS, b"2", 2)
    talk.live(3)
    assert talk.got(client) == [1, 2, 3]


def test_what_the_client_has_already_is_not_sent_again() -> None:
    talk = Desk()
    for n in (1, 2, 3):
        talk.commit(n)
    client, requests = talk.waiting(SMS, after=2)
    talk.server.publish("agent1", SMS, b"2", 2)
    talk.read(requests)
    assert talk.got(client) == [3]


def read_on(talk: Desk, client: str, again: list[ReplayRequest], turns: int) -> list[int]:
    """What a client is told who connects again and again, while the log is read for it."""
    got: list[int] = []
    for _ in range(turns):
        talk.read(again)
        delivery = talk.release(client)
        got += [m["data"] for m in told(delivery.messages)]
        again += delivery.replays
        if delivery.reply is not None:
            again += talk.connect(client).replays
    return got


def test_all_that_was_held_back_follows_however_full_the_queue_is() -> None:
    talk = Desk(max_queue_bytes=2_000)
    for n in (1, 2, 3):
        talk.commit(n)
    client, requests = talk.waiting(SMS)
    page = talk.page(requests[0])
    for n in range(4, 11):
        talk.live(n)
    again = talk.server.replay(requests[0], *page)[1]
    assert read_on(talk, client, again, turns=10) == list(range(1, 11))


def test_other_topics_do_not_wait() -> None:
    talk = Desk()
    client, _ = talk.waiting(SMS)
    talk.subscribe(client, CHANNELS)
    assert talk.live(7, CHANNELS) == [client]
    assert talk.got(client) == [7]


def test_transient_messages_do_not_wait() -> None:
    talk = Desk()
    client, _ = talk.waiting("/**")
    assert talk.server.publish("agent1", "/notifications/services", b"0") == [client]


def test_a_wildcard_replays_all_it_covers_in_the_order_of_the_log() -> None:
    talk = Desk()
    talk.commit(1)
    talk.commit(2, CHANNELS)
    talk.commit(3, "/v2/ucs/interactions")
    client, requests = talk.waiting("/v2/me/*")
    talk.read(requests)
    assert talk.got(client) == [1, 2]


def test_overlapping_replays_give_each_message_once() -> None:
    talk = Desk()
    talk.commit(1)
    talk.commit(2, CHANNELS)
    client, requests = talk.waiting(SMS, "/v2/me/*")
    assert [r.subscription for r in requests] == [SMS, "/v2/me/*"]
    talk.live(3)
    talk.read(requests)
    assert sorted(talk.got(client)) == [1, 2, 3]


def test_two_spellings_of_one_topic_are_one_replay() -> None:
    talk = Desk()
    talk.commit(1)
    client, requests = talk.waiting(SMS, "/v2/me/smssession")
    assert len(requests) == 1
    talk.read(requests)
    assert talk.got(client) == [1]


def test_a_long_log_is_read_page_by_page() -> None:
    talk = Desk()
    for n in range(1, 8):
        talk.commit(n)
    client, requests = talk.waiting(SMS)
    talk.read(requests, size=2)
    assert talk.got(client) == [1, 2, 3, 4, 5, 6, 7]


def test_an_empty_log_lets_the_live_stream_through() -> None:
    talk = Desk()
    client, requests = talk.waiting(SMS)
    assert talk.server.replay(requests[0], [], done=True) == ([], [])
    assert talk.live(1) == [client]


def test_a_log_larger_than_the_queue_is_taken_as_the_client_acknowledges() -> None:
    talk = Desk(max_queue_bytes=600)
    for n in range(1, 30):
        talk.commit(n)
    client, requests = talk.waiting(SMS, ack=True)
    got: list[int] = []
    ack = 1
    for _ in range(40):
        talk.read(requests)
        delivery = talk.release(client)
        requests += delivery.replays
        if delivery.reply is not None:
            *messages, reply = told(delivery.parts)
            got += [m["data"] for m in messages]
            ack = reply["ext"]["ack"]
            requests += talk.connect(client, ack=ack).replays
    assert got == list(range(1, 30))
    assert talk.server.sessions == 1


@pytest.mark.parametrize("transport", ["long-polling", WEBSOCKET])
def test_a_log_larger_than_the_queue_goes_on_when_the_queue_was_taken(transport: str) -> None:
    talk = Desk(max_queue_bytes=600)
    for n in range(1, 30):
        talk.commit(n)
    client = talk.ready(transport=transport)
    requests = talk.subscribe(client, SMS, ext='{"replay":0}').replays
    got: list[int] = []
    for _ in range(40):
        talk.read(requests)
        delivery = talk.release(client)
        requests += delivery.replays
        got += [m["data"] for m in told(delivery.messages)]
        if delivery.reply is not None:
            requests += talk.connect(client, transport=transport).replays
    assert got == list(range(1, 30))


def test_a_stopped_replay_goes_on_with_a_connect_that_takes_the_queue() -> None:
    talk = Desk(max_queue_bytes=600)
    for n in range(1, 10):
        talk.commit(n)
    client = talk.ready(hold=False)
    requests = talk.subscribe(client, SMS, ext='{"replay":0}').replays
    talk.read(requests)
    outcome = talk.connect(client)
    assert [m.get("data") for m in told(outcome.replies)] == [1, 2, 3, None]
    assert [r.after for r in outcome.replays] == [3]


def test_a_stopped_replay_waits_until_the_client_has_taken_half() -> None:
    talk = Desk(max_queue_bytes=600)
    for n in range(1, 10):
        talk.commit(n)
    client, requests = talk.waiting(SMS, ack=True)
    talk.read(requests)
    talk.release(client)
    assert talk.connect(client, ack=1).replays == []
    (request,) = talk.connect(client, ack=3).replays
    assert request.after > 0


def test_a_replay_leaves_room_for_live_messages() -> None:
    talk = Desk(max_queue_bytes=600)
    for n in range(1, 10):
        talk.commit(n)
    client, requests = talk.waiting(SMS)
    talk.subscribe(client, CHANNELS)
    talk.read(requests)
    assert talk.live(10, CHANNELS) == [client]
    assert talk.got(client) == [1, 2, 3, 10]


def test_live_messages_that_cannot_be_held_back_are_read_from_the_log_instead() -> None:
    talk = Desk(max_queue_bytes=120)
    client, requests = talk.waiting(SMS)
    for n in range(10_000, 10_020):  # 100 bytes of data: more than may be held back
        talk.live(n)
    (request,) = requests
    assert talk.server.replay(request, [], done=True)[1] == [
        ReplayRequest(client, "agent1", SMS, 0, request.number)
    ]
    assert read_on(talk, client, [request], turns=60) == list(range(10_000, 10_020))


def test_asking_again_starts_again_and_overtakes_the_old_request() -> None:
    talk = Desk()
    for n in (1, 2, 3):
        talk.commit(n)
    client, old = talk.waiting(SMS, after=2)
    new = talk.subscribe(client, SMS, ext='{"replay":0}').replays
    assert talk.server.replay(old[0], [talk.log[2]], done=True) == ([], [])
    talk.read(new)
    assert talk.got(client) == [1, 2, 3]


def test_asking_again_later_delivers_again() -> None:
    talk = Desk()
    talk.commit(1)
    client, requests = talk.waiting(SMS)
    talk.read(requests)
    assert talk.got(client) == [1]
    talk.connect(client)
    talk.read(talk.subscribe(client, SMS, ext='{"replay":0}').replays)
    assert talk.got(client) == [1]


def test_what_is_given_up_while_it_is_replayed_does_not_come() -> None:
    talk = Desk()
    talk.commit(1)
    client, requests = talk.waiting(SMS, CHANNELS)
    talk.commit(2, CHANNELS)
    talk.say(f'[{{"channel":"/meta/unsubscribe","clientId":"{client}","subscription":"{SMS}"}}]')
    talk.read(requests)
    assert talk.got(client) == [2]


def test_giving_up_one_of_two_subscriptions_leaves_no_gap_in_the_other() -> None:
    talk = Desk()
    client = talk.ready(SMS)
    requests = talk.subscribe(client, "/v2/me/*", ext='{"replay":0}').replays
    talk.live(1)
    talk.say(f'[{{"channel":"/meta/unsubscribe","clientId":"{client}","subscription":"/v2/me/*"}}]')
    talk.live(2)
    talk.read(requests)
    assert talk.got(client) == [1, 2]


def test_pages_for_clients_that_are_gone_are_ignored() -> None:
    talk = Desk()
    client, requests = talk.waiting(SMS)
    talk.say(f'[{{"channel":"/meta/disconnect","clientId":"{client}"}}]')
    assert talk.server.replay(requests[0], [LogMessage(SMS, b"1", 1)], done=True) == ([], [])
    assert talk.server.replay_failed(requests[0]) == []
    talk.release(client)
    assert talk.server.replay(requests[0], [], done=True) == ([], [])


def test_a_log_that_cannot_be_read_sends_the_client_back_to_the_handshake() -> None:
    talk = Desk()
    client, requests = talk.waiting(SMS)
    assert talk.server.replay_failed(requests[0]) == [client]
    (reply,) = talk.released(client)
    assert (reply["error"], reply["advice"]["reconnect"]) == ("402::Unknown client", "handshake")


def test_a_log_that_cannot_be_read_while_no_connect_is_held() -> None:
    talk = Desk()
    client = talk.ready(hold=False)
    requests = talk.subscribe(client, SMS, ext='{"replay":0}').replays
    assert talk.server.replay_failed(requests[0]) == []
    assert talk.server.sessions == 0


@pytest.mark.parametrize("wish", ["0", "500", "1000", '{"id":999,"epoch":"e1"}', '{"id":5000,"epoch":"e1"}'])
def test_a_place_in_the_log_can_be_named_with_or_without_its_epoch(wish: str) -> None:
    talk = Desk()
    talk.server.window = ReplayWindow("e1", 500, 1000)
    client = talk.handshake()
    assert len(talk.subscribe(client, SMS, ext=f'{{"replay":{wish}}}').replays) == 1


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ('{"id":700,"epoch":"e0"}', "412::Another epoch, read again"),
        ('{"id":0,"epoch":"e0"}', "412::Another epoch, read again"),
        ("499", "412::No longer kept, read again"),
        ("1001", "412::Not reached yet, read again"),
        ("-1", "400:ext.replay:Invalid parameter"),
        ("true", "400:ext.replay:Invalid parameter"),
        ("1.5", "400:ext.replay:Invalid parameter"),
        ("9007199254740992", "400:ext.replay:Invalid parameter"),
        ('"5"', "400:ext.replay:Invalid parameter"),
        ("[]", "400:ext.replay:Invalid parameter"),
        ('{"epoch":"e1"}', "400:ext.replay:Invalid parameter"),
        ('{"id":5,"epoch":7}', "400:ext.replay:Invalid parameter"),
    ],
)
def test_a_place_that_cannot_be_given_refuses_the_whole_subscription(wish: str, error: str) -> None:
    talk = Desk()
    talk.server.window = ReplayWindow("e1", 500, 1000)
    client = talk.ready()
    outcome = talk.subscribe(client, SMS, ext=f'{{"replay":{wish}}}')
    (reply,) = told(outcome.replies)
    assert (reply["successful"], reply["error"]) == (False, error)
    assert outcome.replays == []
    assert talk.live(2000) == []


def test_a_refused_replay_says_where_the_log_stands() -> None:
    talk = Desk()
    client = talk.handshake()
    (reply,) = told(talk.subscribe(client, SMS, ext='{"replay":{"id":1,"epoch":"old"}}').replies)
    assert reply["ext"] == {"replay": {"epoch": "e1", "id": 1000}}


def test_without_a_log_the_extension_is_ignored() -> None:
    talk = Talk()
    client = talk.handshake()
    outcome = talk.subscribe(client, SMS, ext='{"replay":"whatever"}')
    (reply,) = told(outcome.replies)
    assert reply["successful"] is True
    assert "ext" not in reply
    assert outcome.replays == []

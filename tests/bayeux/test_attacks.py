"""What a hostile client tries (SPEC 4.2, 8.10, 9.17)."""

import pytest

from smsdesk.bayeux import LONG_POLLING, WEBSOCKET, BadBatch, ReplayWindow
from tests.bayeux.talk import SMS, Talk, told

BOTH = pytest.mark.parametrize("transport", [LONG_POLLING, WEBSOCKET])
KINDS = [
    '"channel":"/meta/connect","connectionType":"long-polling"',
    '"channel":"/meta/subscribe","subscription":"/v2/me/smssessions","ext":{"replay":0}',
    '"channel":"/meta/unsubscribe","subscription":"/v2/me/smssessions"',
    '"channel":"/meta/disconnect"',
    '"channel":"/v2/me/smssessions","data":{}',
    '"channel":"/meta/fly"',
]


@BOTH
@pytest.mark.parametrize("user", ["agent2", None])
@pytest.mark.parametrize("kind", KINDS)
def test_anothers_client_id_gets_403_and_nothing_else(kind: str, user: str | None, transport: str) -> None:
    talk = Talk()
    talk.server.window = ReplayWindow("e1", 0, 1)
    client = talk.ready(SMS)
    outcome = talk.say(f'[{{"id":"1","clientId":"{client}",{kind}}}]', user, transport)
    (reply,) = talk.hear(f'[{{"id":"1","clientId":"{client}",{kind}}}]', user, transport)
    reply.pop("subscription", None)
    channel = reply.pop("channel")
    assert reply == {"id": "1", "successful": False, "error": "403::Forbidden client"}
    assert (outcome.held, outcome.displaced, outcome.wake, outcome.replays) == (None, [], [], [])
    assert channel in kind
    # The owner notices nothing: his connect is still held, his subscription still there.
    assert talk.server.publish("agent1", SMS, b'{"mine":1}') == [client]
    assert talk.released(client)[0]["data"] == {"mine": 1}


def test_a_hijacker_cannot_keep_anothers_client_alive() -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    talk.now += 59_999
    talk.connect(client, "agent2")
    assert talk.server.expire(talk.now + 1).forgotten == [client]


@BOTH
@pytest.mark.parametrize("guess", ['"c2"', '""', '"C1"', '"c1 "', '"*"', '"/**"', "null"])
def test_guessed_client_ids_are_unknown(guess: str, transport: str) -> None:
    talk = Talk()
    talk.ready(SMS)
    (reply,) = talk.hear(
        f'[{{"channel":"/meta/connect","connectionType":"long-polling","clientId":{guess}}}]',
        transport=transport,
    )
    assert reply["error"] == "402::Unknown client"
    assert "clientId" not in reply


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'[{"ext":{"a":' + b"[" * 100_000,
        b'[{"data":' + b'{"a":' * 40_000,
        b'[{"channel":"/a","data":' + b"[" * 50_000 + b"]" * 50_000 + b"}]",
    ],
)
def test_deep_nesting_is_refused(body: bytes) -> None:
    with pytest.raises(BadBatch) as caught:
        Talk().say(body)
    assert caught.value.status == 400


def test_a_flood_of_handshakes_leaves_a_bounded_number_of_clients() -> None:
    talk = Talk(max_sessions_per_user=4)
    for _ in range(50):
        talk.handshake()
    assert talk.server.sessions == 4


def test_subscribing_and_leaving_replays_cannot_pile_up() -> None:
    talk = Talk(max_subscriptions=3)
    talk.server.window = ReplayWindow("e1", 0, 1)
    client = talk.handshake()
    requests = 0
    for n in range(10):
        requests += len(talk.subscribe(client, f"/t{n}", ext='{"replay":0}').replays)
        talk.say(f'[{{"channel":"/meta/unsubscribe","clientId":"{client}","subscription":"/t{n}"}}]')
    assert requests == 3


def test_a_name_repeated_without_end_is_refused_by_count() -> None:
    talk = Talk()
    client = talk.handshake()
    (reply,) = told(talk.subscribe(client, *["/a"] * 10_000).replies)
    assert reply["error"] == "403:64:Too many subscriptions"


@pytest.mark.parametrize("name", ['/a","data":{"x":"', '/a\\",', '/a"', "/a\\u0022", "/a\x00", "/a\u2028"])
def test_a_topic_cannot_break_out_of_the_message_that_names_it(name: str) -> None:
    talk = Talk()
    client = talk.handshake()
    (reply,) = told(talk.subscribe(client, name).replies)
    assert reply["error"] == "405::Invalid subscription"
    assert reply["subscription"] == name

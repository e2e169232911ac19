"""/meta/subscribe and what follows from it (Bayeux 1.0 section 4.3; SPEC 4.3)."""

import json

import pytest

from smsdesk.bayeux import ReplayWindow
from tests.bayeux.talk import SMS, Talk, told


def test_a_subscription_is_confirmed() -> None:
    talk = Talk()
    client = talk.handshake()
    outcome = talk.say(
        f'[{{"id":"3","channel":"/meta/subscribe","subscription":"{SMS}","clientId":"{client}"}}]'
    )
    assert outcome.replies == [
        b'{"channel":"/meta/subscribe","id":"3","clientId":"c1","successful":true,'
        b'"subscription":"/v2/me/smssessions"}'
    ]


def test_several_channels_in_one_message() -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    (reply,) = told(talk.subscribe(client, SMS, "/v2/me/channels").replies)
    assert reply["subscription"] == [SMS, "/v2/me/channels"]
    talk.connect(client)
    talk.server.publish("agent1", SMS, b"1")
    talk.server.publish("agent1", "/v2/me/channels", b"2")
    assert [m.get("data") for m in talk.released(client)] == [1, 2, None]


def test_nothing_comes_without_a_subscription() -> None:
    talk = Talk()
    client = talk.ready("/v2/me/channels")
    assert talk.server.publish("agent1", SMS, b"{}") == []
    assert talk.released(client) == []


def test_a_subscription_counts_from_its_moment_on() -> None:
    talk = Talk()
    client = talk.ready("/v2/me/channels")
    assert talk.server.publish("agent1", SMS, b"1") == []
    talk.subscribe(client, "/v2/me/*")
    assert talk.server.publish("agent1", SMS, b"2") == [client]
    assert talk.released(client)[0]["data"] == 2


def test_subscribing_twice_changes_nothing() -> None:
    talk = Talk()
    client = talk.ready(SMS, hold=False)
    assert told(talk.subscribe(client, SMS).replies)[0]["successful"] is True
    talk.connect(client)
    talk.server.publish("agent1", SMS, b"{}")
    assert len(talk.released(client)) == 2


@pytest.mark.parametrize("alias", ["/v2/me/smssession", "/v2/me/smsessions", SMS])
def test_every_spelling_of_the_sms_topic_gets_its_own_name_back(alias: str) -> None:
    talk = Talk()
    client = talk.ready(alias)
    talk.server.publish("agent1", SMS, b"{}")
    assert [m["channel"] for m in talk.released(client)] == [alias, "/meta/connect"]


@pytest.mark.parametrize(
    ("topics", "name"),
    [
        ((SMS, "/v2/me/smssession", "/v2/me/*", "/**"), SMS),
        (("/v2/me/*", "/**"), SMS),
        (("/v2/me/smssession", "/v2/me/*"), "/v2/me/smssession"),
        (("/v2/me/smsessions", "/v2/me/smssession"), "/v2/me/smssession"),
    ],
)
def test_overlapping_subscriptions_get_a_message_once(topics: tuple[str, ...], name: str) -> None:
    talk = Talk()
    client = talk.ready(*topics)
    talk.server.publish("agent1", SMS, b"{}")
    assert [m["channel"] for m in talk.released(client)] == [name, "/meta/connect"]


@pytest.mark.parametrize("pattern", ["/v2/me/*", "/v2/**", "/**"])
def test_the_wildcards_that_real_clients_use(pattern: str) -> None:
    talk = Talk()
    client = talk.ready(pattern)
    talk.server.publish("agent1", SMS, b"{}")
    talk.server.publish("agent1", "/v2/me/channels", b"{}")
    assert [m["channel"] for m in talk.released(client)] == [SMS, "/v2/me/channels", "/meta/connect"]


def test_every_client_of_the_user_gets_its_message() -> None:
    talk = Talk()
    first, second = talk.ready(SMS), talk.ready("/v2/me/smssession", ack=True)
    assert talk.server.publish("agent1", SMS, b"{}") == [first, second]
    assert talk.released(first)[0] == {"channel": SMS, "data": {}}
    assert talk.released(second)[0] == {"channel": "/v2/me/smssession", "data": {}}


def test_topics_of_other_media_may_be_subscribed_though_nothing_comes() -> None:
    talk = Talk()
    client = talk.handshake()
    assert told(talk.subscribe(client, "/v2/me/calls").replies)[0]["successful"] is True


def test_publishing_under_an_alias_is_publishing_the_topic() -> None:
    talk = Talk()
    client = talk.ready(SMS)
    talk.server.publish("agent1", "/v2/me/smssession", b"{}")
    assert talk.released(client)[0]["channel"] == SMS


@pytest.mark.parametrize("subscription", ["null", "[]"])
def test_a_subscription_must_name_something(subscription: str) -> None:
    talk = Talk()
    client = talk.handshake()
    (reply,) = talk.hear(
        f'[{{"channel":"/meta/subscribe","clientId":"{client}","subscription":{subscription}}}]'
    )
    assert reply["error"] == "400:subscription:Missing parameter"


@pytest.mark.parametrize(
    "name", ["", "/", "v2/me", "/v2//me", "/v2/me/", "/v2/*/me", "/v2/me*", "/v2/ü", "/v2/me\n", "/v2/***"]
)
def test_a_name_must_be_valid(name: str) -> None:
    talk = Talk()
    client = talk.handshake()
    (reply,) = told(talk.subscribe(client, name).replies)
    assert reply["error"] == "405::Invalid subscription"
    assert reply["subscription"] == name


@pytest.mark.parametrize("name", ["/meta/connect", "/meta/**", "/service/x"])
def test_the_protocols_own_channels_cannot_be_subscribed(name: str) -> None:
    talk = Talk()
    client = talk.handshake()
    assert told(talk.subscribe(client, name).replies)[0]["error"] == f"403:{name}:Subscribe denied"


def test_of_several_names_all_are_taken_or_none() -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    assert told(talk.subscribe(client, SMS, "bad").replies)[0]["successful"] is False
    talk.connect(client)
    assert talk.server.publish("agent1", SMS, b"{}") == []


def test_the_number_of_subscriptions_is_limited() -> None:
    talk = Talk(max_subscriptions=2)
    client = talk.handshake()
    talk.subscribe(client, "/a", "/b")
    (reply,) = told(talk.subscribe(client, "/c").replies)
    assert reply["error"] == "403:2:Too many subscriptions"
    assert told(talk.subscribe(client, "/b").replies)[0]["successful"] is True
    (reply,) = told(talk.subscribe(client, "/a", "/a", "/a").replies)
    assert reply["error"] == "403:2:Too many subscriptions"


def test_the_length_of_a_name_is_limited() -> None:
    talk = Talk(max_topic_length=10)
    client = talk.handshake()
    assert told(talk.subscribe(client, "/123456789").replies)[0]["successful"] is True
    assert told(talk.subscribe(client, "/1234567890").replies)[0]["error"] == "405::Invalid subscription"


def test_the_reply_says_where_the_log_stands() -> None:
    talk = Talk()
    talk.server.window = ReplayWindow("e1", 0, 2048)
    client = talk.handshake()
    assert told(talk.subscribe(client, SMS).replies)[0]["ext"] == {"replay": {"epoch": "e1", "id": 2048}}


def test_the_position_is_never_behind_what_was_published() -> None:
    talk = Talk()
    talk.server.window = ReplayWindow("e1", 0, 2048)
    client = talk.handshake()
    talk.server.publish("agent1", SMS, b"{}", replay_id=3072)
    assert talk.server.window == ReplayWindow("e1", 0, 3072)
    assert told(talk.subscribe(client, SMS).replies)[0]["ext"]["replay"]["id"] == 3072


def test_an_unknown_client_gets_its_subscription_back_with_the_advice() -> None:
    assert told(Talk().subscribe("nobody", SMS).replies) == [
        {
            "channel": "/meta/subscribe",
            "successful": False,
            "subscription": SMS,
            "error": "402::Unknown client",
            "advice": {"reconnect": "handshake", "interval": 0},
        }
    ]


def test_a_data_message_carries_its_replay_id() -> None:
    talk = Talk()
    client = talk.ready(SMS)
    talk.server.publish("agent1", SMS, json.dumps({"messageType": "MessageLogUpdated"}).encode(), 5121)
    assert talk.release(client).messages == [
        b'{"channel":"/v2/me/smssessions","data":{"messageType": "MessageLogUpdated"},'
        b'"ext":{"replay":{"id":5121}}}'
    ]

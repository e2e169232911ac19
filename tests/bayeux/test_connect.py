"""/meta/connect by long-polling (Bayeux 1.0 section 4.2; SPEC 4.2)."""

import pytest

from smsdesk.bayeux import LONG_POLLING, WEBSOCKET
from tests.bayeux.talk import GO_HANDSHAKE, RETRY, SMS, Talk, told


def test_the_first_connect_after_a_handshake_is_answered_at_once() -> None:
    talk = Talk()
    talk.handshake()
    outcome = talk.say(
        '[{"id":"2","channel":"/meta/connect","connectionType":"long-polling","clientId":"c1"}]'
    )
    assert outcome.held is None
    assert outcome.replies == [
        b'{"channel":"/meta/connect","id":"2","clientId":"c1","successful":true,'
        b'"advice":{"reconnect":"retry","interval":0,"timeout":30000}}'
    ]


def test_the_second_one_is_held() -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    outcome = talk.connect(client)
    assert outcome.replies == []
    assert outcome.held is not None
    assert outcome.held.client_id == client
    assert talk.server.held == 1


def test_a_held_one_is_answered_with_what_is_published() -> None:
    talk = Talk()
    client = talk.ready(SMS, hold=False)
    talk.say(
        f'[{{"id":"9","channel":"/meta/connect","clientId":"{client}","connectionType":"long-polling"}}]'
    )
    assert talk.server.publish("agent1", SMS, b'{"n":1}') == [client]
    assert talk.server.publish("agent1", SMS, b'{"n":2}') == [client]
    assert talk.released(client) == [
        {"channel": SMS, "data": {"n": 1}},
        {"channel": SMS, "data": {"n": 2}},
        {"channel": "/meta/connect", "id": "9", "clientId": client, "successful": True, "advice": RETRY},
    ]
    assert talk.server.held == 0
    assert talk.released(client) == []


def test_a_held_one_without_news_stays_where_it_is() -> None:
    talk = Talk()
    client = talk.ready(SMS)
    talk.now += 29_999
    assert talk.released(client) == []
    assert talk.server.held == 1


def test_a_held_one_is_over_after_the_timeout() -> None:
    talk = Talk()
    client = talk.ready()
    assert talk.server.expire(talk.now + 29_999).over == []
    talk.now += 30_000
    assert talk.server.expire(talk.now).over == [client]
    assert talk.released(client) == [
        {"channel": "/meta/connect", "clientId": client, "successful": True, "advice": RETRY}
    ]


def test_what_came_between_two_connects_is_given_to_the_next() -> None:
    talk = Talk()
    client = talk.ready(SMS, hold=False)
    assert talk.server.publish("agent1", SMS, b"{}") == []
    outcome = talk.connect(client)
    assert outcome.held is None
    assert [m["channel"] for m in told(outcome.replies)] == [SMS, "/meta/connect"]


def test_advice_timeout_zero_is_answered_at_once() -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    (reply,) = talk.hear(
        f'[{{"channel":"/meta/connect","clientId":"{client}","connectionType":"long-polling",'
        '"advice":{"timeout":0}}]'
    )
    assert reply["successful"] is True


@pytest.mark.parametrize(
    ("advice", "held_for"),
    [
        ('{"timeout":5000}', 5_000),
        ('{"timeout":90000}', 30_000),
        ('{"interval":7}', 30_000),
        ('{"timeout":"x"}', 30_000),
    ],
)
def test_a_client_may_shorten_its_wait_but_not_lengthen_it(advice: str, held_for: int) -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    outcome = talk.say(
        f'[{{"channel":"/meta/connect","clientId":"{client}","connectionType":"long-polling","advice":{advice}}}]'
    )
    assert outcome.held is not None
    assert talk.server.expire(talk.now + held_for - 1).over == []
    assert talk.server.expire(talk.now + held_for).over == [client]


def test_beside_other_messages_it_is_answered_at_once_and_in_its_place() -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    replies = talk.hear(
        f'[{{"id":"1","channel":"/meta/connect","clientId":"{client}","connectionType":"long-polling"}},'
        f'{{"id":"2","channel":"/meta/subscribe","clientId":"{client}","subscription":"/v2/me"}}]'
    )
    assert [(r["id"], r["successful"]) for r in replies] == [("1", True), ("2", True)]
    assert talk.server.held == 0


def test_a_second_one_ends_the_first_which_gets_nothing() -> None:
    talk = Talk()
    client = talk.ready(SMS)
    outcome = talk.connect(client)
    assert outcome.displaced == [client]
    assert outcome.held is not None
    assert talk.server.held == 1
    talk.server.publish("agent1", SMS, b"{}")
    assert len(talk.released(client)) == 2


def test_a_second_one_that_is_answered_at_once_ends_the_first_too() -> None:
    talk = Talk()
    client = talk.ready()
    outcome = talk.say(
        f'[{{"channel":"/meta/connect","clientId":"{client}","connectionType":"long-polling",'
        '"advice":{"timeout":0}}]'
    )
    assert outcome.displaced == [client]
    assert outcome.held is None
    assert len(outcome.replies) == 1
    assert talk.server.held == 0


def test_the_break_of_a_connection_that_was_displaced_ends_nothing() -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    old = talk.connect(client).held
    assert old is not None
    talk.connect(client)
    talk.server.aborted(old, talk.now)
    assert talk.server.held == 1


def test_the_break_of_a_held_connection_lets_the_client_come_back_with_nothing_lost() -> None:
    talk = Talk()
    client = talk.ready(SMS, hold=False)
    held = talk.connect(client).held
    assert held is not None
    talk.server.aborted(held, talk.now)
    assert talk.server.held == 0
    assert talk.server.publish("agent1", SMS, b"{}") == []
    assert len(told(talk.connect(client).replies)) == 2


def test_what_was_certainly_not_written_is_given_again_in_order() -> None:
    talk = Talk()
    client = talk.ready(SMS)
    for n in (b"1", b"2"):
        talk.server.publish("agent1", SMS, n)
    delivery = talk.release(client)
    talk.server.publish("agent1", SMS, b"3")
    assert talk.server.undelivered(delivery) == []
    assert [m.get("data") for m in told(talk.connect(client).replies)] == [1, 2, 3, None]


def test_what_was_not_written_wakes_a_connect_that_came_meanwhile() -> None:
    talk = Talk()
    client = talk.ready(SMS)
    talk.server.publish("agent1", SMS, b"1")
    delivery = talk.release(client)
    talk.connect(client)
    assert talk.server.undelivered(delivery) == [client]
    assert talk.released(client)[0]["data"] == 1


def test_an_immediate_reply_that_was_not_written_can_be_given_back_too() -> None:
    talk = Talk()
    client = talk.ready(SMS, hold=False)
    talk.server.publish("agent1", SMS, b"1")
    outcome = talk.connect(client)
    (taken,) = outcome.taken
    talk.server.undelivered(taken)
    assert told(talk.connect(client).replies)[0]["data"] == 1


def test_giving_back_to_a_client_that_is_gone_does_nothing() -> None:
    talk = Talk()
    client = talk.ready(SMS)
    talk.server.publish("agent1", SMS, b"1")
    delivery = talk.release(client)
    talk.say(f'[{{"channel":"/meta/disconnect","clientId":"{client}"}}]')
    assert talk.server.undelivered(delivery) == []


@pytest.mark.parametrize("transport", [LONG_POLLING, WEBSOCKET])
def test_an_unknown_client_is_told_to_handshake(transport: str) -> None:
    assert told(Talk().connect("nobody", transport=transport).replies) == [
        {
            "channel": "/meta/connect",
            "successful": False,
            "error": "402::Unknown client",
            "advice": GO_HANDSHAKE,
        }
    ]


def test_the_connection_type_is_mandatory() -> None:
    talk = Talk()
    client = talk.handshake()
    (reply,) = talk.hear(f'[{{"channel":"/meta/connect","clientId":"{client}"}}]')
    assert reply["error"] == "400:connectionType:Missing parameter"


@pytest.mark.parametrize("kind", ["callback-polling", "websocket"])
def test_a_connection_type_that_is_not_on_offer_is_refused(kind: str) -> None:
    talk = Talk(websocket=False)
    client = talk.handshake()
    (reply,) = talk.hear(f'[{{"channel":"/meta/connect","clientId":"{client}","connectionType":"{kind}"}}]')
    assert reply["error"] == "400::Unsupported connection type"
    assert reply["advice"] == {"reconnect": "none"}


def test_a_refused_connect_does_not_end_the_held_one() -> None:
    talk = Talk()
    client = talk.ready()
    outcome = talk.say(f'[{{"channel":"/meta/connect","clientId":"{client}"}}]')
    assert outcome.displaced == []
    assert talk.server.held == 1


def test_beyond_the_limit_of_held_connects_clients_are_told_to_poll_slowly() -> None:
    talk = Talk(max_held=1)
    talk.ready()
    client = talk.ready(user="agent2", hold=False)
    (reply,) = told(talk.connect(client, "agent2").replies)
    assert reply["successful"] is True
    assert reply["advice"] == {"reconnect": "retry", "interval": 2000, "timeout": 30000}


def test_a_server_that_stops_lets_everybody_go_and_holds_nobody() -> None:
    talk = Talk()
    first, second = talk.ready(), talk.ready(user="agent2")
    idle = talk.ready(user="agent3", hold=False)
    assert talk.server.drain() == [first, second]
    slow = {"reconnect": "retry", "interval": 2000, "timeout": 30000}
    assert [talk.released(c)[0]["advice"] for c in (first, second)] == [slow, slow]
    assert told(talk.connect(idle, "agent3").replies)[0]["advice"] == slow
    assert talk.server.held == 0

"""The transport ``websocket``: what differs from long-polling (SPEC 4.1, 4.2)."""

from smsdesk.bayeux import WEBSOCKET
from tests.bayeux.talk import RETRY, SMS, Talk, told


def test_the_first_connect_is_answered_at_once_here_too() -> None:
    talk = Talk()
    client = talk.handshake(transport=WEBSOCKET)
    assert told(talk.connect(client, transport=WEBSOCKET).replies)[0]["advice"] == RETRY


def test_without_ack_messages_come_while_the_connect_stays_open() -> None:
    talk = Talk()
    client = talk.ready(SMS, transport=WEBSOCKET)
    for n in (b"1", b"2"):
        assert talk.server.publish("agent1", SMS, n) == [client]
        delivery = talk.release(client)
        assert [m["data"] for m in told(delivery.parts)] == [int(n)]
        assert delivery.reply is None
    assert talk.server.held == 1


def test_its_connect_is_answered_after_the_timeout() -> None:
    talk = Talk()
    client = talk.ready(SMS, transport=WEBSOCKET)
    talk.server.publish("agent1", SMS, b"1")
    talk.release(client)
    talk.now += 30_000
    assert talk.server.expire(talk.now).over == [client]
    assert [m["channel"] for m in talk.released(client)] == ["/meta/connect"]
    assert talk.server.held == 0


def test_what_is_queued_when_it_connects_comes_at_once_and_the_connect_stays_open() -> None:
    talk = Talk()
    client = talk.ready(SMS, transport=WEBSOCKET, hold=False)
    assert talk.server.publish("agent1", SMS, b"1") == []
    outcome = talk.connect(client, transport=WEBSOCKET)
    assert told(outcome.replies) == [{"channel": SMS, "data": 1}]
    assert outcome.held is not None
    assert [d.messages for d in outcome.taken] == [outcome.replies]


def test_with_ack_the_connect_is_answered_with_the_messages() -> None:
    talk = Talk()
    client = talk.ready(SMS, transport=WEBSOCKET, ack=True)
    talk.server.publish("agent1", SMS, b"1")
    assert [m["channel"] for m in talk.released(client)] == [SMS, "/meta/connect"]
    assert talk.server.held == 0


def test_disconnect_releases_the_connect_before_its_own_reply() -> None:
    talk = Talk()
    client = talk.ready(transport=WEBSOCKET)
    outcome = talk.say(f'[{{"channel":"/meta/disconnect","clientId":"{client}"}}]', transport=WEBSOCKET)
    assert outcome.wake == [client]
    assert talk.released(client)[0]["advice"] == {"reconnect": "none"}


def test_a_client_may_go_over_to_long_polling() -> None:
    talk = Talk()
    client = talk.ready(SMS, transport=WEBSOCKET)
    assert talk.connect(client).displaced == [client]
    talk.server.publish("agent1", SMS, b"1")
    assert [m["channel"] for m in talk.released(client)] == [SMS, "/meta/connect"]


def test_a_client_found_expired_is_told_to_handshake_not_to_stop() -> None:
    # cometd#921: on this transport a real server said "none" here, and the desktop stayed dead.
    talk = Talk()
    client = talk.ready(transport=WEBSOCKET, hold=False)
    talk.now += 60_000
    assert talk.server.expire(talk.now).forgotten == [client]
    (reply,) = told(talk.connect(client, transport=WEBSOCKET).replies)
    assert (reply["error"], reply["advice"]["reconnect"]) == ("402::Unknown client", "handshake")

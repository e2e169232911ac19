"""The acknowledged-messages extension, as CometD has it: lost, late and overlapping replies lose nothing."""

import pytest

from smsdesk.bayeux import LONG_POLLING, WEBSOCKET
from smsdesk.bayeux.ack import AckQueue, PlainQueue
from tests.bayeux.talk import RETRY, SMS, Talk, told

BOTH = pytest.mark.parametrize("transport", [LONG_POLLING, WEBSOCKET])


def heard(parts: list[bytes]) -> tuple[list[int], int]:
    """The data of a connect's response, and its batch number."""
    *messages, reply = told(parts)
    assert reply["channel"] == "/meta/connect"
    return [m["data"] for m in messages], reply["ext"]["ack"]


def test_every_connect_reply_carries_a_batch_number() -> None:
    talk = Talk()
    talk.handshake(ack=True)
    outcome = talk.say(
        '[{"id":"2","channel":"/meta/connect","connectionType":"long-polling","clientId":"c1",'
        '"ext":{"ack":0},"advice":{"timeout":0}}]'
    )
    assert outcome.replies == [
        b'{"channel":"/meta/connect","id":"2","clientId":"c1","successful":true,'
        b'"advice":{"reconnect":"retry","interval":0,"timeout":30000},"ext":{"ack":1}}'
    ]


def test_without_the_extension_there_is_no_number() -> None:
    talk = Talk()
    client = talk.handshake()
    (reply,) = told(talk.connect(client, ack=0).replies)
    assert "ext" not in reply


@BOTH
def test_messages_travel_in_connect_replies_only(transport: str) -> None:
    talk = Talk()
    client = talk.ready(SMS, transport=transport, ack=True)
    assert talk.server.publish("agent1", SMS, b"1") == [client]
    assert told(talk.release(client).parts) == [
        {"channel": SMS, "data": 1},
        {
            "channel": "/meta/connect",
            "clientId": client,
            "successful": True,
            "advice": RETRY,
            "ext": {"ack": 2},
        },
    ]
    assert talk.server.held == 0


@BOTH
def test_a_lost_reply_is_repeated_by_the_next_one(transport: str) -> None:
    talk = Talk()
    client = talk.ready(SMS, transport=transport, ack=True)
    talk.server.publish("agent1", SMS, b"1")
    assert heard(talk.release(client).parts) == ([1], 2)  # written, never read
    assert heard(talk.connect(client, transport=transport, ack=1).replies) == ([1], 3)
    assert talk.connect(client, transport=transport, ack=3).held is not None


def test_what_came_after_the_lost_reply_follows_it_in_order() -> None:
    talk = Talk()
    client = talk.ready(SMS, ack=True)
    talk.server.publish("agent1", SMS, b"1")
    talk.release(client)
    talk.server.publish("agent1", SMS, b"2")
    assert heard(talk.connect(client, ack=1).replies) == ([1, 2], 3)


def test_acknowledging_the_first_of_two_batches_keeps_the_second() -> None:
    talk = Talk()
    client = talk.ready(SMS, ack=True)
    talk.server.publish("agent1", SMS, b"1")
    assert heard(talk.release(client).parts) == ([1], 2)
    talk.server.publish("agent1", SMS, b"2")
    assert heard(talk.connect(client, ack=2).replies) == ([2], 3)


def test_overlapping_connects_each_lose_nothing() -> None:
    # cometd#511: the first reply is on its way when the client, believing it lost, connects again.
    talk = Talk()
    client = talk.ready(SMS, ack=True)
    talk.server.publish("agent1", SMS, b"1")
    late = heard(talk.release(client).parts)
    second = heard(talk.connect(client, ack=1).replies)
    assert (late, second) == (([1], 2), ([1], 3))
    # The late one arrives after all and is what the client acknowledges: batch 3 is not lost by that.
    talk.server.publish("agent1", SMS, b"2")
    assert heard(talk.connect(client, ack=2).replies) == ([2], 4)


def test_a_late_connect_with_an_old_number_brings_nothing_back() -> None:
    talk = Talk()
    client = talk.ready(SMS, ack=True)
    talk.server.publish("agent1", SMS, b"1")
    talk.release(client)
    assert talk.connect(client, ack=2).held is not None
    late = talk.connect(client, ack=1)
    assert late.displaced == [client]
    assert late.held is not None
    talk.server.publish("agent1", SMS, b"2")
    assert heard(talk.release(client).parts) == ([2], 3)


def test_a_displaced_connect_takes_no_messages_with_it() -> None:
    talk = Talk()
    client = talk.ready(SMS, ack=True)
    talk.server.publish("agent1", SMS, b"1")
    outcome = talk.connect(client, ack=1)
    assert outcome.displaced == [client]
    assert heard(outcome.replies) == ([1], 2)


def test_a_broken_connection_loses_nothing() -> None:
    talk = Talk()
    client = talk.ready(SMS, ack=True, hold=False)
    held = talk.connect(client, ack=1).held
    assert held is not None
    talk.server.publish("agent1", SMS, b"1")
    talk.server.aborted(held, talk.now)
    assert heard(talk.connect(client, ack=1).replies) == ([1], 2)


def test_a_delivery_that_was_not_written_is_not_repeated_twice() -> None:
    talk = Talk()
    client = talk.ready(SMS, ack=True)
    talk.server.publish("agent1", SMS, b"1")
    talk.server.undelivered(talk.release(client))
    assert heard(talk.connect(client, ack=1).replies) == ([1], 3)


@pytest.mark.parametrize("number", ["99", "2", "-1", '"1"', "true", "1.5", "null", "1e99", "[]"])
def test_a_number_that_was_never_sent_acknowledges_nothing(number: str) -> None:
    talk = Talk()
    client = talk.ready(SMS, ack=True, hold=False)
    talk.server.publish("agent1", SMS, b"1")
    outcome = talk.say(
        f'[{{"channel":"/meta/connect","clientId":"{client}","connectionType":"long-polling",'
        f'"ext":{{"ack":{number}}}}}]'
    )
    assert heard(outcome.replies) == ([1], 2)


def test_a_client_that_says_no_number_is_not_sent_the_same_in_circles() -> None:
    talk = Talk()
    client = talk.ready(SMS, ack=True)
    talk.server.publish("agent1", SMS, b"1")
    talk.release(client)
    assert talk.connect(client).held is not None
    talk.server.publish("agent1", SMS, b"2")
    assert heard(talk.release(client).parts) == ([1, 2], 3)


def test_acknowledged_messages_free_their_room() -> None:
    queue = AckQueue()
    queue.add(b"12345")
    assert queue.take() == ([b"12345"], 1)
    assert (queue.size, queue.fresh) == (5, False)
    assert queue.acknowledge(1) is False
    assert queue.size == 0


def test_a_plain_queue_is_empty_once_taken() -> None:
    queue = PlainQueue()
    queue.add(b"12")
    queue.add(b"3")
    assert queue.take() == ([b"12", b"3"], None)
    assert (queue.size, queue.fresh) == (0, False)
    queue.give_back([b"12", b"3"])
    assert queue.size == 3

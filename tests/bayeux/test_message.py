"""Batches: what can be read, and the bounds (SPEC 4.2, 8.10)."""

import pytest

from smsdesk.bayeux import LONG_POLLING, BadBatch, BayeuxServer, BayeuxSettings
from smsdesk.bayeux.message import Message
from tests.bayeux.talk import Talk


def refusal(talk: Talk, body: bytes) -> BadBatch:
    with pytest.raises(BadBatch) as caught:
        talk.say(body)
    return caught.value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"[1]",
        b"[null]",
        b"[[]]",
        b"{",
        b"[{}",
        b"\xff\xfe",
        b'[{"channel":7}]',
        b'[{"channel":"/meta/handshake","id":true}]',
        b'[{"channel":"/meta/handshake","id":{}}]',
        b'[{"channel":"/meta/handshake","ext":[]}]',
        b'[{"channel":"/meta/handshake","advice":"none"}]',
        b'[{"clientId":["c1"]}]',
        b'[{"channel":"\\ud800"}]',
        b"message=%5B%5D",
    ],
)
def test_what_is_no_batch_of_messages_is_refused_whole(body: bytes) -> None:
    talk = Talk()
    bad = refusal(talk, body)
    assert (bad.status, bad.close_code) == (400, 1007)
    assert bad.reason
    assert talk.server.sessions == 0


def test_replies_come_in_the_order_of_the_batch() -> None:
    talk = Talk()
    client = talk.handshake()
    batch = ",".join(
        f'{{"id":"{n}","channel":"/meta/{kind}","clientId":"{client}","subscription":"/a"}}'
        for n, kind in enumerate(["subscribe", "unsubscribe", "fly", "subscribe", "connect", "subscribe"])
    )
    assert [r["id"] for r in talk.hear(f"[{batch}]")] == ["0", "1", "2", "3", "4", "5"]


def test_messages_of_one_batch_build_on_each_other() -> None:
    talk = Talk()
    replies = talk.hear(
        '[{"channel":"/meta/handshake"},'
        '{"channel":"/meta/subscribe","clientId":"c1","subscription":"/v2/me"},'
        '{"channel":"/meta/connect","clientId":"c1","connectionType":"long-polling"}]'
    )
    assert [r["successful"] for r in replies] == [True, True, True]


def test_too_many_bytes_are_refused_unread() -> None:
    talk = Talk(max_batch_bytes=100)
    good = b'[{"channel":"/meta/handshake"}]'
    assert len(talk.say(good.ljust(100)).replies) == 1
    bad = refusal(talk, good.ljust(101))
    assert (bad.status, bad.close_code) == (413, 1009)


def test_too_many_messages_are_refused_before_the_first_is_handled() -> None:
    talk = Talk(max_batch_messages=2)
    bad = refusal(talk, b"[" + b",".join([b'{"channel":"/meta/handshake"}'] * 3) + b"]")
    assert (bad.status, bad.close_code) == (413, 1009)
    assert talk.server.sessions == 0


def test_the_length_of_an_id_is_limited() -> None:
    talk = Talk()
    assert talk.hear(f'[{{"channel":"/meta/handshake","id":"{"x" * 64}"}}]')[0]["successful"] is True
    assert refusal(talk, b'[{"channel":"/meta/handshake","id":"%b"}]' % (b"x" * 65)).status == 400


def test_parsed_messages_are_accepted_under_the_same_bounds() -> None:
    server = BayeuxServer(BayeuxSettings(max_batch_messages=1), lambda: "c1")
    message = Message(channel="/meta/handshake")
    assert len(server.receive([message], "agent1", LONG_POLLING, 1).replies) == 1
    with pytest.raises(BadBatch):
        server.receive([message, message], "agent1", LONG_POLLING, 1)


def test_of_a_field_given_twice_the_last_counts() -> None:
    (reply,) = Talk().hear('[{"channel":"/meta/handshake","id":"1","id":"2"}]')
    assert reply["id"] == "2"

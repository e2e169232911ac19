"""The ``timesync`` extension: the client learns the server's clock."""

import pytest

from tests.bayeux.talk import SMS, Talk


def test_a_handshake_tells_the_time_of_receipt_and_the_accuracy() -> None:
    talk = Talk()
    (reply,) = talk.hear('[{"channel":"/meta/handshake","ext":{"timesync":{"tc":999000,"l":30,"o":900}}}]')
    assert reply["ext"] == {"timesync": {"tc": 999000, "ts": 1_000_000, "p": 0, "a": -70}}


def test_a_held_connect_tells_how_long_it_was_held() -> None:
    talk = Talk()
    client = talk.ready(SMS, ack=True, hold=False)
    talk.say(
        f'[{{"channel":"/meta/connect","clientId":"{client}","connectionType":"long-polling",'
        '"ext":{"ack":1,"timesync":{"tc":1000000,"l":0,"o":0}}}]'
    )
    talk.now += 12_345
    talk.server.publish("agent1", SMS, b"{}")
    assert talk.released(client)[1]["ext"] == {
        "ack": 2,
        "timesync": {"tc": 1_000_000, "ts": 1_000_000, "p": 12_345, "a": 0},
    }


def test_every_meta_message_may_ask() -> None:
    talk = Talk()
    client = talk.handshake()
    sync = '"ext":{"timesync":{"tc":1,"l":2,"o":3}}'
    for kind in ("subscribe", "unsubscribe", "disconnect"):
        (reply,) = talk.hear(
            f'[{{"channel":"/meta/{kind}","clientId":"{client}","subscription":"/a",{sync}}}]'
        )
        assert reply["ext"]["timesync"]["tc"] == 1


@pytest.mark.parametrize(
    "sync",
    [
        '"now"',
        "[]",
        '{"tc":1,"l":2}',
        '{"tc":"1","l":2,"o":3}',
        '{"tc":18446744073709551615,"l":18446744073709551615,"o":1}',
        '{"tc":1.5,"l":2,"o":3}',
        '{"tc":true,"l":2,"o":3}',
    ],
)
def test_nonsense_is_ignored(sync: str) -> None:
    (reply,) = Talk().hear(f'[{{"channel":"/meta/handshake","ext":{{"timesync":{sync}}}}}]')
    assert reply["successful"] is True
    assert "ext" not in reply

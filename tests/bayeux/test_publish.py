"""Publishing: clients may not; the server does, to one user's clients (SPEC 4.3, 9.17)."""

import pytest

from smsdesk.bayeux import LONG_POLLING, TOPICS, WEBSOCKET
from tests.bayeux.talk import SMS, Talk


@pytest.mark.parametrize("transport", [LONG_POLLING, WEBSOCKET])
@pytest.mark.parametrize("channel", [*TOPICS, "/v2/me/smssession", "/service/x", "/any/where"])
def test_a_client_may_not_publish(channel: str, transport: str) -> None:
    talk = Talk()
    client = talk.ready(channel if not channel.startswith("/service") else SMS)
    assert talk.hear(
        f'[{{"id":"4","channel":"{channel}","clientId":"{client}","data":{{"messageType":"X"}}}}]',
        transport=transport,
    ) == [
        {
            "channel": channel,
            "id": "4",
            "successful": False,
            "error": f"403:{channel}:Publish denied",
        }
    ]
    assert talk.released(client) == []


def test_a_stranger_is_told_to_handshake_first() -> None:
    (reply,) = Talk().hear(f'[{{"channel":"{SMS}","data":{{}}}}]')
    assert reply["error"] == "402::Unknown client"


@pytest.mark.parametrize("channel", ["/v2/me/*", "/**", "nonsense", "/a b", "/" + "x" * 255])
def test_a_channel_that_is_no_name_is_refused(channel: str) -> None:
    talk = Talk()
    client = talk.handshake()
    (reply,) = talk.hear(f'[{{"channel":"{channel}","clientId":"{client}","data":{{}}}}]')
    assert reply["error"] == "405::Invalid channel"


def test_another_meta_channel_is_unknown() -> None:
    talk = Talk()
    client = talk.handshake()
    (reply,) = talk.hear(f'[{{"channel":"/meta/fly","clientId":"{client}"}}]')
    assert reply["error"] == "404:/meta/fly:Unknown channel"


def test_a_message_without_channel_is_refused() -> None:
    assert Talk().hear('[{"id":"1","data":{}}]') == [
        {"id": "1", "successful": False, "error": "400::Channel missing"}
    ]


def test_a_user_gets_his_own_messages_only() -> None:
    talk = Talk()
    mine = talk.ready("/**")
    theirs = talk.ready("/**", user="agent2")
    assert talk.server.publish("agent1", SMS, b"{}") == [mine]
    assert talk.released(theirs) == []
    assert talk.server.publish("agent3", SMS, b"{}") == []


def test_clients_that_spell_a_topic_alike_share_its_bytes() -> None:
    talk = Talk()
    first, second = talk.ready(SMS), talk.ready("/v2/**")
    talk.server.publish("agent1", SMS, b"{}")
    assert talk.release(first).messages[0] is talk.release(second).messages[0]


@pytest.mark.parametrize("topic", ["/v2/me/*", "v2/me", ""])
def test_the_server_publishes_to_names_only(topic: str) -> None:
    with pytest.raises(ValueError, match="not a channel name"):
        Talk().server.publish("agent1", topic, b"{}")


def test_the_server_knows_whether_anybody_listens() -> None:
    talk = Talk()
    client = talk.ready()
    assert talk.server.listens("agent1")
    assert not talk.server.listens("agent2")
    assert (talk.server.clients_of("agent1"), talk.server.clients_of("agent2")) == ([client], [])
    talk.say(f'[{{"channel":"/meta/disconnect","clientId":"{client}"}}]')
    assert not talk.server.listens("agent1")

"""/meta/unsubscribe (Bayeux 1.0 section 4.4)."""

from tests.bayeux.talk import SMS, Talk, told


def test_after_it_nothing_comes() -> None:
    talk = Talk()
    client = talk.ready(SMS)
    talk.server.publish("agent1", SMS, b"{}")
    talk.release(client)
    talk.connect(client)
    assert talk.hear(
        f'[{{"id":"5","channel":"/meta/unsubscribe","clientId":"{client}","subscription":"{SMS}"}}]'
    ) == [
        {
            "channel": "/meta/unsubscribe",
            "id": "5",
            "clientId": client,
            "successful": True,
            "subscription": SMS,
        }
    ]
    assert talk.server.publish("agent1", SMS, b"{}") == []


def test_what_was_queued_before_still_comes() -> None:
    talk = Talk()
    client = talk.ready(SMS, hold=False)
    talk.server.publish("agent1", SMS, b"{}")
    talk.say(f'[{{"channel":"/meta/unsubscribe","clientId":"{client}","subscription":"{SMS}"}}]')
    assert len(told(talk.connect(client).replies)) == 2


def test_the_other_spelling_of_a_topic_stays() -> None:
    talk = Talk()
    client = talk.ready(SMS, "/v2/me/smssession")
    talk.say(f'[{{"channel":"/meta/unsubscribe","clientId":"{client}","subscription":"{SMS}"}}]')
    talk.server.publish("agent1", SMS, b"{}")
    assert talk.released(client)[0]["channel"] == "/v2/me/smssession"


def test_giving_up_what_one_does_not_have_is_no_error() -> None:
    talk = Talk()
    client = talk.handshake()
    (reply,) = talk.hear(
        f'[{{"channel":"/meta/unsubscribe","clientId":"{client}","subscription":["/a","/b"]}}]'
    )
    assert reply["successful"] is True


def test_it_must_name_something_valid() -> None:
    talk = Talk()
    client = talk.handshake()
    (missing,) = talk.hear(f'[{{"channel":"/meta/unsubscribe","clientId":"{client}"}}]')
    (bad,) = talk.hear(f'[{{"channel":"/meta/unsubscribe","clientId":"{client}","subscription":"x"}}]')
    assert missing["error"] == "400:subscription:Missing parameter"
    assert bad["error"] == "405::Invalid subscription"

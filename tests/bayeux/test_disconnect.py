"""/meta/disconnect (Bayeux 1.0 section 4.5), logout, and the end of a client that is too slow."""

from smsdesk.bayeux import WEBSOCKET
from tests.bayeux.talk import GO_HANDSHAKE, SMS, Talk, told

UNKNOWN = "402::Unknown client"


def test_the_client_is_gone_and_its_held_connect_is_told_to_stop() -> None:
    talk = Talk()
    client = talk.ready(SMS)
    outcome = talk.say(f'[{{"id":"8","channel":"/meta/disconnect","clientId":"{client}"}}]')
    assert told(outcome.replies) == [
        {"channel": "/meta/disconnect", "id": "8", "clientId": client, "successful": True}
    ]
    assert outcome.wake == [client]
    assert talk.released(client) == [
        {
            "channel": "/meta/connect",
            "clientId": client,
            "successful": True,
            "advice": {"reconnect": "none"},
        }
    ]
    assert (talk.server.sessions, talk.server.held) == (0, 0)


def test_without_a_held_connect_it_is_gone_at_once() -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    assert talk.say(f'[{{"channel":"/meta/disconnect","clientId":"{client}"}}]').wake == []
    assert talk.server.sessions == 0


def test_from_then_on_it_is_unknown_even_before_its_connect_was_released() -> None:
    talk = Talk()
    client = talk.ready(SMS)
    replies = talk.hear(
        f'[{{"channel":"/meta/disconnect","clientId":"{client}"}},'
        f'{{"channel":"/meta/subscribe","clientId":"{client}","subscription":"/a"}},'
        f'{{"channel":"/meta/connect","clientId":"{client}","connectionType":"long-polling"}}]'
    )
    assert [r.get("error") for r in replies] == [None, UNKNOWN, UNKNOWN]
    assert talk.server.publish("agent1", SMS, b"{}") == []
    assert talk.server.users == []


def test_its_connection_may_break_before_the_release() -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    held = talk.connect(client).held
    assert held is not None
    talk.say(f'[{{"channel":"/meta/disconnect","clientId":"{client}"}}]')
    talk.server.aborted(held, talk.now)
    assert (talk.server.sessions, talk.server.held) == (0, 0)


def test_logout_gives_out_what_is_queued_and_advises_none() -> None:
    talk = Talk()
    client = talk.ready("/v2/me/channels", ack=True)
    talk.server.publish("agent1", "/v2/me/channels", b'{"state":"LoggedOut"}')
    assert talk.server.drop_user("agent1") == [client]
    message, reply = talk.released(client)
    assert message["data"] == {"state": "LoggedOut"}
    assert (reply["successful"], reply["advice"]) == (True, {"reconnect": "none"})
    assert (talk.server.sessions, talk.server.held) == (0, 0)


def test_logout_between_two_connects_is_told_at_the_next_one() -> None:
    talk = Talk()
    client = talk.ready("/v2/me/channels", hold=False)
    talk.server.publish("agent1", "/v2/me/channels", b"1")
    assert talk.server.drop_user("agent1") == []
    assert talk.server.publish("agent1", "/v2/me/channels", b"2") == []
    assert told(talk.subscribe(client, SMS).replies)[0]["error"] == UNKNOWN
    message, reply = told(talk.connect(client).replies)
    assert (message["data"], reply["advice"]) == (1, {"reconnect": "none"})
    assert told(talk.connect(client).replies)[0]["error"] == UNKNOWN


def test_logout_of_a_client_that_never_comes_back_leaves_nothing_behind() -> None:
    talk = Talk()
    talk.ready(hold=False)
    talk.server.drop_user("agent1")
    talk.server.expire(talk.now + 60_000)
    assert talk.server.sessions == 0


def test_logout_of_a_client_whose_connection_breaks_is_told_when_it_is_back() -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    held = talk.connect(client).held
    assert held is not None
    talk.server.drop_user("agent1")
    talk.server.aborted(held, talk.now)
    assert told(talk.connect(client).replies)[0]["advice"] == {"reconnect": "none"}


def test_logout_is_the_users_own() -> None:
    talk = Talk()
    talk.ready()
    other = talk.ready(SMS, user="agent2")
    talk.server.drop_user("agent1")
    assert talk.server.drop_user("nobody") == []
    assert talk.server.publish("agent2", SMS, b"{}") == [other]


def test_a_client_that_takes_nothing_is_dropped_and_told_to_handshake() -> None:
    talk = Talk(max_queue_bytes=200)
    client = talk.ready(SMS, hold=False)
    big = b'"' + b"x" * 100 + b'"'
    talk.server.publish("agent1", SMS, big)
    talk.server.publish("agent1", SMS, big)
    assert talk.server.sessions == 0
    (reply,) = told(talk.connect(client).replies)
    assert (reply["error"], reply["advice"]) == (UNKNOWN, GO_HANDSHAKE)


def test_a_client_dropped_while_its_connect_is_held_is_told_in_its_reply() -> None:
    for transport in ("long-polling", WEBSOCKET):
        talk = Talk(max_queue_bytes=200)
        client = talk.ready(SMS, transport=transport, ack=True)
        big = b'"' + b"x" * 100 + b'"'
        assert talk.server.publish("agent1", SMS, big) == [client]
        assert talk.server.publish("agent1", SMS, big) == [client]
        assert talk.released(client) == [
            {
                "channel": "/meta/connect",
                "successful": False,
                "error": UNKNOWN,
                "advice": GO_HANDSHAKE,
            }
        ]
        assert (talk.server.sessions, talk.server.held) == (0, 0)


def test_a_single_message_larger_than_the_queue_is_delivered_all_the_same() -> None:
    talk = Talk(max_queue_bytes=10)
    client = talk.ready(SMS)
    talk.server.publish("agent1", SMS, b'"more than ten bytes"')
    assert talk.released(client)[0]["data"] == "more than ten bytes"


def test_a_dropped_client_does_not_disturb_the_users_others() -> None:
    talk = Talk(max_queue_bytes=200)
    talk.ready(SMS, hold=False)
    alive = talk.ready(SMS)
    big = b'"' + b"x" * 100 + b'"'
    talk.server.publish("agent1", SMS, big)
    talk.release(alive)
    talk.connect(alive)
    assert talk.server.publish("agent1", SMS, big) == [alive]
    assert talk.released(alive)[0]["channel"] == SMS

"""/meta/handshake (Bayeux 1.0 section 4.1; SPEC 4.1, 4.2, 8.10)."""

import pytest

from smsdesk.bayeux import LONG_POLLING, WEBSOCKET, BayeuxServer, BayeuxSettings
from tests.bayeux.talk import Talk, told


def test_the_javascript_client_is_answered_in_full() -> None:
    talk = Talk()
    outcome = talk.say(
        '[{"id":"1","version":"1.0","minimumVersion":"1.0","channel":"/meta/handshake",'
        '"supportedConnectionTypes":["websocket","long-polling","callback-polling"],'
        '"advice":{"timeout":60000,"interval":0}}]'
    )
    assert outcome.replies == [
        b'{"channel":"/meta/handshake","id":"1","clientId":"c1","successful":true,'
        b'"version":"1.0","minimumVersion":"1.0",'
        b'"supportedConnectionTypes":["websocket","long-polling"],'
        b'"advice":{"reconnect":"retry","interval":0,"timeout":30000}}'
    ]


def test_a_single_object_is_a_batch_of_one() -> None:
    (reply,) = Talk().hear('{"channel":"/meta/handshake","version":"1.0"}')
    assert reply["successful"] is True


def test_the_id_is_echoed_as_it_came() -> None:
    assert [r.get("id") for r in Talk().hear('[{"channel":"/meta/handshake","id":7}]')] == [7]
    assert "id" not in Talk().hear('[{"channel":"/meta/handshake"}]')[0]


def test_ack_is_enabled_for_those_who_ask_for_it() -> None:
    talk = Talk()
    (yes,) = talk.hear('[{"channel":"/meta/handshake","ext":{"ack":true}}]')
    (no,) = talk.hear('[{"channel":"/meta/handshake","ext":{"ack":false}}]')
    (odd,) = talk.hear('[{"channel":"/meta/handshake","ext":{"ack":"yes"}}]')
    assert yes["ext"] == {"ack": True}
    assert "ext" not in no
    assert "ext" not in odd


def test_unknown_extensions_are_ignored() -> None:
    (reply,) = Talk().hear(
        '[{"channel":"/meta/handshake","ext":{"com.example":{"deep":[1]},"authentication":1}}]'
    )
    assert reply["successful"] is True
    assert "ext" not in reply


def test_websocket_is_not_offered_where_it_is_switched_off() -> None:
    (reply,) = Talk(websocket=False).hear('[{"channel":"/meta/handshake"}]')
    assert reply["supportedConnectionTypes"] == ["long-polling"]


def test_the_advice_follows_the_setting() -> None:
    (reply,) = Talk(timeout=25_000).hear('[{"channel":"/meta/handshake"}]')
    assert reply["advice"] == {"reconnect": "retry", "interval": 0, "timeout": 25000}


@pytest.mark.parametrize("transport", [LONG_POLLING, WEBSOCKET])
def test_without_login_it_is_denied_for_good(transport: str) -> None:
    talk = Talk()
    assert talk.hear('[{"channel":"/meta/handshake","id":"1"}]', user=None, transport=transport) == [
        {
            "channel": "/meta/handshake",
            "id": "1",
            "successful": False,
            "error": "403::Handshake denied",
            "supportedConnectionTypes": ["websocket", "long-polling"],
            "advice": {"reconnect": "none"},
        }
    ]
    assert talk.server.sessions == 0


def test_another_version_is_refused() -> None:
    (reply,) = Talk().hear('[{"channel":"/meta/handshake","version":"2.0"}]')
    assert (reply["successful"], reply["error"]) == (False, "400:version:Invalid parameter")


def test_version_1_of_any_minor_is_good() -> None:
    (reply,) = Talk().hear('[{"channel":"/meta/handshake","version":"1.1beta"}]')
    assert (reply["successful"], reply["version"]) == (True, "1.0")


def test_a_client_without_a_transport_of_ours_is_refused() -> None:
    (reply,) = Talk().hear('[{"channel":"/meta/handshake","supportedConnectionTypes":["callback-polling"]}]')
    assert reply["error"] == "400::Unsupported connection type"
    assert reply["supportedConnectionTypes"] == ["websocket", "long-polling"]


def test_every_handshake_makes_a_new_client() -> None:
    talk = Talk()
    first = talk.handshake()
    (second,) = talk.hear(f'[{{"channel":"/meta/handshake","clientId":"{first}"}}]')
    assert second["clientId"] != first
    assert talk.server.sessions == 2


def test_one_session_too_many_pushes_out_the_longest_unseen_idle_one() -> None:
    talk = Talk(max_sessions_per_user=3)
    held = talk.ready()
    talk.now += 1
    closed = talk.handshake()
    talk.now += 1
    recent = talk.handshake()
    talk.now += 1
    newest = talk.handshake()
    assert talk.server.sessions == 3
    assert told(talk.connect(closed).replies)[0]["error"] == "402::Unknown client"
    for alive in (recent, newest):
        assert told(talk.connect(alive).replies)[0]["successful"] is True
    assert talk.server.release(held, talk.now).parts == []
    assert talk.server.held == 1


def test_when_all_sessions_are_alive_one_more_is_told_to_come_later() -> None:
    talk = Talk(max_sessions_per_user=2)
    talk.ready()
    talk.ready()
    (reply,) = talk.hear('[{"channel":"/meta/handshake"}]')
    assert reply["error"] == "503::Too many sessions"
    assert reply["advice"] == {"reconnect": "handshake", "interval": 10000}


def test_the_limit_of_sessions_is_each_users_own() -> None:
    talk = Talk(max_sessions_per_user=1)
    talk.ready()
    assert talk.hear('[{"channel":"/meta/handshake"}]', user="agent2")[0]["successful"] is True
    assert talk.server.users == ["agent1", "agent2"]


def test_a_source_of_ids_that_repeats_itself_hands_nobody_a_strangers_client() -> None:
    server = BayeuxServer(BayeuxSettings(), lambda: "same")
    server.receive(b'[{"channel":"/meta/handshake"}]', "agent1", LONG_POLLING, 1)
    with pytest.raises(RuntimeError):
        server.receive(b'[{"channel":"/meta/handshake"}]', "agent2", LONG_POLLING, 2)

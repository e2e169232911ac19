"""Time: when clients are forgotten, and when the server wants to be woken (SPEC 4.2)."""

import pytest

from smsdesk.bayeux import BayeuxSettings
from tests.bayeux.talk import SMS, Talk


def test_a_client_is_forgotten_a_minute_after_its_last_connect_ended() -> None:
    talk = Talk()
    client = talk.ready(SMS)
    talk.now += 20_000
    talk.server.publish("agent1", SMS, b"{}")
    talk.release(client)
    assert talk.server.expire(talk.now + 59_999).forgotten == []
    assert talk.server.expire(talk.now + 60_000).forgotten == [client]
    assert talk.server.sessions == 0
    assert talk.server.users == []


def test_one_that_never_connects_is_forgotten_a_minute_after_its_handshake() -> None:
    talk = Talk()
    client = talk.handshake()
    talk.now += 59_000
    talk.subscribe(client, SMS)
    assert talk.server.expire(talk.now + 999) == ([], [])
    assert talk.server.expire(talk.now + 1_000) == ([], [client])


def test_one_whose_connect_is_held_is_not_forgotten() -> None:
    talk = Talk(timeout=300_000)
    talk.ready()
    assert talk.server.expire(talk.now + 299_999) == ([], [])


def test_a_connect_that_is_over_is_told_once() -> None:
    talk = Talk()
    client = talk.ready()
    talk.now += 30_000
    assert talk.server.expire(talk.now).over == [client]
    assert talk.server.expire(talk.now).over == []


def test_the_minute_starts_when_the_connect_was_released() -> None:
    talk = Talk()
    client = talk.ready()
    talk.now += 30_000
    talk.server.expire(talk.now)
    talk.now += 5
    talk.release(client)
    assert talk.server.expire(talk.now + 59_999) == ([], [])
    assert talk.server.expire(talk.now + 60_000).forgotten == [client]


def test_the_minute_starts_when_the_connection_broke() -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    talk.now += 10_000
    held = talk.connect(client).held
    assert held is not None
    talk.now += 7_000
    talk.server.aborted(held, talk.now)
    assert talk.server.expire(talk.now + 59_999).forgotten == []
    assert talk.server.expire(talk.now + 60_000).forgotten == [client]


def test_the_server_says_when_it_wants_to_be_woken() -> None:
    talk = Talk()
    assert talk.server.next_due() is None
    talk.ready()
    assert talk.server.next_due() == talk.now + 30_000
    talk.server.expire(talk.now + 30_000)
    assert talk.server.next_due() is None  # the release will set the next time


def test_the_timers_of_those_who_left_wake_nobody() -> None:
    talk = Talk()
    client = talk.ready(hold=False)
    talk.say(f'[{{"channel":"/meta/disconnect","clientId":"{client}"}}]')
    assert talk.server.next_due() is None


def test_polling_often_does_not_pile_up_timers() -> None:
    talk = Talk()
    client = talk.ready(SMS)
    for _ in range(100):
        talk.now += 10
        talk.server.publish("agent1", SMS, b"{}")
        talk.release(client)
        talk.connect(client)
    assert len(talk.server._clients._timers) <= 2


@pytest.mark.parametrize("name", ["timeout", "max_interval", "max_queue_bytes", "max_sessions_per_user"])
def test_a_setting_below_its_least_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Talk(**{name: 0})


def test_the_busy_interval_may_be_nothing() -> None:
    assert BayeuxSettings(busy_interval=0).busy_interval == 0

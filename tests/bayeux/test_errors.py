"""The table of errors: every row, on both transports, provoked by a message (SPEC 4.2; cometd#921, #2057)."""

from collections.abc import Callable

import pytest

from smsdesk.bayeux import LONG_POLLING, WEBSOCKET, ReplayWindow
from smsdesk.bayeux.errors import TABLE, Fault
from tests.bayeux.talk import Json, Talk


def with_client(body: str) -> Callable[[Talk, str], Json]:
    def provoke(talk: Talk, transport: str) -> Json:
        client = talk.handshake(transport=transport)
        return talk.hear(f'[{{"clientId":"{client}",{body}}}]', transport=transport)

    return provoke


def without_client(body: str, user: str | None = "agent1") -> Callable[[Talk, str], Json]:
    return lambda talk, transport: talk.hear(f"[{{{body}}}]", user, transport)


def stolen(talk: Talk, transport: str) -> Json:
    client = talk.handshake()
    return talk.hear(f'[{{"channel":"/meta/connect","clientId":"{client}"}}]', "agent2", transport)


def crowded(talk: Talk, transport: str) -> Json:
    for _ in range(16):
        talk.ready(transport=transport)
    return talk.hear('[{"channel":"/meta/handshake"}]', transport=transport)


SUBSCRIBE = '"channel":"/meta/subscribe","subscription"'
MANY = ",".join(f'"/{n}"' for n in range(65))
RETRY_LATER = {"reconnect": "handshake", "interval": 10000}
HANDSHAKE = {"reconnect": "handshake", "interval": 0}
NONE = {"reconnect": "none"}

ROWS: list[tuple[Fault, Callable[[Talk, str], Json], str, Json]] = [
    (Fault.UNKNOWN_CLIENT, without_client('"channel":"/meta/connect"'), "402::Unknown client", HANDSHAKE),
    (Fault.NOT_YOUR_CLIENT, stolen, "403::Forbidden client", None),
    (Fault.NO_LOGIN, without_client('"channel":"/meta/handshake"', None), "403::Handshake denied", NONE),
    (Fault.TOO_MANY_SESSIONS, crowded, "503::Too many sessions", RETRY_LATER),
    (Fault.CHANNEL_MISSING, without_client('"id":"1"'), "400::Channel missing", None),
    (Fault.CHANNEL_INVALID, without_client('"channel":"x"'), "405::Invalid channel", None),
    (Fault.CHANNEL_UNKNOWN, with_client('"channel":"/meta/x"'), "404:/meta/x:Unknown channel", None),
    (
        Fault.PARAMETER_MISSING,
        with_client('"channel":"/meta/connect"'),
        "400:connectionType:Missing parameter",
        None,
    ),
    (
        Fault.PARAMETER_INVALID,
        with_client(SUBSCRIBE + ':"/a","ext":{"replay":"x"}'),
        "400:ext.replay:Invalid parameter",
        None,
    ),
    (
        Fault.CONNECTION_TYPE,
        with_client('"channel":"/meta/connect","connectionType":"x"'),
        "400::Unsupported connection type",
        NONE,
    ),
    (Fault.TOPIC_INVALID, with_client(SUBSCRIBE + ':"x"'), "405::Invalid subscription", None),
    (Fault.SUBSCRIBE_DENIED, with_client(SUBSCRIBE + ':"/meta/x"'), "403:/meta/x:Subscribe denied", None),
    (
        Fault.TOO_MANY_SUBSCRIPTIONS,
        with_client(SUBSCRIBE + f":[{MANY}]"),
        "403:64:Too many subscriptions",
        None,
    ),
    (Fault.PUBLISH_DENIED, with_client('"channel":"/v2/me"'), "403:/v2/me:Publish denied", None),
    (
        Fault.REPLAY_EPOCH,
        with_client(SUBSCRIBE + ':"/a","ext":{"replay":{"id":0,"epoch":"e0"}}'),
        "412::Another epoch, read again",
        None,
    ),
    (
        Fault.REPLAY_GONE,
        with_client(SUBSCRIBE + ':"/a","ext":{"replay":1023}'),
        "412::No longer kept, read again",
        None,
    ),
    (
        Fault.REPLAY_AHEAD,
        with_client(SUBSCRIBE + ':"/a","ext":{"replay":4097}'),
        "412::Not reached yet, read again",
        None,
    ),
]


@pytest.mark.parametrize("transport", [LONG_POLLING, WEBSOCKET])
@pytest.mark.parametrize(
    ("fault", "provoke", "error", "advice"), ROWS, ids=lambda row: getattr(row, "value", "")
)
def test_each_mistake_has_its_error_and_its_advice(
    fault: Fault, provoke: Callable[[Talk, str], Json], error: str, advice: Json, transport: str
) -> None:
    talk = Talk()
    talk.server.window = ReplayWindow("e1", 1024, 4096)
    (reply,) = provoke(talk, transport)
    assert reply["successful"] is False
    assert reply["error"] == error
    assert reply.get("advice") == advice
    assert TABLE[fault].code == int(error[:3])


def test_every_row_of_the_table_is_provoked() -> None:
    assert [row[0] for row in ROWS] == list(Fault) == list(TABLE)


def test_no_client_is_ever_told_to_stop_for_having_been_forgotten() -> None:
    row = TABLE[Fault.UNKNOWN_CLIENT]
    for advice in (row.long_polling, row.websocket):
        assert advice is not None
        assert advice.reconnect == "handshake"


def test_every_successful_connect_heals_an_advice_that_came_before() -> None:
    # cometd#2057: a client that still has "handshake" in mind stops at a connect reply without advice.
    talk = Talk()
    client = talk.handshake()
    for _ in range(2):
        (reply,) = talk.hear(
            f'[{{"channel":"/meta/connect","clientId":"{client}","connectionType":"long-polling",'
            '"advice":{"timeout":0}}]'
        )
        assert reply["advice"]["reconnect"] == "retry"

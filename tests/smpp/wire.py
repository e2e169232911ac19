"""What session tests share: reading our bytes as PDUs, and a bound session."""

from smsdesk.smpp import pdu as p
from smsdesk.smpp.codec import decode, encode, take
from smsdesk.smpp.connection import Connection
from smsdesk.smpp.events import Bound, Event
from smsdesk.smpp.settings import SessionSettings

SETTINGS = SessionSettings(
    system_id="desk",
    password="secret",
    window=2,
    inbound_window=3,
    answer_within=1_000,
    enquire_after=10_000,
    prove_after=2_000,
)

RESPONSES: dict[int, type[p.BindResponse]] = {
    p.BindTransceiver.command: p.BindTransceiverResponse,
    p.BindTransmitter.command: p.BindTransmitterResponse,
    p.BindReceiver.command: p.BindReceiverResponse,
}


def sent(connection: Connection) -> list[p.Pdu]:
    """The PDUs that the session wants to send."""
    buffer = bytearray(connection.data_to_send())
    pdus = []
    while (frame := take(buffer)) is not None:
        pdus.append(decode(frame))
    assert not buffer
    return pdus


def told(connection: Connection, *pdus: p.Pdu, now: int = 0) -> list[Event]:
    """What the session makes of these PDUs of the peer."""
    return connection.receive_data(b"".join(map(encode, pdus)), now)


def bound(settings: SessionSettings = SETTINGS, now: int = 0) -> Connection:
    """A session that is bound and has nothing to send."""
    connection = Connection(settings)
    connection.bind(now)
    (request,) = sent(connection)
    answer = RESPONSES[request.command](sequence=request.sequence, system_id="smsc")
    assert told(connection, answer, now=now) == [Bound("smsc", None)]
    return connection

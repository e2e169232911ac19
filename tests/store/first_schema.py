"""What a store of the first schema may hold: documents and entries as that program wrote them."""

from smsdesk.store import Entry, Put


def _session(id: str, received: int, *participations: str) -> Put:
    body = (
        f'{{"id":"{id}","service_number":"+15550100","customer_number":"+15550111","carrier":"simulator",'
        f'"received":{received},"user_data":{{"number":1E2}},"next_index":4,"contact_id":"carol",'
        f'"participations":[{",".join(participations)}],"v":1}}'
    )
    return Put("session", id, 1, body.encode())


def _part(user: str, state: str, kind: str, more: str = "") -> str:
    return f'{{"user":"{user}","state":"{state}","kind":"{kind}","since":1{more}}}'


IN = ',"participant":"0123456789ABCDEF"'
DOCUMENTS = (
    _session(
        "first",
        100,
        _part("ann", "Completed", "agent", IN),
        _part("ben", "Completed", "consulted", IN),
        _part("only-offered", "Revoked", "agent"),
        _part("supervisor", "Revoked", "monitor", IN),
    ),
    _session("second", 200, _part("ann", "LeftChat", "agent")),
    Put(
        "contact", "carol", 1, b'{"id":"carol","number":"+15550111","first_name":"Carol","created":90,"v":1}'
    ),
    Put("contact", "dave", 1, b'{"id":"dave","number":"DAVE","v":1}'),
    Put("audit", "entered", 1, b'{"id":"entered","at":150,"actor":null,"action":"a","subject":"s","v":1}'),
    Put("user", "ann", 1, b'{"id":"ann","user_name":"ann","v":1}'),
    Put("other", "no json", 1, b"\xff\x00"),
)


def _entry(session: str, index: int, type: str, at: int, more: str = "") -> Entry:
    author = '{"id":"0123456789ABCDEF","type":"Customer","nickname":"joined"}'
    body = f'{{"index":{index},"type":"{type}","author":{author},"visibility":"All","at":{at}{more}}}'
    return Entry(session, index, body.encode())


ENTRIES = (
    _entry("second", 1, "ParticipantJoined", 200),
    _entry("second", 2, "Text", 201, ',"text":"Hello from Zo\\u00eb"'),
    _entry("first", 1, "ParticipantJoined", 100),
    _entry("first", 2, "Text", 101, ',"text":"Hello there"'),
    _entry("first", 3, "Text", 102, ',"text":"hello"'),
    _entry("first", 4, "Text", 103),
    _entry("first", 5, "PushUrl", 104, ',"url":"https://hello.example"'),
)

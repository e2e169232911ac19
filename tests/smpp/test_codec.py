"""PDUs and bytes: SMPP 3.2, 4 and 5.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.smpp import pdu as p
from smsdesk.smpp.codec import PduError, decode, encode, fingerprint, take

OCTET = st.integers(0, 255)
SEQUENCE = st.integers(1, 0x7FFFFFFF)
STATUS = st.integers(0, 0xFFFFFFFF)
TLVS = st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=300)), max_size=4).map(tuple)


def c_string(longest: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=longest)


def binds(kind: type[p.Bind]) -> st.SearchStrategy[p.Pdu]:
    return st.builds(
        kind,
        status=STATUS,
        sequence=SEQUENCE,
        system_id=c_string(15),
        password=c_string(8),
        system_type=c_string(12),
        interface_version=OCTET,
        addr_ton=OCTET,
        addr_npi=OCTET,
        address_range=c_string(40),
    )


def messages(kind: type[p.Message]) -> st.SearchStrategy[p.Pdu]:
    return st.builds(
        kind,
        status=STATUS,
        sequence=SEQUENCE,
        service_type=c_string(5),
        source_ton=OCTET,
        source_npi=OCTET,
        source=c_string(20),
        destination_ton=OCTET,
        destination_npi=OCTET,
        destination=c_string(20),
        esm_class=OCTET,
        protocol_id=OCTET,
        priority=OCTET,
        schedule_delivery_time=c_string(16),
        validity_period=c_string(16),
        registered_delivery=OCTET,
        replace_if_present=OCTET,
        data_coding=OCTET,
        default_message_id=OCTET,
        short_message=st.binary(max_size=254),
        tlvs=TLVS,
    )


BARE: list[type[p.Pdu]] = [p.Unbind, p.UnbindResponse, p.EnquireLink, p.EnquireLinkResponse, p.GenericNack]
BIND_RESPONSES = [p.BindReceiverResponse, p.BindTransmitterResponse, p.BindTransceiverResponse]
PDUS: st.SearchStrategy[p.Pdu] = st.one_of(
    [binds(kind) for kind in (p.BindReceiver, p.BindTransmitter, p.BindTransceiver)]
    + [
        st.builds(k, status=STATUS, sequence=SEQUENCE, system_id=c_string(15), tlvs=TLVS)
        for k in BIND_RESPONSES
    ]
    + [messages(kind) for kind in (p.SubmitSm, p.DeliverSm)]
    + [
        st.builds(kind, status=STATUS, sequence=SEQUENCE, message_id=c_string(64), tlvs=TLVS)
        for kind in (p.SubmitSmResponse, p.DeliverSmResponse)
    ]
    + [st.builds(kind, status=STATUS, sequence=SEQUENCE) for kind in BARE]
)

BIND_HEX = "0000002f000000020000000000000001534d50503354455354007365637265743038005355424d4954310000010100"


def test_the_bind_of_the_specification() -> None:
    """SMPP 3.2: the sample PDU, octet for octet."""
    bind = p.BindTransmitter(
        sequence=1,
        system_id="SMPP3TEST",
        password="secret08",
        system_type="SUBMIT1",
        interface_version=0,
        addr_ton=1,
        addr_npi=1,
    )
    assert encode(bind).hex() == BIND_HEX
    assert decode(bytes.fromhex(BIND_HEX)) == bind


def test_a_deliver_sm_octet_for_octet() -> None:
    """SMPP 4.6.1: every mandatory field in its place, then an optional one."""
    deliver = p.DeliverSm(
        sequence=2,
        service_type="CMT",
        source_ton=1,
        source_npi=2,
        source="15550111",
        destination_ton=3,
        destination_npi=4,
        destination="15550100",
        esm_class=0x40,
        protocol_id=5,
        priority=6,
        registered_delivery=7,
        replace_if_present=8,
        data_coding=9,
        default_message_id=10,
        short_message=b"hi",
        tlvs=((0x0204, b"\x00\x07"),),
    )
    body = (
        b"CMT\0" b"\x01\x02" b"15550111\0" b"\x03\x04" b"15550100\0" b"\x40\x05\x06" b"\0" b"\0"
        b"\x07\x08\x09\x0a" b"\x02" b"hi" b"\x02\x04\x00\x02\x00\x07"
    )  # fmt: skip
    header = (16 + len(body)).to_bytes(4, "big") + bytes.fromhex("000000050000000000000002")
    assert encode(deliver) == header + body
    assert decode(header + body) == deliver


@given(PDUS)
def test_round_trip(pdu: p.Pdu) -> None:
    frame = encode(pdu)
    assert decode(frame) == pdu
    assert encode(decode(frame)) == frame


@given(st.lists(PDUS, max_size=4), st.binary(max_size=15))
def test_stream_whole_and_one_octet_at_a_time(pdus: list[p.Pdu], rest: bytes) -> None:
    stream = b"".join(map(encode, pdus)) + b"\0\0\0\x10"[: len(rest)] + rest[4:]
    for chunks in ([stream], [bytes([octet]) for octet in stream]):
        buffer, found = bytearray(), []
        for chunk in chunks:
            buffer += chunk
            while (frame := take(buffer)) is not None:
                found.append(decode(frame))
        assert found == pdus
        assert len(buffer) == len(rest)


@pytest.mark.parametrize("length", [0, 15, 64 * 1024 + 1, 0xFFFFFFFF])
def test_length_out_of_bounds_is_fatal(length: int) -> None:
    """SMPP 3.1: nothing can be read behind a wrong length; what came is left as it was."""
    buffer = bytearray(length.to_bytes(4, "big") + b"rest")
    with pytest.raises(PduError) as error:
        take(buffer)
    assert (error.value.fatal, error.value.status) == (True, 0x02)
    assert buffer.endswith(b"rest")


@pytest.mark.parametrize("length", [16, 64 * 1024])
def test_length_at_the_bounds(length: int) -> None:
    frame = length.to_bytes(4, "big") + bytes.fromhex("000000150000000000000001") + bytes(length - 16)
    assert take(bytearray(frame)) == frame


def deliver_frame(**changes: bytes) -> bytes:
    fields = {
        "service_type": b"\0",
        "source": b"\1\115550111\0",
        "destination": b"\1\115550100\0",
        "classes": b"\0\0\0",
        "schedule": b"\0",
        "validity": b"\0",
        "rest": b"\0\0\0\0",
        "text": b"\x02hi",
        "tlvs": b"",
    } | changes
    body = b"".join(fields.values())
    return (16 + len(body)).to_bytes(4, "big") + bytes.fromhex("000000050000000000000007") + body


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"service_type": b"sixsix\0"}, 0x15, "service_type is longer than 5"),
        ({"source": b"\1\1" + b"1" * 21 + b"\0"}, 0x0A, "source_addr is longer than 20"),
        ({"destination": b"\1\1" + b"1" * 21 + b"\0"}, 0x0B, "destination_addr is longer than 20"),
        ({"schedule": b"2" * 17 + b"\0"}, 0x61, "schedule_delivery_time is longer than 16"),
        ({"validity": b"2" * 17 + b"\0"}, 0x62, "validity_period is longer than 16"),
        ({"text": b"\x03hi"}, 0x01, "sm_length 3 does not fit 2"),
        ({"text": b"\xff" + b"a" * 255}, 0x01, "sm_length 255"),
        ({"text": b""}, 0x02, "ends before short_message"),
        ({"text": b"", "rest": b"", "validity": b""}, 0x02, "ends inside validity_period"),
        ({"tlvs": b"\x04\x24\x00"}, 0xC0, "ends inside an optional parameter"),
        ({"tlvs": b"\x04\x24\x00\x02a"}, 0xC0, "ends inside optional parameter 0x0424"),
    ],
)
def test_a_body_that_breaks_a_limit_is_refused_with_its_status(
    changes: dict[str, bytes], status: int, words: str
) -> None:
    """SMPP 5.1.3: the status names the field; the sequence number is that of the PDU."""
    with pytest.raises(PduError, match=words) as error:
        decode(deliver_frame(**changes))
    assert (error.value.status, error.value.command, error.value.sequence) == (status, 5, 7)
    assert not error.value.fatal


def test_every_truncation_of_a_message_is_refused() -> None:
    whole = deliver_frame(tlvs=b"\x04\x24\x00\x02ab")
    tlvs_begin = len(whole) - 6
    for size in range(16, len(whole)):
        if size != tlvs_begin:  # the message is complete there, without its optional parameter
            with pytest.raises(PduError):
                decode(size.to_bytes(4, "big") + whole[4:size])


@pytest.mark.parametrize("frame", [b"", b"\0\0\0\x10", b"\0\0\0\x11" + bytes(12), b"\0\0\0\x0f" + bytes(11)])
def test_what_is_no_frame_is_fatal(frame: bytes) -> None:
    with pytest.raises(PduError) as error:
        decode(frame)
    assert error.value.fatal


def test_unknown_command() -> None:
    """SMPP 4.3.1: answered by generic_nack with ESME_RINVCMDID."""
    with pytest.raises(PduError, match="command 0x00000103 is unknown") as error:
        decode(bytes.fromhex("00000010000001030000000000000009"))
    assert (error.value.status, error.value.sequence, error.value.fatal) == (0x03, 9, False)


def test_a_bare_request_with_a_body_is_refused_a_bare_answer_is_not() -> None:
    with pytest.raises(PduError, match="3 octets too many"):
        decode(bytes.fromhex("00000013000000150000000000000001000000"))
    answer = decode(bytes.fromhex("00000013800000150000000000000001000000"))
    assert answer == p.EnquireLinkResponse(sequence=1)


@pytest.mark.parametrize(
    ("body", "message_id"),
    [
        (b"", ""),
        (b"\0", ""),
        (b"7f", "7f"),
        (b"7f\0", "7f"),
        (b"a" * 64 + b"\0", "a" * 64),
        (b"a" * 64, "a" * 64),
    ],
)
def test_message_id_of_an_answer(body: bytes, message_id: str) -> None:
    """SMPP 4.4.2: no body with an error; some peers leave out the NUL."""
    header = (16 + len(body)).to_bytes(4, "big") + bytes.fromhex("800000040000000000000003")
    assert decode(header + body) == p.SubmitSmResponse(sequence=3, message_id=message_id)


def test_message_id_over_64_octets_is_refused() -> None:
    header = (16 + 65).to_bytes(4, "big") + bytes.fromhex("800000040000000000000003")
    with pytest.raises(PduError, match="message_id is longer than 64"):
        decode(header + b"a" * 65)


@pytest.mark.parametrize(
    "pdu",
    [
        p.SubmitSm(source="1" * 21),
        p.SubmitSm(source="1\x002"),
        p.SubmitSm(source="ы"),
        p.SubmitSm(source_ton=256),
        p.SubmitSm(short_message=b"a" * 255),
        p.SubmitSm(tlvs=((p.MESSAGE_PAYLOAD, b"a" * 0x10000),)),
        p.SubmitSm(tlvs=((p.MESSAGE_PAYLOAD, b"a" * 0xFFFF),)),
        p.BindTransceiver(system_id="x" * 16),
        p.BindTransceiver(system_id="x", password="nine char"),
        p.SubmitSmResponse(message_id="x" * 65),
    ],
)
def test_fields_that_do_not_fit_are_not_written(pdu: p.Pdu) -> None:
    with pytest.raises(ValueError, match=r"longer|NUL|Latin-1|range|over"):
        encode(pdu)


@given(st.binary(max_size=80), st.sampled_from([0x4, 0x5, 0x9, 0x80000004, 0x80000009, 0x15, 0x80000000]))
def test_any_body_is_read_or_refused(body: bytes, command: int) -> None:
    header = (16 + len(body)).to_bytes(4, "big") + command.to_bytes(4, "big") + bytes(8)
    try:
        read: p.Pdu | PduError = decode(header + body)
    except PduError as error:
        read = error
    assert read.command == command
    assert not (isinstance(read, PduError) and read.fatal)


@given(messages(p.DeliverSm), SEQUENCE)
def test_fingerprint_knows_everything_but_the_sequence_number(pdu: p.DeliverSm, sequence: int) -> None:
    """SPEC 6.2: an identical PDU is one that differs in nothing else."""
    again = decode(encode(pdu, sequence))
    assert fingerprint(again) == fingerprint(pdu)


@pytest.mark.parametrize(
    "other",
    [
        p.DeliverSm(source="1", short_message=b"ok"),
        p.DeliverSm(source="2", short_message=b"OK"),
        p.DeliverSm(source="2", short_message=b"ok", registered_delivery=1),
        p.DeliverSm(source="2", short_message=b"ok", tlvs=((1, b"x"),)),
        p.SubmitSm(source="2", short_message=b"ok"),
    ],
)
def test_fingerprints_differ(other: p.Pdu) -> None:
    assert fingerprint(other) != fingerprint(p.DeliverSm(source="2", short_message=b"ok"))


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(p.BindTransceiver(system_id="desk", password="secret"))

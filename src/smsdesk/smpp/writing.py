"""Bodies of PDUs to bytes: one writer a layout, one table of them. Raises FieldFault (a ValueError)."""

from collections.abc import Callable
from struct import Struct as Layout
from typing import Any, Final

from smsdesk.smpp import fields as f
from smsdesk.smpp import pdu as p

Writer = Callable[[Any], bytes]
"""The body of one kind of PDU; which kind, the table below says."""

_TLV: Final = Layout(">HH")


def _string(value: str, field: f.Field) -> bytes:
    if len(value) >= field.size:
        raise f.FieldFault(f"{field.name} is longer than {field.size - 1} octets", field.status)
    try:
        octets = value.encode("latin-1")
    except UnicodeEncodeError:
        raise f.FieldFault(f"{field.name} has characters beyond Latin-1", field.status) from None
    if 0 in octets:
        raise f.FieldFault(f"{field.name} has a NUL inside", field.status)
    return octets + b"\0"


def _octets(*values: int) -> bytes:
    """Single octets. Raises ValueError when one is not 0-255."""
    return bytes(values)


def _tlvs(tlvs: p.Tlvs) -> bytes:
    pieces: list[bytes] = []
    for tag, value in tlvs:
        if len(value) > f.MAX_TLV:
            raise f.FieldFault(f"optional parameter 0x{tag:04X} is longer than {f.MAX_TLV} octets", 0xC2)
        pieces += (_TLV.pack(tag, len(value)), value)
    return b"".join(pieces)


def _bind(bind: p.Bind) -> bytes:
    return b"".join(
        (
            _string(bind.system_id, f.SYSTEM_ID),
            _string(bind.password, f.PASSWORD),
            _string(bind.system_type, f.SYSTEM_TYPE),
            _octets(bind.interface_version, bind.addr_ton, bind.addr_npi),
            _string(bind.address_range, f.ADDRESS_RANGE),
        )
    )


def _bind_response(response: p.BindResponse) -> bytes:
    return _string(response.system_id, f.SYSTEM_ID) + _tlvs(response.tlvs)


def _message(message: p.Message) -> bytes:
    m = message
    if len(m.short_message) > f.MAX_SHORT_MESSAGE:
        raise f.FieldFault(f"short_message is longer than {f.MAX_SHORT_MESSAGE} octets", 0x01)
    body = b"".join(
        (
            _string(m.service_type, f.SERVICE_TYPE),
            _octets(m.source_ton, m.source_npi),
            _string(m.source, f.SOURCE),
            _octets(m.destination_ton, m.destination_npi),
            _string(m.destination, f.DESTINATION),
            _octets(m.esm_class, m.protocol_id, m.priority),
            _string(m.schedule_delivery_time, f.SCHEDULE),
            _string(m.validity_period, f.VALIDITY),
            _octets(m.registered_delivery, m.replace_if_present, m.data_coding, m.default_message_id),
            _octets(len(m.short_message)),
            m.short_message,
        )
    )
    return body + _tlvs(m.tlvs) if m.tlvs else body


def _message_response(response: p.MessageResponse) -> bytes:
    return _string(response.message_id, f.MESSAGE_ID) + _tlvs(response.tlvs)


def _bare(_: p.Pdu) -> bytes:
    return b""


WRITERS: Final[dict[int, Writer]] = {
    p.BindReceiver.command: _bind,
    p.BindTransmitter.command: _bind,
    p.BindTransceiver.command: _bind,
    p.BindReceiverResponse.command: _bind_response,
    p.BindTransmitterResponse.command: _bind_response,
    p.BindTransceiverResponse.command: _bind_response,
    p.SubmitSm.command: _message,
    p.SubmitSmResponse.command: _message_response,
    p.DeliverSm.command: _message,
    p.DeliverSmResponse.command: _message_response,
    p.Unbind.command: _bare,
    p.UnbindResponse.command: _bare,
    p.EnquireLink.command: _bare,
    p.EnquireLinkResponse.command: _bare,
    p.GenericNack.command: _bare,
}

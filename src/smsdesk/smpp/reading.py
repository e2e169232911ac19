"""Bodies of PDUs from bytes: one reader a layout, one table of them. Raises FieldFault; knows no stream.

Requests are read strictly. Answers are read leniently where the meaning is clear (a missing last NUL, octets
behind a bare answer): refusing them would leave us not knowing what became of our own request.
"""

from collections.abc import Callable
from struct import Struct as Layout
from typing import Final

from smsdesk.smpp import fields as f
from smsdesk.smpp import pdu as p
from smsdesk.smpp import status

Reader = Callable[[bytes, int, int], p.Pdu]
"""From a whole frame (16 octets of header first), its command_status and its sequence_number."""

_TLV: Final = Layout(">HH")
_START: Final = f.HEADER_OCTETS


def _string(frame: bytes, at: int, field: f.Field) -> tuple[str, int]:
    """The C-octet string at `at` and where the next field begins."""
    end = frame.find(0, at, at + field.size)
    if end < 0:
        if len(frame) < at + field.size:
            raise f.FieldFault(f"ends inside {field.name}", status.INVALID_LENGTH)
        raise f.FieldFault(f"{field.name} is longer than {field.size - 1} octets", field.status)
    return frame[at:end].decode("latin-1"), end + 1


def _only_string(frame: bytes, field: f.Field) -> tuple[str, int]:
    """The string an answer begins with: absent, or without its NUL, in the answers of some peers."""
    if len(frame) < _START + field.size and frame.find(0, _START) < 0:
        return frame[_START:].decode("latin-1"), len(frame)
    return _string(frame, _START, field)


def _need(frame: bytes, at: int, octets: int, name: str) -> None:
    if len(frame) - at < octets:
        raise f.FieldFault(f"ends before {name}", status.INVALID_LENGTH)


def _tlvs(frame: bytes, at: int) -> p.Tlvs:
    """SMPP 3.2.4.1: tag, length, value, to the end of the PDU."""
    found: list[tuple[int, bytes]] = []
    size = len(frame)
    while at < size:
        if size - at < 4:
            raise f.FieldFault("ends inside an optional parameter", status.INVALID_OPTIONAL_STREAM)
        tag, length = _TLV.unpack_from(frame, at)
        at += 4 + length
        if size < at:
            raise f.FieldFault(f"ends inside optional parameter 0x{tag:04X}", status.INVALID_OPTIONAL_STREAM)
        found.append((tag, frame[at - length : at]))
    return tuple(found)


def _bind(kind: type[p.Bind]) -> Reader:
    def read(frame: bytes, code: int, sequence: int) -> p.Pdu:
        system_id, at = _string(frame, _START, f.SYSTEM_ID)
        password, at = _string(frame, at, f.PASSWORD)
        system_type, at = _string(frame, at, f.SYSTEM_TYPE)
        _need(frame, at, 3, "address_range")
        address_range, end = _string(frame, at + 3, f.ADDRESS_RANGE)
        if end < len(frame):
            raise f.FieldFault(f"{len(frame) - end} octets too many", status.INVALID_LENGTH)
        return kind(
            status=code,
            sequence=sequence,
            system_id=system_id,
            password=password,
            system_type=system_type,
            interface_version=frame[at],
            addr_ton=frame[at + 1],
            addr_npi=frame[at + 2],
            address_range=address_range,
        )

    return read


def _bind_response(kind: type[p.BindResponse]) -> Reader:
    def read(frame: bytes, code: int, sequence: int) -> p.Pdu:
        system_id, at = _only_string(frame, f.SYSTEM_ID)
        return kind(status=code, sequence=sequence, system_id=system_id, tlvs=_tlvs(frame, at))

    return read


def _message(kind: type[p.Message]) -> Reader:
    def read(frame: bytes, code: int, sequence: int) -> p.Pdu:
        service_type, src = _string(frame, _START, f.SERVICE_TYPE)
        _need(frame, src, 2, "source_addr")
        source, dst = _string(frame, src + 2, f.SOURCE)
        _need(frame, dst, 2, "destination_addr")
        destination, at = _string(frame, dst + 2, f.DESTINATION)
        _need(frame, at, 3, "schedule_delivery_time")
        schedule, late = _string(frame, at + 3, f.SCHEDULE)
        validity, late = _string(frame, late, f.VALIDITY)
        _need(frame, late, 5, "short_message")
        text, end = late + 5, late + 5 + frame[late + 4]
        if frame[late + 4] > f.MAX_SHORT_MESSAGE or end > len(frame):
            raise f.FieldFault(f"sm_length {frame[late + 4]} does not fit {len(frame) - text} octets", 0x01)
        return kind(
            status=code,
            sequence=sequence,
            service_type=service_type,
            source_ton=frame[src],
            source_npi=frame[src + 1],
            source=source,
            destination_ton=frame[dst],
            destination_npi=frame[dst + 1],
            destination=destination,
            esm_class=frame[at],
            protocol_id=frame[at + 1],
            priority=frame[at + 2],
            schedule_delivery_time=schedule,
            validity_period=validity,
            registered_delivery=frame[late],
            replace_if_present=frame[late + 1],
            data_coding=frame[late + 2],
            default_message_id=frame[late + 3],
            short_message=frame[text:end],
            tlvs=_tlvs(frame, end),
        )

    return read


def _message_response(kind: type[p.MessageResponse]) -> Reader:
    def read(frame: bytes, code: int, sequence: int) -> p.Pdu:
        message_id, at = _only_string(frame, f.MESSAGE_ID)
        return kind(status=code, sequence=sequence, message_id=message_id, tlvs=_tlvs(frame, at))

    return read


def _bare(kind: type[p.Pdu]) -> Reader:
    lenient = bool(kind.command & p.RESPONSE)

    def read(frame: bytes, code: int, sequence: int) -> p.Pdu:
        if len(frame) > _START and not lenient:
            raise f.FieldFault(f"{len(frame) - _START} octets too many", status.INVALID_LENGTH)
        return kind(status=code, sequence=sequence)

    return read


READERS: Final[dict[int, Reader]] = {
    p.BindReceiver.command: _bind(p.BindReceiver),
    p.BindTransmitter.command: _bind(p.BindTransmitter),
    p.BindTransceiver.command: _bind(p.BindTransceiver),
    p.BindReceiverResponse.command: _bind_response(p.BindReceiverResponse),
    p.BindTransmitterResponse.command: _bind_response(p.BindTransmitterResponse),
    p.BindTransceiverResponse.command: _bind_response(p.BindTransceiverResponse),
    p.SubmitSm.command: _message(p.SubmitSm),
    p.SubmitSmResponse.command: _message_response(p.SubmitSmResponse),
    p.DeliverSm.command: _message(p.DeliverSm),
    p.DeliverSmResponse.command: _message_response(p.DeliverSmResponse),
    p.Unbind.command: _bare(p.Unbind),
    p.UnbindResponse.command: _bare(p.UnbindResponse),
    p.EnquireLink.command: _bare(p.EnquireLink),
    p.EnquireLinkResponse.command: _bare(p.EnquireLinkResponse),
    p.GenericNack.command: _bare(p.GenericNack),
}

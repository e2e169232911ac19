"""The PDUs of SMPP 3.4 that a session needs, as values. Knows their fields, not their bytes (see `codec`)."""

from typing import ClassVar, Final

from msgspec import Struct

RESPONSE: Final = 0x80000000
"""The bit that makes a command id that of the response (SMPP 5.1.2.1)."""

# esm_class, SMPP 5.2.12
HAS_HEADER: Final = 0x40
MESSAGE_TYPE: Final = 0x3C
TYPE_RECEIPT: Final = 0x04
TYPE_INTERMEDIATE: Final = 0x20

# Tags of optional parameters, SMPP 5.3.2
RECEIPTED_MESSAGE_ID: Final = 0x001E
SAR_REFERENCE: Final = 0x020C
SAR_TOTAL: Final = 0x020E
SAR_NUMBER: Final = 0x020F
SC_INTERFACE_VERSION: Final = 0x0210
NETWORK_ERROR_CODE: Final = 0x0423
MESSAGE_PAYLOAD: Final = 0x0424
MESSAGE_STATE: Final = 0x0427

Tlvs = tuple[tuple[int, bytes], ...]
"""Optional parameters (tag, value) as they came, in order, repeated ones too."""


class Pdu(Struct, frozen=True, kw_only=True, gc=False):
    """What every PDU has (SMPP 5.1): a status and a sequence number, 1 to 0x7FFFFFFF."""

    command: ClassVar[int] = 0
    name: ClassVar[str] = "pdu"

    status: int = 0
    sequence: int = 0


class WithTlvs(Pdu, frozen=True, kw_only=True, gc=False):
    """A PDU that may carry optional parameters (SMPP 3.2.4)."""

    tlvs: Tlvs = ()

    def tlv(self, tag: int) -> bytes | None:
        """The value of the first optional parameter with this tag."""
        for found, value in self.tlvs:
            if found == tag:
                return value
        return None


class Bind(Pdu, frozen=True, kw_only=True, gc=False):
    """The fields of the three binds, SMPP 4.1. The version is 0x34. The repr has no password."""

    system_id: str
    password: str = ""
    system_type: str = ""
    interface_version: int = 0x34
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(system_id={self.system_id!r}, sequence={self.sequence})"


class BindReceiver(Bind, frozen=True, kw_only=True, gc=False):
    """SMPP 4.1.3."""

    command = 0x00000001
    name = "bind_receiver"


class BindTransmitter(Bind, frozen=True, kw_only=True, gc=False):
    """SMPP 4.1.1."""

    command = 0x00000002
    name = "bind_transmitter"


class BindTransceiver(Bind, frozen=True, kw_only=True, gc=False):
    """SMPP 4.1.5."""

    command = 0x00000009
    name = "bind_transceiver"


class BindResponse(WithTlvs, frozen=True, kw_only=True, gc=False):
    """The fields of the three answers; an answer with an error may come without `system_id`."""

    system_id: str = ""


class BindReceiverResponse(BindResponse, frozen=True, kw_only=True, gc=False):
    """SMPP 4.1.4."""

    command = 0x80000001
    name = "bind_receiver_resp"


class BindTransmitterResponse(BindResponse, frozen=True, kw_only=True, gc=False):
    """SMPP 4.1.2."""

    command = 0x80000002
    name = "bind_transmitter_resp"


class BindTransceiverResponse(BindResponse, frozen=True, kw_only=True, gc=False):
    """SMPP 4.1.6."""

    command = 0x80000009
    name = "bind_transceiver_resp"


class Message(WithTlvs, frozen=True, kw_only=True, gc=False):
    """The fields of submit_sm and deliver_sm. `short_message` is 0-254 octets, its header included."""

    service_type: str = ""
    source_ton: int = 0
    source_npi: int = 0
    source: str = ""
    destination_ton: int = 0
    destination_npi: int = 0
    destination: str = ""
    esm_class: int = 0
    protocol_id: int = 0
    priority: int = 0
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    replace_if_present: int = 0
    data_coding: int = 0
    default_message_id: int = 0
    short_message: bytes = b""


class SubmitSm(Message, frozen=True, kw_only=True, gc=False):
    """SMPP 4.4.1."""

    command = 0x00000004
    name = "submit_sm"


class DeliverSm(Message, frozen=True, kw_only=True, gc=False):
    """SMPP 4.6.1."""

    command = 0x00000005
    name = "deliver_sm"


class MessageResponse(WithTlvs, frozen=True, kw_only=True, gc=False):
    """An answer to a message; with an error it may come without `message_id`."""

    message_id: str = ""


class SubmitSmResponse(MessageResponse, frozen=True, kw_only=True, gc=False):
    """SMPP 4.4.2."""

    command = 0x80000004
    name = "submit_sm_resp"


class DeliverSmResponse(MessageResponse, frozen=True, kw_only=True, gc=False):
    """SMPP 4.6.2; its `message_id` is unused and empty."""

    command = 0x80000005
    name = "deliver_sm_resp"


class Unbind(Pdu, frozen=True, kw_only=True, gc=False):
    """SMPP 4.2.1."""

    command = 0x00000006
    name = "unbind"


class UnbindResponse(Pdu, frozen=True, kw_only=True, gc=False):
    """SMPP 4.2.2."""

    command = 0x80000006
    name = "unbind_resp"


class EnquireLink(Pdu, frozen=True, kw_only=True, gc=False):
    """SMPP 4.11.1."""

    command = 0x00000015
    name = "enquire_link"


class EnquireLinkResponse(Pdu, frozen=True, kw_only=True, gc=False):
    """SMPP 4.11.2."""

    command = 0x80000015
    name = "enquire_link_resp"


class GenericNack(Pdu, frozen=True, kw_only=True, gc=False):
    """SMPP 4.3.1: the answer to a PDU that could not be read as a command."""

    command = 0x80000000
    name = "generic_nack"

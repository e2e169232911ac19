"""The limits of SMPP's variable fields and the fault of a body that breaks them. Knows no PDU."""

from typing import Final, NamedTuple

from smsdesk.smpp import status

HEADER_OCTETS: Final = 16
MAX_OCTETS: Final = 64 * 1024
MAX_SHORT_MESSAGE: Final = 254
MAX_TLV: Final = 0xFFFF


class Field(NamedTuple):
    """A C-octet string: its name, its size with the closing NUL, and the status that refuses a longer one."""

    name: str
    size: int
    status: int


# SMPP 4.1.1, 4.4.1 and 5.2. Both times are 1 or 17 octets with the NUL.
SYSTEM_ID: Final = Field("system_id", 16, 0x0F)
PASSWORD: Final = Field("password", 9, 0x0E)
SYSTEM_TYPE: Final = Field("system_type", 13, 0x53)
ADDRESS_RANGE: Final = Field("address_range", 41, status.INVALID_LENGTH)
SERVICE_TYPE: Final = Field("service_type", 6, 0x15)
SOURCE: Final = Field("source_addr", 21, 0x0A)
DESTINATION: Final = Field("destination_addr", 21, status.INVALID_DESTINATION)
SCHEDULE: Final = Field("schedule_delivery_time", 17, 0x61)
VALIDITY: Final = Field("validity_period", 17, 0x62)
MESSAGE_ID: Final = Field("message_id", 65, 0x0C)


class FieldFault(ValueError):
    """What is wrong with a body, in words, and the command status that says so."""

    def __init__(self, words: str, code: int):
        super().__init__(words)
        self.words = words
        self.status = code

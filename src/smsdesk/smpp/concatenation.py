"""The mark that makes a message one part of a long text, and the header that is no text.

3GPP TS 23.040, 9.2.3.24; SMPP 5.3.2.22-24. Joining the texts is the business of `pieces`.
"""

from typing import Final

from msgspec import Struct

from smsdesk.smpp import pdu as p

_EIGHT_BIT: Final = 0x00
_SIXTEEN_BIT: Final = 0x08


class Concatenation(Struct, frozen=True, gc=False):
    """This is part `number` (from 1) of `total`; parts of one text share the reference and both addresses."""

    reference: int
    total: int
    number: int


def split_header(message: p.Message) -> tuple[bytes, bytes]:
    """The user data header with its length octet (empty if there is none) and the octets of the text.

    The user data is `short_message`, or `message_payload` where that is empty (SMPP 5.3.2.32). A header that
    is longer than the data is none: the octets are then all text.
    """
    octets = message.short_message or message.tlv(p.MESSAGE_PAYLOAD) or b""
    if not message.esm_class & p.HAS_HEADER or not octets or octets[0] >= len(octets):
        return b"", octets
    end = octets[0] + 1
    return octets[:end], octets[end:]


def strip_udh(message: p.Message) -> bytes:
    """The octets of the text, without a header."""
    return split_header(message)[1]


def concatenation(message: p.Message) -> Concatenation | None:
    """Which part of which text this is; None for a whole text and for marks that make no sense.

    A user data header counts before the SAR parameters. 23.040, 9.2.3.24.1: a mark with number 0, or a number
    over the total, is ignored.
    """
    return _from_header(split_header(message)[0]) or _from_sar(message)


def _from_header(header: bytes) -> Concatenation | None:
    at = 1
    while at + 1 < len(header):
        element, value = header[at], header[at + 2 : at + 2 + header[at + 1]]
        at += 2 + header[at + 1]
        if element == _EIGHT_BIT and len(value) == 3:
            return _sensible(value[0], value[1], value[2])
        if element == _SIXTEEN_BIT and len(value) == 4:
            return _sensible(value[0] << 8 | value[1], value[2], value[3])
    return None


def _from_sar(message: p.Message) -> Concatenation | None:
    reference, total, number = (message.tlv(tag) for tag in (p.SAR_REFERENCE, p.SAR_TOTAL, p.SAR_NUMBER))
    if not reference or not total or not number:
        return None
    return _sensible(int.from_bytes(reference, "big") & 0xFFFF, total[-1], number[-1])


def _sensible(reference: int, total: int, number: int) -> Concatenation | None:
    return Concatenation(reference, total, number) if 1 <= number <= total else None


def build_udh(part: Concatenation, *, sixteen_bit: bool = False) -> bytes:
    """The header to put before a part's octets, 6 octets long or 7. Raises ValueError: a number does not fit.

    The message needs `esm_class` 0x40 (SMPP 5.2.12).
    """
    if not 1 <= part.number <= part.total:
        raise ValueError(f"part {part.number} of {part.total} is none")
    if sixteen_bit:
        return bytes((6, _SIXTEEN_BIT, 4, *part.reference.to_bytes(2, "big"), part.total, part.number))
    return bytes((5, _EIGHT_BIT, 3, part.reference, part.total, part.number))


def sar_tlvs(part: Concatenation) -> p.Tlvs:
    """The SAR parameters of a part, for carriers that build the header themselves (SMPP 5.3.2.22-24)."""
    return (
        (p.SAR_REFERENCE, part.reference.to_bytes(2, "big")),
        (p.SAR_TOTAL, part.total.to_bytes(1, "big")),
        (p.SAR_NUMBER, part.number.to_bytes(1, "big")),
    )

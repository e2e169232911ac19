"""A text to be sent becomes submit_sm PDUs (SMPP 4.4.1; SPEC 6.1). Pure; knows no connection."""

import zlib
from typing import Final

from msgspec.structs import replace

from smsdesk.carriers import Outgoing
from smsdesk.carriers.smpp.settings import SmppCarrierSettings
from smsdesk.smpp import pdu as p
from smsdesk.smpp.concatenation import Concatenation, build_udh, sar_tlvs
from smsdesk.smpp.segments import MAX_PARTS, Part, Segments, split
from smsdesk.smpp.text import Encoding

TON_UNKNOWN: Final = 0
TON_INTERNATIONAL: Final = 1
TON_ALPHANUMERIC: Final = 5

_CODECS: Final = {"latin1": "latin-1", "ascii": "ascii", "utf8": "utf-8"}


def submits(text: Outgoing, settings: SmppCarrierSettings) -> tuple[list[p.SubmitSm], int]:
    """The messages that carry a text, in order, and how many parts they count as.

    The same text gives the same messages whenever it is tried. Raises ValueError, in words, for a text that
    cannot be sent: no text, more parts than 255.
    """
    cut, octets = _octets(text.text, settings)
    if not cut.parts:
        raise ValueError("there is no text to send")
    envelope = _envelope(text, settings, cut.encoding)
    if settings.long_texts == "payload" and len(cut.parts) > 1:
        whole = (p.MESSAGE_PAYLOAD, b"".join(octets))
        return [replace(envelope, tlvs=(whole,))], len(cut.parts)
    if len(octets) == 1:
        return [replace(envelope, short_message=octets[0])], 1
    if len(octets) > MAX_PARTS:
        raise ValueError(f"the text takes {len(octets)} parts, at most {MAX_PARTS} can be sent")
    reference = _reference(text.id, 8 if settings.long_texts == "udh" else 16)
    return [
        _part(envelope, piece, Concatenation(reference, len(octets), number), settings)
        for number, piece in enumerate(octets, 1)
    ], len(octets)


def _octets(text: str, settings: SmppCarrierSettings) -> tuple[Segments, list[bytes]]:
    """The cut, and each part's octets in the alphabet that the carrier takes, else in UCS-2."""
    header = 7 if settings.long_texts == "udh16" else 6
    cut = split(text, header)
    if cut.encoding is Encoding.GSM7 and settings.alphabet != "gsm7":
        try:
            return cut, [_in_default(part, settings) for part in cut.parts]
        except UnicodeEncodeError:
            cut = split(text, header, Encoding.UCS2)
    return cut, [part.data for part in cut.parts]


def _in_default(part: Part, settings: SmppCarrierSettings) -> bytes:
    return part.text.encode(_CODECS[settings.alphabet])


def _envelope(text: Outgoing, settings: SmppCarrierSettings, encoding: Encoding) -> p.SubmitSm:
    """What all parts have in common."""
    s = settings
    source_ton, source_npi, source = address(text.service_number, s.source_ton, s.source_npi)
    ton, npi, destination = address(text.customer_number, s.destination_ton, s.destination_npi)
    return p.SubmitSm(
        source_ton=source_ton,
        source_npi=source_npi,
        source=source,
        destination_ton=ton,
        destination_npi=npi,
        destination=destination,
        registered_delivery=int(s.receipts),
        data_coding=encoding.data_coding,
    )


def _part(
    envelope: p.SubmitSm, octets: bytes, part: Concatenation, settings: SmppCarrierSettings
) -> p.SubmitSm:
    if settings.long_texts == "sar":
        return replace(envelope, short_message=octets, tlvs=sar_tlvs(part))
    header = build_udh(part, sixteen_bit=settings.long_texts == "udh16")
    return replace(envelope, esm_class=p.HAS_HEADER, short_message=header + octets)


def address(number: str, ton: int, npi: int) -> tuple[int, int, str]:
    """Type of number, numbering plan and the number as SMPP has it: without '+' (SMPP 5.2.5-5.2.9).

    Only a number with '+' is international, whatever the settings say; a sender name is alphanumeric.
    """
    if number.startswith("+"):
        return ton, npi, number[1:]
    if number.isdigit():
        return TON_UNKNOWN if ton == TON_INTERNATIONAL else ton, npi, number
    return TON_ALPHANUMERIC, 0, number


def _reference(id: str, bits: int) -> int:
    """The same for every try of a text, different for texts whose ids differ in the last character only."""
    return zlib.crc32(id.encode()) >> (32 - bits)

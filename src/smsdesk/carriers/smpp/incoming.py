"""A deliver_sm becomes a fact of the carrier port (SMPP 4.6.1; SPEC 6.2, 6.3). Pure; knows no connection."""

from smsdesk.carriers import ReceiptReceived, TextReceived
from smsdesk.carriers.smpp.settings import SmppCarrierSettings
from smsdesk.smpp import pdu as p
from smsdesk.smpp.concatenation import concatenation, strip_udh
from smsdesk.smpp.pieces import decode_piece
from smsdesk.smpp.receipts import Receipt, normal_id, parse
from smsdesk.smpp.text import decode


def text_fact(message: p.DeliverSm, key: str, settings: SmppCarrierSettings) -> TextReceived:
    """A text or a part of one, which may end in the mark of half a character (see `pieces`)."""
    mark = concatenation(message)
    read = decode if mark is None or mark.total == 1 else decode_piece
    return TextReceived(
        carrier=settings.name,
        service_number=message.destination,
        customer_number=message.source,
        text=read(strip_udh(message), message.data_coding, settings.alphabet),
        key=key,
        keep_key=False,
        reference=mark.reference if mark else None,
        part=mark.number if mark else 1,
        parts=mark.total if mark else 1,
        data_coding=message.data_coding,
        sequence=message.sequence,
        source_ton=message.source_ton,
        source_npi=message.source_npi,
        destination_ton=message.destination_ton,
        destination_npi=message.destination_npi,
    )


def receipt_fact(message: p.DeliverSm, settings: SmppCarrierSettings) -> ReceiptReceived | None:
    """A receipt; None when it does not say whose it is or what became of it."""
    receipt = parse(message)
    if receipt is None:
        return None
    carrier_id = normal_id(receipt.id, settings.receipt_ids)
    return ReceiptReceived(settings.name, carrier_id, receipt.delivery, _why(receipt))


def _why(receipt: Receipt) -> str | None:
    if receipt.delivery in ("Sent", "Delivered"):
        return None
    return f"{receipt.word}, error {receipt.error}" if receipt.error else receipt.word

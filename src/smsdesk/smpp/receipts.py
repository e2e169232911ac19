"""Delivery receipts, read from their text or their optional parameters, in whatever form carriers write them.

SMPP 5.2.12, 5.2.28 and Appendix B, which leaves the text to the vendor. Knows nothing of our own messages.
"""

import re
from typing import Final, Literal

from msgspec import Struct

from smsdesk.smpp import pdu as p
from smsdesk.smpp.concatenation import strip_udh

Delivery = Literal["Sent", "Delivered", "Failed", "Expired", "Unknown"]
"""What a receipt says in the words of SPEC 6.3."""

IdForm = Literal["text", "hex", "decimal"]
"""How a carrier writes a message id: as it is, or as a number."""

# SMPP 5.2.28 and Appendix B, table B-2: the number in message_state, the word in `stat`.
STATES: Final[dict[int, tuple[str, Delivery]]] = {
    0: ("SCHEDULED", "Sent"),  # of SMPP 5.0, seen in 3.4 as well
    1: ("ENROUTE", "Sent"),
    2: ("DELIVRD", "Delivered"),
    3: ("EXPIRED", "Expired"),
    4: ("DELETED", "Failed"),
    5: ("UNDELIV", "Failed"),
    6: ("ACCEPTD", "Sent"),
    7: ("UNKNOWN", "Unknown"),
    8: ("REJECTD", "Failed"),
    9: ("SKIPPED", "Failed"),  # of SMPP 5.0
}

# Words are told by their first five letters: carriers write DELIVERED and UNDELIVERABLE as well.
_BY_WORD: Final = {word[:5]: delivery for word, delivery in STATES.values()} | {
    "FAILE": "Failed",
    "BUFFE": "Sent",
}

_FIELD: Final = re.compile(
    r"(?<![^\s,;])(id|sub|dlvrd|submit[ _]date|done[ _]date|stat|err|text)\s*:\s*", re.IGNORECASE
)


class Receipt(Struct, frozen=True):
    """What a receipt says: `id` as written, the carrier's `word` and `error`, `text` as the message began."""

    id: str
    delivery: Delivery
    word: str
    error: str | None = None
    text: str = ""


def is_receipt(message: p.Message) -> bool:
    """Whether the PDU is a receipt or an intermediate notification and not a text (SMPP 5.2.12).

    The text alone never makes it one: anybody can send a text that reads like a receipt.
    """
    kind = message.esm_class & p.MESSAGE_TYPE
    return kind in (p.TYPE_RECEIPT, p.TYPE_INTERMEDIATE) or message.tlv(p.RECEIPTED_MESSAGE_ID) is not None


def parse(message: p.Message) -> Receipt | None:
    """Read a receipt; None when it does not say whose it is or what became of it.

    Optional parameters count before the text.
    """
    fields = _fields(strip_udh(message).decode("latin-1"))
    identity = _c_string(message.tlv(p.RECEIPTED_MESSAGE_ID)) or fields.get("id", "")
    known = STATES.get((message.tlv(p.MESSAGE_STATE) or b"\xff")[0])
    word = known[0] if known else fields.get("stat", "").upper()
    if not identity or not word:
        return None
    delivery = known[1] if known else _BY_WORD.get(word[:5], "Unknown")
    return Receipt(identity, delivery, word, _error(message, fields), fields.get("text", ""))


def _fields(text: str) -> dict[str, str]:
    """The `key:value` fields in any order; a value ends where the next key begins, `text` at the end."""
    found: dict[str, str] = {}
    hits = list(_FIELD.finditer(text))
    for index, hit in enumerate(hits):
        key = hit.group(1).lower().replace("_", " ")
        if key == "text":
            found.setdefault(key, text[hit.end() :])
            break
        end = hits[index + 1].start() if index + 1 < len(hits) else len(text)
        found.setdefault(key, text[hit.end() : end].strip(" \t\r\n\0,;"))
    return found


def _c_string(octets: bytes | None) -> str:
    return (octets or b"").split(b"\0", 1)[0].decode("latin-1").strip()


def _error(message: p.Message, fields: dict[str, str]) -> str | None:
    """The `err` of the text, else the code of the network (SMPP 5.3.2.31); None when it is all zeros."""
    written = fields.get("err", "")
    if written.strip("0"):
        return written
    network = message.tlv(p.NETWORK_ERROR_CODE) or b""
    if len(network) == 3 and any(network[1:]):
        return str(int.from_bytes(network[1:], "big"))
    return None


def normal_id(written: str, form: IdForm) -> str:
    """One spelling for a message id: a number in decimal without leading zeros, other text as it is.

    Carriers answer submit_sm in hexadecimal and write receipts in decimal, or the other way round (SPEC 6.3).
    """
    written = written.strip()
    if form == "text":
        return written
    digits = re.fullmatch("[0-9]+" if form == "decimal" else "[0-9A-Fa-f]+", written)
    return str(int(written, 10 if form == "decimal" else 16)) if digits else written

"""What one SMPP carrier has to be told. This module reads nothing."""

from typing import Literal

from msgspec import Struct

from smsdesk.smpp.receipts import IdForm
from smsdesk.smpp.settings import SessionSettings
from smsdesk.smpp.text import DefaultAlphabet

LongTexts = Literal["udh", "udh16", "sar", "payload"]
"""How a long text travels: in parts, with 8-bit or 16-bit references or SAR parameters, or as one piece."""


class SmppCarrierSettings(Struct, frozen=True, kw_only=True):
    """Of one carrier. Times are milliseconds.

    `rate`: parts a second, 0 for no limit. `alphabet`: what the carrier means by data_coding 0. `answer_ids`
    and `receipt_ids`: how it writes message ids in submit_sm_resp and in receipts. `repeats_within`: how long
    after a bind an identical delivery can be the repetition of one whose answer was lost; later it is new.
    """

    name: str
    host: str
    port: int = 2775
    session: SessionSettings
    connect_within: int = 10_000
    reconnect_first: int = 1_000
    reconnect_last: int = 60_000
    throttled_first: int = 1_000
    throttled_last: int = 60_000
    leave_within: int = 2_000
    repeats_within: int = 600_000
    rate: int = 0
    source_ton: int = 1
    source_npi: int = 1
    destination_ton: int = 1
    destination_npi: int = 1
    receipts: bool = True
    alphabet: DefaultAlphabet = "gsm7"
    long_texts: LongTexts = "udh"
    answer_ids: IdForm = "text"
    receipt_ids: IdForm = "text"
